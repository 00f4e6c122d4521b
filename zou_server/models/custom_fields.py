"""Custom fields: what a key of `data` means, for which kind, and in which project it is offered."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Many, entity

DATA_TYPES = (
    "string",
    "number",
    "list",
    "taglist",
    "boolean",
    "checklist",
    "date",
    "url",
    "textarea",
    "person",
)


@entity(
    "metadata-descriptors",
    names={"zou": "MetadataDescriptor", "shotgun": None, "ftrack": None, "shotrunner": None},
    policy="project_setting",
    many={
        "departments": Many(
            "Department", through="FieldDescriptorDepartment", near="field_descriptor_id", far="department_id"
        )
    },
)
class FieldDescriptor(Row):
    """A custom field. `field_name` is its key in `data`; without a project it is offered everywhere.

    Who sees a row reads and sets it, but for fields that name the roles which do.
    """

    project_id: Mapped[uuid.UUID | None] = owner("project")
    entity_type: Mapped[str] = mapped_column(info={"max_length": 60})
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    name: Mapped[str] = mapped_column(info={"max_length": 120})
    field_name: Mapped[str | None] = mapped_column(info={"max_length": 120})
    data_type: Mapped[str | None] = mapped_column(default="string", info={"choices": DATA_TYPES})
    choices: Mapped[list[str] | None]
    for_client: Mapped[bool | None] = mapped_column(default=False)
    position: Mapped[int | None]
    default_value: Mapped[Any | None] = mapped_column(JSONB, info={"inner": True})
    config: Mapped[str | None] = mapped_column(info={"inner": True})
    is_hierarchical: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), info={"inner": True}
    )
    group_id: Mapped[uuid.UUID | None] = reference("custom_field_group", info={"inner": True})
    read_roles: Mapped[list[str] | None] = mapped_column(info={"inner": True})
    write_roles: Mapped[list[str] | None] = mapped_column(info={"inner": True})

    __table_args__ = (
        sa.Index(
            "uq_field_descriptor",
            "project_id",
            "entity_type",
            "task_type_id",
            "field_name",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_field_descriptor_entity_type", "entity_type"),
        sa.Index(
            "ix_field_descriptor_defaults",
            "entity_type",
            "field_name",
            postgresql_where=sa.text("default_value IS NOT NULL AND deleted_at IS NULL"),
        ),
        sa.Index(
            "ix_field_descriptor_roles",
            "entity_type",
            postgresql_where=sa.text("read_roles IS NOT NULL OR write_roles IS NOT NULL"),
        ),
    )


@entity(
    "field-descriptor-departments",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="project_setting",
    display="",
)
class FieldDescriptorDepartment(Row):
    """A custom field is for this department."""

    field_descriptor_id: Mapped[uuid.UUID] = owner("field_descriptor", nullable=False)
    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_field_descriptor_department",
            "field_descriptor_id",
            "department_id",
            unique=True,
            postgresql_where=LIVE,
        ),
    )
