"""Time of a closed week stays as it was noted, whatever a client asks to delete."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.policies import MANAGERS
from zou_server.models.task import TimeSpent
from zou_server.services.tasks.locked_weeks import refuse_locked_days

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


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
