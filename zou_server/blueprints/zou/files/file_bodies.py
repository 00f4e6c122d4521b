"""What clients send to the routes about files, as the values of our services; and what those answer.

gazu says `separator` where it asks for a path and `sep` where it makes a file; both mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.zou.bodies import body, optional
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.parameters import found_or_404
from zou_server.blueprints.zou.shapes import ID, INTEGER, WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.file_trees.build_path import SEPARATORS, BuiltPath, PathAsked

if TYPE_CHECKING:
    import uuid

    from zou_server.services.read.reader import Reader


@body
class PathRequest:
    """What a path is to be made of."""

    mode: str | None = optional(WORD)
    name: str | None = optional(WORD)
    revision: int | None = optional(INTEGER)
    software_id: str | None = optional(ID)
    output_type_id: str | None = optional(ID)
    task_type_id: str | None = optional(ID)
    representation: str | None = optional(WORD)
    nb_elements: int | None = optional(INTEGER)
    extension: str | None = optional(WORD)
    sep: str | None = optional(WORD, "sep", "separator")


def asked_for(sent: PathRequest, *, mode: str, revision: int) -> PathAsked:
    """What a body asks a path for; the rest is as the production server has it."""
    wanted = revision if sent.revision is None else sent.revision
    if wanted < 0 or (sent.nb_elements is not None and sent.nb_elements < 1):
        raise Invalid(fields={"revision" if wanted < 0 else "nb_elements": ["is out of range"]})
    return PathAsked(
        sent.mode or mode,
        sent.name or "main",
        wanted,
        sent.representation or "",
        sent.nb_elements or 1,
        sent.sep or "/",
        sent.extension or "",
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


TEXT: Schema = {"type": "string"}
PATHS = {"folder_path": TEXT, "file_name": TEXT, "sequence_path": TEXT}
