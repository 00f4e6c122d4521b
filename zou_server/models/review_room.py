"""Review rooms: people who watch a playlist together. For the moment only: no event tells of them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import Base


class ReviewRoom(Base):
    """Where the playback of a playlist stands, for those who watch it together."""

    __tablename__ = "review_room"

    playlist_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    playback: Mapped[dict[str, Any]]
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


class ReviewSeat(Base):
    """Somebody in a review room, once for each connection; it is empty when its process says so no more."""

    __tablename__ = "review_seat"

    playlist_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    connection: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    joined_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    seen_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
