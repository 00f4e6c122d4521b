"""The takes of a playlist and of its entities, as Kitsu shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional
from zou_server.blueprints.zou.named import NamedResource
from zou_server.blueprints.zou.navigation import below_owners, require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import BOOLEAN, IDS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import (
    All,
    Condition,
    InQuery,
    Op,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.registry import facet
from zou_server.services.previews.gather_takes import takes_by_step
from zou_server.services.read.reader import Reader, rows_of
from zou_server.web import current_actor, json_text

TAKE = (
    "id",
    "revision",
    "position",
    "name",
    "original_name",
    "extension",
    "width",
    "height",
    "duration",
    "status",
    "validation_status",
    "annotations",
    "created_at",
    "person_id",
    "task_id",
)


ORIGINAL = ("width", "height", "duration", "file_size")
"""What a take may say of the file as it was sent, in its own `data`."""


TAKE_SHOWN = Projection(
    (
        *(Output(key, key) for key in TAKE),
        Output("task_type_id", "task.task_type_id"),
        Output("entity_id", "task.entity_id"),
        *(Output(f"original_{key}", f"data.original_{key}") for key in ORIGINAL),
    )
)


_ENTITY: Mapping[str, str] = {
    # wire key: path from the entity
    "id": "id",
    "name": "name",
    "type": "kind",
    "parent_id": "parent_id",
    "parent_name": "parent.name",
    "sequence_id": "sequence_id",
    "sequence_name": "sequence.name",
    "episode_id": "episode_id",
    "episode_name": "episode.name",
    "asset_type_id": "entity_type_id",
    "asset_type_name": "entity_type.name",
    "preview_file_id": "preview_file_id",
    "nb_frames": "nb_frames",
}


SHOWN_ENTITY = Projection(tuple(Output(key, path) for key, path in _ENTITY.items()))


_SAID = ("extension", "status", "annotations", "task_id", "revision", "width", "height", "duration")
OF_TAKE = tuple((f"preview_file_{key}", key) for key in _SAID)
"""What an entry of a playlist says of its chosen take: the key there, and that of the take."""


_PROJECT = ("project_id", "Project")
_PLAYED = Projection((Output("played_id", "played_id"),))


@dataclass(frozen=True, slots=True)
class TakesOptions:
    """The facet of the entities whose takes a route lists."""

    owner: str


class EntityTakes(NamedResource[TakesOptions]):
    """The takes of one entity, by step."""

    def get(self, entity_id: str) -> Response:
        """Step -> its takes, newest first."""
        id_ = checked_id(entity_id)
        require_owners(self.studio, (("entity_id", self.options.owner),), {"entity_id": id_})
        takes = self.studio.read(current_actor()).rows(_takes_of([id_]), ZOU)
        return json_text(orjson.dumps(takes_by_step(takes)))


class WholePlaylist(NamedResource):
    """A playlist with everything that a player needs."""

    def get(self, project_id: str, playlist_id: str) -> Response:
        """The playlist; each entry with its names, its chosen take, and all takes by step."""
        ids = {"project_id": checked_id(project_id), "playlist_id": checked_id(playlist_id)}
        wire = wire_type(facet("Playlist"))
        here = All((Where("id", Op.EQ, ids["playlist_id"]), Where("project_id", Op.EQ, ids["project_id"])))
        played = InQuery("id", Query(wire.facet, _PLAYED, here), "played_id", once="played", listed=True)
        text, *rows = below_owners(
            self.studio.read(current_actor()),
            (_PROJECT,),
            ids,
            Query(wire.facet, wire.projection(relations=True), here),
            Query(facet("Entity"), SHOWN_ENTITY, played),
            _takes_where(replace(played, path="entity_id")),
        )
        playlist = orjson.loads(found_or_404(text or None, wire, ids["playlist_id"]))
        playlist["shots"] = _entries(playlist["shots"] or [], *map(rows_of, rows))
        return json_text(orjson.dumps(playlist))


@body
class TasksToPlay:
    """The tasks whose entities are to be played; sorted by name if that is asked for."""

    task_ids: list[str] = needed(IDS, missing="is not a list of ids")
    sort: bool | None = optional(BOOLEAN)


class TemporaryPlaylist(NamedResource):
    """Entries of a playlist that is not kept: the entities of some tasks."""

    def post(self, project_id: str, sent: TasksToPlay) -> Response:
        """The body names tasks; each entity comes once, with the newest take of its first task."""
        ids = {"project_id": checked_id(project_id)}
        require_owners(self.studio, (_PROJECT,), ids)
        reader, wanted = self.studio.read(current_actor()), sent.task_ids
        entries = _entries_of(_tasks(reader, ids["project_id"], wanted), wanted)
        found = detailed(reader, entries)
        if sent.sort:
            found.sort(
                key=lambda entry: ((entry["parent_name"] or "").lower(), (entry["name"] or "").lower())
            )
        return json_text(orjson.dumps(found))


def detailed(reader: Reader, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries with the names of their entities and all takes; what may not be seen is left out."""
    ids = [entry["entity_id"] for entry in entries]
    shown = Query(facet("Entity"), SHOWN_ENTITY, Where("id", Op.IN, ids))
    return _entries(entries, *(rows_of(text) for text in reader.bundle((shown, _takes_of(ids)), ZOU)))


