"""Playlists as gazu.playlist and Kitsu read them: with the takes of every entity in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema, rows_called
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404, positive
from zou_server.blueprints.zou.shapes import BOOLEAN, ID, IDS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, one_of, or_null, parameter, ref, thing
from zou_server.models.conditions import (
    All,
    Condition,
    InQuery,
    Not,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.previews.gather_takes import takes_by_step
from zou_server.services.read.reader import Reader
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

PAGE = 20
"""Playlists on a page of Kitsu's list."""

ORDERS: Mapping[str, Order] = {
    # the value of sort_by: how it sorts
    "updated_at": Order("updated_at", descending=True),
    "created_at": Order("created_at", descending=True),
    "name": Order("name"),
    "for_entity": Order("for_entity"),
}
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

_TAKE = Projection(
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
_SHOWN_ENTITY = Projection(tuple(Output(key, path) for key, path in _ENTITY.items()))
_OF_TAKE = ("extension", "status", "annotations", "task_id", "revision", "width", "height", "duration")
"""What an entry of a playlist says of its chosen take, as `preview_file_...`."""

_PROJECT = ("project_id", "Project")
_OF_ALL = Where("is_for_all", Op.EQ, value=True)

WORDS: Mapping[str, tuple[Condition, ...]] = {
    # what Kitsu says for an episode: the playlists of no episode, those made for all episodes
    "": (),
    "main": (Where("episode_id", Op.NULL), Not(_OF_ALL)),
    "all": (_OF_ALL,),
}


# -- lists ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaylistsOptions:
    """Whether a list of playlists comes whole, whatever page is asked for."""

    is_whole: bool


class ProjectPlaylists(NamedResource[PlaylistsOptions]):
    """The playlists of a project or of one of its episodes: a bare list, also of a page."""

    def get(self, **ids: str) -> Response:
        """Newest change first, or by `sort_by`; `page` gives twenty at a time."""
        word = ids.get("episode_id", "") if ids.get("episode_id") in WORDS else ""
        checked = {name: checked_id(value) for name, value in ids.items() if not word or name != "episode_id"}
        owners = tuple((name, {"project_id": "Project", "episode_id": "Episode"}[name]) for name in checked)
        require_owners(self.studio, owners, checked)
        if unknown := sorted(request.args.keys() - {"page", "sort_by", "task_type_id", "no_cache"}):
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        page = None if self.options.is_whole or "page" not in request.args else _page()
        wire = wire_type(facet("Playlist"))
        query = Query(
            wire.facet,
            wire.projection(relations=True),
            All((*(Where(name, Op.EQ, value) for name, value in checked.items()), *WORDS[word], *_of_step())),
            (_order(),),
            limit=None if page is None else PAGE,
            offset=None if page is None else (page - 1) * PAGE,
        )
        rows = self.studio.read(current_actor()).rows(query, ZOU)
        return json_text(orjson.dumps([{**row, "first_preview_file_id": _first_take(row)} for row in rows]))


def _first_take(playlist: Mapping[str, Any]) -> str | None:
    """The take that a playlist opens with: its picture in Kitsu's list."""
    first: Mapping[str, Any] = next(iter(playlist["shots"] or []), {})
    return first.get("preview_file_id")


def _page() -> int:
    return positive(request.args["page"], "page")


def _order() -> Order:
    name = request.args.get("sort_by", "updated_at")
    if name not in ORDERS:
        raise Invalid(fields={"sort_by": [f"is none of {', '.join(ORDERS)}"]})
    return ORDERS[name]


def _of_step() -> tuple[Condition, ...]:
    step = request.args.get("task_type_id")
    return (Where("task_type_id", Op.EQ, checked_id(step)),) if step else ()


# -- takes ---------------------------------------------------------------------------------------------------


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
        takes = _takes(self.studio.read(current_actor()), [id_])
        return json_text(orjson.dumps(takes_by_step(takes)))


class WholePlaylist(NamedResource):
    """A playlist with everything that a player needs."""

    def get(self, project_id: str, playlist_id: str) -> Response:
        """The playlist; each entry with its names, its chosen take, and all takes by step."""
        ids = {"project_id": checked_id(project_id), "playlist_id": checked_id(playlist_id)}
        require_owners(self.studio, (_PROJECT,), ids)
        wire = wire_type(facet("Playlist"))
        reader = self.studio.read(current_actor())
        here = (Where("id", Op.EQ, ids["playlist_id"]), Where("project_id", Op.EQ, ids["project_id"]))
        text = reader.one(Query(wire.facet, wire.projection(relations=True), All(here)), ZOU)
        playlist = orjson.loads(found_or_404(text, wire, ids["playlist_id"]))
        playlist["shots"] = detailed(reader, playlist["shots"] or [])
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
    entities = {row["id"]: row for row in _rows(reader, "Entity", _SHOWN_ENTITY, Where("id", Op.IN, ids))}
    takes: dict[str, list[dict[str, Any]]] = {}
    for take in _takes(reader, ids):
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
    chosen = next((take for take in takes if take["id"] == chosen_id), {})
    said = {f"preview_file_{key}": chosen.get(key) for key in _OF_TAKE}
    kept = {key: value for key, value in entry.items() if key != "newest_id"}
    by_step = takes_by_step(takes)
    beside = (take["previews"] for step in by_step.values() for take in step if take["id"] == chosen_id)
    return {
        **entity,
        **kept,
        "entity_id": entity["id"],
        "preview_file_id": chosen_id,
        **said,
        "preview_file_previews": next(beside, []),
        "preview_files": by_step,
    }


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
    return _rows(reader, "Task", shown, Where("id", Op.IN, ids), Where("project_id", Op.EQ, project_id))


def _takes(reader: Reader, entity_ids: list[str]) -> list[dict[str, Any]]:
    tasks = Query(facet("Task"), Projection(()), Where("entity_id", Op.IN, entity_ids))
    return _rows(reader, "PreviewFile", _TAKE, InQuery("task_id", tasks, "id"))


def _rows(reader: Reader, name: str, projection: Projection, *terms: Condition) -> list[dict[str, Any]]:
    query = Query(facet(name), projection, All(terms))
    found: list[dict[str, Any]] = reader.rows(query, ZOU)
    return found


# -- changes -------------------------------------------------------------------------------------------------


@body
class PlaylistEntry:
    """An entity for a playlist, and the take of it to show."""

    entity_id: str = needed(ID)
    preview_file_id: str | None = optional(ID)


class AddEntity(NamedResource):
    """An entity at the end of a playlist."""

    def post(self, playlist_id: str, sent: PlaylistEntry) -> Response:
        """The body names it and the take to show; the answer is the playlist."""
        wire, id_ = wire_type(facet("Playlist")), checked_id(playlist_id)
        with self.studio.write(current_actor()) as work:
            work.execute([Act("add_to_playlist", wire.facet, id_, {"entry": said(sent)})])
            text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
            work.commit()
        return json_text(text)


# -- the routes ----------------------------------------------------------------------------------------------

_ROWS = listed(ref("Playlist"))


def _of_take(key: str) -> Schema:
    schema: Schema = row_schema("PreviewFile", _TAKE)["properties"][key]
    return schema


_TAKE_ALONE = rows_called("Take", "PreviewFile", _TAKE)
_FIRST_TAKE: Schema = {
    "allOf": [_TAKE_ALONE],
    "properties": {"previews": {**listed(_TAKE_ALONE), "description": "Others of the revision."}},
}
_BY_STEP: Schema = {"type": "object", "additionalProperties": listed(_FIRST_TAKE)}
_ENTRY: Schema = thing(
    {
        **row_schema("Entity", _SHOWN_ENTITY)["properties"],
        "entity_id": row_schema("Entity", _SHOWN_ENTITY)["properties"]["id"],
        **{f"preview_file_{key}": or_null(_of_take(key)) for key in _OF_TAKE},
        "preview_file_previews": listed(_TAKE_ALONE),
        "preview_files": _BY_STEP,
    },
    ("entity_id", "preview_file_id", "preview_files"),
    description="An entity to play: its names, its chosen take, and all its takes by step.",
)
_LIST_PARAMETERS = (
    parameter("page", "query", {"type": "integer", "minimum": 1}, f"{PAGE} at a time; all without it."),
    parameter("sort_by", "query", one_of(ORDERS), "By what; the newest change first without it."),
    parameter("task_type_id", "query", ref("Id"), "Only playlists of this step."),
)


def _list(path: str, summary: str, *, whole: bool = False) -> Named[PlaylistsOptions]:
    says = Says("Playlist", summary, _ROWS, text="The playlists.", parameters=_LIST_PARAMETERS)
    return Named(
        f"/data/projects/<project_id>/{path}", ProjectPlaylists, {"get": says}, PlaylistsOptions(whole)
    )


def _takes_of(path: str, owner: str) -> Named[TakesOptions]:
    summary = f"The takes of {'an' if owner[0] in 'AEIO' else 'a'} {owner}, by step"
    says = Says("PreviewFile", summary, _BY_STEP, text="Step -> its takes, newest first.")
    return Named(f"/data/{path}/<entity_id>/preview-files", EntityTakes, {"get": says}, TakesOptions(owner))


ROUTES = (
    _list("playlists", "List the playlists of a project"),
    _list("playlists/all", "List all playlists of a project", whole=True),
    _list("episodes/<episode_id>/playlists", "List the playlists of an episode"),
    Named(
        "/data/projects/<project_id>/playlists/<playlist_id>",
        WholePlaylist,
        {
            "get": Says(
                "Playlist",
                "Read a playlist with all takes of its entities",
                {"allOf": [ref("Playlist")], "properties": {"shots": listed(_ENTRY)}},
                text="The playlist, ready to be played.",
            )
        },
    ),
    Named(
        "/data/projects/<project_id>/playlists/temp",
        TemporaryPlaylist,
        {
            "post": Says(
                "Playlist",
                "The entries of a playlist that is not kept",
                listed(_ENTRY),
                sends=TasksToPlay,
                text="One entry for each entity of the tasks.",
                refused=(404, 413),
            )
        },
    ),
    _takes_of("playlists/entities", "Entity"),
    _takes_of("shots", "Shot"),
    _takes_of("concepts", "Concept"),
    _takes_of("edits", "Edit"),
    Named(
        "/actions/playlists/<playlist_id>/add-entity",
        AddEntity,
        {
            "post": Says(
                "Playlist",
                "Put an entity at the end of a playlist",
                ref("Playlist"),
                sends=PlaylistEntry,
                text="The playlist.",
                refused=(404, 413),
            )
        },
    ),
)
