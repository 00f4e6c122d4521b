"""What the importers of shots and assets share: who may, what exists, and writing with lines in mind."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.policies import allowed
from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.services.importers.sheet import Sheet, SheetRow
from zou_server.services.operations import Create, Operation, Result, Update

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork


def require_importer(actor: Actor, project_id: uuid.UUID) -> None:
    """Forbidden, before the file is looked at, for whoever may neither make nor change entities there."""
    role, policy = actor.role_in(project_id), facet("Entity").policy
    if not any(allowed(actor, role, policy, action, None) for action in ("create", "update")):
        raise Forbidden("Your role does not let you import into this project.")


def refuse_repeated(sheet: Sheet, keys: Iterable[tuple[SheetRow, tuple[Any, ...]]]) -> None:
    """Note every row that is about the same entity as an earlier one."""
    first: dict[tuple[Any, ...], int] = {}
    for row, key in keys:
        line = first.setdefault(key, row.line)
        if line != row.line:
            sheet.wrong(row, "name", f"'{key[-1]}' is on line {line} already")


def among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """The column's value is one of many: one parameter, however many they are."""
    found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(list(values), ARRAY(column.type)))
    return found


def entities_named(work: UnitOfWork, project_id: uuid.UUID, kind: str, names: Iterable[str]) -> Sequence[Any]:
    """(id, name, parent, type) of the live entities of a kind with one of the names, oldest first."""
    return work.session.execute(
        sa.select(Entity.id, Entity.name, Entity.parent_id, Entity.entity_type_id)
        .where(
            Entity.project_id == project_id,
            Entity.kind == kind,
            Entity.deleted_at.is_(None),
            among(Entity.name, set(names)),
        )
        .order_by(Entity.created_at, Entity.id)
    ).all()


def write_rows(
    work: UnitOfWork, kind: str, rows: Sequence[tuple[SheetRow, uuid.UUID | None]], *, update: bool
) -> list[uuid.UUID]:
    """Make the rows that have no id, change the others when asked to; the ids in the file's order."""
    operations: list[Operation] = []
    lines: list[int] = []
    places: dict[int, int] = {}
    for index, (row, existing) in enumerate(rows):
        operation = _operation(kind, row, existing, update=update)
        if operation is not None:
            places[index] = len(operations)
            operations.append(operation)
            lines.append(row.line)
    results = _execute(work, operations, lines)
    return [
        results[places[index]].id if existing is None else existing
        for index, (_, existing) in enumerate(rows)
    ]


def _operation(kind: str, row: SheetRow, existing: uuid.UUID | None, *, update: bool) -> Operation | None:
    if existing is None:
        return Create(facet(kind), row.values)
    changes = {name: value for name, value in row.values.items() if name not in KEYS}
    return Update(facet(kind), existing, changes) if update and changes else None


KEYS = frozenset({"name", "project_id", "parent_id", "entity_type_id"})
"""The attributes that say which entity a row is about."""


def _execute(work: UnitOfWork, operations: Sequence[Operation], lines: Sequence[int]) -> list[Result]:
    try:
        return work.execute(operations)
    except Invalid as error:
        index = getattr(error, "operation_index", None)
        if index is None:
            raise
        raise Invalid(f"Line {lines[index]}: {error.message}", error.fields) from error
