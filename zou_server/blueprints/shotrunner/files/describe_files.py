"""The paths of bytes and pictures as OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from zou_server.blueprints.shotrunner.files.attachment_resources import (
    THUMBNAIL_SIZES,
    DataResource,
    ThumbnailResource,
    UploadResource,
)
from zou_server.description import Schema, answer, body, one_of, parameter, thing

if TYPE_CHECKING:
    from zou_server.blueprints.shotrunner.resources import ShotRunnerResource
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

_BYTES: Schema = {"type": "string"}
SIZE: Schema = one_of(sorted(THUMBNAIL_SIZES))
_FILENAME = parameter("filename", "query", {"type": "string"}, "The name of the file.")

Say = Callable[..., Schema]
"""Makes an operation of a summary, its good answers, and the statuses of its own refusals."""


def _data(say: Say, one: Schema, method: str) -> Schema:
    if method == "get":
        found = {
            200: answer("The bytes.", _BYTES, media="*/*"),
            206: answer("The range asked for.", _BYTES, media="*/*"),
            304: answer("The client has it."),
            416: answer("The file has no such range."),
        }
        return say("Download a file", found)
    content = body(_BYTES, media=("application/octet-stream",))
    return say("Send a file", {200: one}, 413, 422, parameters=[_FILENAME], sends=content)


def _upload(say: Say, one: Schema, _method: str) -> Schema:
    texts = ("title", "description", "attachment_container_type", "attachment_container_id")
    fields: dict[str, Schema] = {name: {"type": "string"} for name in texts}
    fields["file"] = {"type": "string", "format": "binary"}
    needed = ("file", "attachment_container_type", "attachment_container_id")
    form = body(thing(fields, needed), media=("multipart/form-data",))
    return say("Make an attachment with its file", {201: one}, 413, 422, sends=form)


def _thumbnail(say: Say, _one: Schema, _method: str) -> Schema:
    return say("Get a picture", {200: answer("The picture.", _BYTES, media="image/jpeg")})


def file_operations(
    say: Say, one: Callable[[Vocabulary], Schema]
) -> dict[type[ShotRunnerResource], Callable[[Vocabulary, str], Schema]]:
    """Resource -> the operation behind one of its methods."""
    found = {DataResource: _data, UploadResource: _upload, ThumbnailResource: _thumbnail}
    return {
        resource: lambda vocabulary, method, make=make: make(say, one(vocabulary), method)  # type: ignore[misc]
        for resource, make in found.items()
    }
