"""The production tree: episodes, sequences, shots, assets and their like, in one table by kind."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Identity, Row, owner, reference
from zou_server.models.conditions import Op, Where
from zou_server.models.cuts import FRAMES, SUMMARIES
from zou_server.models.registry import ANY, Computed, FacetSpec, Kind, Many, entity, union
from zou_server.models.rows_of import row_of
from zou_server.models.status import standing

PRODUCTION_STATES = ("standby", "running", "complete", "canceled")


def step_of_name(row: FromClause, type_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The step that is called like a type of asset; null where none is."""
    step = sa.table("task_type", *map(sa.column, ("id", "name", "created_at", "deleted_at"))).alias()
    of_type = row_of(EntityType.__table__)
    return (
        sa.select(sa.type_coerce(step.c.id, sa.Uuid()))
        .where(
            of_type.c.id == type_id,
            sa.func.lower(step.c.name) == sa.func.lower(of_type.c.name),
            step.c.deleted_at.is_(None),
        )
        .order_by(step.c.created_at, step.c.id)
        .limit(sa.literal_column("1"))
        .correlate(row)
        .scalar_subquery()
    )


# kind, collection, names where they differ from the kind
_KINDS: tuple[tuple[str, str, dict[str, str | None]], ...] = (
    ("Episode", "episodes", {"shotrunner": None}),
    ("Sequence", "sequences", {}),
    ("Shot", "shots", {}),
    ("Scene", "scenes", {"ftrack": "Folder", "shotrunner": None}),
    ("Asset", "assets", {"ftrack": "AssetBuild"}),
    ("Edit", "edits", {"shotgun": None, "ftrack": "Folder", "shotrunner": None}),
    ("Concept", "concepts", {"shotgun": None, "ftrack": "Folder", "shotrunner": None}),
    ("Element", "elements", {"zou": None, "ftrack": "Folder"}),
    ("Folder", "folders", {"zou": None, "shotgun": None, "shotrunner": None}),
    ("Milestone", "milestones", {"zou": None, "shotgun": None, "shotrunner": None}),
)
_SHOWN_AS_FOLDERS = tuple(kind for kind, _, names in _KINDS if names.get("ftrack") == "Folder")
CANCELED_FIRST = frozenset({"Asset", "Shot", "Edit", "Scene"})
"""Kinds that Zou cancels while they have tasks, before it deletes them."""
KINDS = tuple(kind for kind, _, _ in _KINDS)

KIND_IDS = (
    ("Shot", "bad911de-3bd6-47b9-8b46-3476e237cb36"),
    ("Sequence", "e5139355-61da-4c8f-9db4-3abc870166bc"),
    ("Episode", "22139355-61da-4c8f-9db4-3abc870166bc"),
    ("Scene", "5c35ab0d-4b2b-4a3c-9d09-3abc870166bc"),
    ("Edit", "6d46bc1e-5c3c-4b4d-8e1a-3abc870166bc"),
    ("Concept", "7e57cd2f-6d4d-4c5e-9f2b-3abc870166bc"),
    ("Asset", "4be63b64-5010-42fb-bf1f-428af9d638f0"),
    ("Element", "8f68de30-7e5e-4d6f-8a3c-3abc870166bc"),
    ("Folder", "3c133785-51cb-11e3-980a-20c9d0831e59"),
    ("Milestone", "01decdd1-51cb-11e3-9d5b-20c9d0831e59"),
    ("Task", "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c"),
)
"""Kind -> the id of its one type; ftrack's ObjectType ids where clients were seen to know them."""


