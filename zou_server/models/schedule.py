"""The schedule of a project: from when to when each step is worked on, and what it might be instead."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Many, entity

_ZOU_ONLY: dict[str, str | None] = {"shotgun": None, "ftrack": None, "shotrunner": None}


@entity("schedule-items", names=_ZOU_ONLY, policy="planning", display="", required=("project_id",))
class ScheduleItem(Row):
    """The span in which a step is worked on, for the whole project or for one part of it.

    `object_id` is that part: a type of assets, an episode, a sequence, an edit.
    """

    start_date: Mapped[dt.date | None]
    end_date: Mapped[dt.date | None]
    man_days: Mapped[int | None] = mapped_column(info={"minimum": 0})
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    task_type_id: Mapped[uuid.UUID | None] = owner("task_type")
    object_id: Mapped[uuid.UUID | None] = owner("object")

    __table_args__ = (
        sa.Index(
            "uq_schedule_item",
            "project_id",
            "task_type_id",
            "object_id",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_schedule_item_object_id", "object_id"),
        sa.Index("ix_schedule_item_task_type_id", "task_type_id"),
    )


@entity("production-schedule-versions", names=_ZOU_ONLY, policy="planning", required=("project_id",))
class ProductionScheduleVersion(Row):
    """A schedule of a project as it might be: dates, estimations and people for each of its tasks."""

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    production_schedule_from: Mapped[uuid.UUID | None] = reference("production_schedule_version")
    locked: Mapped[bool] = mapped_column(default=False)
    canceled: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.Index(
            "uq_production_schedule_version_name", "project_id", "name", unique=True, postgresql_where=LIVE
        ),
        sa.Index("ix_production_schedule_version_production_schedule_from", "production_schedule_from"),
    )


@entity(
    "production-schedule-version-task-links",
    names=_ZOU_ONLY,
    policy="planning",
    display="",
    project="production_schedule_version.project_id",
    many={
        "assignees": Many(
            "Person",
            through="ProductionScheduleVersionAssignee",
            near="production_schedule_version_task_link_id",
            far="person_id",
        )
    },
)
class ProductionScheduleVersionTaskLink(Row):
    """When a task is worked on in one version of the schedule, for how long and by whom."""

    production_schedule_version_id: Mapped[uuid.UUID] = owner("production_schedule_version", nullable=False)
    task_id: Mapped[uuid.UUID] = owner("task", nullable=False)
    start_date: Mapped[dt.datetime | None]
    due_date: Mapped[dt.datetime | None]
    estimation: Mapped[float | None] = mapped_column(default=0.0)

    __table_args__ = (
        sa.Index(
            "uq_production_schedule_version_task_link",
            "production_schedule_version_id",
            "task_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_production_schedule_version_task_link_task_id", "task_id"),
    )


@entity(
    "production-schedule-version-assignees",
    names={**_ZOU_ONLY, "zou": None},
    policy="planning",
    display="",
    project="production_schedule_version_task_link.production_schedule_version.project_id",
)
class ProductionScheduleVersionAssignee(Row):
    """A person works on a task in one version of the schedule."""

    production_schedule_version_task_link_id: Mapped[uuid.UUID] = owner(
        "production_schedule_version_task_link", nullable=False
    )
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})

    __table_args__ = (
        sa.Index(
            "uq_production_schedule_version_assignee",
            "production_schedule_version_task_link_id",
            "person_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_production_schedule_version_assignee_person_id", "person_id"),
    )
