"""Files on the studio's disks: what artists work in, what they publish, and with which software."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Computed, Kind, Many, entity
from zou_server.models.review import VALIDATION_STATUSES
from zou_server.models.rows_of import row_of

_ZOU_ONLY = {"shotgun": None, "ftrack": None, "shotrunner": None}


def is_last_working_file(row: FromClause) -> ColumnElement[Any]:
    """True for the file with the highest revision of its task and name."""
    return _is_last(row, WorkingFile, "task_id", ())


def is_last_output_file(row: FromClause) -> ColumnElement[Any]:
    """True for the file with the highest revision among those that differ in nothing else."""
    same = ("asset_instance_id", "temporal_entity_id", "output_type_id", "task_type_id", "representation")
    return _is_last(row, OutputFile, "entity_id", same)


def _is_last(row: FromClause, model: type[Row], of: str, same: tuple[str, ...]) -> ColumnElement[Any]:
    """True when no live row of the model has the same values and a higher revision.

    An index over `of`, name and revision finds the next revision at once; the rest may be empty.
    """
    other = row_of(model.__table__)
    later = (
        other.c[of] == row.c[of],
        other.c.name == row.c.name,
        other.c.revision > row.c.revision,
        other.c.deleted_at.is_(None),
        *(other.c[name].is_not_distinct_from(row.c[name]) for name in same),
    )
    return ~sa.exists().where(*later).correlate(row)


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


@entity("output-types", names={**_ZOU_ONLY, "shotgun": "PublishedFileType"})
class OutputType(Row):
    """What a published file is: geometry, cache, render."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})

    __table_args__ = (sa.Index("uq_output_type_name", "name", unique=True, postgresql_where=LIVE),)


@entity(
    "working-files",
    names=_ZOU_ONLY,
    policy="file",
    many={"outputs": Many("OutputFile", by="source_file_id", writable=False)},
    computed={"is_last": Computed(Kind.BOOLEAN, is_last_working_file)},
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
    validation_status: Mapped[str] = mapped_column(
        default="neutral", server_default="neutral", info={"choices": VALIDATION_STATUSES}
    )
    task_id: Mapped[uuid.UUID | None] = owner("task")
    entity_id: Mapped[uuid.UUID | None] = reference("entity")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    software_id: Mapped[uuid.UUID | None] = reference("software")
    shotgun_id: Mapped[int | None]

    __table_args__ = (
        sa.Index(
            "uq_working_file",
            "task_id",
            "entity_id",
            "name",
            "revision",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_working_file_entity_id", "entity_id"),
        sa.Index("ix_working_file_revisions", "task_id", "name", "revision", postgresql_where=LIVE),
    )


@entity(
    "output-files",
    names=_ZOU_ONLY,
    policy="file",
    computed={"is_last": Computed(Kind.BOOLEAN, is_last_output_file)},
)
class OutputFile(Row):
    """One revision of something published from a step.

    Of a copy of an asset, `entity_id` is the asset and `temporal_entity_id` the shot, scene or asset that
    the copy is in.
    """

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
    asset_instance_id: Mapped[uuid.UUID | None] = owner("asset_instance")
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
        sa.Index("ix_output_file_asset_instance_id", "asset_instance_id"),
        sa.Index("ix_output_file_output_type_id", "output_type_id"),
        sa.Index("ix_output_file_path", "path"),
        sa.Index("ix_output_file_revisions", "entity_id", "name", "revision", postgresql_where=LIVE),
    )
