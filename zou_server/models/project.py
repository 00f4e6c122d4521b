"""A show, and which parts of the studio's vocabulary it uses."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.footage.frame_rate import spelled_rate
from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.conditions import Condition, InQuery, Op, Output, Projection, Query, Where
from zou_server.models.production import Entity
from zou_server.models.registry import Computed, Kind, Many, entity, facet
from zou_server.models.rows_of import row_of

STYLES = (
    "2d",
    "2dpaper",
    "3d",
    "2d3d",
    "ar",
    "vfx",
    "stop-motion",
    "motion-design",
    "archviz",
    "commercial",
    "catalog",
    "immersive",
    "nft",
    "video-game",
    "vr",
)
NOWHERE = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))


def is_open(project: str = "") -> Condition:
    """The rows of open projects, those whose status does not mean that they are done.

    `project` is the path to the project with a dot at its end.
    """
    return Where(f"{project}project_status.is_done", Op.NE, value=True)


@cache
def in_open_projects() -> Condition:
    """The rows with a project of their own that is open, found by the few projects that are."""
    open_ones = Query(facet("Project"), Projection((Output("id", "id"),)), is_open())
    return InQuery("project_id", open_ones, "id", listed=True)


def first_episode(row: FromClause) -> ColumnElement[Any]:
    """The episode that comes first by name; null where a project has none."""
    episode = row_of(Entity.__table__)
    return (
        sa.select(episode.c.id)
        .where(
            episode.c.project_id == row.c.id,
            episode.c.kind == sa.literal_column("'Episode'"),
            episode.c.deleted_at.is_(None),
        )
        .order_by(episode.c.name, episode.c.id)
        .limit(sa.literal_column("1"))
        .correlate(row)
        .scalar_subquery()
    )


def full_title(row: FromClause) -> ColumnElement[Any]:
    """The long name of a project; its short one where it has no other."""
    return sa.func.coalesce(sa.func.nullif(row.c.title, sa.literal_column("''")), row.c.name)


@entity("project-schemas", names={"zou": None, "shotgun": None, "shotrunner": None})
class ProjectSchema(Row):
    """ftrack's set of workflows for a project: the studio's statuses and types under one name."""

    name: Mapped[str]


@entity(
    "projects",
    policy="project",
    project="id",
    required=("name",),
    read_only=("has_avatar",),
    many={
        "team": Many("Person", through="Membership", near="project_id", far="person_id"),
        "memberships": Many("Membership", by="project_id", writable=False),
        "group_appointments": Many("GroupAppointment", by="object_id", writable=False, inner=True),
        "asset_types": Many("EntityType", through="ProjectAssetType", near="project_id", far="asset_type_id"),
        "task_types": Many(
            "TaskType", through="ProjectTaskType", near="project_id", far="task_type_id", ordered="priority"
        ),
        "task_statuses": Many(
            "Status", through="StatusUse", near="project_id", far="status_id", ordered="priority"
        ),
        "status_automations": Many(
            "StatusAutomation",
            through="ProjectStatusAutomation",
            near="project_id",
            far="status_automation_id",
        ),
        "task_type_uses": Many("ProjectTaskType", by="project_id", writable=False),
        "status_uses": Many("StatusUse", by="project_id", writable=False),
        "preview_background_files": Many(
            "PreviewBackgroundFile",
            through="ProjectPreviewBackgroundFile",
            near="project_id",
            far="preview_background_file_id",
        ),
        "entities": Many("Entity", by="project_id", writable=False),
        "tasks": Many("Task", by="project_id", writable=False),
        "own_tasks": Many("Task", by="entity_id", writable=False, inner=True),
        "remarks": Many(
            "Note", by="object_id", where=Where("parent_id", Op.NULL), writable=False, inner=True
        ),
        "descriptors": Many("FieldDescriptor", by="project_id", writable=False),
    },
    computed={
        "first_episode_id": Computed(Kind.LINK, first_episode, target="Episode"),
        "full_title": Computed(Kind.TEXT, full_title, inner=True),
    },
)
class Project(Row):
    """A film, series, show or commercial; everything made for it hangs on it."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 80})
    code: Mapped[str | None] = mapped_column(info={"max_length": 80})
    title: Mapped[str | None]
    description: Mapped[str | None]
    shotgun_id: Mapped[int | None]
    file_tree: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    has_avatar: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    fps: Mapped[str | None] = mapped_column(default="25", info={"max_length": 10, "spelled": spelled_rate})
    ratio: Mapped[str | None] = mapped_column(default="16:9", info={"max_length": 10})
    resolution: Mapped[str | None] = mapped_column(default="1920x1080", info={"max_length": 12})
    production_type: Mapped[str | None] = mapped_column(default="short", info={"max_length": 20})
    production_style: Mapped[str | None] = mapped_column(default="2d3d", info={"choices": STYLES})
    start_date: Mapped[dt.date | None]
    end_date: Mapped[dt.date | None]
    due_date: Mapped[dt.datetime | None]
    man_days: Mapped[int | None]
    nb_episodes: Mapped[int | None] = mapped_column(default=0)
    episode_span: Mapped[int | None] = mapped_column(default=0)
    max_retakes: Mapped[int | None] = mapped_column(default=0)
    is_clients_isolated: Mapped[bool] = mapped_column(default=False)
    is_client_stats_visible: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_client_task_list_visible: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_client_task_panel_visible: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_preview_download_allowed: Mapped[bool] = mapped_column(default=False)
    is_set_preview_automated: Mapped[bool] = mapped_column(default=False)
    homepage: Mapped[str | None] = mapped_column(default="assets", info={"max_length": 80})
    homepage_url: Mapped[str | None]
    is_publish_default_for_artists: Mapped[bool] = mapped_column(default=False)
    is_bot_collaboration_enabled: Mapped[bool] = mapped_column(default=False)
    is_single_preview_per_revision: Mapped[bool] = mapped_column(default=False)
    is_frame_in_numbering: Mapped[bool] = mapped_column(default=False)
    revision_padding: Mapped[int] = mapped_column(default=0)
    hd_bitrate_compression: Mapped[int | None] = mapped_column(default=28)
    ld_bitrate_compression: Mapped[int | None] = mapped_column(default=6)
    sort_order: Mapped[int | None] = mapped_column(default=0)
    project_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "ProjectStatus"})
    project_schema_id: Mapped[uuid.UUID | None] = reference("project_schema")
    default_preview_background_file_id: Mapped[uuid.UUID | None]
    from_schedule_version_id: Mapped[uuid.UUID | None]
    root: Mapped[str | None] = mapped_column(info={"inner": True})
    color: Mapped[str | None] = mapped_column(info={"inner": True})
    disk_id: Mapped[uuid.UUID | None] = reference("disk", info={"inner": True})
    thumbnail_id: Mapped[uuid.UUID | None] = reference("component", closes_cycle=True, info={"inner": True})

    __table_args__ = (sa.Index("uq_project_name", "name", unique=True, postgresql_where=LIVE),)


