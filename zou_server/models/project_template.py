"""Templates of projects: settings, steps, statuses and fields that a new production starts with."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.footage.frame_rate import spelled_rate
from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.project import STYLES
from zou_server.models.registry import Many, entity

_ZOU_ONLY: dict[str, str | None] = {"shotgun": None, "ftrack": None, "shotrunner": None}
_NOWHERE: dict[str, str | None] = {**_ZOU_ONLY, "zou": None}


def _unique(name: str, far: str) -> tuple[sa.Index, sa.Index]:
    return (
        sa.Index(f"uq_{name}", "project_template_id", far, unique=True, postgresql_where=LIVE),
        sa.Index(f"ix_{name}_{far}", far),
    )


def _many(target: str, through: str, far: str, ordered: str = "") -> Many:
    return Many(target, through=through, near="project_template_id", far=far, ordered=ordered)


@entity(
    "project-templates",
    names=_ZOU_ONLY,
    policy="template",
    many={
        "task_types": _many("TaskType", "TemplateTaskType", "task_type_id", "priority"),
        "task_statuses": _many("Status", "TemplateTaskStatus", "task_status_id", "priority"),
        "asset_types": _many("EntityType", "TemplateAssetType", "asset_type_id"),
        "status_automations": _many("StatusAutomation", "TemplateStatusAutomation", "status_automation_id"),
        "preview_background_files": _many(
            "PreviewBackgroundFile", "TemplatePreviewBackgroundFile", "preview_background_file_id"
        ),
    },
)
class ProjectTemplate(Row):
    """What a new production starts with. `metadata_descriptors` is a list of custom fields."""

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    description: Mapped[str | None]
    fps: Mapped[str | None] = mapped_column(default="25", info={"max_length": 10, "spelled": spelled_rate})
    ratio: Mapped[str | None] = mapped_column(default="16:9", info={"max_length": 10})
    resolution: Mapped[str | None] = mapped_column(default="1920x1080", info={"max_length": 12})
    production_type: Mapped[str | None] = mapped_column(default="short", info={"max_length": 20})
    production_style: Mapped[str | None] = mapped_column(default="2d3d", info={"choices": STYLES})
    max_retakes: Mapped[int | None] = mapped_column(default=0)
    is_clients_isolated: Mapped[bool] = mapped_column(default=False)
    is_client_stats_visible: Mapped[bool] = mapped_column(default=True)
    is_client_task_list_visible: Mapped[bool] = mapped_column(default=True)
    is_client_task_panel_visible: Mapped[bool] = mapped_column(default=True)
    is_preview_download_allowed: Mapped[bool] = mapped_column(default=False)
    is_set_preview_automated: Mapped[bool] = mapped_column(default=False)
    is_publish_default_for_artists: Mapped[bool] = mapped_column(default=False)
    is_bot_collaboration_enabled: Mapped[bool] = mapped_column(default=False)
    is_single_preview_per_revision: Mapped[bool] = mapped_column(default=False)
    is_frame_in_numbering: Mapped[bool] = mapped_column(default=False)
    revision_padding: Mapped[int] = mapped_column(default=0)
    homepage: Mapped[str | None] = mapped_column(default="assets", info={"max_length": 80})
    hd_bitrate_compression: Mapped[int | None] = mapped_column(default=28)
    ld_bitrate_compression: Mapped[int | None] = mapped_column(default=6)
    file_tree: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    metadata_descriptors: Mapped[list[Any] | None] = mapped_column(default=list)
    default_preview_background_file_id: Mapped[uuid.UUID | None] = reference("preview_background_file")

    __table_args__ = (
        sa.Index("uq_project_template_name", "name", unique=True, postgresql_where=LIVE),
        sa.Index("ix_project_template_background", "default_preview_background_file_id"),
    )


@entity("template-task-types", names=_NOWHERE, policy="template", display="")
class TemplateTaskType(Row):
    """A template has this step, at this place of the pipeline."""

    project_template_id: Mapped[uuid.UUID] = owner("project_template", nullable=False)
    task_type_id: Mapped[uuid.UUID] = owner("task_type", nullable=False)
    priority: Mapped[int | None]

    __table_args__ = _unique("template_task_type", "task_type_id")


@entity("template-task-statuses", names=_NOWHERE, policy="template", display="")
class TemplateTaskStatus(Row):
    """A template has this status, at this place, on these boards."""

    project_template_id: Mapped[uuid.UUID] = owner("project_template", nullable=False)
    task_status_id: Mapped[uuid.UUID] = owner("status", nullable=False)
    priority: Mapped[int | None]
    roles_for_board: Mapped[list[str] | None]

    __table_args__ = _unique("template_task_status", "task_status_id")


@entity("template-asset-types", names=_NOWHERE, policy="template", display="")
class TemplateAssetType(Row):
    """A template has this type of assets."""

    project_template_id: Mapped[uuid.UUID] = owner("project_template", nullable=False)
    asset_type_id: Mapped[uuid.UUID] = owner("entity_type", nullable=False)

    __table_args__ = _unique("template_asset_type", "asset_type_id")


@entity("template-status-automations", names=_NOWHERE, policy="template", display="")
class TemplateStatusAutomation(Row):
    """A template has this rule."""

    project_template_id: Mapped[uuid.UUID] = owner("project_template", nullable=False)
    status_automation_id: Mapped[uuid.UUID] = owner("status_automation", nullable=False)

    __table_args__ = _unique("template_status_automation", "status_automation_id")


@entity("template-preview-background-files", names=_NOWHERE, policy="template", display="")
class TemplatePreviewBackgroundFile(Row):
    """A template offers this background."""

    project_template_id: Mapped[uuid.UUID] = owner("project_template", nullable=False)
    preview_background_file_id: Mapped[uuid.UUID] = owner("preview_background_file", nullable=False)

    __table_args__ = _unique("template_preview_background_file", "preview_background_file_id")
