"""Putting a person on a task, and taking people off it.

Many of these in one list of operations cost the statements of one: whatever they need is read at once
for all tasks of the list. Source: docs/protocols/zou.md 6 (assignation), 3 (who may).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden
from zou_server.models.registry import Kind, facet
from zou_server.models.task import Assignation, Task
from zou_server.services.write.given import given_values, required
from zou_server.services.write.links import say_by_name
from zou_server.services.write.operations import Result
from zou_server.services.write.retire import drop

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context

Links = dict[uuid.UUID, dict[uuid.UUID, tuple[Assignation, Identity]]]
"""Task -> person -> what puts the person on the task, with its identity."""


def assign_task(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Put `person_id` on the task; nothing happens when they are on it. The result is the task."""
    found = given_values(values, {"person_id": Kind.LINK})
    required(found, "person_id")
    person_id = found["person_id"]
    context.targets.check(facet("Assignation"), {"person_id": person_id})
    _refuse_other(context, row, person_id)
    links = _links(context)[row.id]
    task = context.touch(facet("Task"), row)
    if person_id not in links:
        before = list(links)
        made = context.link(facet("Assignation"), {"task_id": row.id, "person_id": person_id})
        links[person_id] = (made.row, made.identity)  # type: ignore[assignment]
        _tell(task, before, list(links))
        if context.actor.person_id.int:
            task.set("assigner_id", context.actor.person_id)
    else:
        say_by_name(links[person_id][0])
    return context.result_of(task)


def unassign_task(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Take `person_id` off the task, or everybody when none is given. The result is the task."""
    person_id = given_values(values, {"person_id": Kind.LINK})["person_id"]
    _refuse_other(context, row, person_id)
    links = _links(context)[row.id]
    task = context.touch(facet("Task"), row)
    before = list(links)
    for gone in [person_id] if person_id is not None else before:
        link = links.pop(gone, None)
        if link is not None:
            drop(context, facet("Assignation"), *link)
    if before != list(links):
        _tell(task, before, list(links))
    return context.result_of(task)


def _tell(task: Change, before: list[uuid.UUID], after: list[uuid.UUID]) -> None:
    first = task.links["assignees"][0] if "assignees" in task.links else before
    task.links["assignees"] = (first, after)


def _links(context: Context) -> Links:
    found: Links = context.once(_read_links)
    return found


def _read_links(context: Context) -> Links:
    """Who is on each task of this list of operations, oldest first."""
    found: Links = {task.id: {} for task in context.rows.of(Task)}
    rows = context.session.execute(
        sa.select(Assignation, Identity)
        .join(Identity, Identity.id == Assignation.id)
        .where(Assignation.task_id.in_(list(found)), Assignation.deleted_at.is_(None))
        .order_by(Assignation.created_at, Assignation.id)
    )
    for link, identity in rows:
        found[link.task_id][link.person_id] = (link, identity)
    return found


def _refuse_other(context: Context, row: Task, person_id: uuid.UUID | None) -> None:
    """Artists put themselves on tasks of their departments, and nobody else."""
    actor = context.actor
    if actor.role_in(row.project_id) == "user" and person_id != actor.person_id:
        raise Forbidden("Your role does not let you say who works on this task.")
