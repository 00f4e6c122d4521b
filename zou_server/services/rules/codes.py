"""The words of the studio by scope: no two are the same, and one of a scope is its default."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.errors import Conflict
from zou_server.models.records import DeclaredRecord
from zou_server.models.registry import facet
from zou_server.models.status import Status
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.operations import Update
from zou_server.services.write.rulebook import After, Follow, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

DEFAULT, SCOPE = "shotrunner_default", "shotrunner_scope"
"""Custom fields of codes."""

WORDS = ("Code", "ElementType")
"""Kinds of declared rows that are codes."""


UNIQUE = (*WORDS, "TankType")
"""Kinds of declared rows of which no two have one name."""


def refuse_same_code(context: Context) -> None:
    """Refuse a code that its scope has already, in the studio or in the same project."""
    for change in context.changes.values():
        row = change.row
        if (
            not isinstance(row, DeclaredRecord)
            or row.kind not in UNIQUE
            or not (change.created or change.changed("name", "data", "project_id"))
        ):
            continue
        if _taken(context, row):
            raise Conflict("There is such a code already.", {"name": ["has already been taken"]})


def _taken(context: Context, row: DeclaredRecord) -> bool:
    scope = (row.data or {}).get(SCOPE)
    mates = [
        each.row
        for each in context.changes.values()
        if isinstance(each.row, DeclaredRecord) and each.row.id != row.id and each.row.deleted_at is None
    ]
    same = (row.kind, row.name, row.project_id, scope)
    if any((each.kind, each.name, each.project_id, (each.data or {}).get(SCOPE)) == same for each in mates):
        return True
    found = sa.exists().where(
        DeclaredRecord.kind == row.kind,
        DeclaredRecord.name == row.name,
        DeclaredRecord.project_id.is_not_distinct_from(row.project_id),
        DeclaredRecord.data[SCOPE].astext.is_not_distinct_from(scope),
        DeclaredRecord.deleted_at.is_(None),
        DeclaredRecord.id.not_in([row.id, *(each.id for each in mates)]),
    )
    with context.session.no_autoflush:
        return bool(context.session.scalar(sa.select(found)))


def _says_default(change: Change) -> bool:
    row: Any = change.row
    is_word = not isinstance(row, DeclaredRecord) or row.kind in WORDS
    return is_word and change.changed("data") and bool((row.data or {}).get(DEFAULT))


def _is_default_status(change: Change) -> bool:
    return change.changed("is_default") and bool(change.of(Status).is_default)


def _clear(work: UnitOfWork, name: str, others: Sequence[uuid.UUID], values: dict[str, Any]) -> None:
    if others:
        work.execute([Update(facet(name), id_, values) for id_ in others])


def _one_status(work: UnitOfWork, chosen: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Of statuses for the same things, the last one that was chosen is the default."""
    mine = work.session.get_one(Status, chosen[-1])
    others = sa.select(Status.id).where(
        Status.id != mine.id,
        Status.is_default,
        Status.deleted_at.is_(None),
        *(
            getattr(Status, name) == getattr(mine, name)
            for name in ("for_task", "for_project", "for_file", "for_concept")
        ),
    )
    _clear(work, "Status", list(work.session.scalars(others)), {"is_default": False})


def one_default(model: Any, *same: Callable[[Any], Any]) -> Follow:
    """The follower that leaves one default among the rows of a model that are alike."""

    def follow(work: UnitOfWork, chosen: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
        mine, them = work.session.get_one(model, chosen[-1]), sa.orm.aliased(model)
        me = sa.orm.aliased(model)
        others = (
            sa.select(them.id)
            .join(me, me.id == mine.id)
            .where(
                them.id != mine.id,
                them.deleted_at.is_(None),
                them.data[DEFAULT].astext == "true",
                *(each(them).is_not_distinct_from(each(me)) for each in same),
            )
        )
        name = mine.kind if isinstance(mine, DeclaredRecord) else model.__name__
        _clear(work, name, list(work.session.scalars(others)), {"data": {DEFAULT: None}})

    return follow


def defaults_of(model: Any, *same: Callable[[Any], Any]) -> After:
    """One default among alike rows of a model that keeps it as a custom field."""
    return After(_says_default, one_default(model, *same))


ONE_STATUS = After(_is_default_status, _one_status)

OF_DECLARED = defaults_of(
    DeclaredRecord,
    lambda row: row.kind,
    lambda row: row.project_id,
    lambda row: row.data[SCOPE].astext,
)


def scope_of_codes(model: Any) -> Rule:
    """The life of a type that is a scope of codes."""
    return Rule(after=(defaults_of(model),))
