"""Work: steps, priorities, tasks, who is on them, and the time they spent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.conditions import Op, Where
from zou_server.models.production import priority_of
from zou_server.models.registry import ANY, Computed, Kind, Many, entity


@entity("task-types", names={"shotgun": "Step", "ftrack": None, "shotrunner": None})
class TaskType(Row):
    """A step of the pipeline (Modeling, Animation). `for_entity` is advice on where it is used."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})
    description: Mapped[str | None]
    color: Mapped[str | None] = mapped_column(default="#FFFFFF", info={"max_length": 7})
    priority: Mapped[int | None] = mapped_column(default=1)
    for_entity: Mapped[str | None] = mapped_column(default="Asset", info={"max_length": 30})
    allow_timelog: Mapped[bool] = mapped_column(default=True)
    archived: Mapped[bool] = mapped_column(default=False)
    shotgun_id: Mapped[int | None]
    department_id: Mapped[uuid.UUID | None] = reference("department")

    __table_args__ = (
        sa.Index(
            "uq_task_type_name",
            "name",
            "for_entity",
            "department_id",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
    )


@entity("priorities", names={"zou": None, "shotgun": None, "shotrunner": None})
class Priority(Row):
    """How urgent: `value` is the number that Zou's tasks carry."""

    name: Mapped[str]
    color: Mapped[str | None]
    value: Mapped[int] = mapped_column(default=0)
    sort_order: Mapped[int] = mapped_column(default=0)

    __table_args__ = (sa.Index("uq_priority_value", "value", unique=True, postgresql_where=LIVE),)


def urgency(row: FromClause) -> ColumnElement[Any]:
    """How urgent: the priority, else the one that Zou's number stands for."""
    none: ColumnElement[Any] = sa.literal_column("0")
    return sa.func.coalesce(
        row.c.priority_id, priority_of(sa.func.coalesce(row.c.priority, none)), priority_of(none)
    )


def step(row: FromClause) -> ColumnElement[Any]:
    """The step of a task, else the studio's first one."""
    steps: sa.Table = TaskType.__table__  # type: ignore[assignment]
    first = steps.alias()
    found = (
        sa.select(first.c.id)
        .where(first.c.deleted_at.is_(None))
        .order_by(first.c.priority, first.c.created_at, first.c.id)
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )
    return sa.func.coalesce(row.c.task_type_id, found)


def time_left(row: FromClause) -> ColumnElement[Any]:
    """Minutes estimated and not spent yet; less than nothing when more were spent."""
    return row.c.estimation - sa.func.coalesce(row.c.duration, sa.literal_column("0"))


def time_share(row: FromClause) -> ColumnElement[Any]:
    """Minutes spent, in percent of those estimated."""
    hundred = sa.literal_column("100.0", sa.Float())
    return hundred * row.c.duration / sa.func.nullif(row.c.estimation, sa.literal_column("0"))


@entity(
    "tasks",
    policy="task",
    many={
        "assignees": Many("Person", through="Assignation", near="task_id", far="person_id"),
        "assignations": Many("Assignation", by="task_id", writable=False),
        "comments": Many("Note", by="object_id", where=Where("parent_id", Op.NULL), writable=False),
        "subscriptions": Many("Subscription", by="task_id", writable=False),
        "group_appointments": Many("GroupAppointment", by="object_id", writable=False, inner=True),
        "takes": Many("Version", by="task_id", writable=False, inner=True),
    },
    computed={
        "context": Computed(
            Kind.LINK, lambda row: sa.func.coalesce(row.c.entity_id, row.c.project_id), target=ANY
        ),
        "urgency_id": Computed(Kind.LINK, urgency, target="Priority", inner=True),
        "step_id": Computed(Kind.LINK, step, target="TaskType", inner=True),
        "time_left": Computed(Kind.NUMBER, time_left, inner=True),
        "time_share": Computed(Kind.NUMBER, time_share, inner=True),
    },
)
class Task(Row):
    """Work of one step on an entity, a project, or nothing yet. Durations and estimations in minutes.

    `duration` is the time spent, `planned_duration` the work time between the two dates.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 80})
    description: Mapped[str | None]
    priority: Mapped[int | None] = mapped_column(default=0)
    difficulty: Mapped[int] = mapped_column(default=3, info={"minimum": 1, "maximum": 5})
    duration: Mapped[float | None] = mapped_column(default=0.0)
    estimation: Mapped[float | None] = mapped_column(default=0.0)
    completion_rate: Mapped[int | None] = mapped_column(default=0, info={"minimum": 0, "maximum": 100})
    retake_count: Mapped[int | None] = mapped_column(default=0)
    sort_order: Mapped[float | None] = mapped_column(default=0)
    planned_duration: Mapped[float | None] = mapped_column(info={"inner": True, "minimum": 0})
    start_date: Mapped[dt.datetime | None]
    due_date: Mapped[dt.datetime | None]
    real_start_date: Mapped[dt.datetime | None]
    end_date: Mapped[dt.datetime | None]
    done_date: Mapped[dt.datetime | None]
    last_comment_date: Mapped[dt.datetime | None]
    nb_assets_ready: Mapped[int | None] = mapped_column(default=0)
    nb_drawings: Mapped[int | None] = mapped_column(default=0)
    shotgun_id: Mapped[int | None]
    last_preview_file_id: Mapped[uuid.UUID | None]
    project_id: Mapped[uuid.UUID | None] = owner("project")
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    task_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "TaskStatus"})
    priority_id: Mapped[uuid.UUID | None] = reference("priority")
    entity_id: Mapped[uuid.UUID | None] = owner("object")
    assigner_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    thumbnail_id: Mapped[uuid.UUID | None] = reference("component", closes_cycle=True, info={"inner": True})
    twin: Mapped[int] = mapped_column(default=0, server_default="0", info={"inner": True})

    __table_args__ = (
        sa.Index(
            "uq_task_name",
            "entity_id",
            "task_type_id",
            "name",
            "project_id",
            "twin",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_task_project_id_created_at", "project_id", "created_at", "id", postgresql_where=LIVE),
        sa.Index(
            "ix_task_project_id_updated_at",
            "project_id",
            "updated_at",
            "created_at",
            "id",
            postgresql_where=LIVE,
        ),
        sa.Index("ix_task_created_at", "created_at", "id", postgresql_where=LIVE),
        sa.Index("ix_task_updated_at", "updated_at", "created_at", "id", postgresql_where=LIVE),
        sa.Index("ix_task_created_by_id", "created_by_id", postgresql_where=sa.text("project_id IS NULL")),
        sa.Index("ix_task_task_status_id", "task_status_id"),
        sa.Index("ix_task_shotgun_id", "shotgun_id", postgresql_where=sa.text("shotgun_id IS NOT NULL")),
        sa.Index("ix_task_task_type_id", "task_type_id"),
    )


@entity(
    "assignations",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="assignation",
    display="",
)
class Assignation(Row):
    """A person is on a task; the primary one is the only assignee that ShotRunner knows.

    An `inherited` one comes from a group, and goes with it.
    """

    task_id: Mapped[uuid.UUID] = owner("task", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    is_primary: Mapped[bool] = mapped_column(default=False)
    inherited: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})

    __table_args__ = (
        sa.Index("uq_assignation", "task_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_assignation_person_id", "person_id"),
    )


@entity(
    "time-spents",
    names={"shotgun": "TimeLog", "ftrack": None, "shotrunner": None},
    policy="time",
    display="",
)
class TimeSpent(Row):
    """Minutes that a person worked on a task on a day."""

    duration: Mapped[float] = mapped_column(info={"minimum": 0})
    date: Mapped[dt.date]
    task_id: Mapped[uuid.UUID | None] = owner("task")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})

    __table_args__ = (
        sa.Index("uq_time_spent", "person_id", "task_id", "date", unique=True, postgresql_where=LIVE),
        sa.Index("ix_time_spent_task_id", "task_id"),
    )
