"""A task takes a status, with the dates and the count of retakes that follow from it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS
from zou_server.models.task import Task
from zou_server.services.tasks.standing import NAMES, Standing
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    import uuid

    from zou_server.models.status import Status
    from zou_server.services.write.change import Change
    from zou_server.services.write.unit_of_work import UnitOfWork


def refuse_status(status: Status, role: str | None) -> None:
    """Forbidden when a status is not for this role to give; who leads gives any."""
    allowed = status.is_client_allowed if role == "client" else status.is_artist_allowed
    if role not in LEADS and not allowed:
        raise Forbidden(f"Your role does not let you set the status '{status.name}'.")


def give_status(work: UnitOfWork, task: Change, status: Status, moment: dt.datetime) -> bool:
    """Let a task follow one comment; True when its status is another one now."""
    standing = Standing.of(task.row)
    standing.take(status, moment)
    return apply_standing(work, task, standing)


def move_task(work: UnitOfWork, task: Change, status: Status) -> None:
    """Let a task follow a status that was set without a comment; dates that are set along with it stay."""
    row = task.of(Task)
    previous = task.given["task_status_id"]
    standing = Standing.of(row)
    standing.task_status_id = previous
    standing.take(status, work.now)
    standing.last_comment_date = row.last_comment_date
    for name in NAMES:
        if name not in task.given:
            task.set(name, getattr(standing, name))
    task.is_moved = True
    _tell(work, task, previous)


def apply_standing(work: UnitOfWork, task: Change, standing: Standing) -> bool:
    """Set what differs and tell of a changed status; True when it did change."""
    row = task.of(Task)
    before = row.task_status_id
    for name in NAMES:
        task.set(name, getattr(standing, name))
    if before == row.task_status_id:
        return False
    _tell(work, task, before)
    return True


def _tell(work: UnitOfWork, task: Change, previous: uuid.UUID | None) -> None:
    row = task.of(Task)
    work.record(
        named_event(
            "status-changed",
            task.identity,
            new_task_status_id=row.task_status_id,
            previous_task_status_id=previous,
            person_id=work.actor.person_id if work.actor.person_id.int else None,
        )
    )
