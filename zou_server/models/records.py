"""The long tail of types that a production tracker has and that no rule of ours is about.

A type is a line of `DECLARED`, nothing else: its rows are in one table, its fields are keys of `data`, and
its links to many are rows of `object_link`. A dialect's own table says which fields there are.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Computed, FacetSpec, Kind, Many, entity, union

_NOWHERE: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))
_SHOTGUN: dict[str, str | None] = {"zou": None, "ftrack": None, "shotrunner": None}
_SHOTRUNNER: dict[str, str | None] = {"zou": None, "shotgun": None, "ftrack": None}
CUSTOM_ENTITIES, CUSTOM_STUDIO_ENTITIES = 50, 30

DECLARED: tuple[str, ...] = (
    "ActionMenuItem",
    "AppWelcome",
    "AssetLibrary",
    "Attachment",
    "Banner",
    "Blendshape",
    "Booking",
    "Camera",
    "ClientUser",
    "Cut",
    "CutItem",
    "Delivery",
    "FilesystemLocation",
    "Group",
    "Icon",
    "Launch",
    "MocapTake",
    "MocapTakeRange",
    "Page",
    "PageHit",
    "PageSetting",
    "Performer",
    "PermissionRuleSet",
    "Phase",
    "PhysicalAsset",
    "PipelineConfiguration",
    "Release",
    "Revision",
    "Routine",
    "SchemaField",
    "ShootDay",
    "Tag",
    "TankDependency",
    "TankPublishedFile",
    "TankType",
    "TaskTemplate",
    "Ticket",
    "WorkDayRule",
    *(f"CustomEntity{number:02}" for number in range(1, CUSTOM_ENTITIES + 1)),
    *(f"CustomNonProjectEntity{number:02}" for number in range(1, CUSTOM_STUDIO_ENTITIES + 1)),
)
"""Kinds of rows in `declared_record`."""

INNER = frozenset({"SchemaField", "WorkDayRule"})
"""Kinds that no dialect shows as a type: what a studio says of a field of Shotgun's, and of days."""

SHOTRUNNER: dict[str, dict[str, str | None]] = {
    "Role": _SHOTRUNNER,
    "Code": _SHOTRUNNER,
    "ElementType": _NOWHERE,  # one of the scopes of its codes
}
"""Kinds that ShotRunner has and Shotgun has not -> what each dialect calls them."""

ALSO: dict[str, str] = {"Group": "Team", "Attachment": "Attachment"}
"""Kinds of Shotgun's that ShotRunner shows too, under this name."""


def _names(kind: str) -> dict[str, str | None]:
    if kind in INNER:
        return _NOWHERE
    return SHOTRUNNER.get(kind, {**_SHOTGUN, "shotrunner": ALSO.get(kind)})


def task_count(row: FromClause) -> ColumnElement[Any]:
    """How many tasks a template of tasks has: they are of no project, and name it."""
    columns: tuple[sa.ColumnClause[Any], ...] = (
        sa.column("project_id"),
        sa.column("deleted_at"),
        sa.column("data", JSONB()),
    )
    task = sa.table("task", *columns).alias()
    return (
        sa.select(sa.func.count())
        .select_from(task)
        .where(
            task.c.project_id.is_(None),
            task.c.deleted_at.is_(None),
            task.c.data.op("->>", return_type=sa.Text())(sa.literal_column("'task_template'"))
            == sa.cast(row.c.id, sa.Text()),
        )
        .correlate(row)
        .scalar_subquery()
    )


@entity(
    "declared-records",
    names=_NOWHERE,
    policy="declared",
    kind=None,
    facets=tuple(
        FacetSpec(
            kind,
            f"{kind.lower()}s",
            where=Where("kind", Op.EQ, kind),
            defaults={"kind": kind},
            kind=kind,
            names=_names(kind),
            policy="project_setting" if kind in (*SHOTRUNNER, "SchemaField") else "",
        )
        for kind in (*DECLARED, *SHOTRUNNER)
    ),
    read_only=("kind",),
    many={
        "answers": Many("Reply", by="reply_to_id", writable=False, inner=True),
        "group_appointments": Many("GroupAppointment", by="group_id", writable=False, inner=True),
    },
    computed={"task_count": Computed(Kind.INTEGER, task_count, inner=True)},
)
class DeclaredRecord(Row):
    """One row of a declared type; what it is called is `name`, all else is in `data`."""

    kind: Mapped[str]
    name: Mapped[str | None]
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("ix_declared_record_kind", "kind", "project_id", "created_at", "id", postgresql_where=LIVE),
        sa.Index("ix_declared_record_cut_id", sa.text("(data ->> 'cut_id')"), postgresql_where=LIVE),
        sa.Index("ix_declared_record_user", sa.text("(data ->> 'user')"), postgresql_where=LIVE),
    )


union("AnyResource", ("HumanUser", "Group"), names={**_NOWHERE, "ftrack": "Resource"})
