"""Whether somebody works on a task: is assigned to it, or made what it is about (docs/protocols/zou.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.task import Assignation

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def is_assigned(session: Session, task_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """True when the person is on the task."""
    return bool(session.scalar(sa.select(_assigned(task_id, person_id))))


def works_on(session: Session, task: Any, person_id: uuid.UUID) -> bool:
    """True when the person is on the task, or made its entity."""
    made = sa.exists().where(Entity.id == task.entity_id, Entity.created_by_id == person_id)
    return bool(session.scalar(sa.select(sa.or_(_assigned(task.id, person_id), made))))


def _assigned(task_id: uuid.UUID, person_id: uuid.UUID) -> sa.Exists:
    return sa.exists().where(
        Assignation.task_id == task_id, Assignation.person_id == person_id, Assignation.deleted_at.is_(None)
    )
