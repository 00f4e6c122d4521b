"""A link in SQL: {type, id, name} of a row of the identity table."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.models.review import Note
from zou_server.models.rows_of import row_of
from zou_server.query.spelling import kind_names

NOTE = "Note"


def constant(value: object) -> ColumnElement[Any]:
    """A JSON value as a constant beside the query."""
    return sa.cast(sa.literal(orjson.dumps(value).decode(), sa.Text()), JSONB())


def type_name(kind: ColumnElement[Any], kinds: frozenset[str] = frozenset()) -> ColumnElement[Any]:
    """The name that a kind of rows has here; one of `kinds`, where these are known."""
    names = vocabulary().kinds.items()
    others = {ours: theirs for ours, theirs in names if ours != theirs and (not kinds or ours in kinds)}
    return kind_names(kind, others)


def _is_reply(identity: FromClause) -> ColumnElement[bool]:
    """True for a note that answers something: it is of a type of its own here."""
    note = row_of(Note.__table__)
    is_answer = sa.or_(note.c.parent_id.is_not(None), note.c.reply_to_id.is_not(None))
    answers = sa.exists().where(note.c.id == identity.c.id, is_answer)
    return sa.and_(identity.c.kind == sa.literal_column(f"'{NOTE}'"), answers.correlate(identity))


def link_object(identity: FromClause, kinds: frozenset[str] = frozenset(), **more: str) -> ColumnElement[Any]:
    """The link to a row; null for no row and for one of a type that this dialect does not show.

    `kinds` are all that the row may be of, where that is known: nothing is asked about others.
    """
    shown = sa.func.json_build_object(
        sa.text("'type'"),
        _type_of(identity, kinds),
        sa.text("'id'"),
        identity.c.number,
        sa.text("'name'"),
        identity.c.name,
        *(sa.text(f"'{word}'") for pair in more.items() for word in pair),
    )
    hidden = [kind for kind in vocabulary().hidden_kinds if not kinds or kind in kinds]
    is_hidden = identity.c.kind == sa.any_(sa.literal(hidden, ARRAY(sa.Text())))
    tests = [(identity.c.id.is_(None), None), *([(is_hidden, None)] if hidden else [])]
    return sa.case(*tests, else_=shown)


def _type_of(identity: FromClause, kinds: frozenset[str]) -> ColumnElement[Any]:
    """The name of the type of a row, of which only so many kinds are possible."""
    name = type_name(identity.c.kind, kinds)
    if kinds and NOTE not in kinds:
        return name
    return sa.case((_is_reply(identity), "Reply"), else_=name)
