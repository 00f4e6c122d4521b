"""What clients send to the routes about files, as the values of our services; and what those answer.

gazu says `separator` where it asks for a path and `sep` where it makes a file; both mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.zou.crud import item_query, json_body
from zou_server.blueprints.zou.parameters import found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, or_null, thing
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.file_trees.build_path import SEPARATORS, Asked, BuiltPath
from zou_server.services.write.given import given_values, required

if TYPE_CHECKING:
    import uuid

    from zou_server.services.read.reader import Reader

SEPARATOR = {"sep": "sep", "separator": "sep"}
PATH_KEYS: Mapping[str, str] = {
    "mode": "mode",
    "name": "name",
    "revision": "revision",
    "software_id": "software_id",
    "output_type_id": "output_type_id",
    "task_type_id": "task_type_id",
    "representation": "representation",
    "nb_elements": "nb_elements",
    "extension": "extension",
    "comment": "",  # 2017's scripts send it; no path holds it today
    **SEPARATOR,
}
"""Wire key -> value of a request for a path, "" for one that says nothing."""

KINDS: Mapping[str, Kind] = {
    "mode": Kind.TEXT,
    "name": Kind.TEXT,
    "comment": Kind.TEXT,
    "description": Kind.TEXT,
    "representation": Kind.TEXT,
    "extension": Kind.TEXT,
    "sep": Kind.TEXT,
    "tree_name": Kind.TEXT,
    "file_path": Kind.TEXT,
    "revision": Kind.INTEGER,
    "working_file_revision": Kind.INTEGER,
    "version": Kind.INTEGER,
    "nb_elements": Kind.INTEGER,
    "project_id": Kind.LINK,
    "task_id": Kind.LINK,
    "person_id": Kind.LINK,
    "software_id": Kind.LINK,
    "output_type_id": Kind.LINK,
    "task_type_id": Kind.LINK,
    "source_file_id": Kind.LINK,
    "file_status_id": Kind.LINK,
    "asset_id": Kind.LINK,
    "target_asset_id": Kind.LINK,
    "asset_instance_id": Kind.LINK,
}


def body_values(keys: Mapping[str, str]) -> dict[str, Any]:
    """The values of the JSON body by our names; Invalid names every key that means nothing here."""
    given = json_body()
    if not isinstance(given, dict):
        raise Invalid("The body must be a JSON object.")
    if unknown := sorted(given.keys() - keys.keys()):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    return {keys[key]: value for key, value in given.items() if keys[key] and value not in ("", None)}


def checked_body(keys: Mapping[str, str], *needed: str) -> dict[str, Any]:
    """The same, coerced to what each is: None for what was not sent, refused without what is needed."""
    kinds = {name: KINDS[name] for name in keys.values() if name}
    found = given_values(body_values(keys), kinds)
    required(found, *needed)
    return found


def asked_for(found: Mapping[str, Any], *, mode: str, revision: int) -> Asked:
    """What a body asks a path for; the rest is as the production server has it."""
    elements = found.get("nb_elements")
    wanted = revision if found.get("revision") is None else found["revision"]
    if wanted < 0 or (elements is not None and elements < 1):
        raise Invalid(fields={"revision" if wanted < 0 else "nb_elements": ["is out of range"]})
    return Asked(
        found["mode"] or mode,
        found["name"] or "main",
        wanted,
        found.get("representation") or "",
        elements or 1,
        found["sep"] or "/",
        found.get("extension") or "",
    )


def path_answer(built: BuiltPath) -> dict[str, Any]:
    """An output path on the wire: `sequence_path` only where it stands for several files."""
    found = {"folder_path": built.folder, "file_name": built.file_name}
    return found | ({"sequence_path": built.sequence_path} if built.sequence_path else {})


def row_of(reader: Reader, kind: str, id_: uuid.UUID | str) -> dict[str, Any]:
    """A row as its own route shows it, as an object to add keys to."""
    wire = wire_type(facet(kind))
    found: dict[str, Any] = orjson.loads(
        found_or_404(reader.one(item_query(wire, str(id_)), ZOU), wire, str(id_))
    )
    return found


def with_path(row: dict[str, Any], sep: str) -> dict[str, Any]:
    """A file's row with its path in two parts, as the routes that make files answer."""
    folder, _, name = (row["path"] or "").rpartition(sep)
    extension, elements = row.get("extension") or "", row.get("nb_elements") or 1
    plain = name.removesuffix(extension).removesuffix(f"_[1-{elements}]")
    return row | path_answer(BuiltPath(folder, plain, sep, extension, elements))


def separator_of(values: Mapping[str, Any]) -> str:
    """The separator that a body asks for."""
    sep = values.get("sep") or SEPARATORS[0]
    if sep not in SEPARATORS:
        raise Invalid(fields={"sep": ["is neither / nor \\"]})
    return str(sep)


def sent(keys: Mapping[str, str], *needed: str) -> Schema:
    """The schema of a body with these keys."""
    kinds = {key: KINDS.get(name or key, Kind.TEXT) for key, name in keys.items()}
    schemas = {key: or_null(SENT[kind]) for key, kind in kinds.items()}
    return thing(schemas, needed, additionalProperties=False)


TEXT: Schema = {"type": "string"}
PATHS = {"folder_path": TEXT, "file_name": TEXT, "sequence_path": TEXT}
