"""`/data/<kind>/with-tasks`: entities with their tasks, as Kitsu's big tables read them.

Assets and shots have the keys of Zou's tables (docs/protocols/zou.md 10). With `stream=true` they come one on
each line, with `compact=true` as lists of values, after a first line that says what is where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import orjson
from flask import Response, request

from zou_server.blueprints.zou.extra_outputs import CAST_IN, FRAMES, PREVIEW_STATUS, TASKS
from zou_server.blueprints.zou.parameters import ListRequest, boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import WireType, wire_type
from zou_server.models.conditions import (
    EVERYTHING,
    All,
    AnyOf,
    Condition,
    Form,
    Op,
    Output,
    Projection,
    Where,
)
from zou_server.models.registry import facet
from zou_server.services.read.reader import Reader
from zou_server.web import json_rows

NDJSON = "application/x-ndjson"
Arguments = dict[str, list[str]]

_KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # facet: (wire key, path) of its table
    "Shot": (
        ("canceled", "canceled"),
        ("data", "data"),
        ("description", "description"),
        ("entity_type_id", "entity_type_id"),
        ("episode_id", "episode_id"),
        ("episode_name", "episode.name"),
        *((output.key, output.path) for output in FRAMES),
        ("id", "id"),
        ("name", "name"),
        ("nb_frames", "nb_frames"),
        ("parent_id", "parent_id"),
        ("preview_file_id", "preview_file_id"),
        ("project_id", "project_id"),
        ("project_name", "project.name"),
        ("sequence_id", "sequence_id"),
        ("sequence_name", "sequence.name"),
        ("source_id", "source_id"),
        ("nb_entities_out", "nb_entities_out"),
        ("is_casting_standby", "is_casting_standby"),
        ("status", "production_state"),
    ),
    "Asset": (
        ("id", "id"),
        ("name", "name"),
        ("preview_file_id", "preview_file_id"),
        ("description", "description"),
        ("asset_type_name", "entity_type.name"),
        ("asset_type_id", "entity_type_id"),
        ("canceled", "canceled"),
        ("ready_for", "ready_for"),
        ("episode_id", "source_id"),
        ("is_casting_standby", "is_casting_standby"),
        ("is_shared", "is_shared"),
        ("data", "data"),
        ("project_id", "project_id"),
        ("project_name", "project.name"),
        ("status", "production_state"),
    ),
}

_MORE: Mapping[str, tuple[Output, ...]] = {
    # facet: what its table has beside the keys of its rows
    "Episode": (Output("episode_id", "", Form.NULL),),  # it is in no other
    "Entity": (
        Output("project_name", "project.name"),
        Output("entity_concept_links", "entity_concept_links", Form.LINKS),
    ),
}

STREAMED: Mapping[str, str] = {"Asset": "asset_fields", "Shot": "shot_fields"}
"""Facets that come in lines -> what the first line calls their keys."""


@cache
def grid(kind: str) -> Projection:
    """The keys of a table: those of Zou's for assets and shots, all that a row has for the others."""
    wire = wire_type(facet(kind))
    if kind not in _KEYS:
        plain = wire.projection(relations=kind == "Concept").outputs
        return Projection((*plain, *_MORE.get(kind, ()), *FRAMES, PREVIEW_STATUS, TASKS))
    keys = [Output(key, path, style="object" if key == "data" else "") for key, path in _KEYS[kind]]
    keys += [CAST_IN] if kind == "Asset" else []
    return Projection((*keys, Output("type", wire.name, Form.LITERAL), TASKS))


@cache
def compact(kind: str) -> Projection:
    """A table as lists of values, its tasks too."""
    *keys, tasks = grid(kind).outputs
    inner = Projection((tasks.outputs or Projection(())).outputs, positional=True)
    return Projection((*keys, replace(tasks, outputs=inner)), positional=True)


def _first_line(kind: str, projection: Projection) -> str:
    """What is where in the lines that follow."""
    if not projection.positional:
        return '{"compact":false}'
    tasks = (TASKS.outputs or Projection(())).outputs
    said = {STREAMED[kind]: [o.key for o in projection.outputs], "task_fields": [o.key for o in tasks]}
    return orjson.dumps({"compact": True, **said}).decode()


def of_episode(kind: str, arguments: Arguments) -> Condition:
    """Take `episode_id` out of the arguments of a table of assets: Kitsu sends `all` and `main` too.

    An asset is in an episode when it was made for it or is cast in it; `main` are those made for none.
    """
    wanted = arguments.get("episode_id", [""])[0]
    if "episode_id" not in arguments or not (kind == "Asset" or wanted in ("all", "main")):
        return EVERYTHING
    del arguments["episode_id"]
    if wanted == "all":
        return EVERYTHING
    if wanted == "main":
        return Where("source_id", Op.NULL)
    id_ = checked_id(wanted)
    return AnyOf((Where("source_id", Op.EQ, id_), Where("entities_in.id", Op.EQ, id_)))


def in_lines(reader: Reader, wire: WireType, listed: ListRequest, arguments: Arguments) -> Response | None:
    """The table in lines, where the request asks for that and there is such a table; else None."""
    asked = {name: _flag(arguments, name) for name in ("stream", "compact")}
    kind = wire.facet.name
    if not asked["stream"] or kind not in STREAMED:
        return None
    projection = compact(kind) if asked["compact"] else grid(kind)
    query = replace(listed, projection=projection).asked(wire, arguments).query(wire)
    found = reader.lines(query, ZOU)
    return json_rows(found, f"{_first_line(kind, query.projection)}\n", "\n", NDJSON)


def _flag(arguments: Arguments, name: str) -> bool:
    return boolean(arguments.pop(name, ["false"])[0], name)


def table_arguments(kind: str, condition: Condition) -> tuple[Condition, Arguments]:
    """The condition and the arguments of a request for a table."""
    arguments = request.args.to_dict(flat=False)
    return All((condition, of_episode(kind, arguments))), arguments
