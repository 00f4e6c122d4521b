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
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import Kind, facet
from zou_server.models.task import Assignation, Task, TaskType
from zou_server.services.write.given import given_values, required
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline

Links = dict[uuid.UUID, dict[uuid.UUID, tuple[Assignation, Identity]]]
"""Task -> person -> what puts the person on the task, with its identity."""


def assign_task(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Put `person_id` on the task; nothing happens when they are on it. The result is the task."""
    found = given_values(values, {"person_id": Kind.LINK})
    required(found, "person_id")
    person_id = found["person_id"]
    pipeline.targets.check(facet("Assignation"), {"person_id": person_id})
    _refuse_outsider(pipeline, row, person_id)
    links = _links(pipeline)[row.id]
    task = pipeline.touch(facet("Task"), row)
    if person_id not in links:
        before = list(links)
        made = pipeline.link(facet("Assignation"), {"task_id": row.id, "person_id": person_id})
        links[person_id] = (made.row, made.identity)  # type: ignore[assignment]
        _tell(task, before, list(links))
        if pipeline.actor.person_id.int:
            task.set("assigner_id", pipeline.actor.person_id)
    return pipeline.result_of(task)


def unassign_task(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Take `person_id` off the task, or everybody when none is given. The result is the task."""
    person_id = given_values(values, {"person_id": Kind.LINK})["person_id"]
    _refuse_outsider(pipeline, row, person_id)
    links = _links(pipeline)[row.id]
    task = pipeline.touch(facet("Task"), row)
    before = list(links)
    for gone in [person_id] if person_id is not None else before:
        link = links.pop(gone, None)
        if link is not None:
            _drop(pipeline, *link)
            pipeline.work.record(named_event("unassign", task.identity, person_id=gone))
    if before != list(links):
        _tell(task, before, list(links))
    return pipeline.result_of(task)


def _tell(task: Change, before: list[uuid.UUID], after: list[uuid.UUID]) -> None:
    first = task.links["assignees"][0] if "assignees" in task.links else before
    task.links["assignees"] = (first, after)


def _drop(pipeline: Pipeline, link: Assignation, identity: Identity) -> None:
    """Retire a link row, which owns nothing: written with everything else, not by statements of its own."""
    if link.id in pipeline.changes:
        pipeline.session.flush()  # made by the same list of operations
    link.deleted_at = identity.deleted_at = pipeline.work.now
    link.lock_version += 1
    identity.deletion_id = uuid.uuid4()


def _links(pipeline: Pipeline) -> Links:
    found: Links = pipeline.remembered("assignations", _read_links)
    return found


def _read_links(pipeline: Pipeline) -> Links:
    """Who is on each task of this list of operations, oldest first."""
    found: Links = {task.id: {} for task in pipeline.rows.of(Task)}
    rows = pipeline.session.execute(
        sa.select(Assignation, Identity)
        .join(Identity, Identity.id == Assignation.id)
        .where(Assignation.task_id.in_(list(found)), Assignation.deleted_at.is_(None))
        .order_by(Assignation.created_at, Assignation.id)
    )
    for link, identity in rows:
        found[link.task_id][link.person_id] = (link, identity)
    return found


def _refuse_outsider(pipeline: Pipeline, row: Any, person_id: uuid.UUID | None) -> None:
    """Managers assign anybody, supervisors in their departments, artists themselves in theirs."""
    actor = pipeline.actor
    role = actor.role_in(row.project_id)
    if role in MANAGERS:
        return
    departments = pipeline.remembered("departments of steps", _departments)
    is_mine = departments.get(row.task_type_id) in actor.department_ids
    if role == "supervisor" and (is_mine or not actor.department_ids):
        return
    if role == "user" and is_mine and person_id == actor.person_id:
        return
    raise Forbidden("Your role does not let you say who works on this task.")


def _departments(pipeline: Pipeline) -> dict[uuid.UUID, uuid.UUID | None]:
    steps = {task.task_type_id for task in pipeline.rows.of(Task)}
    rows = pipeline.session.execute(
        sa.select(TaskType.id, TaskType.department_id).where(TaskType.id.in_(steps))
    )
    return {id_: department for id_, department in rows}  # noqa: C416 - typed rows are no pairs
