"""A new project is open and uses the studio's workflow set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.project import ProjectSchema
from zou_server.models.status import Status

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def complete_project(pipeline: Pipeline, change: Change) -> None:
    """Without a status the project is Open; without a workflow set it gets the first."""
    row: Any = change.row
    if not change.created:
        return
    if row.project_status_id is None:
        opened = (
            sa.select(Status.id)
            .where(Status.for_project, Status.deleted_at.is_(None))
            .order_by(Status.name != "Open", Status.created_at)
            .limit(1)
        )
        row.project_status_id = pipeline.session.scalar(opened)
    if row.project_schema_id is None:
        first = (
            sa.select(ProjectSchema.id)
            .where(ProjectSchema.deleted_at.is_(None))
            .order_by(ProjectSchema.created_at)
        )
        row.project_schema_id = pipeline.session.scalar(first.limit(1))
