"""How this dialect writes values: links as {type, id, name}, moments as `YYYY-MM-DDTHH:MM:SSZ`.

`STYLES` holds the values that are shown otherwise than kept: colours, minutes, a person's status. What
the event log shows is in `event_spelling`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotgun.enumerations import ACTIVE, RULE_SETS
from zou_server.blueprints.shotgun.events.spelling import attribute_name, event_type, meta, sentence
from zou_server.blueprints.shotgun.files.spelling import (
    file_of_preview,
    mp4_of_preview,
    own_file,
    preview_image,
    shown_file,
    shown_image,
    strip_of_preview,
    webm_of_preview,
)
from zou_server.blueprints.shotgun.links import constant, link_object
from zou_server.blueprints.shotgun.schema.generic import CLOSED
from zou_server.models.base import Identity
from zou_server.models.object_links import ObjectLink
from zou_server.models.registry import Kind
from zou_server.models.review import Note
from zou_server.models.rows_of import row_of
from zou_server.models.status import Status
from zou_server.query.custom_values import day_of, is_true, moment_of, number_of, text_of
from zou_server.query.spelling import Spelling

Value = ColumnElement[Any]

_WHOLE = r"^\s*[-+]?[0-9]{1,15}(\.[0-9]{0,15})?\s*$"
_HEX = "^#[0-9a-fA-F]{6}$"
_LARGEST = 1e15


def _rgb(value: Value) -> Value:
    parts = [
        sa.cast(sa.cast(sa.func.concat("x", sa.func.substr(value, start, 2)), _Bits(8)), sa.Integer())
        for start in (2, 4, 6)
    ]
    return sa.case((value.bool_op("~")(sa.literal(_HEX)), sa.func.concat_ws(",", *parts)), else_=value)


class _Bits(sa.types.UserDefinedType[Any]):
    """PostgreSQL's bit(n), the way from hexadecimal text to a number."""

    cache_ok = True

    def __init__(self, length: int) -> None:
        self.length = length

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL says it."""
        return f"bit({self.length})"


def _minutes(value: Value) -> Value:
    return sa.case(
        (sa.func.abs(value) < _LARGEST, sa.cast(sa.func.trunc(value), sa.BigInteger())), else_=None
    )


def _day(value: Value) -> Value:
    return sa.func.to_char(sa.func.timezone("UTC", value), "YYYY-MM-DD")


def moment(value: Value) -> Value:
    """A moment as the client turns it into a date-time: 20 characters, UTC."""
    return sa.func.to_char(sa.func.timezone("UTC", value), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')


def _active(value: Value) -> Value:
    return sa.case(*((value.is_(kept), name) for name, kept in ACTIVE.items()), else_=None)


def _role(value: Value) -> Value:
    shown = {
        role: {"type": "PermissionRuleSet", "id": number, "name": name}
        for role, (number, name) in RULE_SETS.items()
    }
    return constant(shown).op("->")(value)


def _number(value: Value) -> Value:
    plain = text_of(value)
    return sa.case(
        (plain.bool_op("~")(sa.literal(_WHOLE)), sa.cast(sa.cast(plain, sa.Numeric()), sa.BigInteger())),
        else_=None,
    )


def _tick(value: Value) -> Value:
    """A checkbox, which is never null."""
    return sa.func.coalesce(is_true(text_of(value)), sa.false())


def _kept_color(value: Value) -> Value:
    return _rgb(text_of(value))


def _kept_text(value: Value) -> Value:
    """A value as it is kept; an empty text is null."""
    return sa.func.nullif(value, sa.literal_column("'\"\"'::jsonb"))


def _kept_number(value: Value) -> Value:
    """A number as it is kept, or that of a text: CSV files and other clients keep some as texts."""
    is_number = sa.func.jsonb_typeof(value) == sa.literal_column("'number'")
    return sa.case((is_number, value), else_=sa.func.to_jsonb(number_of(text_of(value))))


def _words(value: Value) -> Value:
    """A list of words, which is never null; Kitsu keeps one as a text with commas."""
    kind = sa.func.jsonb_typeof(value)
    parts = sa.func.regexp_split_to_array(sa.func.btrim(text_of(value)), sa.literal(r"\s*,\s*"))
    split = sa.func.to_jsonb(sa.func.array_remove(parts, sa.literal("", sa.Text())))
    return sa.case(
        (kind == sa.literal_column("'array'"), value),
        (kind == sa.literal_column("'string'"), split),
        else_=sa.text("'[]'::jsonb"),
    )


def _open_notes(shown: Callable[[FromClause], Value]) -> Callable[[Value], Value]:
    """Something about the notes on a row that are not closed: `value` is the id of the row."""

    def write(value: Value) -> Value:
        link, note = row_of(ObjectLink.__table__), row_of(Note.__table__)
        status, identity = row_of(Status.__table__), row_of(Identity.__table__)
        rows = (
            link.join(note, note.c.id == link.c.from_id)
            .join(identity, identity.c.id == note.c.id)
            .outerjoin(status, status.c.id == note.c.status_id)
        )
        found = (
            sa.select(shown(identity))
            .select_from(rows)
            .where(
                link.c.to_id == value,
                link.c.field == sa.any_(sa.literal(["Note/tasks", "Note/note_links"], ARRAY(sa.Text()))),
                link.c.deleted_at.is_(None),
                note.c.deleted_at.is_(None),
                sa.func.coalesce(status.c.shotgun_code, "")
                != sa.all_(sa.literal(list(CLOSED), ARRAY(sa.Text()))),
            )
        )
        return found.correlate_except(link, note, status, identity).scalar_subquery()

    return write


def _listed(identity: FromClause) -> Value:
    return sa.func.coalesce(sa.func.json_agg(link_object(identity)), sa.text("'[]'::json"))


STYLES: Mapping[str, Callable[[Value], Value]] = {
    "rgb": _rgb,
    "minutes": _minutes,
    "day": _day,
    "active": _active,
    "role": _role,
    "number": _number,
    "tick": _tick,
    "words": _words,
    "kept_color": _kept_color,
    "kept_text": _kept_text,
    "kept_number": _kept_number,
    "kept_day": lambda value: day_of(text_of(value)),
    "kept_moment": lambda value: moment(moment_of(text_of(value))),
    "url": shown_file,
    "image": shown_image,
    "own_file": own_file,
    "preview_image": preview_image,
    "file_of_preview": file_of_preview,
    "mp4_of_preview": mp4_of_preview,
    "webm_of_preview": webm_of_preview,
    "strip_of_preview": strip_of_preview,
    "open_notes": _open_notes(_listed),
    "open_notes_count": _open_notes(lambda identity: sa.func.count(identity.c.id.distinct())),
    "event_type": event_type,
    "attribute_name": attribute_name,
    "meta": meta,
    "sentence": sentence,
}

_KINDS: Mapping[Kind, Callable[[Value], Value]] = {
    Kind.DATETIME: moment,
    Kind.TEXT: lambda value: sa.func.nullif(value, sa.literal_column("''")),
}
"""Kind -> how its values are shown: an empty text, which other clients write, is null."""


class ShotgunSpelling(Spelling):
    """Links show type, id and name; a moment has no fraction."""

    links_need_identity = True

    def value(self, expression: Value, kind: Kind, style: str) -> Value:
        """The scalar as written."""
        write = STYLES.get(style) or _KINDS.get(kind)
        return write(expression) if write else expression

    def link(self, expression: Value, identity: FromClause | None, kinds: frozenset[str]) -> Value:
        """A link; null when it leads nowhere or to a row this dialect does not show."""
        return sa.null() if identity is None else link_object(identity, kinds)


SPELLING = ShotgunSpelling()
