"""Links of rows to rows that no column of theirs holds: custom ones, and those between any two types."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import FacetSpec, entity

_NOWHERE: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))
_SHOTGUN: dict[str, str | None] = {"zou": None, "ftrack": None, "shotrunner": None}

CONNECTIONS = {
    # field of the row that a link comes from: the type that the link is where it has fields of its own
    "Playlist/versions": "PlaylistVersionConnection",
    "Task/upstream_tasks": "TaskDependency",
    "Group/users": "GroupUserConnection",
    "PublishedFile/upstream_published_files": "PublishedFileDependency",
    "Release/tickets": "ReleaseTicketConnection",
    "Revision/tickets": "RevisionTicketConnection",
    "Revision/revisions": "RevisionRevisionConnection",
    "Ticket/related_tickets": "TicketTicketConnection",
    "Shot/linked_shots": "ShotShotConnection",
    "Cut/versions": "CutVersionConnection",
    "Banner/users": "BannerUserConnection",
    "AppWelcome/users": "AppWelcomeUserConnection",
    "Asset/blendshapes": "AssetBlendshapeConnection",
    "Asset/mocap_takes": "AssetMocapTakeConnection",
    "Asset/shoot_days": "AssetShootDayConnection",
    "Camera/mocap_takes": "CameraMocapTakeConnection",
    "Element/linked_shots": "ElementShotConnection",
    "Launch/scenes": "LaunchSceneConnection",
    "Launch/shots": "LaunchShotConnection",
    "MocapTakeRange/shots": "MocapTakeRangeShotConnection",
    "Performer/mocap_takes": "PerformerMocapTakeConnection",
    "Performer/routines": "PerformerRoutineConnection",
    "Performer/shoot_days": "PerformerShootDayConnection",
    "PhysicalAsset/mocap_takes": "PhysicalAssetMocapTakeConnection",
    "ShootDay/scenes": "ShootDaySceneConnection",
}
"""Links that are types of their own on a wire."""


@entity(
    "object-links",
    names=_NOWHERE,
    policy="declared",
    display="",
    kind=None,
    facets=(
        *(
            FacetSpec(
                name,
                name.lower(),
                where=Where("field", Op.EQ, field),
                defaults={"field": field},
                kind=name,
                names=_SHOTGUN,
            )
            for field, name in CONNECTIONS.items()
        ),
        # The last one is that of all others: a row is of the first facet that it fits.
        FacetSpec("PlainLink", "plain-links", where=Where("field", Op.NOT_NULL), names=_NOWHERE, kind=""),
    ),
)
class ObjectLink(Row):
    """A row (`from`) names another (`to`) in one of its fields, `field`; the project is that of the first."""

    field: Mapped[str]
    position: Mapped[int | None]
    from_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    to_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("uq_object_link", "from_id", "field", "to_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_object_link_to_id", "to_id", "field"),
    )
