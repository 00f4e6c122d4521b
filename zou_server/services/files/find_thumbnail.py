"""Where the picture of a row is, whichever tool gave it: the first of several places that holds one."""

from __future__ import annotations

import uuid
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
_SHARED = "thumbnail.stored_file.file_key"
"""Where the bytes of a thumbnail are that is the media of a preview."""

Row = Mapping[str, Any]


def find_thumbnail(reader: Reader, storage: Storage, facet: Facet, own: int | uuid.UUID) -> str:
    """The key of the picture of a row, by its number or id; NotFound when the reader sees none."""
    if facet.name == "Attachment" and isinstance(own, int):
        keys: Iterator[str] = iter([attached_file(reader, own).key])
    else:
        keys = _PLACES[facet.model.__name__](_row(reader, facet, own))
    for key in keys:
        if key and storage.exists(key):
            return key
    raise NotFound(f"{facet.name} {own} has no picture.")


def _row(reader: Reader, facet: Facet, own: int | uuid.UUID) -> Row:
    names = [name for name in _NAMES if name in facet.fields]
    outputs = [Output(name, name) for name in names]
    if "thumbnail_id" in names:
        outputs.append(Output("thumbnail_key", _SHARED))
    projection = Projection(tuple(outputs))
    where = Where("number", Op.EQ, own) if isinstance(own, int) else Where("id", Op.EQ, str(own))
    found = reader.one(Query(facet, projection, where), _PLAIN)
    if found is None:
        raise NotFound(f"There is no {facet.name} {own}.")
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


def _of_version(row: Row) -> Iterator[str]:
    yield from _named(row)
    yield from _component(row)
    if row["preview_file_id"]:
        yield picture_key("previews", row["preview_file_id"])


def _of_person(row: Row) -> Iterator[str]:
    if row["has_avatar"]:
        yield picture_key("thumbnails", row["id"])
    yield from _named(row)
    yield from _component(row)


def _component(row: Row) -> Iterator[str]:
    if row["thumbnail_id"]:
        yield row["thumbnail_key"] or component_key(row["thumbnail_id"])


_PLACES: Mapping[str, Callable[[Row], Iterator[str]]] = {
    "Entity": _of_entity,
    "Task": _of_task,
    "Project": _of_project,
    "Version": _of_version,
    "Person": _of_person,
}
"""Model -> where its rows may have a picture."""
