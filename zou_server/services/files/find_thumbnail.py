"""Where the picture of a row is, whichever tool gave it: the first of several places that holds one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.query.spelling import Spelling
from zou_server.services.files.component_bytes import component_key
from zou_server.services.files.kept_files import attached_file
from zou_server.services.files.row_pictures import key_of
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.set_avatar import LOGO

if TYPE_CHECKING:
    from zou_server.models.registry import Facet
    from zou_server.services.ports import Storage
    from zou_server.services.read.reader import Reader

_PLAIN = Spelling()
_NAMES = ("id", "data", "thumbnail_id", "preview_file_id", "last_preview_file_id", "has_avatar")

Row = Mapping[str, Any]


def find_thumbnail(reader: Reader, storage: Storage, facet: Facet, number: int) -> str:
    """The key of a row's picture; NotFound when the reader sees no such row, or it has none."""
    if facet.name == "Attachment":
        keys: Iterator[str] = iter([attached_file(reader, number).key])
    else:
        keys = _PLACES[facet.model.__name__](_row(reader, facet, number))
    for key in keys:
        if key and storage.exists(key):
            return key
    raise NotFound(f"{facet.name} {number} has no picture.")


def _row(reader: Reader, facet: Facet, number: int) -> Row:
    names = [name for name in _NAMES if name in facet.fields]
    projection = Projection(tuple(Output(name, name) for name in names))
    found = reader.one(Query(facet, projection, Where("number", Op.EQ, number)), _PLAIN)
    if found is None:
        raise NotFound(f"There is no {facet.name} {number}.")
    row: Row = orjson.loads(found)
    return row


def _named(row: Row) -> Iterator[str]:
    image = (row["data"] or {}).get("image")
    if isinstance(image, dict) and image.get("key"):
        yield key_of(image["key"])


def _of_entity(row: Row) -> Iterator[str]:
    yield from _named(row)
    if row["preview_file_id"]:
        yield picture_key("previews", row["preview_file_id"])
    yield from _component(row)


def _of_task(row: Row) -> Iterator[str]:
    yield from _named(row)
    yield from _component(row)
    if row["last_preview_file_id"]:
        yield picture_key("previews", row["last_preview_file_id"])


def _of_project(row: Row) -> Iterator[str]:
    if (row["data"] or {}).get(LOGO):
        yield from _named(row)  # larger than what Kitsu keeps of it
    if row["has_avatar"]:
        yield picture_key("thumbnails", row["id"])
    yield from _named(row)
    yield from _component(row)


def _component(row: Row) -> Iterator[str]:
    if row["thumbnail_id"]:
        yield component_key(row["thumbnail_id"])


_PLACES: Mapping[str, Callable[[Row], Iterator[str]]] = {
    "Entity": _of_entity,
    "Task": _of_task,
    "Project": _of_project,
}
"""Model -> where its rows may have a picture."""
