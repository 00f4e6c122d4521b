"""A task takes a status, with the dates and the count of retakes that follow from it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zou_server.models.task import Task
from zou_server.services.tasks.standing import NAMES, Standing
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    from zou_server.models.status import Status
    from zou_server.services.write.change import Change
    from zou_server.services.write.unit_of_work import UnitOfWork


def give_status(work: UnitOfWork, task: Change, status: Status, moment: dt.datetime) -> bool:
    """Let a task follow one comment; True when its status is another one now."""
    standing = Standing.of(task.row)
    standing.take(status, moment)
    return apply_standing(work, task, standing)


def apply_standing(work: UnitOfWork, task: Change, standing: Standing) -> bool:
    """Set what differs and tell of a changed status; True when it did change."""
    row = task.of(Task)
    before = row.task_status_id
    for name in NAMES:
        task.set(name, getattr(standing, name))
    if before == row.task_status_id:
        return False
    work.record(
        named_event(
            "status-changed",
            task.identity,
            new_task_status_id=row.task_status_id,
            previous_task_status_id=before,
            person_id=work.actor.person_id if work.actor.person_id.int else None,
        )
    )
    return True
