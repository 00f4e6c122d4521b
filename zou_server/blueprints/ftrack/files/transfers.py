"""The addresses under which components are sent, fetched and removed.

Who sends needs no header: the address itself is signed, for one component, one person and a short while.
"""

from __future__ import annotations

import base64
import mimetypes
import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from zou_server.models.errors import Forbidden, Invalid, NotFound, Unauthenticated
from zou_server.models.registry import facet
from zou_server.services.files.component_bytes import (
    ComponentFile,
    component_file,
    component_key,
    remove_bytes,
    require_writer,
    use_own_bytes,
)
from zou_server.services.files.find_thumbnail import find_thumbnail
from zou_server.services.files.threadpool import aside
from zou_server.services.previews.review_sent import order_review_of
from zou_server.services.thumbnails.fit_picture import fit_picture
from zou_server.stored import Download, send_opened

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio

CLIENT = "ftrack"
SIGNED_SECONDS = 24 * 3600
MOST_PARTS = 10_000
LARGEST_THUMBNAIL = 2_000
"""Whoever asks for more gets the picture as it is."""
_FILES = "Component"
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Transfers:
    """Signs addresses, and answers at them."""

    def __init__(self, studio: Studio, authenticator: Authenticator, storage: Storage, secret: str) -> None:
        self._studio, self._authenticator, self.storage = studio, authenticator, storage
        self._tokens = URLSafeTimedSerializer(secret, salt="ftrack components")
        self._uploads = URLSafeTimedSerializer(secret, salt="ftrack uploads")
        self._pictures = URLSafeTimedSerializer(secret, salt="ftrack pictures")

    def upload_url(self, actor: Actor, id_: uuid.UUID, part: int = 0) -> str:
        """The address to put the bytes of a component to, as long as the actor may."""
        token = self._uploads.dumps([str(id_), part, str(actor.person_id)])
        return f"{request.url_root.rstrip('/')}/component/upload/{token}"

    def download_url(self, actor: Actor, id_: str) -> str:
        """An address where whoever has it fetches a component that the actor may see."""
        found = component_id(id_)
        self._file(actor, found)
        return self.address(actor, _FILES, str(found))

    def address(self, actor: Actor, kind: str, id_: str) -> str:
        """An address where whoever has it fetches the file of a component, or the picture of another row.

        It is good as long as the actor sees the row, which is asked when something is fetched.
        """
        if kind == _FILES:
            token = self._tokens.dumps(["get", id_, str(actor.person_id)])
            return f"{request.url_root.rstrip('/')}/component/signed/{token}"
        token = self._pictures.dumps([kind, id_, str(actor.person_id)])
        return f"{request.url_root.rstrip('/')}/component/picture/{token}"

    # -- the answers -------------------------------------------------------------------------------

    def put(self, token: str) -> Response:
        """Keep what is sent: all of it, or nothing when the line breaks."""
        try:
            id_, part, person = self._uploads.loads(token, max_age=SIGNED_SECONDS)
        except (BadSignature, ValueError):
            raise Unauthenticated("This address is not valid any more.") from None
        found = uuid.UUID(id_)
        with self._studio.write(self._whose(person)) as work:
            require_writer(work, found)
        request.max_content_length = None
        stored = self.storage.put(component_key(found, int(part)), request.stream)
        with self._studio.write(self._whose(person)) as work:
            use_own_bytes(work, found)
            order_review_of(work, found)
            work.commit()
        answer = Response(status=200)
        answer.set_etag(stored.checksum)
        return answer

    def get(self) -> Response:
        """The bytes of a component, or a range of them."""
        actor = self._caller()
        return self._sent(self._file(actor, component_id(request.args.get("id", ""))))

    def thumbnail(self) -> Response:
        """The picture of a component, made to fit into a square of the size asked for."""
        actor = self._caller()
        file = self._file(actor, component_id(request.args.get("id", "")))
        size = request.args.get("size", type=int)
        if size is None or not 0 < size <= LARGEST_THUMBNAIL:
            return self._sent(file)
        with self.storage.open(file.key).stream as stream:
            fitted = aside(lambda: fit_picture(stream, size))
        if fitted is None:
            return self._sent(file)
        answer = Response(fitted.content, mimetype=fitted.media_type)
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    def get_signed(self, token: str) -> Response:
        """The bytes of a component for whoever has the address."""
        _, id_, person = self._opened(self._tokens, token)
        return self._sent(self._file(self._whose(person), uuid.UUID(id_)))

    def picture(self, token: str) -> Response:
        """The picture of a row for whoever has the address, whichever tool gave it."""
        kind, id_, person = self._opened(self._pictures, token)
        reader = self._studio.read(self._whose(person))
        key = find_thumbnail(reader, self.storage, facet(kind), uuid.UUID(id_))
        size = request.args.get("size", LARGEST_THUMBNAIL, type=int)
        size = size if 0 < size <= LARGEST_THUMBNAIL else LARGEST_THUMBNAIL
        opened = self.storage.open(key)
        version = f"{opened.version}-{size}"
        with opened.stream as stream:
            is_known = request.if_none_match.contains(version)
            fitted = None if is_known else aside(lambda: fit_picture(stream, size))
        if fitted is None and not is_known:
            raise NotFound("What is shown of this row is no picture.")
        answer = Response(fitted.content, mimetype=fitted.media_type) if fitted else Response(status=304)
        answer.set_etag(version)
        # Browsers keep it and ask each time: rights change, and so does the picture.
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    def remove(self) -> Response:
        """Forget the bytes of a component."""
        actor = self._caller()
        id_ = component_id(request.args.get("id", ""))
        remove_bytes(self._studio, self.storage, actor, id_)
        return Response("OK", mimetype="text/plain")

    @staticmethod
    def _opened(tokens: URLSafeTimedSerializer, token: str) -> tuple[str, str, str]:
        """What an address says: what it is for, which row, and who was given it."""
        try:
            first, second, person = tokens.loads(token, max_age=SIGNED_SECONDS)
        except (BadSignature, ValueError):
            raise NotFound("This address is not valid any more.") from None
        return first, second, person

    def _whose(self, person: str) -> Actor:
        """Who was given an address, with the rights of this moment."""
        try:
            return self._authenticator.by_id(uuid.UUID(person), client=CLIENT)
        except (Unauthenticated, Forbidden):
            raise NotFound("This address is not valid any more.") from None

    def _caller(self) -> Actor:
        found = request.args
        user = found.get("username") or request.headers.get("ftrack-user", "")
        key = found.get("apiKey") or request.headers.get("ftrack-api-key", "")
        # The client writes user names into addresses as they are: a plus arrives as a space.
        return self._authenticator.by_api_key(user.replace(" ", "+"), key, client=CLIENT)

    def _file(self, actor: Actor, id_: uuid.UUID) -> ComponentFile:
        """The file of a component that the actor sees."""
        return component_file(self._studio.read(actor), id_)

    def _sent(self, file: ComponentFile) -> Response:
        opened = self.storage.open(file.key)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return send_opened(opened, Download("", kind, file.name, attachment=True))


def component_id(value: Any) -> uuid.UUID:
    """The id of a component, whether or not there is a row of it yet."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Invalid(f"'{str(value)[:80]}' is not the id of a component.") from None


def add_routes(blueprint: Blueprint, transfers: Transfers) -> None:
    """Serve the addresses of components."""
    blueprint.add_url_rule("/component/upload/<token>", "upload", transfers.put, methods=["PUT"])
    blueprint.add_url_rule("/component/get", "get", transfers.get)
    blueprint.add_url_rule("/component/thumbnail", "thumbnail", transfers.thumbnail)
    blueprint.add_url_rule("/component/signed/<token>", "signed", transfers.get_signed)
    blueprint.add_url_rule("/component/picture/<token>", "picture", transfers.picture)
    blueprint.add_url_rule("/component/remove", "remove", transfers.remove)
    blueprint.add_url_rule(
        "/img/thumbnail2.png", "no_thumbnail", lambda: Response(_PIXEL, mimetype="image/png")
    )
