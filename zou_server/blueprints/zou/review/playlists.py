"""Playlists as gazu.playlist and Kitsu read them: with the takes of every entity in them."""

from __future__ import annotations

from collections.abc import Mapping
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
from zou_server.blueprints.zou.review.playlist_takes import (
    OF_TAKE,
    SHOWN_ENTITY,
    TAKE_SHOWN,
    EntityTakes,
    TakesOptions,
    TasksToPlay,
    TemporaryPlaylist,
    WholePlaylist,
)
from zou_server.blueprints.zou.shapes import ID
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, one_of, or_null, parameter, ref, thing
from zou_server.models.conditions import (
    All,
    Condition,
    Not,
    Op,
    Order,
    Query,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
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
    schema: Schema = row_schema("PreviewFile", TAKE_SHOWN)["properties"][key]
    return schema


_TAKE_ALONE = rows_called("Take", "PreviewFile", TAKE_SHOWN)
_FIRST_TAKE: Schema = {
    "allOf": [_TAKE_ALONE],
    "properties": {"previews": {**listed(_TAKE_ALONE), "description": "Others of the revision."}},
}
_BY_STEP: Schema = {"type": "object", "additionalProperties": listed(_FIRST_TAKE)}
_ENTRY: Schema = thing(
    {
        **row_schema("Entity", SHOWN_ENTITY)["properties"],
        "entity_id": row_schema("Entity", SHOWN_ENTITY)["properties"]["id"],
        **{key: or_null(_of_take(of_take)) for key, of_take in OF_TAKE},
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
