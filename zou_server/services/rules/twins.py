"""Rows of one name: Shotgun has no quarrel with them, every other system does.

A row whose name is taken is the next twin; what was there first, and whatever another client makes, is
number 0, of which the database keeps one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.base import Row
from zou_server.models.errors import Conflict
from zou_server.models.production import Entity
from zou_server.models.task import Task
from zou_server.services.write.change import Change, values_of_unwritten
from zou_server.services.write.context import Context

REPEATING = frozenset({"shotgun"})
"""The clients whose own systems allow rows of one name."""

KEYS: Mapping[type[Row], tuple[str, ...]] = {
    # what makes a row the same as another one; the first narrows the search
    Entity: ("project_id", "entity_type_id", "parent_id", "name"),
    Task: ("entity_id", "task_type_id", "name", "project_id"),
}
Key = tuple[Any, ...]


def is_race(error: Exception) -> bool:
    """True where two transactions gave one number to two twins: the later one may number its own again."""
    return isinstance(error, Conflict) and "twin" in error.fields


def tell_apart(model: type[Row]) -> Callable[[Context], None]:
    """The part of a rule that numbers rows of a model that are called alike."""

    def number(context: Context) -> None:
        names = KEYS[model]
        found = [
            change
            for change in context.changes.values()
            if isinstance(change.row, model) and (change.created or change.changed(*names))
        ]
        if context.actor.client in REPEATING:
            _number(context, model, found)
        else:
            for change in found:
                _set(change, 0)

    return number


def _number(context: Context, model: type[Row], changes: Sequence[Change]) -> None:
    taken = _taken(context, model, changes)
    for change in changes:
        key = _key(change.row)
        twin = taken.get(key, -1) + 1
        taken[key] = twin
        _set(change, twin)


def _key(row: Row) -> Key:
    return tuple(getattr(row, name) for name in KEYS[type(row)])


def _taken(context: Context, model: type[Row], changes: Sequence[Change]) -> dict[Key, int]:
    """Key -> the highest number among the rows that the list of operations leaves alone."""
    if not changes:
        return {}
    table: Any = model.__table__
    columns = [table.c[name] for name in KEYS[model]]
    narrow, names = ({getattr(c.row, name) for c in changes} for name in (KEYS[model][0], "name"))
    rows = context.session.execute(
        sa.select(*columns, sa.func.max(table.c.twin))
        .where(
            columns[0].in_(narrow),
            table.c.name.in_(names),
            table.c.id.not_in([change.row.id for change in changes if not change.created]),
            table.c.deleted_at.is_(None),
        )
        .group_by(*columns)
    )
    return {tuple(key): twin for *key, twin in rows}


def _set(change: Change, twin: int) -> None:
    """Number a row without that being somebody's change."""
    unwritten = values_of_unwritten(change.row)
    if unwritten is not None:
        unwritten["twin"] = twin
    elif getattr(change.row, "twin", 0) != twin:
        change.row.twin = twin  # type: ignore[attr-defined]
