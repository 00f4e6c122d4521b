"""The bytes of files sent along with comments and in chats, and small pictures of those that are pictures."""

from __future__ import annotations

from dataclasses import replace

import orjson
from flask import Response

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import JSON, Schema, answer, ref
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.files.attachments import UNKNOWN_TYPE, attachment_thumbnail
from zou_server.stored import Download, send_stored
from zou_server.web import current_actor

_STORED = Projection((Output("key", "file_key"), Output("name", "name"), Output("mimetype", "mimetype")))


class AttachmentFileBytes(NamedResource):
    """A file as it was sent, for whoever may see its comment."""

    def get(self, attachment_id: str, file_name: str) -> Response:  # noqa: ARG002 - for people to read
        """The bytes; what the path calls the file does not matter."""
        key, name, mimetype = _stored(self, attachment_id)
        return send_stored(self.parts.storage, Download(key, mimetype or UNKNOWN_TYPE, name))


class AttachmentThumbnail(NamedResource):
    """A small picture of a file that is one."""

    def get(self, attachment_id: str) -> Response:
        """PNG; 404 for a file that is no picture."""
        key, _, _ = _stored(self, attachment_id)
        return send_stored(
            self.parts.storage, Download(attachment_thumbnail(self.parts.storage, key), "image/png")
        )


def _stored(resource: NamedResource, id_: str) -> tuple[str, str, str]:
    """Where the bytes of an attachment are, its name and its media type; NotFound when it has none."""
    wire, reader = wire_type(facet("AttachmentFile")), resource.studio.read(current_actor())
    asked = Query(wire.facet, _STORED, Where("id", Op.EQ, checked_id(id_)))
    text = reader.one(asked, ZOU) or reader.one(replace(asked, facet=facet("ChatFile")), ZOU)
    found = orjson.loads(found_or_404(text, wire, id_))
    if not found["key"]:
        raise NotFound("This attachment has no file.")
    return found["key"], found["name"] or "", found["mimetype"] or ""


_BINARY: Schema = {"type": "string", "format": "binary"}
_IN_PARTS = {
    206: answer("The part that Range asked for.", _BINARY, media="*/*"),
    302: answer("Where the store gives it out."),
    304: answer("The client has it already."),
    416: answer("Range asks for what is not there.", ref("ZouError"), media=JSON),
}

ROUTES = (
    Named(
        "/data/attachment-files/<attachment_id>/file/<file_name>",
        AttachmentFileBytes,
        {"get": Says("AttachmentFile", "Get an attached file", _BINARY, media="*/*", also=_IN_PARTS)},
        arguments={"file_name": {"type": "string"}},
    ),
    Named(
        "/pictures/thumbnails/attachment-files/<attachment_id>.png",
        AttachmentThumbnail,
        {
            "get": Says(
                "AttachmentFile",
                "Get a small picture of an attached picture",
                _BINARY,
                media="image/png",
                also=_IN_PARTS,
            )
        },
    ),
)
