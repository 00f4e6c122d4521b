"""How far a TV show is: what the shots of each episode stand at, and how often they were done again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.rows import same
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import Schema, parameter
from zou_server.models.conditions import All, Condition, Op, Output, Projection, Query, Tally, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.web import current_actor

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
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        if unknown := sorted(request.args.keys() - KNOWN):
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        terms: list[Condition] = [same("project_id", id_), *_PLACED]
        if boolean(request.args.get("only_assigned", "false"), "only_assigned"):
            terms.append(same("assignees.id", str(current_actor().person_id)))
        tally = Tally(Query(facet("Task"), by, All(tuple(terms))), by, _SUMS)
        found: list[dict[str, Any]] = orjson.loads(f"[{self.studio.read(current_actor()).tally(tally, ZOU)}]")
        return found


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
        return _answer(found)


class RetakeStats(_Stats):
    """`/data/projects/<p>/episodes/retake-stats`."""

    def get(self, project_id: str) -> Response:
        """Episode -> step -> how many are done, in retake or neither, now and after each take."""
        rows = self._counts(project_id, _BY_RETAKE)
        found: dict[str, Any] = {ALL: {ALL: _of_takes()}}
        for row in rows:
            for episode, step in _places(row):
                _count_state(found.setdefault(episode, {}).setdefault(step, _of_takes()), row)
        for place in _all_places(found):
            of_place = [row for row in rows if place in _places(row)]
            _evolve(found[place[0]][place[1]], of_place)
        return _answer(found)


def _all_places(found: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    return [(episode, step) for episode, steps in found.items() for step in steps]


def _of_takes() -> dict[str, Any]:
    return {"max_retake_count": 0, "evolution": {}, **{state: _nothing() for state in STATES}}


def _state(row: Row) -> str:
    return "done" if row["is_done"] else "retake" if row["is_retake"] else "other"


def _count_state(numbers: dict[str, Any], row: Row) -> None:
    _add(numbers[_state(row)], row)
    numbers["max_retake_count"] = max(numbers["max_retake_count"], row["retakes"] or 0)


def _evolve(numbers: dict[str, Any], rows: Iterable[Row]) -> None:
    """What stood where after each take: in retake as long as another one came, then where it stands now."""
    for take in range(1, numbers["max_retake_count"] + 1):
        states = numbers["evolution"][str(take)] = {state: _nothing() for state in STATES}
        for row in rows:
            _add(states["retake" if take < (row["retakes"] or 0) else _state(row)], row)


def _answer(found: dict[str, Any]) -> Response:
    return Response(orjson.dumps(found), mimetype="application/json")


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
