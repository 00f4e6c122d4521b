"""The tasks that the lines of a file tell of: made when they are missing, then assigned, then commented on.

A status is given by a comment, so that dates, retakes and whatever else follows a comment follow here too.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.task import Task
from zou_server.services.importers.names import among
from zou_server.services.write.operations import Act, Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.importers.outcome import Outcome
    from zou_server.services.write.unit_of_work import UnitOfWork

Parts = Mapping[str, object]
"""What a line says of a task: its `status` (an id), `comment` (a text), `people` (ids); any of them."""

Place = tuple[uuid.UUID, uuid.UUID]
"""A task by entity and step."""


def write_tasks(
    outcome: Outcome,
    project_id: uuid.UUID,
    wanted: Sequence[tuple[int, uuid.UUID, Mapping[uuid.UUID, Parts]]],
) -> None:
    """Write what lines say: (line, entity, what it says of the task of each step)."""
    parts = [(line, (entity, step), each) for line, entity, steps in wanted for step, each in steps.items()]
    if not parts:
        return
    tasks = _existing(outcome.work, [entity for _, (entity, _), _ in parts])
    missing = [(line, place, each) for line, place, each in parts if place not in tasks]
    made = outcome.execute([(line, _create(project_id, place, each)) for line, place, each in missing])
    new = {place: result.id for (_, place, _), result in zip(missing, made, strict=True)}
    outcome.execute(
        [
            (line, Update(facet("Task"), tasks[place], {"assignees": each["people"]}))
            for line, place, each in parts
            if place in tasks and "people" in each
        ]
    )
    tasks.update(new)
    comment(outcome, [(line, tasks[place], each) for line, place, each in parts], set(new.values()))


def comment(outcome: Outcome, wanted: Sequence[tuple[int, uuid.UUID, Parts]], new: set[uuid.UUID]) -> None:
    """Comment on tasks where a line gives a status or a text: (line, task, what it says).

    A new task that has the status already needs no comment to get it.
    """
    begun = _statuses(outcome.work, new)
    told: list[tuple[int, Operation]] = []
    for line, task, parts in wanted:
        values = {KEYS[part]: value for part, value in parts.items() if part in KEYS}
        if "sets_status_id" in values and begun.get(task) == values["sets_status_id"]:
            del values["sets_status_id"]
        if values:
            told.append((line, Act("comment", facet("Task"), task, {"text": "", **values})))
    outcome.execute(told)


KEYS: Mapping[str, str] = {"status": "sets_status_id", "comment": "text"}
"""Part of a task -> the value of the comment."""


def _create(project_id: uuid.UUID, place: Place, parts: Parts) -> Create:
    entity, step = place
    values = {"project_id": project_id, "entity_id": entity, "task_type_id": step}
    people = parts.get("people")
    return Create(facet("Task"), values | ({"assignees": people} if people else {}))


def _existing(work: UnitOfWork, entities: Sequence[uuid.UUID]) -> dict[Place, uuid.UUID]:
    """The tasks of entities by their places; of several of one step, the oldest."""
    rows = work.session.execute(
        sa.select(Task.entity_id, Task.task_type_id, Task.id)
        .where(among(Task.entity_id, set(entities)), Task.deleted_at.is_(None))
        .order_by(Task.created_at, Task.id)
    )
    found: dict[Place, uuid.UUID] = {}
    for entity, step, id_ in rows:
        if entity is not None and step is not None:
            found.setdefault((entity, step), id_)
    return found


def _statuses(work: UnitOfWork, tasks: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
    if not tasks:
        return {}
    rows = work.session.execute(sa.select(Task.id, Task.task_status_id).where(among(Task.id, tasks)))
    return {row.id: row.task_status_id for row in rows}
