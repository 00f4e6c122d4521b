"""The duration of a task is the time spent on it, also when an entry goes or comes back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.task import TimeSpent
from zou_server.services.aftermath.loaded_tasks import loaded_tasks

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


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
