"""Files on the studio's disks: what artists work in, what they publish, and with which software."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Many, entity

_ZOU_ONLY = {"shotgun": None, "ftrack": None, "shotrunner": None}


@entity("softwares", names={"shotgun": "Software", "ftrack": None, "shotrunner": None})
class Software(Row):
    """A program that artists use, and the extension of its scenes."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[str | None] = mapped_column(info={"max_length": 20})
    file_extension: Mapped[str | None] = mapped_column(info={"max_length": 20})
    secondary_extensions: Mapped[list[str] | None] = mapped_column(JSONB)
    monthly_cost: Mapped[int | None] = mapped_column(default=0)
    inventory_amount: Mapped[int | None] = mapped_column(default=0)

    __table_args__ = (sa.Index("uq_software_name", "name", unique=True, postgresql_where=LIVE),)


@entity("output-types", names=_ZOU_ONLY)
class OutputType(Row):
    """What a published file is: geometry, cache, render."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})

    __table_args__ = (sa.Index("uq_output_type_name", "name", unique=True, postgresql_where=LIVE),)


@entity(
    "working-files",
    names=_ZOU_ONLY,
    policy="file",
    project="task.project_id",
    many={"outputs": Many("OutputFile", by="source_file_id", writable=False)},
)
class WorkingFile(Row):
    """One revision of a scene that an artist works in."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    description: Mapped[str | None]
    comment: Mapped[str | None]
    revision: Mapped[int | None]
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    checksum: Mapped[int | None] = mapped_column(sa.BigInteger)
    path: Mapped[str | None] = mapped_column(info={"max_length": 400})
    task_id: Mapped[uuid.UUID | None] = owner("task")
    entity_id: Mapped[uuid.UUID | None] = reference("entity")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    software_id: Mapped[uuid.UUID | None] = reference("software")
    shotgun_id: Mapped[int | None]

    __table_args__ = (
        sa.Index(
            "uq_working_file", "task_id", "entity_id", "name", "revision", unique=True, postgresql_where=LIVE
        ),
    )


@entity("output-files", names=_ZOU_ONLY, policy="file", project="entity.project_id")
class OutputFile(Row):
    """One revision of something published from a step."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    canceled: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    checksum: Mapped[str | None] = mapped_column(info={"max_length": 32})
    description: Mapped[str | None]
    comment: Mapped[str | None]
    extension: Mapped[str | None] = mapped_column(info={"max_length": 10})
    revision: Mapped[int] = mapped_column(default=1)
    representation: Mapped[str | None] = mapped_column(info={"max_length": 20})
    nb_elements: Mapped[int | None] = mapped_column(default=1)
    source: Mapped[str | None] = mapped_column(info={"max_length": 40})
    path: Mapped[str | None] = mapped_column(info={"max_length": 400})
    file_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "FileStatus"})
    entity_id: Mapped[uuid.UUID | None] = owner("entity")
    asset_instance_id: Mapped[uuid.UUID | None]
    output_type_id: Mapped[uuid.UUID | None] = reference("output_type")
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    source_file_id: Mapped[uuid.UUID | None] = reference("working_file")
    temporal_entity_id: Mapped[uuid.UUID | None] = reference("entity")
    shotgun_id: Mapped[int | None]

    __table_args__ = (
        sa.Index(
            "uq_output_file",
            "entity_id",
            "asset_instance_id",
            "output_type_id",
            "task_type_id",
            "temporal_entity_id",
            "name",
            "representation",
            "revision",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_output_file_source_file_id", "source_file_id"),
    )