def _entries(
    entries: list[dict[str, Any]], shown: list[dict[str, Any]], all_takes: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    entities = {row["id"]: row for row in shown}
    takes: dict[str, list[dict[str, Any]]] = {}
    for take in all_takes:
        takes.setdefault(take["entity_id"], []).append(take)
    return [
        _entry(entry, entities[entry["entity_id"]], takes.get(entry["entity_id"], []))
        for entry in entries
        if entry["entity_id"] in entities
    ]


def _entry(
    entry: Mapping[str, Any], entity: Mapping[str, Any], takes: list[dict[str, Any]]
) -> dict[str, Any]:
    """One entry: what was saved of it, its entity, its chosen take, and all takes by step."""
    chosen_id = entry.get("preview_file_id") or entry.get("newest_id") or entity["preview_file_id"]
    by_step = takes_by_step(takes)
    chosen = next((take for take in takes if take["id"] == chosen_id), {})
    found = {**entity, **entry}
    found.pop("newest_id", None)
    found["entity_id"] = entity["id"]
    found["preview_file_id"] = chosen_id
    for key, of_take in OF_TAKE:
        found[key] = chosen.get(of_take)
    found["preview_file_previews"] = chosen.get("previews", [])
    found["preview_files"] = by_step
    return found


def _entries_of(tasks: Iterable[Mapping[str, Any]], order: list[str]) -> list[dict[str, Any]]:
    """One entry for each entity, in the order in which its tasks were named."""
    by_id = {task["id"]: task for task in tasks}
    found: dict[str, dict[str, Any]] = {}
    for task_id in order:
        task = by_id.get(task_id)
        if task is not None and task["entity_id"] is not None:
            newest = {"newest_id": task["last_preview_file_id"]}
            found.setdefault(task["entity_id"], {"entity_id": task["entity_id"], **newest})
    return list(found.values())


def _tasks(reader: Reader, project_id: str, ids: list[str]) -> list[dict[str, Any]]:
    shown = Projection(tuple(Output(key, key) for key in ("id", "entity_id", "last_preview_file_id")))
    here = All((Where("id", Op.IN, ids), Where("project_id", Op.EQ, project_id)))
    return reader.rows(Query(facet("Task"), shown, here), ZOU)


def _takes_of(entity_ids: list[str]) -> Query:
    return _takes_where(Where("entity_id", Op.IN, entity_ids))


def _takes_where(of_tasks: Condition) -> Query:
    tasks = Query(facet("Task"), Projection(()), of_tasks)
    return Query(facet("PreviewFile"), TAKE_SHOWN, InQuery("task_id", tasks, "id"))
