"""Links by which a playlist is shown to people without an account: gazu.playlist.new_share_link."""

from __future__ import annotations

import uuid

from flask import Response

from zou_server.blueprints.zou.bodies import body, optional, usually
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of, rows_of, same
from zou_server.blueprints.zou.shapes import BOOLEAN, IDS, MOMENT, TEXTS, WORD
from zou_server.description import Schema, listed, thing
from zou_server.models.conditions import Condition, Form, Order, Output, Projection
from zou_server.models.policies import require
from zou_server.services.playlists.invite_reviewers import invite_reviewers
from zou_server.services.playlists.mark_takes import Marks, forget_marks, marked_takes
from zou_server.services.playlists.share_playlist import revoke_link, share_playlist
from zou_server.services.playlists.takes import read_playlist
from zou_server.services.read.reader import Reader
from zou_server.web import current_actor

_KEYS = (
    "token",
    "playlist_id",
    "expiration_date",
    "is_active",
    "can_comment",
    "watermark",
    "burn_in",
    "id",
    "created_at",
    "updated_at",
)
LINK = Projection(
    (
        *(Output(key, key) for key in _KEYS),
        Output("created_by", "created_by_id"),
        Output("password", "password_digest"),
        Output("type", "PlaylistShareLink", Form.LITERAL),
    )
)


@body
class NewLink:
    """Until when a playlist is shown, to whom who knows which password, and whether they may comment.

    `watermark` is written all over what is shown, `burn_in` writes the take's name and frame numbers below.
    """

    expiration_date: object = optional(MOMENT)
    password: str | None = optional(WORD)
    can_comment: bool = usually(default=True, shape=BOOLEAN)
    watermark: str | None = optional(WORD)
    burn_in: bool = usually(default=False, shape=BOOLEAN)


@body
class Reviewers:
    """Whom a link is sent to: addresses, and people."""

    emails: list[str] | None = optional(TEXTS)
    person_ids: list[str] | None = optional(IDS)
    message: str | None = optional(WORD)


def shown_links(reader: Reader, *terms: Condition) -> list[dict[str, object]]:
    """Links as their makers see them: of the password only whether there is one."""
    rows = rows_of(reader, "PlaylistShareLink", LINK, *terms, order=(Order("created_at"),))
    return [
        {key: value for key, value in row.items() if key != "password"}
        | {"has_password": row["password"] is not None}
        for row in rows
    ]


class Links(NamedResource):
    """The links of a playlist, for the managers of its project."""

    def get(self, playlist_id: str) -> Response:
        """Those that are open."""
        id_ = _managed(self, playlist_id)
        reader = self.studio.read(current_actor())
        return json_of(shown_links(reader, same("playlist_id", id_), same("is_active", value=True)))

    def post(self, playlist_id: str, sent: NewLink) -> Response:
        """Make one."""
        id_ = _managed(self, playlist_id)
        with self.studio.write(current_actor()) as work:
            made = share_playlist(
                work,
                id_,
                until=sent.expiration_date,
                password=sent.password,
                can_comment=sent.can_comment,
                marks=Marks(sent.watermark, sent.burn_in),
            )
            (link,) = shown_links(work.read, same("id", str(made)))
            work.commit()
        return json_of(link, 201)


class OneLink(NamedResource):
    """One link of a playlist."""

    def delete(self, playlist_id: str, token: str) -> Response:
        """Close it for good; the answer is the link."""
        id_ = _managed(self, playlist_id)
        with self.studio.write(current_actor()) as work:
            link_id = revoke_link(work, id_, token)
            (link,) = shown_links(work.read, same("id", str(link_id)))
            marked = marked_takes(work, link_id)
            work.commit()
        forget_marks(self.parts.storage, link_id, marked)
        return json_of(link)


class Invitations(NamedResource):
    """A link of a playlist, sent by mail."""

    def post(self, playlist_id: str, token: str, sent: Reviewers) -> Response:
        """Send it; the answer says to which addresses."""
        id_ = _managed(self, playlist_id)
        people = (sent.emails or [], sent.person_ids or [])
        with self.studio.write(current_actor()) as work:
            said = (self.parts.public_url, sent.message or "")
            addresses = invite_reviewers(work, self.parts.post, (id_, token), people, said)
            work.commit()
        return json_of({"sent": addresses})


def _managed(resource: NamedResource, playlist_id: str) -> str:
    """The playlist's id, for who manages its project."""
    actor, id_ = current_actor(), checked_id(playlist_id)
    require_owners(resource.studio, (("playlist_id", "Playlist"),), {"playlist_id": id_})
    project = read_playlist(resource.studio.read(actor), id_).project_id
    require(actor, "share", "create", "share playlists of this project", uuid.UUID(project))
    return id_


_LINK: Schema = thing(
    {**{key: {} for key in _KEYS}, "has_password": {"type": "boolean"}}, ("token", "playlist_id")
)
_WORD: Schema = {"type": "string"}
_ABOUT = "Playlist"

ROUTES = (
    Named(
        "/data/playlists/<playlist_id>/share",
        Links,
        {
            "get": Says(
                _ABOUT,
                "List the links of a playlist",
                listed(_LINK),
                text="Those that are open.",
                refused=(403, 404),
            ),
            "post": Says(
                _ABOUT,
                "Share a playlist by a link",
                _LINK,
                status=201,
                sends=NewLink,
                sends_required=False,
                text="The link.",
                refused=(403, 404, 413),
            ),
        },
    ),
    Named(
        "/data/playlists/<playlist_id>/share/<token>",
        OneLink,
        {"delete": Says(_ABOUT, "Close a link of a playlist", _LINK, text="The link.", refused=(403, 404))},
        arguments={"token": _WORD},
    ),
    Named(
        "/data/playlists/<playlist_id>/share/<token>/invite",
        Invitations,
        {
            "post": Says(
                _ABOUT,
                "Send a link of a playlist by mail",
                thing({"sent": listed(_WORD)}, ("sent",)),
                sends=Reviewers,
                text="The addresses.",
                refused=(400, 403, 404, 413),
            )
        },
        arguments={"token": _WORD},
    ),
)