@entity(
    "entity-types",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    facets=(
        FacetSpec(
            "AssetType",
            "asset-types",
            where=Where("kind", Op.NULL),
            kind="EntityType",
            names={"shotgun": None, "ftrack": None, "shotrunner": None},
        ),
        FacetSpec(
            "ObjectType",
            "object-types",
            where=Where("kind", Op.NOT_NULL),
            kind="EntityType",
            names={"zou": None, "shotgun": None, "shotrunner": None},
        ),
    ),
    many={"task_types": Many("TaskType", through="AssetTypeStep", near="asset_type_id", far="task_type_id")},
    computed={
        "same_step_id": Computed(
            Kind.LINK, lambda row: step_of_name(row, row.c.id), target="TaskType", inner=True
        ),
        # The fixed kinds are no types of assets: an asset of the kind alone has none.
        "own_name": Computed(Kind.TEXT, lambda row: sa.case((row.c.kind.is_(None), row.c.name)), inner=True),
    },
)
class EntityType(Row):
    """A type of asset (Character, Prop), or one of the fixed kinds (Shot): then `kind` says which."""

    name: Mapped[str] = mapped_column(info={"max_length": 30})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})
    description: Mapped[str | None]
    archived: Mapped[bool] = mapped_column(default=False)
    color: Mapped[str | None] = mapped_column(info={"max_length": 7})
    kind: Mapped[str | None]

    __table_args__ = (sa.Index("uq_entity_type_name", "name", unique=True, postgresql_where=LIVE),)


@entity("asset-type-steps", names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")), display="")
class AssetTypeStep(Row):
    """Assets of this type go through this step."""

    asset_type_id: Mapped[uuid.UUID] = owner("entity_type", nullable=False)
    task_type_id: Mapped[uuid.UUID] = owner("task_type", nullable=False)

    __table_args__ = (
        sa.Index("uq_asset_type_step", "asset_type_id", "task_type_id", unique=True, postgresql_where=LIVE),
    )


def context(row: FromClause) -> ColumnElement[Any]:
    """The context of an entity in a tree of contexts: its parent, else its project."""
    return sa.func.coalesce(row.c.parent_id, row.c.project_id)


def full_entity_name(row: FromClause) -> ColumnElement[Any]:
    """Where an entity is, in words: `E01 / sq010 / sh0010`, and for an asset `Prop / Table`."""
    above = row_of(Identity.__table__)
    step = sa.func.unnest(row.c.path).table_valued("id", with_ordinality="place").render_derived()
    names = sa.select(sa.func.string_agg(above.c.name, aggregate_order_by(sa.text("' / '"), step.c.place)))
    path = names.select_from(step.join(above, above.c.id == step.c.id)).scalar_subquery()
    of_type = row_of(EntityType.__table__)
    type_name = sa.select(of_type.c.name).where(of_type.c.id == row.c.entity_type_id).scalar_subquery()
    return sa.case((row.c.kind == "Asset", sa.func.concat_ws(" / ", type_name, row.c.name)), else_=path)


def urgency(row: FromClause) -> ColumnElement[Any]:
    """How urgent: the priority, else the one that stands for no hurry."""
    return sa.func.coalesce(row.c.priority_id, priority_of(sa.literal_column("0")))


def priority_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The priority that a number of Zou's stands for."""
    priority = sa.table("priority", *map(sa.column, ("id", "value", "deleted_at"))).alias()
    found = sa.select(sa.type_coerce(priority.c.id, sa.Uuid())).where(
        priority.c.value == value, priority.c.deleted_at.is_(None)
    )
    return found.limit(sa.literal_column("1")).scalar_subquery()


def build_type(row: FromClause) -> ColumnElement[Any]:
    """The type of an entity as ftrack knows it.

    For an asset that is the step of the name of its type, where there is one; a kind that ftrack shows as a
    folder is of the type that folders are.
    """
    is_asset = row.c.kind == sa.literal_column("'Asset'")
    is_folder = row.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in _SHOWN_AS_FOLDERS])
    folder = sa.literal_column(f"'{dict(KIND_IDS)['Folder']}'::uuid", sa.Uuid())
    return sa.func.coalesce(
        sa.case((is_asset, step_of_name(row, row.c.entity_type_id)), (is_folder, folder)),
        row.c.entity_type_id,
    )


