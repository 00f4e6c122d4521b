"""A playlist as a CSV file: what is shown in which order, how far its task is, and what was last said of it.

One line for each entry, in the order of the playlist; an entry without a take has the entity alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.conditions import Form, Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import lines, shown
from zou_server.services.exporters.require_reader import require_reader
from zou_server.services.exporters.spelling import CSV
from zou_server.services.read.reader import rows_of

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.read.reader import Reader


def _outputs(**paths: str) -> tuple[Output, ...]:
    return tuple(Output(key, path) for key, path in paths.items())


_PLAYLIST = Projection(_outputs(name="name", shots="shots", project="project.name", project_id="project_id"))
_ENTITY = Projection(_outputs(id="id", kind="kind", entity="full_entity_name"))
_TAKE = Projection(
    (
        *_outputs(
            id="id",
            step="task.task_type.name",
            status="task.task_status.name",
            revision="revision",
            file="original_name",
            artist="person.full_name",
        ),
        Output(
            "last",
            "task.comments",
            Form.NEWEST,
            Projection(_outputs(author="person.full_name", date="created_at", text="text")),
        ),
    )
)

COLUMNS = {
    # heading: key of an entry
    "Project": "project",
    "Playlist": "playlist",
    "Position": "position",
    "Type": "kind",
    "Entity": "entity",
    "Task Type": "step",
    "Task Status": "status",
    "Revision": "revision",
    "File": "file",
    "Artist": "artist",
    "Comment Author": "author",
    "Comment Date": "date",
    "Comment": "text",
}


@dataclass(frozen=True, slots=True)
class ExportedPlaylist:
    """The name of a playlist, and the text of its file."""

    name: str
    text: str


def export_playlist(reader: Reader, actor: Actor, id_: str) -> ExportedPlaylist:
    """The file; NotFound for a playlist that the actor does not see, Forbidden for clients."""
    found = _one(reader, id_)
    require_reader(actor, "playlists", uuid.UUID(found["project_id"]))
    records = list(_entries(reader, found))
    rows = [[shown(record.get(key)) for key in COLUMNS.values()] for record in records]
    return ExportedPlaylist(found["name"], lines([list(COLUMNS), *rows]))


def _one(reader: Reader, id_: str) -> dict[str, Any]:
    text = reader.one(Query(facet("Playlist"), _PLAYLIST, Where("id", Op.EQ, id_)), CSV)
    if text is None:
        raise NotFound(f"Playlist {id_} not found.")
    found: dict[str, Any] = orjson.loads(text)
    if isinstance(found["shots"], str):  # the spelling of cells writes JSON as text
        found["shots"] = orjson.loads(found["shots"])
    return found


def _entries(reader: Reader, playlist: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is known of each entry; nothing of an entity or a take that the actor does not see."""
    entries = playlist["shots"] or []
    entities = _rows(reader, "Entity", _ENTITY, [entry.get("entity_id") for entry in entries])
    takes = _rows(reader, "PreviewFile", _TAKE, [entry.get("preview_file_id") for entry in entries])
    for position, entry in enumerate(entries, 1):
        take = takes.get(entry.get("preview_file_id"), {})
        yield {
            "project": playlist["project"],
            "playlist": playlist["name"],
            "position": position,
            **entities.get(entry.get("entity_id"), {}),
            **take,
            **(take.get("last") or {}),
        }


def _rows(reader: Reader, kind: str, projection: Projection, ids: list[Any]) -> dict[Any, dict[str, Any]]:
    wanted = Where("id", Op.IN, [id_ for id_ in ids if id_])
    text = reader.page(Query(facet(kind), projection, wanted), CSV).text
    return {row["id"]: row for row in rows_of(text)}
