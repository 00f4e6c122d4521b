"""The takes of a playlist in their order, with what a file of each is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.previews.keys import extension_of, rendition_key
from zou_server.services.previews.name_take import name_of_take
from zou_server.services.read.reader import Reader

_PLAIN = Spelling()
_PLAYLIST = Projection(tuple(Output(key, key) for key in ("id", "name", "shots", "project_id")))
_TAKE = Projection(
    (
        *(Output(key, key) for key in ("id", "revision", "is_movie", "source_key", "status")),
        Output("full_name", "task.entity[Entity].full_entity_name"),
        Output("step", "task.task_type.name"),
        Output("entity_id", "task.entity_id"),
    )
)


@dataclass(frozen=True, slots=True)
class PlaylistTake:
    """One take: its preview, its name for people, and where its files are."""

    id: str
    name: str
    is_movie: bool
    source_key: str

    @property
    def shown_key(self) -> str:
        """Where the movie or picture that a browser shows is kept."""
        return rendition_key("movies/originals" if self.is_movie else "pictures/previews", self.id)

    @property
    def file_name(self) -> str:
        """The name of the file as it was sent."""
        return f"{self.name}.{extension_of(self.source_key)}"


@dataclass(frozen=True, slots=True)
class PlaylistTakes:
    """A playlist and its takes that have a file."""

    id: str
    name: str
    project_id: str
    takes: tuple[PlaylistTake, ...]


def read_playlist(reader: Reader, playlist_id: str) -> PlaylistTakes:
    """The playlist as the actor sees it; NotFound when there is none."""
    text = reader.one(Query(facet("Playlist"), _PLAYLIST, Where("id", Op.EQ, playlist_id)), _PLAIN)
    if text is None:
        raise NotFound(f"Playlist {playlist_id} not found.")
    found: dict[str, Any] = json.loads(text)
    ids = [entry["preview_file_id"] for entry in found["shots"] or [] if entry.get("preview_file_id")]
    query = Query(facet("PreviewFile"), _TAKE, Where("id", Op.IN, ids))
    rows = {row["id"]: row for row in json.loads(f"[{reader.page(query, _PLAIN).text}]")}
    takes = (_take(rows[id_]) for id_ in ids if id_ in rows and rows[id_]["source_key"])
    return PlaylistTakes(found["id"], found["name"], found["project_id"], tuple(takes))


def _take(row: dict[str, Any]) -> PlaylistTake:
    return PlaylistTake(row["id"], name_of_take(row), bool(row["is_movie"]), row["source_key"])
