"""Copies of an asset: the third chair in a scene, and the shots that it stands in."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Many, entity


@entity(
    "asset-instances",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="layout",
    many={"shots": Many("Shot", through="AssetInstanceLink", near="asset_instance_id", far="entity_id")},
)
class AssetInstance(Row):
    """Copy `instance_number` of an asset: in a scene, in another asset (`target_asset_id`), or in neither.

    The number is counted, and the name made of it, where they are not given (Chair_0003).
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 80})
    instance_number: Mapped[int | None] = mapped_column(info={"minimum": 0})
    description: Mapped[str | None] = mapped_column(info={"max_length": 200})
    active: Mapped[bool] = mapped_column(default=True)
    asset_id: Mapped[uuid.UUID] = owner("entity", nullable=False, info={"target": "Asset"})
    scene_id: Mapped[uuid.UUID | None] = owner("entity", info={"target": "Scene"})
    target_asset_id: Mapped[uuid.UUID | None] = owner("entity", info={"target": "Asset"})
    entity_id: Mapped[uuid.UUID | None] = reference("entity")
    entity_type_id: Mapped[uuid.UUID | None] = reference("entity_type")

    __table_args__ = (
        sa.Index(
            "uq_asset_instance",
            "asset_id",
            "target_asset_id",
            "scene_id",
            "instance_number",
            unique=True,
            postgresql_where=LIVE,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_asset_instance_scene_id", "scene_id"),
        sa.Index("ix_asset_instance_target_asset_id", "target_asset_id"),
    )


@entity(
    "asset-instance-links",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="layout",
    display="",
    project="entity.project_id",
)
class AssetInstanceLink(Row):
    """A copy of an asset stands in a shot."""

    asset_instance_id: Mapped[uuid.UUID] = owner("asset_instance", nullable=False)
    entity_id: Mapped[uuid.UUID] = owner("entity", nullable=False, info={"target": "Shot"})

    __table_args__ = (
        sa.Index(
            "uq_asset_instance_link", "asset_instance_id", "entity_id", unique=True, postgresql_where=LIVE
        ),
        sa.Index("ix_asset_instance_link_entity_id", "entity_id"),
    )
