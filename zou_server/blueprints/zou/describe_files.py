"""The routes that take and give files, as OpenAPI: CSV imports and pictures, from their own tables."""

from __future__ import annotations

from collections.abc import Iterator

from zou_server.blueprints.zou import csv_import
from zou_server.blueprints.zou.describe_answers import SIGNED_IN, refused, tag
from zou_server.blueprints.zou.pictures import WITH_AVATAR
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import (
    JSON,
    Schema,
    answer,
    body,
    listed,
    operation,
    parameter,
    ref,
    template_of,
    thing,
)
from zou_server.models.registry import facet
from zou_server.services.thumbnails.pictures import SIZES

FORM, PNG = "multipart/form-data", "image/png"
FILE = thing({"file": {"type": "string", "format": "binary"}}, ("file",))
ID = parameter("id", "path", ref("Id"))

IMPORT = """\
Columns, by heading (case, blanks and dashes do not matter): {columns}. A column named like a custom field
of the project or the studio goes there; any other makes a text field of the project. An empty cell says
nothing. The whole file is imported or nothing is, and every wrong line is named with its column.
"""


def file_paths() -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path and its operations."""
    for path, (kind, _) in csv_import.ROUTES.items():
        yield f"/import/{template_of(path)}", {"post": _import(kind)}
    for size in SIZES:
        yield f"/pictures/{size}/preview-files/{{id}}.png", {"get": _picture("PreviewFile", size)}
    for kind in WITH_AVATAR:
        path = f"/pictures/thumbnails/{wire_type(facet(kind)).path}/{{id}}"
        yield f"{path}.png", {"get": _picture(kind, "thumbnails")}
        yield path, {"post": _avatar(kind)}


def _import(kind: str) -> Schema:
    wire = wire_type(facet(kind))
    named = [
        " or ".join(column.headings) + (" (required)" if column.required else "")
        for column in csv_import.COLUMNS[kind]
    ]
    text: Schema = {"type": "string"}
    return operation(
        tag(kind),
        f"Import {wire.path} from a CSV file",
        {201: answer("The rows of the file, oldest first.", listed(ref(wire.name)))} | refused(404, 413),
        description=IMPORT.format(columns=", ".join(named)),
        parameters=[
            parameter("project_id", "path", ref("Id")),
            parameter("update", "query", {"type": "boolean"}, "true changes the rows that exist already."),
            ref("IdempotencyKey", "parameters"),
        ],
        sends=body(FILE, text, media=(FORM, "text/csv")),
        security=SIGNED_IN,
    )


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
