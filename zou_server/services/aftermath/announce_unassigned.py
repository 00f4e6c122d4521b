"""Somebody who is taken off a task is told so by an event of the task (docs/protocols/zou.md 15)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.task import Assignation
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def announce_unassigned(
    work: UnitOfWork, assignations: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """One `task:unassign` (or, coming back, `task:assign`) for each person and task that goes on."""
    rows = work.session.execute(
        sa.select(Assignation.person_id, Assignation.deleted_at, Identity)
        .join(Identity, Identity.id == Assignation.task_id)
        .where(Assignation.id.in_(assignations))
        .order_by(Assignation.created_at, Assignation.id)
    )
    for person_id, deleted_at, task in rows:
        if task.id not in together:
            action = "assign" if deleted_at is None else "unassign"
            work.record(named_event(action, task, person_id=person_id))
