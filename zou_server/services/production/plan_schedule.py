"""The schedule of a project: items made when somebody looks, versions taken from it and applied to it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict, Forbidden
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import facet
from zou_server.models.schedule import ScheduleItem
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

STAFF = MANAGERS | {"supervisor", "user"}

Place = tuple[str, str | None]
"""What an item is of: the step, and the part of the project or None for all of it."""


def require_staff(actor: Actor, project_id: str) -> None:
    """Forbidden for who is not of the project's staff, who alone see its schedule."""
    role = actor.role_in(uuid.UUID(project_id))
    if role is None or role not in STAFF:
        raise Forbidden("The schedule is for the staff of the project.")


def keep_items(studio: Studio, project_id: str, places: Sequence[Place]) -> None:
    """Make the items that are missing, from today to tomorrow, when one of the project's staff looks."""
    with studio.reads.connect() as connection:
        rows = connection.execute(
            sa.select(ScheduleItem.task_type_id, ScheduleItem.object_id).where(
                ScheduleItem.project_id == project_id,
                ScheduleItem.deleted_at.is_(None),
                ScheduleItem.task_type_id.in_({step for step, _ in places}),
            )
        )
        known = {(str(step), None if part is None else str(part)) for step, part in rows}
    missing = [place for place in places if place not in known]
    if not missing:
        return
    today = dt.datetime.now(dt.UTC).date()
    dates = {"start_date": today.isoformat(), "end_date": (today + dt.timedelta(days=1)).isoformat()}
    values = [
        {"project_id": project_id, "task_type_id": step, "object_id": part, **dates} for step, part in missing
    ]
    with suppress(Conflict), studio.write(SYSTEM) as work:  # somebody else looked at the same moment
        work.execute([Create(facet("ScheduleItem"), each) for each in values])
        work.commit()


# -- versions ------------------------------------------------------------------------------------------------

_LINK = "ProductionScheduleVersionTaskLink"

_OF_TASKS = sa.text("""
SELECT t.id AS task_id, t.start_date, t.due_date, t.estimation,
       coalesce((SELECT array_agg(a.person_id ORDER BY a.created_at, a.id) FROM assignation a
                 WHERE a.task_id = t.id AND a.deleted_at IS NULL), '{}') AS assignees
FROM task t WHERE t.project_id = :id AND t.deleted_at IS NULL
ORDER BY t.created_at, t.id
""")

_OF_VERSION = sa.text("""
SELECT l.id, l.task_id, l.start_date, l.due_date, l.estimation,
       coalesce((SELECT array_agg(a.person_id ORDER BY a.created_at, a.id)
                 FROM production_schedule_version_assignee a
                 WHERE a.production_schedule_version_task_link_id = l.id AND a.deleted_at IS NULL), '{}')
       AS assignees
FROM production_schedule_version_task_link l JOIN task t ON t.id = l.task_id AND t.deleted_at IS NULL
WHERE l.production_schedule_version_id = :id AND l.deleted_at IS NULL
ORDER BY l.created_at, l.id
""")

KEPT = ("start_date", "due_date", "estimation", "assignees")


def take_from_project(work: UnitOfWork, version_id: str, project_id: str) -> int:
    """Let a version say of each task what the project says now; how many tasks there are."""
    return _take(work, version_id, work.session.execute(_OF_TASKS, {"id": project_id}).all())


def take_from_version(work: UnitOfWork, version_id: str, other_id: str) -> int:
    """Let a version say what another one says."""
    return _take(work, version_id, work.session.execute(_OF_VERSION, {"id": other_id}).all())


def apply_version(work: UnitOfWork, version_id: str, project_id: str) -> int:
    """Give the tasks of the project the dates, estimations and people that a version says."""
    rows = work.session.execute(_OF_VERSION, {"id": version_id}).all()
    tasks: list[Operation] = [Update(facet("Task"), row.task_id, _said(row)) for row in rows]
    work.execute([*tasks, Update(facet("Project"), project_id, {"from_schedule_version_id": version_id})])
    return len(rows)


def _take(work: UnitOfWork, version_id: str, rows: Iterable[Any]) -> int:
    known = {row.task_id: row.id for row in work.session.execute(_OF_VERSION, {"id": version_id})}
    operations: list[Operation] = []
    link, amount = facet(_LINK), 0
    for row in rows:
        amount += 1
        if row.task_id in known:
            operations.append(Update(link, known[row.task_id], _said(row)))
        else:
            of = {"production_schedule_version_id": version_id, "task_id": row.task_id}
            operations.append(Create(link, {**of, **_said(row)}))
    work.execute(operations)
    return amount


def _said(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in KEPT}
    values["assignees"] = list(values["assignees"])
    return values
