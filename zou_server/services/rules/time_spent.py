"""The life of a time entry: whose it is, until when it may change, and the duration of its task."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden
from zou_server.models.policies import MANAGERS
from zou_server.models.task import TimeSpent
from zou_server.services.rules.author import sign
from zou_server.services.rules.loaded_rows import loaded_tasks
from zou_server.services.rules.show_time import logs_of_days, show_time
from zou_server.services.tasks.locked_weeks import refuse_locked_days
from zou_server.services.tasks.works_on import OnTask
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Asked, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def guard_time(context: Context, change: Change) -> None:
    """Nobody but managers notes time in a closed week."""
    row = change.of(TimeSpent)
    task = context.targets.get(row.task_id)
    if context.actor.role_in(task.project_id if task else None) in MANAGERS:
        return
    days = [day for day in (row.date, change.before.get("date")) if isinstance(day, dt.date)]
    refuse_locked_days(context.work, days)


def leave_task(context: Context, change: Change) -> None:
    """Recount the former task; the one it is spent on now follows with all others."""
    former = None if change.created else change.before.get("task_id")
    if former is not None:
        context.session.flush()
        recount_tasks(context.work, {former})


def close_locked_weeks(
    work: UnitOfWork, entries: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """Refuse to remove entries of locked weeks, but to managers; what goes with its task goes."""
    rows = work.session.execute(
        sa.select(TimeSpent.date, TimeSpent.task_id, Identity.project_id)
        .outerjoin(Identity, Identity.id == TimeSpent.task_id)
        .where(TimeSpent.id.in_(entries))
    )
    refuse_locked_days(
        work,
        [
            day
            for day, task_id, project_id in rows
            if task_id not in together and work.actor.role_in(project_id) not in MANAGERS
        ],
    )


def recount_time(work: UnitOfWork, entries: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Each task's duration is the sum of its live entries; tasks that go along keep theirs."""
    about = work.session.scalars(sa.select(TimeSpent.task_id).where(TimeSpent.id.in_(entries)).distinct())
    recount_tasks(work, {id_ for id_ in about if id_ is not None and id_ not in together})


def recount_tasks(work: UnitOfWork, task_ids: set[uuid.UUID]) -> None:
    """Bring the durations of tasks in step with their entries, which must have been written."""
    with loaded_tasks(work, task_ids) as changes:
        sums = _time_by_task(work, task_ids) if changes else {}
        for change in changes:
            change.set("duration", sums.get(change.row.id, 0.0))


def _time_by_task(work: UnitOfWork, task_ids: set[uuid.UUID]) -> dict[uuid.UUID, float]:
    """The minutes spent on each task by its live entries in the database; none for a task without."""
    rows = work.session.execute(
        sa.select(TimeSpent.task_id, sa.func.sum(TimeSpent.duration))
        .where(TimeSpent.task_id.in_(task_ids), TimeSpent.deleted_at.is_(None))
        .group_by(TimeSpent.task_id)
    )
    return {id_: float(total) for id_, total in rows if id_ is not None}


def _on_own_task(asked: Asked) -> set[str]:
    """Forbidden to note time on a task that one is not assigned to."""
    if "task_id" in asked.values and not asked.context.facts.is_assigned(OnTask(asked.values["task_id"])):
        raise Forbidden("You note your own time, on tasks that you are assigned to.")
    return set()


TIME_SPENT = Rule(
    before=(sign, guard_time, leave_task),
    written=(show_time,),
    after=(After(lambda change: change.created or change.changed("duration", "task_id"), recount_time),),
    gone=(close_locked_weeks, recount_time),
    back=(close_locked_weeks, recount_time),
    along=logs_of_days,
    guard=dict.fromkeys(("supervisor", "user", "vendor"), _on_own_task),
)
"""Minutes of somebody's day on a task."""
