"""Where a task stands: the status, dates and retakes that its comments make, one comment after the other.

Source: docs/protocols/zou.md 6 (comments, reset).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.production import Entity
from zou_server.models.review import Note
from zou_server.models.status import Status
from zou_server.models.task import Task


@dataclass(slots=True)
class Standing:
    """The attributes of a task that follow from its comments."""

    task_status_id: uuid.UUID | None = None
    retake_count: int | None = 0
    real_start_date: dt.datetime | None = None
    end_date: dt.datetime | None = None
    done_date: dt.datetime | None = None
    last_comment_date: dt.datetime | None = None

    @classmethod
    def of(cls, task: object) -> Standing:
        """Where a task stands now."""
        return cls(**{name: getattr(task, name) for name in NAMES})

    def moved(self, before: Standing, after: Standing) -> Standing:
        """The standing that this one becomes by a step from one to another.

        What did not follow from comments (a status set by hand, another dialect's dates) stays.
        """
        found = Standing(
            **{
                name: getattr(after if getattr(self, name) == getattr(before, name) else self, name)
                for name in NAMES
            }
        )
        difference = (after.retake_count or 0) - (before.retake_count or 0)
        found.retake_count = max((self.retake_count or 0) + difference, 0)
        return found

    def take(self, status: Status, moment: dt.datetime) -> None:
        """Go on by one comment: the same status again changes nothing but the date of the last comment."""
        self.last_comment_date = moment
        if status.id == self.task_status_id:
            return
        self.task_status_id = status.id
        self.done_date = None
        for flag, follow in _FOLLOW.items():
            if getattr(status, flag):
                follow(self, moment)


def _retake(standing: Standing, _moment: dt.datetime) -> None:
    standing.retake_count = (standing.retake_count or 0) + 1


def _start(standing: Standing, moment: dt.datetime) -> None:
    standing.real_start_date = standing.real_start_date or moment


def _ask(standing: Standing, moment: dt.datetime) -> None:
    standing.end_date = moment


def _finish(standing: Standing, moment: dt.datetime) -> None:
    standing.done_date = moment


_FOLLOW: Mapping[str, Callable[[Standing, dt.datetime], None]] = {
    "is_retake": _retake,
    "is_wip": _start,
    "is_feedback_request": _ask,
    "is_done": _finish,
}
"""Flag of a new status -> what it does to the task's dates."""

NAMES = tuple(field.name for field in fields(Standing))


def standings_of(
    session: Session, task_ids: Iterable[uuid.UUID], turned: Iterable[uuid.UUID] = ()
) -> dict[uuid.UUID, Standing]:
    """Where each task stands by its live comments alone; one without any has the default status.

    The comments `turned` count the other way round: as live when they are retired, and not when live.

    Three statements, however many tasks. What the session holds must have been flushed.
    """
    wanted = list(task_ids)
    starts = _defaults(session)
    kinds = session.execute(
        sa.select(Task.id, Entity.kind)
        .outerjoin(Entity, Entity.id == Task.entity_id)
        .where(Task.id.in_(wanted))
    )
    found = {id_: Standing(starts.get(kind == "Concept")) for id_, kind in kinds}
    comments = session.execute(
        sa.select(Note.object_id, Note.created_at, Status)
        .join(Status, Status.id == Note.sets_status_id)
        .where(
            Note.object_id.in_(wanted),
            Note.deleted_at.is_(None) != Note.id.in_(list(turned)),
            Note.parent_id.is_(None),
        )
        .order_by(Note.object_id, Note.created_at, Note.id)
    )
    for task_id, moment, status in comments:
        if task_id in found:
            found[task_id].take(status, moment)
    return found


def _defaults(session: Session) -> dict[bool, uuid.UUID]:
    """The status of a new task: of a concept (True), and of anything else."""
    rows = session.execute(
        sa.select(Status.for_concept, Status.id)
        .where(Status.for_task, Status.deleted_at.is_(None))
        .order_by(Status.is_default.desc(), Status.priority, Status.created_at)
    )
    found: dict[bool, uuid.UUID] = {}
    for for_concept, id_ in rows:
        found.setdefault(for_concept, id_)
    return found
