"""The studio's own status for a step of work: in progress, ready to be looked at. Never made on the fly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.status import Status, StatusUse

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

MEANINGS = {"is_wip": "work in progress", "is_feedback_request": "waiting for approval"}


def studio_status(session: Session, flag: str, project_id: uuid.UUID | None) -> uuid.UUID:
    """The task status with a flag, one that the project uses before others; Invalid when there is none."""
    used = sa.exists().where(
        StatusUse.status_id == Status.id, StatusUse.project_id == project_id, StatusUse.deleted_at.is_(None)
    )
    found = session.scalar(
        sa.select(Status.id)
        .where(
            Status.for_task, getattr(Status, flag), Status.deleted_at.is_(None), Status.archived.is_(False)
        )
        .order_by(sa.desc(used), Status.for_concept, Status.priority, Status.created_at)
        .limit(1)
    )
    if found is None:
        raise Invalid(f"No status of the studio means '{MEANINGS[flag]}'.")
    return found
