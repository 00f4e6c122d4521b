"""Camera rigs of a shot: the throw-away type of `test_a_new_entity.py`, all that one writes for a type."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.registry import entity


@entity("camera-rigs", policy="production")
class CameraRig(Row):
    """What a shot is seen through."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    focal_length: Mapped[float | None] = mapped_column(info={"minimum": 0})
    shot_id: Mapped[uuid.UUID] = owner("entity", nullable=False, info={"target": "Shot"})

    __table_args__ = (sa.Index("uq_camera_rig_name", "shot_id", "name", unique=True, postgresql_where=LIVE),)
