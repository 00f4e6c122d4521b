"""Links by which people without an account see a playlist: made, revoked, and opened."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import utc_now
from zou_server.models.errors import NotFound
from zou_server.models.playlist import Playlist
from zou_server.models.playlist_sharing import PlaylistShareLink
from zou_server.models.registry import facet
from zou_server.services.people.passwords import hash_password, password_fits
from zou_server.services.playlists.draw_mark import checked_watermark
from zou_server.services.playlists.mark_takes import Marks, order_marks
from zou_server.services.playlists.takes import read_playlist
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that was opened: its playlist, whether one may comment, and whether its takes are marked."""

    id: uuid.UUID
    token: str
    playlist_id: uuid.UUID
    project_id: uuid.UUID
    can_comment: bool
    is_marked: bool


def share_playlist(
    work: UnitOfWork,
    playlist_id: str,
    *,
    until: Any = None,
    password: str | None = None,
    can_comment: bool = True,
    marks: Marks = NO_MARKS,
) -> uuid.UUID:
    """Make a link; only a digest of its password is kept. With marks the takes are marked from now on."""
    values = {
        "token": secrets.token_urlsafe(32),
        "playlist_id": playlist_id,
        "expiration_date": until,
        "can_comment": can_comment,
        "password_digest": hash_password(password) if password else None,
        "watermark": checked_watermark(marks.watermark),
        "burn_in": marks.burn_in,
    }
    id_ = work.execute([Create(facet("PlaylistShareLink"), values)])[0].id
    if values["watermark"] or marks.burn_in:
        takes = read_playlist(work.read, playlist_id).takes
        order_marks(work, id_, [take.id for take in takes])
    return id_


def revoke_link(work: UnitOfWork, playlist_id: str, token: str) -> uuid.UUID:
    """Close a link for good; NotFound when the playlist has no such one."""
    id_ = work.session.scalar(
        sa.select(PlaylistShareLink.id).where(
            PlaylistShareLink.token == token,
            PlaylistShareLink.playlist_id == playlist_id,
            PlaylistShareLink.deleted_at.is_(None),
        )
    )
    if id_ is None:
        raise NotFound("This playlist has no such link.")
    work.execute([Update(facet("PlaylistShareLink"), id_, {"is_active": False})])
    return id_


def live_link(token: str) -> sa.Select[Any]:
    """The link of a token with its playlist's name and project, unless it is revoked or over."""
    ends = PlaylistShareLink.expiration_date
    return (
        sa.select(PlaylistShareLink.__table__, Playlist.name.label("playlist_name"), Playlist.project_id)
        .join(Playlist, Playlist.id == PlaylistShareLink.playlist_id)
        .where(
            PlaylistShareLink.token == token,
            PlaylistShareLink.is_active,
            PlaylistShareLink.deleted_at.is_(None),
            sa.or_(ends.is_(None), ends > utc_now()),
            Playlist.deleted_at.is_(None),
        )
    )


def open_link(reads: sa.Engine, token: str, password: str) -> OpenLink:
    """The link of a token; NotFound when it is unknown, revoked, over, or the password is another."""
    with reads.connect() as connection:
        row = connection.execute(live_link(token)).first()
    if row is None or not _fits(row.password_digest, password):
        raise NotFound("There is no such playlist.")
    is_marked = bool(row.watermark) or row.burn_in
    return OpenLink(row.id, row.token, row.playlist_id, row.project_id, row.can_comment, is_marked)


def _fits(digest: str | None, password: str) -> bool:
    return digest is None or password_fits(digest, password)
