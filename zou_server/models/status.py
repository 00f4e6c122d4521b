"""Statuses: one vocabulary for tasks, shots, projects and files, and which project uses which."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Computed, FacetSpec, Kind, entity

WORK = ("for_task", "for_entity", "for_version")
"""The flags of a status that a new one for tasks has."""
FOR_WORK = (*WORK, "for_concept")
FOR_OTHERS = ("for_project", "for_file", "for_note")
"""The flags that say what a status is for: something that is worked on, or something else."""

TASK_BOARD_ROLES = ("user", "admin", "supervisor", "manager", "vendor")


def meaning(row: FromClause) -> ColumnElement[Any]:
    """The meaning of a status: done, feedback, retake, wip or todo."""
    return sa.case(
        (row.c.is_done, "done"),
        (row.c.is_feedback_request, "feedback"),
        (row.c.is_retake, "retake"),
        (row.c.is_wip, "wip"),
        else_="todo",
    )


def default_status() -> ColumnElement[Any]:
    """The status that new work has when nobody says one."""
    status: sa.Table = Status.__table__  # type: ignore[assignment]
    first = status.alias()
    return (
        sa.select(first.c.id)
        .where(first.c.for_task, first.c.deleted_at.is_(None))
        .order_by(first.c.is_default.desc(), first.c.for_concept, first.c.priority, first.c.created_at)
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )


def standing(row: FromClause) -> ColumnElement[Any]:
    """Where something stands: its status, else the one that new work has."""
    return sa.func.coalesce(row.c.status_id, default_status())


def state(row: FromClause) -> ColumnElement[Any]:
    """The meaning, where work that is held is blocked and work that is left out is done."""
    return sa.case(
        (sa.func.lower(row.c.shotgun_code) == sa.literal_column("'hld'"), "held"),
        (sa.func.lower(row.c.shotgun_code) == sa.literal_column("'omt'"), "omitted"),
        else_=meaning(row),
    )


def _used_for(column: str, kind: str) -> sa.Index:
    return sa.Index(
        f"uq_status_{kind}",
        column,
        unique=True,
        postgresql_where=sa.text(f"deleted_at IS NULL AND for_{kind}"),
    )


@entity(
    "statuses",
    names={"zou": None, "shotrunner": None},
    facets=(
        FacetSpec(
            "TaskStatus",
            "task-status",
            where=Where("for_task", Op.EQ, value=True),
            kind="Status",
            defaults=dict.fromkeys(WORK, True),
            names={"shotgun": None, "ftrack": None, "shotrunner": None},
        ),
        FacetSpec(
            "ProjectStatus",
            "project-status",
            where=Where("for_project", Op.EQ, value=True),
            kind="Status",
            defaults={"for_project": True},
            names={"shotgun": None, "ftrack": None, "shotrunner": None},
        ),
        FacetSpec(
            "FileStatus",
            "file-status",
            where=Where("for_file", Op.EQ, value=True),
            kind="Status",
            defaults={"for_file": True},
            names={"shotgun": None, "ftrack": None, "shotrunner": None},
        ),
    ),
    computed={
        "meaning": Computed(Kind.TEXT, meaning),
        "state": Computed(Kind.TEXT, state, inner=True),
    },
)
class Status(Row):
    """One status. `code` is what Zou and ShotRunner call it, `shotgun_code` what Shotgun does."""

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    code: Mapped[str | None] = mapped_column(info={"max_length": 40})
    shotgun_code: Mapped[str | None] = mapped_column(info={"max_length": 40})
    description: Mapped[str | None]
    color: Mapped[str | None] = mapped_column(default="#999999", info={"max_length": 7})
    priority: Mapped[int | None] = mapped_column(default=1)
    archived: Mapped[bool] = mapped_column(default=False)
    is_done: Mapped[bool] = mapped_column(default=False)
    is_artist_allowed: Mapped[bool] = mapped_column(default=True)
    is_client_allowed: Mapped[bool] = mapped_column(default=True)
    is_retake: Mapped[bool] = mapped_column(default=False)
    is_feedback_request: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)
    is_wip: Mapped[bool] = mapped_column(default=False)
    for_concept: Mapped[bool] = mapped_column(default=False)
    for_task: Mapped[bool] = mapped_column(default=False)
    for_project: Mapped[bool] = mapped_column(default=False)
    for_file: Mapped[bool] = mapped_column(default=False)
    for_entity: Mapped[bool] = mapped_column(default=False)
    for_version: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    for_note: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    shotgun_id: Mapped[int | None]

    __table_args__ = (_used_for("code", "task"), _used_for("name", "project"), _used_for("name", "file"))


@entity(
    "status-uses",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="project_setting",
    display="",
)
class StatusUse(Row):
    """A project uses a status for its tasks: at which place, on whose board."""

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    status_id: Mapped[uuid.UUID] = owner("status", nullable=False)
    priority: Mapped[int | None]
    roles_for_board: Mapped[list[str] | None] = mapped_column(default=lambda: list(TASK_BOARD_ROLES))
    is_client_allowed: Mapped[bool | None]

    __table_args__ = (
        sa.Index("uq_status_use", "project_id", "status_id", unique=True, postgresql_where=LIVE),
    )


def is_for_clients(of_studio: bool, of_project: bool | None) -> bool:  # noqa: FBT001 - the two words
    """Whether clients may give a status: what a project says of it comes before the studio's word."""
    return of_studio if of_project is None else of_project
