"""Downloads: files by the number of their attachment, and pictures and movies by their signed address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, redirect, request

from zou_server.blueprints.shotgun.files.addresses import (
    ATTACHMENTS,
    MOVIES,
    PICTURES,
    PREVIEWS,
    STRIPS,
    THUMBNAILS,
    WEB_MOVIES,
    Addresses,
)
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Condition, Op, Output, Projection, Query, Where
from zou_server.models.errors import DomainError, NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.files.row_pictures import key_of
from zou_server.services.ports import Opened
from zou_server.services.previews.keys import movie_key
from zou_server.services.thumbnails.pictures import picture_key

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio

_PLAIN = Spelling()
_FILE = Projection((Output("id", "id"), Output("data", "data"), Output("name", "name")))
PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Downloads:
    """The parts that downloads need; `open_downloads` lets files be fetched by number without a session."""

    studio: Studio
    authenticator: Authenticator
    storage: Storage
    addresses: Addresses
    open_downloads: bool

    def by_number(self, number: int) -> AnyResponse:
        """The file of an attachment: 400 for what is not there, 403 for who did not log in."""
        actor = self._actor()
        if actor is None:
            return _refused(403, "Log in to download this file.")
        found = self._attachment(actor, Where("number", Op.EQ, number))
        if found is None:
            return _refused(400, "There is no such file.")
        file = found["data"].get("this_file", {})
        if file.get("link_type") == "web":
            return redirect(file["url"])
        return self._attached(found)

    def _actor(self) -> Actor | None:
        token = request.cookies.get("_session_id")
        if token:
            try:
                return self.authenticator.by_session_token(token, client="shotgun")
            except DomainError:
                return None
        return SYSTEM if self.open_downloads else None

    def _attachment(self, actor: Actor, where: Condition) -> dict[str, Any] | None:
        text = self.studio.read(actor).one(Query(facet("Attachment"), _FILE, where), _PLAIN)
        found: dict[str, Any] | None = None if text is None else orjson.loads(text)
        return found

    def signed(self, place: str, id_: str) -> AnyResponse:
        """The file that a signed address leads to."""
        until, proof = request.args.get("until", ""), request.args.get("proof", "")
        if not self.addresses.is_good(place, id_, until, proof):
            return _refused(403, "This address is not good any more; ask for a new one.")
        return _PLACES[place](self, id_)

    def _attached(self, found: dict[str, Any]) -> AnyResponse:
        file = found["data"].get("this_file", {})
        if "thumbnail" in file:
            return self._send(key_of(file["thumbnail"]), "image/jpeg", "")
        if "key" not in file:
            return _refused(400, "This file is not kept here.")
        media_type = file.get("content_type") or "application/octet-stream"
        return self._send(file["key"], media_type, found["data"].get("filename") or found["name"] or "file")

    def attachment(self, id_: str) -> AnyResponse:
        """A file that was uploaded."""
        found = self._attachment(SYSTEM, Where("id", Op.EQ, id_))
        return _refused(400, "There is no such file.") if found is None else self._attached(found)

    def thumbnail(self, id_: str) -> AnyResponse:
        """A picture that stands for a row."""
        return self._send(key_of(id_), "image/jpeg", "")

    def preview(self, id_: str) -> AnyResponse:
        """The picture of a preview."""
        return self._send(picture_key("previews", id_), "image/png", "")

    def picture(self, id_: str) -> AnyResponse:
        """The picture of a preview in its own size."""
        return self._send(picture_key("originals", id_), "image/png", "")

    def movie(self, id_: str) -> AnyResponse:
        """The movie of a preview."""
        return self._send(movie_key("originals", id_), "video/mp4", "")

    def web_movie(self, id_: str) -> AnyResponse:
        """The movie of a preview as WebM."""
        return self._send(movie_key("web", id_), "video/webm", "")

    def strip(self, id_: str) -> AnyResponse:
        """The strip of frames of a preview."""
        return self._send(movie_key("strip", id_), "image/jpeg", "")

    def _send(self, key: str, media_type: str, name: str) -> AnyResponse:
        try:
            opened = self.storage.open(key)
        except NotFound:
            return _refused(400, "There is no such file.")
        address = self.storage.address(key, media_type=media_type, disposition="")
        if address is not None:
            opened.stream.close()
            return redirect(address)
        return _sent(opened, media_type, name)


def _sent(opened: Opened, media_type: str, name: str) -> Response:
    answer = Response(_pieces(opened), mimetype=media_type)
    answer.content_length = opened.size
    answer.call_on_close(opened.stream.close)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if name:
        plain = (
            name.encode("ascii", "replace").decode().replace('"', "_").replace("\r", "_").replace("\n", "_")
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    return answer


def _pieces(opened: Opened) -> Any:
    while piece := opened.stream.read(PIECE):
        yield piece


def _refused(status: int, why: str) -> Response:
    return Response(why, status=status, mimetype="text/plain")


_PLACES: Mapping[str, Callable[[Downloads, str], AnyResponse]] = {
    ATTACHMENTS: Downloads.attachment,
    THUMBNAILS: Downloads.thumbnail,
    PREVIEWS: Downloads.preview,
    PICTURES: Downloads.picture,
    MOVIES: Downloads.movie,
    WEB_MOVIES: Downloads.web_movie,
    STRIPS: Downloads.strip,
}
