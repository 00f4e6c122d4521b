"""What every table has: identity, author stamps, a version, custom fields, retirement.

`Identity` (table `object`) says what exists. Every other row's id refers to it, so whatever may
point at *anything* (events, note links, a task's entity) joins this one table.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import time
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

LIVE = sa.text("deleted_at IS NULL")

UNLISTED_KINDS = (
    "Assignation",
    "EntityLink",
    "NotePreview",
    "Notification",
    "ObjectLink",
    "PreviewFile",
    "Product",
    "Timelog",
)
"""Kinds of many rows that nobody lists in the order of their numbers."""
LISTED = sa.text("kind <> ALL (ARRAY[{}])".format(", ".join(f"'{kind}'::text" for kind in UNLISTED_KINDS)))


Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the present moment; one function, so that time has one source."""
    return dt.datetime.now(dt.UTC)


def new_id() -> uuid.UUID:
    """Return an id for a new row: a UUID of version 7, random behind its first 48 bits, the milliseconds.

    Rows that are made one after the other so lie side by side in every index of ids, and fill it.
    """
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    version, variant = 0xF << 76, 0b11 << 62
    return uuid.UUID(int=value & ~version & ~variant | 7 << 76 | 0b10 << 62)


def new_id_in_sql(moment: str) -> str:
    """SQL for such an id, made at a moment: a random one of version 4 made to be one."""
    return f"""
encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM {moment}) * 1000)::bigint) FROM 3)
    FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"""


class Base(DeclarativeBase):
    """All tables; types are `text`, `timestamptz` and JSONB unless a column says otherwise."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: sa.Text(),
        dt.datetime: sa.DateTime(timezone=True),
        dt.date: sa.Date(),
        uuid.UUID: sa.Uuid(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[str]: JSONB(),
    }


def reference(target: str, **options: Any) -> Mapped[Any]:
    """Declare a link to `target` ("person", "object", ...); checked at commit, so order is free.

    `closes_cycle` marks the one link of a ring of tables that is added when all of them stand.
    """
    nullable = options.pop("nullable", True)
    closes_cycle = options.pop("closes_cycle", False)
    key = sa.ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED", use_alter=closes_cycle)
    return mapped_column(key, nullable=nullable, **options)


def owner(target: str, **options: Any) -> Mapped[Any]:
    """Declare a link to what the row lives and dies with: retiring the target retires the row."""
    return reference(target, info={**options.pop("info", {}), "owner": True}, **options)


class Identity(Base):
    """Everything that exists: kind (what the wire calls its type), number (integer id), display name."""

    __tablename__ = "object"
    __table_args__ = (
        sa.UniqueConstraint("kind", "number"),
        sa.Index("ix_object_name", sa.text("lower(name)")),
        sa.Index("ix_object_project_id", "project_id", "kind", "number", postgresql_where=LISTED),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[int] = mapped_column(
        sa.BigInteger,
        sa.Sequence("object_number", metadata=Base.metadata),
        nullable=False,
        server_default=sa.text("nextval('object_number')"),
    )
    name: Mapped[str | None]
    project_id: Mapped[uuid.UUID | None]
    deleted_at: Mapped[dt.datetime | None]
    deletion_id: Mapped[uuid.UUID | None]


class Row(Base):
    """A row with identity. Subclasses add their columns; the class name gives the table name."""

    __abstract__ = True

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy calls this with the class
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @declared_attr
    def id(cls) -> Mapped[uuid.UUID]:  # noqa: D102, N805
        return mapped_column(
            sa.ForeignKey("object.id", deferrable=True, initially="DEFERRED"),
            primary_key=True,
            default=new_id,
            sort_order=-10,
        )

    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now, sort_order=900)
    updated_at: Mapped[dt.datetime] = mapped_column(default=utc_now, sort_order=901)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(sort_order=902, info={"target": "Person"})
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(sort_order=903, info={"target": "Person"})
    lock_version: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=904)
    deleted_at: Mapped[dt.datetime | None] = mapped_column(sort_order=905)
    data: Mapped[dict[str, Any] | None] = mapped_column(sort_order=906)


SYSTEM_COLUMNS = frozenset(
    {"created_at", "updated_at", "created_by_id", "updated_by_id", "lock_version", "deleted_at"}
)
