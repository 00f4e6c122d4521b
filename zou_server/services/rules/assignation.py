"""The life of an assignation: the events that tell of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou_server.models.base import Identity
from zou_server.models.task import Assignation
from zou_server.services.rules.appointments import (
    is_plain,
    join_team,
    leave_what_is_back,
    replace_inherited,
)
from zou_server.services.talk.tell_people import tell_assignees
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.named_event import named_event
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def announce_assignation(context: Context, change: Change) -> None:
    """A `task:assign` for each new assignation."""
    row = change.of(Assignation)
    if not change.created or row.task_id is None:
        return
    task = context.targets.get(row.task_id)
    if task is not None:
        context.work.record(named_event("assign", task, person_id=row.person_id))


def announce_unassigned(
    work: UnitOfWork, assignations: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """One `task:unassign` (or, coming back, `task:assign`) for each person and task that goes on.

    Nothing for whoever stays on the task by another assignation, which took the place of this one.
    """
    other = aliased(Assignation)
    stays = sa.exists().where(
        other.task_id == Assignation.task_id,
        other.person_id == Assignation.person_id,
        other.id != Assignation.id,
        other.deleted_at.is_(None),
    )
    rows = work.session.execute(
        sa.select(Assignation.person_id, Assignation.deleted_at, Identity)
        .join(Identity, Identity.id == Assignation.task_id)
        .where(Assignation.id.in_(assignations), ~stays)
        .order_by(Assignation.created_at, Assignation.id)
    )
    for person_id, deleted_at, task in rows:
        if task.id not in together:
            action = "assign" if deleted_at is None else "unassign"
            work.record(named_event(action, task, person_id=person_id))


ASSIGNATION = Rule(
    before=(announce_assignation,),
    together=(replace_inherited,),
    after=(After(lambda change: change.created, tell_assignees), After(is_plain, join_team)),
    gone=(announce_unassigned,),
    back=(announce_unassigned, leave_what_is_back, join_team),
)
"""Somebody on a task."""
