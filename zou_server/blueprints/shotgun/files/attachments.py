"""Attachments: the rows behind every field that holds a file, and the operations that make them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.values import entity_parts, text
from zou_server.models.conditions import Output, Projection, Query
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Create, Edit, Mode

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

_PLAIN = Spelling()
_PLATFORMS = ("linux", "mac", "windows")
_STORAGES = Projection(
    tuple(Output(name, name) for name in ("number", "name", *(f"{each}_path" for each in _PLATFORMS)))
)
LINKS = "links:Attachment/attachment_links"


@dataclass(frozen=True, slots=True)
class File:
    """The file of an attachment: its facts and its name."""

    name: str | None
    said: Mapping[str, Any]


def file_of(call: Call, where: str, value: Any) -> File:
    """The file that a value means: a web link, a path, or a place below a local storage."""
    if not isinstance(value, dict):
        raise errors.wrong_class(where, "Hash, NilClass", value)
    if "local_path" in value or "relative_path" in value:
        return _local(call, where, value)
    url = text(where, value.get("url"))
    if url is None:
        raise errors.wrong_value(where, "expected 'url' or 'local_path'", value)
    said = {"link_type": "web", "url": url, "content_type": _given(where, value, "content_type")}
    return File(_given(where, value, "name") or url, said)


def _given(where: str, value: Mapping[str, Any], key: str) -> str | None:
    found = value.get(key)
    return None if found is None else text(where, found)


def _local(call: Call, where: str, value: Mapping[str, Any]) -> File:
    storages = orjson.loads(
        f"[{call.studio.read(call.actor).page(Query(facet('LocalStorage'), _STORAGES), _PLAIN).text}]"
    )
    if "relative_path" in value:
        storage, below = _chosen(where, value, storages), str(value["relative_path"]).strip("/\\")
    else:
        path = text(where, value["local_path"]) or ""
        storage, below = _holding(path, storages)
    paths = {f"local_path_{each}": _joined(storage[f"{each}_path"], below, each) for each in _PLATFORMS}
    said: dict[str, Any] = {
        "link_type": "local",
        "content_type": _given(where, value, "content_type"),
        "local_storage": {"type": "LocalStorage", "id": storage["number"], "name": storage["name"]},
        "relative_path": below.replace("\\", "/"),
        "url": f"file://{paths['local_path_linux'] or ''}",
        **paths,
    }
    name = _given(where, value, "name") or said["relative_path"].rpartition("/")[2] or storage["name"]
    return File(name, said)


def _chosen(where: str, value: Mapping[str, Any], storages: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = value.get("local_storage")
    if isinstance(wanted, dict):
        for each in storages:
            if wanted.get("id") == each["number"] or wanted.get("name") == each["name"]:
                return each
    raise errors.wrong_value(where, "expected a 'local_storage'", wanted)


def _holding(path: str, storages: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """The storage with the longest root above a path, and the rest of the path."""
    plain = path.replace("\\", "/")
    found: list[tuple[int, dict[str, Any], str]] = []
    for each in storages:
        for root in (each[f"{platform}_path"] for platform in _PLATFORMS):
            above = (root or "").replace("\\", "/").rstrip("/")
            if above and (plain == above or plain.startswith(f"{above}/")):
                found.append((len(above), each, plain[len(above) :].strip("/")))
    if not found:
        why = f"Path {path} doesn't match any defined Local Storage."
        raise errors.Fault(f"CRUD ERROR #6: Create failed for [Attachment]: {why}", errors.CRUD)
    _, storage, below = max(found, key=lambda each: each[0])
    return storage, below


def _joined(root: str | None, below: str, platform: str) -> str | None:
    if not root:
        return None
    sign = "\\" if platform == "windows" else "/"
    return f"{root.rstrip('/' + sign)}{sign}{below.replace('/', sign)}" if below else root


def attachment(
    file: File, *, linked_to: uuid.UUID | None = None, project_id: Any = None, **data: Any
) -> tuple[uuid.UUID, Create]:
    """The operation that makes an attachment, and the id that it will have."""
    id_ = uuid.uuid4()
    values: dict[str, Any] = {
        "name": file.name,
        "data": {"this_file": dict(file.said), "filename": file.name, **data},
    }
    if linked_to is not None:
        values[LINKS] = Edit(Mode.SET, [linked_to])
    if project_id is not None:
        values["project_id"] = project_id
    return id_, Create(facet("Attachment"), values, id=id_)


def known_attachment(call: Call, value: Any) -> str | None:
    """The id of an attachment that a value names as a row, None when it means a new file."""
    if not isinstance(value, dict) or value.get("type") != "Attachment" or "id" not in value:
        return None
    reference = entity_parts(value)
    return call.words.ids([reference]).get(reference)