@entity("project-asset-types", names=NOWHERE, policy="project_setting", display="")
class ProjectAssetType(Row):
    """A project makes assets of this type."""

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    asset_type_id: Mapped[uuid.UUID] = owner("entity_type", nullable=False)

    __table_args__ = (
        sa.Index("uq_project_asset_type", "project_id", "asset_type_id", unique=True, postgresql_where=LIVE),
    )


@entity("project-task-types", names=NOWHERE, policy="project_setting", display="")
class ProjectTaskType(Row):
    """A project works in this step, at this place of its pipeline.

    The two bit rates (Mbit/s) and whether clients see the step are kept for Kitsu, which reads them.
    """

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    task_type_id: Mapped[uuid.UUID] = owner("task_type", nullable=False)
    priority: Mapped[int | None]
    hd_bitrate_compression: Mapped[int | None]
    ld_bitrate_compression: Mapped[int | None]
    is_client_visible: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    __table_args__ = (
        sa.Index("uq_project_task_type", "project_id", "task_type_id", unique=True, postgresql_where=LIVE),
    )


@entity("project-preview-background-files", names=NOWHERE, policy="project_setting", display="")
class ProjectPreviewBackgroundFile(Row):
    """A project offers this background for its 3D previews."""

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    preview_background_file_id: Mapped[uuid.UUID] = owner("preview_background_file", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_project_preview_background_file",
            "project_id",
            "preview_background_file_id",
            unique=True,
            postgresql_where=LIVE,
        ),
    )
