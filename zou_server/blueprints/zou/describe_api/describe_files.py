"""The routes that take and give pictures, as OpenAPI, from their own tables."""

from __future__ import annotations

from collections.abc import Iterator

from zou_server.blueprints.zou.describe_api.describe_answers import SIGNED_IN, refused, tag
from zou_server.blueprints.zou.files.pictures import WITH_AVATAR
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import (
    JSON,
    Schema,
    answer,
    body,
    operation,
    parameter,
    ref,
    thing,
)
from zou_server.models.registry import facet

FORM, PNG = "multipart/form-data", "image/png"
FILE = thing({"file": {"type": "string", "format": "binary"}}, ("file",))
ID = parameter("id", "path", ref("Id"))


def file_paths() -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path and its operations."""
    for kind in WITH_AVATAR:
        path = f"/pictures/thumbnails/{wire_type(facet(kind)).path}/{{id}}"
        yield f"{path}.png", {"get": _picture(kind, "thumbnails")}
        yield path, {"post": _avatar(kind)}


def _picture(kind: str, size: str) -> Schema:
    binary: Schema = {"type": "string", "format": "binary"}
    seen = {
        200: answer("The picture.", binary, media=PNG),
        206: answer("The part that Range asked for.", binary, media=PNG),
        304: answer("The client has it already."),
        416: answer("Range asks for what is not there.", ref("ZouError"), media=JSON),
    }
    words = f"Get the picture of a {wire_type(facet(kind)).name}: {size.replace('-', ' ')}"
    return operation(tag(kind), words, seen | refused(404), parameters=[ID], security=SIGNED_IN)


def _avatar(kind: str) -> Schema:
    path = thing({"thumbnail_path": {"type": "string"}}, ("thumbnail_path",))
    return operation(
        tag(kind),
        f"Give a {wire_type(facet(kind)).name} its picture",
        {201: answer("Where it can be got.", path)} | refused(404, 413),
        parameters=[ID],
        sends=body(FILE, media=(FORM,)),
        security=SIGNED_IN,
    )
