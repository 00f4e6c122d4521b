"""A task takes a status, with the dates and the count of retakes that follow from it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS
from zou_server.models.status import StatusUse, is_for_clients
from zou_server.models.task import Task
from zou_server.services.tasks.standing import NAMES, Standing
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from zou_server.models.status import Status
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork


def refuse_status(context: Context, status: Status, project_id: uuid.UUID | None) -> None:
    """Forbidden when a status is not for the caller to give; who leads gives any."""
    role = context.actor.role_in(project_id)
    if role in LEADS:
        return
    allowed = status.is_artist_allowed
    if role == "client":
        chosen = _chosen_for_clients(context.session, status, project_id)
        allowed = is_for_clients(status.is_client_allowed, chosen)
    if not allowed:
        raise Forbidden(f"Your role does not let you set the status '{status.name}'.")


def _chosen_for_clients(session: Session, status: Status, project_id: uuid.UUID | None) -> bool | None:
    """What a project says of clients and a status, None where the studio's word holds."""
    return session.scalar(
        sa.select(StatusUse.is_client_allowed).where(
            StatusUse.project_id == project_id,
            StatusUse.status_id == status.id,
            StatusUse.deleted_at.is_(None),
        )
    )


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
