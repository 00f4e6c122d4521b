"""Rules that move work along by themselves: one step done sets the status of another."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import entity

OUT_FIELDS = ("status", "ready_for")


@entity(
    "status-automations",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    display="",
)
class StatusAutomation(Row):
    """When a task of one step gets a status, the same entity's task of another step gets one too.

    `entity_type` is the kind of the entity in lower case. With `out_field_type` "ready_for" it is the
    asset that is marked as ready for the other step instead. `import_last_revision` takes the last
    preview along. Source: docs/protocols/zou.md 6.
    """

    entity_type: Mapped[str | None] = mapped_column(default="asset", info={"max_length": 40})
    in_task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    in_task_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "TaskStatus"})
    out_field_type: Mapped[str] = mapped_column(default="status", info={"choices": OUT_FIELDS})
    out_task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    out_task_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "TaskStatus"})
    import_last_revision: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.Index("ix_status_automation_in_task_status_id", "in_task_status_id"),)


@entity(
    "project-status-automations",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="project_setting",
    display="",
)
class ProjectStatusAutomation(Row):
    """A project follows a rule."""

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    status_automation_id: Mapped[uuid.UUID] = owner("status_automation", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_project_status_automation",
            "project_id",
            "status_automation_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_project_status_automation_status_automation_id", "status_automation_id"),
    )