@entity(
    "entities",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="production",
    kind=None,
    required=("project_id",),
    facets=tuple(
        FacetSpec(
            kind, plural, where=Where("kind", Op.EQ, kind), defaults={"kind": kind}, names=names, kind=kind
        )
        for kind, plural, names in _KINDS
    ),
    read_only=("kind", "path", "sequence_id", "episode_id"),
    many={
        "children": Many("Entity", by="parent_id", writable=False),
        "tasks": Many("Task", by="entity_id", writable=False),
        "versions": Many("Version", by="object_id", writable=False, inner=True),
        "publishes": Many("PublishedFile", by="object_id", writable=False, inner=True),
        "assignations": Many("EntityAssignation", by="entity_id", writable=False, inner=True),
        "group_appointments": Many("GroupAppointment", by="object_id", writable=False, inner=True),
        "remarks": Many(
            "Note", by="object_id", where=Where("parent_id", Op.NULL), writable=False, inner=True
        ),
        "entities_out": Many("Entity", through="EntityLink", near="entity_in_id", far="entity_out_id"),
        "entities_in": Many("Entity", through="EntityLink", near="entity_out_id", far="entity_in_id"),
        "entity_concept_links": Many(
            "Entity", through="EntityConceptLink", near="entity_in_id", far="entity_out_id"
        ),
        "shown_by_concepts": Many(
            "Concept",
            through="EntityConceptLink",
            near="entity_out_id",
            far="entity_in_id",
            writable=False,
        ),
        "instance_casting": Many(
            "AssetInstance",
            through="AssetInstanceLink",
            near="entity_id",
            far="asset_instance_id",
            writable=False,
        ),
    },
    computed={
        "context": Computed(Kind.LINK, context, target=ANY),
        "standing_id": Computed(Kind.LINK, standing, target="Status", inner=True),
        "urgency_id": Computed(Kind.LINK, urgency, target="Priority", inner=True),
        "build_type_id": Computed(Kind.LINK, build_type, target=ANY, inner=True),
        "frame_in": Computed(Kind.TEXT, lambda row: row.c.data["frame_in"].astext),
        "frame_out": Computed(Kind.TEXT, lambda row: row.c.data["frame_out"].astext),
        "fps": Computed(Kind.TEXT, lambda row: row.c.data["fps"].astext),
        "full_entity_name": Computed(Kind.TEXT, full_entity_name),
        **FRAMES,
        **SUMMARIES,
    },
)
class Entity(Row):
    """A shot, an asset, a sequence, ...: whatever the production is made of.

    `parent_id` is the sequence of a shot, the episode of a sequence, the folder of anything. `path`
    (ids from the top down to itself), `sequence_id` and `episode_id` (the nearest above) follow it.
    `twin` tells rows of one name apart where a client may make them (`services/rules/twins.py`).
    `status_id` is where it stands; `production_state` is Zou's entity status (running, standby, ...).
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 255})
    code: Mapped[str | None] = mapped_column(info={"max_length": 160})
    title: Mapped[str | None] = mapped_column(info={"max_length": 255})
    description: Mapped[str | None]
    kind: Mapped[str]
    shotgun_id: Mapped[int | None]
    canceled: Mapped[bool] = mapped_column(default=False)
    nb_frames: Mapped[int | None]
    nb_entities_out: Mapped[int | None] = mapped_column(default=0)
    is_casting_standby: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)
    production_state: Mapped[str | None] = mapped_column(
        default="running", info={"choices": PRODUCTION_STATES}
    )
    sort_order: Mapped[float | None] = mapped_column(default=0)
    thumbnail_loc: Mapped[str | None]
    start_date: Mapped[dt.datetime | None]
    end_date: Mapped[dt.datetime | None]
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    entity_type_id: Mapped[uuid.UUID | None] = reference("entity_type")
    parent_id: Mapped[uuid.UUID | None] = owner("entity")
    sequence_id: Mapped[uuid.UUID | None] = reference("entity", info={"target": "Sequence"})
    episode_id: Mapped[uuid.UUID | None] = reference("entity", info={"target": "Episode"})
    source_id: Mapped[uuid.UUID | None] = reference("entity", info={"target": "Entity"})
    status_id: Mapped[uuid.UUID | None] = reference("status")
    priority_id: Mapped[uuid.UUID | None] = reference("priority")
    supervisor_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    preview_file_id: Mapped[uuid.UUID | None] = reference("preview_file", closes_cycle=True)
    ready_for: Mapped[uuid.UUID | None] = reference("task_type")
    path: Mapped[list[uuid.UUID] | None] = mapped_column(ARRAY(sa.Uuid()))
    bid: Mapped[float | None] = mapped_column(default=0.0, server_default="0", info={"inner": True})
    thumbnail_id: Mapped[uuid.UUID | None] = reference("component", closes_cycle=True, info={"inner": True})
    twin: Mapped[int] = mapped_column(default=0, server_default="0", info={"inner": True})

    __table_args__ = (
        sa.Index(
            "uq_entity_name",
            "project_id",
            "entity_type_id",
            "parent_id",
            "name",
            "twin",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index(
            "ix_entity_project_id_kind", "project_id", "kind", "created_at", "id", postgresql_where=LIVE
        ),
        sa.Index("ix_entity_kind_created_at", "kind", "created_at", "id", postgresql_where=LIVE),
        sa.Index(
            "ix_entity_kind_updated_at", "kind", "updated_at", "created_at", "id", postgresql_where=LIVE
        ),
        sa.Index(
            "ix_entity_preview_file_id",
            "preview_file_id",
            postgresql_where=sa.text("preview_file_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_entity_sg_scene",
            sa.text("(data ->> 'sg_scene')"),
            postgresql_where=sa.text("(data ->> 'sg_scene') IS NOT NULL"),
        ),
        sa.Index("ix_entity_parent_id", "parent_id"),
        sa.Index("ix_entity_sequence_id", "sequence_id"),
        sa.Index("ix_entity_episode_id", "episode_id", postgresql_where=sa.text("episode_id IS NOT NULL")),
        sa.Index("ix_entity_source_id", "source_id"),
        sa.Index("ix_entity_name", sa.text("lower(name)")),
        sa.Index(
            "ix_entity_words",
            sa.literal_column("plain_words(name)").label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
            postgresql_where=LIVE,
        ),
        sa.Index(
            "ix_entity_description_words",
            sa.text("to_tsvector('simple', plain_words(description))"),
            postgresql_using="gin",
            postgresql_where=LIVE,
        ),
        sa.Index("ix_entity_shotgun_id", "shotgun_id", postgresql_where=sa.text("shotgun_id IS NOT NULL")),
    )


@entity(
    "entity-links",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="production",
    display="label",
)
class EntityLink(Row):
    """Casting: `entity_in` (a shot, an episode, an asset) uses `entity_out` (an asset) so many times."""

    entity_in_id: Mapped[uuid.UUID] = owner("entity", nullable=False)
    entity_out_id: Mapped[uuid.UUID] = owner("entity", nullable=False)
    nb_occurences: Mapped[int | None] = mapped_column(default=1, info={"minimum": 0})
    label: Mapped[str | None] = mapped_column(default="", info={"max_length": 80})

    __table_args__ = (
        sa.Index("uq_entity_link", "entity_in_id", "entity_out_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_entity_link_entity_out_id", "entity_out_id"),
    )


@entity(
    "entity-concept-links",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="production",
    display="",
)
class EntityConceptLink(Row):
    """`entity_in` (a concept) shows `entity_out` (an asset, a shot) as it may come to look."""

    entity_in_id: Mapped[uuid.UUID] = owner("entity", nullable=False)
    entity_out_id: Mapped[uuid.UUID] = owner("entity", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_entity_concept_link", "entity_in_id", "entity_out_id", unique=True, postgresql_where=LIVE
        ),
        sa.Index("ix_entity_concept_link_entity_out_id", "entity_out_id"),
    )


_NOT_FTRACK = {"zou": None, "shotgun": None, "shotrunner": None}
union("TypedContext", (*KINDS, "Task"), names=_NOT_FTRACK)
union("Context", ("Project", *KINDS, "Task"), names=_NOT_FTRACK)
