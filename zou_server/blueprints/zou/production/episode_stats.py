"""How far a TV show is: what the shots of each episode stand at, and how often they were done again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import below_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.rows import json_of, same
from zou_server.description import Schema, parameter
from zou_server.models.conditions import All, Condition, Op, Output, Projection, Query, Tally, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.read.reader import rows_of
from zou_server.web import current_actor

if TYPE_CHECKING:
    from flask import Response

Row = Mapping[str, Any]
ALL = "all"
STATES = ("done", "retake", "other")

_EPISODE = Output("episode", "entity[Shot].episode_id")
_STEP = Output("step", "task_type_id")
_BY_STATUS = Projection(
    (
        _EPISODE,
        _STEP,
        Output("status", "task_status_id"),
        Output("name", "task_status.code"),
        Output("color", "task_status.color"),
    )
)
_BY_RETAKE = Projection(
    (
        _EPISODE,
        _STEP,
        Output("retakes", "retake_count"),
        Output("is_done", "task_status.is_done"),
        Output("is_retake", "task_status.is_retake"),
    )
)
_SUMS = Projection((Output("frames", "entity[Shot].nb_frames"), Output("drawings", "nb_drawings")))
_PLACED = tuple(
    Where(path, Op.NOT_NULL) for path in ("entity[Shot].episode_id", "task_type_id", "task_status_id")
)
KNOWN = frozenset({"only_assigned", "no_cache"})


class _Stats(NamedResource):
    """Numbers of tasks of shots by episode and step, with "all" for the sum of all."""

    def _counts(self, project_id: str, by: Projection) -> list[dict[str, Any]]:
        id_ = checked_id(project_id)
        if unknown := sorted(request.args.keys() - KNOWN):
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        terms: list[Condition] = [same("project_id", id_), *_PLACED]
        if boolean(request.args.get("only_assigned", "false"), "only_assigned"):
            terms.append(same("assignees.id", str(current_actor().person_id)))
        tally = Tally(Query(facet("Task"), by, All(tuple(terms))), by, _SUMS)
        reader = self.studio.read(current_actor())
        (counted,) = below_owners(reader, (("project_id", "Project"),), {"project_id": id_}, tally)
        return rows_of(counted)


def _places(row: Row) -> Iterator[tuple[str, str]]:
    """Where a row counts: its episode and step, and the sums over either and both."""
    for episode in (row["episode"], ALL):
        for step in (row["step"], ALL):
            yield episode, step


def _nothing() -> dict[str, int]:
    return {"count": 0, "frames": 0, "drawings": 0}


def _add(numbers: dict[str, Any], row: Row) -> None:
    numbers["count"] += row["amount"]
    for name in ("frames", "drawings"):
        numbers[name] += row[name] or 0


class EpisodeStats(_Stats):
    """`/data/projects/<p>/episodes/stats`."""

    def get(self, project_id: str) -> Response:
        """Episode -> step -> status -> how many tasks, frames and drawings."""
        found: dict[str, Any] = {}
        for row in self._counts(project_id, _BY_STATUS):
            for episode, step in _places(row):
                said = {"name": row["name"], "color": row["color"], **_nothing()}
                _add(found.setdefault(episode, {}).setdefault(step, {}).setdefault(row["status"], said), row)
        return json_of(found)


class RetakeStats(_Stats):
    """`/data/projects/<p>/episodes/retake-stats`."""

    def get(self, project_id: str) -> Response:
        """Episode -> step -> how many are done, in retake or neither, now and after each take."""
        of_places: dict[tuple[str, str], list[Row]] = {(ALL, ALL): []}
        for row in self._counts(project_id, _BY_RETAKE):
            for place in _places(row):
                of_places.setdefault(place, []).append(row)
        found: dict[str, Any] = {}
        for (episode, step), rows in of_places.items():
            found.setdefault(episode, {})[step] = _of_takes(rows)
        return json_of(found)


def _of_takes(rows: Sequence[Row]) -> dict[str, Any]:
    """Where the tasks of a place stand now, and stood after each take."""
    most = max((row["retakes"] or 0 for row in rows), default=0)
    evolution = {str(take): _states(rows, take) for take in range(1, most + 1)}
    return {"max_retake_count": most, "evolution": evolution, **_states(rows, most)}


def _states(rows: Iterable[Row], take: int) -> dict[str, dict[str, int]]:
    """What stands where after a take: in retake as long as another one came, then where it stands now."""
    states = {state: _nothing() for state in STATES}
    for row in rows:
        _add(states["retake" if take < (row["retakes"] or 0) else _state(row)], row)
    return states


def _state(row: Row) -> str:
    return "done" if row["is_done"] else "retake" if row["is_retake"] else "other"


_BY_EPISODE: Schema = {"type": "object", "additionalProperties": {"type": "object"}}
_MINE = (parameter("only_assigned", "query", {"type": "boolean"}, "Only the tasks of the caller."),)

ROUTES = tuple(
    Named(
        f"/data/projects/<project_id>/episodes/{path}",
        resource,
        {"get": Says("Episode", summary, _BY_EPISODE, text="By episode and step.", parameters=_MINE)},
    )
    for path, resource, summary in (
        ("stats", EpisodeStats, "Where the tasks of the shots of each episode stand"),
        ("retake-stats", RetakeStats, "How often the shots of each episode were done again"),
    )
)
