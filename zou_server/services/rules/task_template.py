"""Templates of tasks: what names one gets its tasks, each with a link back to the one that it is a copy of.

The tasks of a template are tasks without a project that name it. Source: docs/protocols/shotgun.md 10.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zou_server.models.object_links import ObjectLink
from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.models.task import Task
from zou_server.services.rules.task_dates import assignees
from zou_server.services.tasks.dependencies import UPSTREAM
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.unit_of_work import UnitOfWork

TEMPLATE, COPY_OF = "task_template", "template_task"
COPIED = (
    "name",
    "description",
    "priority",
    "priority_id",
    "difficulty",
    "estimation",
    "sort_order",
    "start_date",
    "due_date",
    "planned_duration",
    "task_type_id",
    "task_status_id",
    "twin",
)
_NAMED = Task.data.op("->>", return_type=sa.Text())(TEMPLATE)


def is_of_template(row: Task) -> bool:
    """True for a task that belongs to a template and to no project."""
    return row.project_id is None and bool((row.data or {}).get(TEMPLATE))


@dataclass(frozen=True, slots=True)
class TemplateTasks:
    """The tasks of the templates that a list of operations names, who is on them, and what each waits for."""

    by_template: dict[str, list[Task]]
    people: dict[uuid.UUID, list[uuid.UUID]]
    waits: list[tuple[uuid.UUID, uuid.UUID, dict[str, Any] | None]]


def apply_templates(context: Context) -> None:
    """Make the tasks of the template that a row names now; tasks that it has already are not made again."""
    changes = [change for change in context.changes.values() if _names_another(change)]
    if not changes:
        return
    known = _read(context, {str((change.row.data or {})[TEMPLATE]) for change in changes})
    there = _there(context, [change.row.id for change in changes if not change.created])
    for change in changes:
        _apply(context, change, known, there.get(change.row.id, set()))


def _names_another(change: Change) -> bool:
    if "data" not in change.before or not isinstance(change.row, Entity):
        return False
    now = (change.row.data or {}).get(TEMPLATE)
    return now is not None and now != ((change.before["data"] or {}).get(TEMPLATE))


def _read(context: Context, templates: set[str]) -> TemplateTasks:
    tasks = context.session.scalars(
        sa.select(Task)
        .where(Task.project_id.is_(None), Task.deleted_at.is_(None), _NAMED.in_(templates))
        .order_by(Task.created_at, Task.id)
    ).all()
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(str((task.data or {})[TEMPLATE]), []).append(task)
    ids = [task.id for task in tasks]
    links = context.session.execute(
        sa.select(ObjectLink.from_id, ObjectLink.to_id, ObjectLink.data).where(
            ObjectLink.field == UPSTREAM, ObjectLink.from_id.in_(ids), ObjectLink.deleted_at.is_(None)
        )
    )
    waits = [(waits, on, data) for waits, on, data in links]
    return TemplateTasks(found, assignees(context.session, ids), waits)


def _there(context: Context, entities: list[uuid.UUID]) -> dict[uuid.UUID | None, set[Any]]:
    """Entity -> what its tasks are copies of, and their steps and names."""
    found: dict[uuid.UUID | None, set[Any]] = {}
    if entities:
        rows = context.session.execute(
            sa.select(Task.entity_id, Task.data, Task.task_type_id, Task.name).where(
                Task.entity_id.in_(entities), Task.deleted_at.is_(None)
            )
        )
        for entity, data, step, name in rows:
            found.setdefault(entity, set()).update({(data or {}).get(COPY_OF), (step, name)})
    return found


def _apply(context: Context, change: Change, known: TemplateTasks, there: set[Any]) -> None:
    row = change.of(Entity)
    copies: dict[uuid.UUID, uuid.UUID] = {}
    for task in known.by_template.get(str((row.data or {}).get(TEMPLATE)), ()):
        if str(task.id) in there or (task.task_type_id, task.name) in there:
            continue
        values = {name: getattr(task, name) for name in COPIED if getattr(task, name) is not None}
        data = {key: value for key, value in (task.data or {}).items() if key != TEMPLATE}
        place = {"entity_id": row.id, "project_id": row.project_id}
        made = context.link(facet("Task"), {**values, **place, "data": {**data, COPY_OF: str(task.id)}})
        copies[task.id] = made.row.id
        for person in known.people.get(task.id, ()):
            context.link(facet("Assignation"), {"task_id": made.row.id, "person_id": person})
    for ends in _waiting(known, copies):
        context.link(facet("ObjectLink"), {**ends, "field": UPSTREAM, "project_id": row.project_id})


def _waiting(known: TemplateTasks, copies: dict[uuid.UUID, uuid.UUID]) -> Iterator[dict[str, Any]]:
    for waits, on, data in known.waits:
        if waits in copies and on in copies:
            yield {"from_id": copies[waits], "to_id": copies[on], "data": data}


def tasks_of_templates(work: UnitOfWork, ids: Sequence[uuid.UUID]) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The tasks of a template go with it."""
    found = work.session.scalars(
        sa.select(Task.id).where(
            Task.project_id.is_(None), Task.deleted_at.is_(None), _NAMED.in_([str(id_) for id_ in ids])
        )
    )
    table: sa.Table = Task.__table__  # type: ignore[assignment]
    return table, list(found)
