"""The other tasks of the entities that a list of operations is about."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.task import Task, TaskType

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


@dataclass(frozen=True, slots=True)
class Sibling:
    """A task beside others: its step and the step's name."""

    id: uuid.UUID
    step_id: uuid.UUID | None
    step: str


def siblings_of(context: Context, task: Any) -> list[Sibling]:
    """The other live tasks of a task's entity, oldest first; one statement for all tasks of the list."""
    found: dict[uuid.UUID | None, list[Sibling]] = context.once(_read)
    return [each for each in found.get(task.entity_id, ()) if each.id != task.id]


def _read(context: Context) -> dict[uuid.UUID | None, list[Sibling]]:
    entities = {task.entity_id for task in context.rows.of(Task)} - {None}
    rows = context.session.execute(
        sa.select(Task.id, Task.entity_id, Task.task_type_id, TaskType.name)
        .outerjoin(TaskType, TaskType.id == Task.task_type_id)
        .where(Task.entity_id.in_(entities), Task.deleted_at.is_(None))
        .order_by(Task.created_at, Task.id)
    )
    found: dict[uuid.UUID | None, list[Sibling]] = {}
    for id_, entity_id, step_id, step in rows:
        found.setdefault(entity_id, []).append(Sibling(id_, step_id, step or ""))
    return found


def locked(context: Context, siblings: list[Sibling]) -> Iterator[Change]:
    """The siblings that the caller may see, to be changed; all siblings of the list are locked at once."""
    if any(context.rows.any(each.id) is None for each in siblings):
        known: dict[uuid.UUID | None, list[Sibling]] = context.once(_read)
        everyone = [each.id for family in known.values() for each in family]
        context.rows.load([(facet("Task"), id_) for id_ in everyone if context.rows.any(id_) is None])
    for each in siblings:
        row = context.rows.find(facet("Task"), each.id)
        if row is not None and row.deleted_at is None:
            yield context.touch(facet("Task"), row)
