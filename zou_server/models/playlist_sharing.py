"""Playlists shown to others: links for people without an account, and movies made of a playlist."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.registry import entity

_NOWHERE: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))


@entity(
    "playlist-share-links",
    names=_NOWHERE,
    policy="share",
    display="",
)
class PlaylistShareLink(Row):
    """A link by which anybody sees one playlist, perhaps with a password, perhaps for a while.

    `watermark` is written all over what is seen by it; `burn_in` writes the name of the take and its frames.
    """

    token: Mapped[str]
    playlist_id: Mapped[uuid.UUID] = owner("playlist", nullable=False)
    expiration_date: Mapped[dt.datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    can_comment: Mapped[bool] = mapped_column(default=True)
    password_digest: Mapped[str | None]
    watermark: Mapped[str | None]
    burn_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __table_args__ = (
        sa.Index("uq_playlist_share_link_token", "token", unique=True),
        sa.Index("ix_playlist_share_link_playlist_id", "playlist_id", postgresql_where=LIVE),
    )


@entity("build-jobs", names=_NOWHERE, policy="build", display="")
class BuildJob(Row):
    """A movie of a playlist, being made or made; its bytes are kept under the job's id."""

    status: Mapped[str] = mapped_column(
        default="running", info={"choices": ("running", "failed", "succeeded")}
    )
    job_type: Mapped[str] = mapped_column(default="movie", info={"choices": ("archive", "movie")})
    ended_at: Mapped[dt.datetime | None]
    message: Mapped[str | None]
    playlist_id: Mapped[uuid.UUID] = owner("playlist", nullable=False)

    __table_args__ = (sa.Index("ix_build_job_playlist_id", "playlist_id", postgresql_where=LIVE),)
