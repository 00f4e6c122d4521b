"""A link by which guests see a playlist: what it shows, and who of them is asking."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from zou_server.blueprints.zou.named import NamedResource
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import rows_of, same, shown
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Condition, Op, Where
from zou_server.models.errors import NotFound
from zou_server.services.playlists.guests import guest_of, refuse_words_of_others, talk_for
from zou_server.services.playlists.share_playlist import OpenLink, open_link

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

_PLAYLIST = shown(id="", name="", shots="", project_id="", for_entity="", for_client="", task_type_id="")
_TAKE = shown(id="", task_id="", task_type_id="task.task_type_id", entity_id="task.entity_id")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows: the playlist's row, and its chosen takes by id."""

    link: OpenLink
    playlist: Mapping[str, Any]
    takes: Mapping[str, Mapping[str, Any]]

    @property
    def task_ids(self) -> list[str]:
        """The tasks that the takes are of."""
        return [take["task_id"] for take in self.takes.values()]


class SharedLink(NamedResource[Any]):
    """What all routes of a link have in common."""

    def show(self, token: str) -> Shown:
        """Open the link; NotFound for one that shows nothing."""
        link = open_link(self.studio.reads, token, request.args.get("password", ""))
        reader = self.everything
        (playlist,) = rows_of(reader, "Playlist", _PLAYLIST, same("id", str(link.playlist_id)))
        ids = [each["preview_file_id"] for each in playlist["shots"] or [] if each.get("preview_file_id")]
        takes = {row["id"]: row for row in rows_of(reader, "PreviewFile", _TAKE, Where("id", Op.IN, ids))}
        return Shown(link, playlist, takes)

    @property
    def everything(self) -> Reader:
        """A reader without limits: what is asked of it is named by the link."""
        return self.studio.read(SYSTEM)

    def known(self, link: OpenLink) -> str | None:
        """The id of the guest that this browser proves to be, None for who said no name."""
        found = _known(link)
        return None if found is None else str(found)

    def guest(self, link: OpenLink) -> Actor:
        """The guest of this browser; Forbidden for who said no name, and where nobody may comment."""
        return guest_of(link, _known(link))

    def talk(self, link: OpenLink) -> Condition:
        """What of the comments is for the guest of this browser."""
        return talk_for(link, _known(link))

    def own_comment(self, token: str, comment_id: str) -> tuple[Actor, str]:
        """The guest of this browser and the id of a comment of theirs; Forbidden for what others said."""
        found = self.show(token)
        actor, id_ = self.guest(found.link), checked_id(comment_id)
        where = (same("id", id_), Where("object_id", Op.IN, found.task_ids))
        rows = rows_of(self.everything, "Note", shown(person_id=""), *where)
        if not rows:
            raise NotFound(f"Comment {comment_id} not found.")
        refuse_words_of_others(actor, rows[0]["person_id"])
        return actor, id_


def _known(link: OpenLink) -> uuid.UUID | None:
    """The person that the browser proves to be, None for who said no name."""
    with suppress(BadSignature):
        return uuid.UUID(signer_of(link.token).loads(request.cookies.get(cookie_of(link.token), "")))
    return None


def cookie_of(token: str) -> str:
    """The name of the cookie by which a guest of a link is known."""
    return f"guest_{hashlib.sha256(token.encode()).hexdigest()[:16]}"


def signer_of(token: str) -> URLSafeSerializer:
    """Signs the id of a guest, for one link only."""
    return URLSafeSerializer(current_app.config["JWT_SECRET_KEY"], salt=f"shared playlist {token}")
