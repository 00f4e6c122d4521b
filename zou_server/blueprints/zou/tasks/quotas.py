"""`/data/projects/<p>/quotas/...`: what people finish in a day, a week, a month, as Kitsu shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import below_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import Schema, one_of, parameter
from zou_server.footage.frame_rate import USUAL_RATE, rate_or_none
from zou_server.models.conditions import All, Condition, Form, Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.read.reader import Reader, rows_of
from zou_server.services.tasks.count_quotas import (
    SPANS,
    Finished,
    Moment,
    Share,
    Spent,
    count_quotas,
    weighted_shares,
    whole_shares,
)
from zou_server.services.tasks.local_days import zone
from zou_server.web import current_actor, json_text

MODES: Mapping[str, tuple[str, bool]] = {
    # count_mode: the date that says a task came to its end, and whether it is spread over days
    "weighted": ("end_date", True),
    "weighteddone": ("done_date", True),
    "feedback": ("end_date", False),
    "done": ("done_date", False),
}
_TASK = Projection(
    (
        Output("id", "id"),
        Output("task_type_id", "task_type_id"),
        Output("assignees", "assignees", Form.LINKS),
        Output("started", "real_start_date"),
        Output("end_date", "end_date"),
        Output("done_date", "done_date"),
        Output("frames", "entity[Shot].nb_frames"),
        Output("drawings", "nb_drawings"),
    )
)
_SPENT = Projection(
    tuple(Output(key, key) for key in ("task_id", "person_id", "date", "duration")),
)
_PROJECT = Projection((Output("fps", "fps"),))
_PERSON = Projection((Output("id", "id"), Output("timezone", "timezone")))

Row = Mapping[str, Any]


KNOWN = frozenset({"count_mode", "studio_id", "detail", "project_id", "task_type_id", "no_cache"})
"""`detail` is the span that Kitsu will show: the answer has all of them."""


@dataclass(frozen=True, slots=True)
class QuotasOptions:
    """Whose quotas a route tells: the facet, the attribute of a task, and whether the sums are by step."""

    owner: str
    attribute: str
    by_step: bool


class Quotas(NamedResource[QuotasOptions]):
    """Quotas of a step by person, or of a person by step."""

    def get(self, project_id: str, **other: str) -> Response:
        """The sums, by what the path does not name."""
        owner, by_step = self.options.owner, self.options.by_step
        ((argument, id_),) = other.items()
        ids = {"project_id": checked_id(project_id), argument: checked_id(id_)}
        owners = (("project_id", "Project"), (argument, owner))
        reader, mode = self.studio.read(current_actor()), mode_asked()
        step = None if by_step else ids[argument]
        project = _query("Project", _PROJECT, Where("id", Op.EQ, ids["project_id"]))
        asked = _asked(ids["project_id"], mode, step)
        projects, *found = map(rows_of, below_owners(reader, owners, ids, project, *asked))
        shares = _shares(reader, mode, *found)
        mine = (share for share in shares if not by_step or share.person_id == ids[argument])
        rate = rate_or_none(projects[0]["fps"]) or USUAL_RATE
        return json_text(orjson.dumps(count_quotas(mine, float(rate), by_task_type=by_step)))


def shares_of(reader: Reader, project_id: str, mode: tuple[str, bool], step: str | None) -> Iterator[Share]:
    """Who did which part of what came to its end in a project, perhaps in one step only."""
    return _shares(reader, mode, *map(rows_of, reader.bundle(_asked(project_id, mode, step), ZOU)))


def _asked(project_id: str, mode: tuple[str, bool], step: str | None) -> list[Query]:
    """The tasks that came to their end, and the time spent on such where they are spread over it."""
    ended, is_spread = mode
    tasks = _tasks(project_id, ended, () if step is None else (Where("task_type_id", Op.EQ, step),))
    if not is_spread:
        return [tasks]
    spent = (Where("task.project_id", Op.EQ, project_id), Where(f"task.{ended}", Op.NOT_NULL))
    return [tasks, _query("TimeSpent", _SPENT, *spent)]


def _shares(
    reader: Reader, mode: tuple[str, bool], ended: list[Row], spent: Sequence[Row] = ()
) -> Iterator[Share]:
    tasks = [_finished(row, row[mode[0]]) for row in ended]
    zones = _zones(reader, {person for task in tasks for person in task.assignees})
    if not mode[1]:
        return whole_shares(tasks, zones)
    times = [Spent(row["task_id"], row["person_id"], _day(row["date"]), row["duration"]) for row in spent]
    return weighted_shares(tasks, times, zones)


def mode_asked() -> tuple[str, bool]:
    """What `count_mode` asks for: the date that ends a task, and whether it is spread over days."""
    if unknown := sorted(request.args.keys() - KNOWN):
        raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
    mode = request.args.get("count_mode", "weighted")
    if mode not in MODES:
        raise Invalid(fields={"count_mode": [f"is none of {', '.join(MODES)}"]})
    return MODES[mode]


def _query(name: str, projection: Projection, *terms: Condition) -> Query:
    return Query(facet(name), projection, All(terms))


def _tasks(project_id: str, ended: str, more: tuple[Condition, ...]) -> Query:
    terms: list[Condition] = [
        Where("project_id", Op.EQ, project_id),
        Where(ended, Op.NOT_NULL),
        Where("entity[Shot].id", Op.NOT_NULL),
        *more,
    ]
    if request.args.get("studio_id"):
        terms.append(Where("assignees.studio_id", Op.EQ, checked_id(request.args["studio_id"])))
    return _query("Task", _TASK, *terms)


def _finished(row: Row, ended: str) -> Finished:
    return Finished(
        row["id"],
        row["task_type_id"],
        row["assignees"],
        _moment(row["started"]) if row["started"] else None,
        _moment(ended),
        row["frames"] or 0,
        row["drawings"] or 0,
    )


def _zones(reader: Reader, people: Iterable[str]) -> dict[str, dt.tzinfo]:
    wanted = sorted(people)
    found = reader.rows(_query("Person", _PERSON, Where("id", Op.IN, wanted)), ZOU) if wanted else []
    return {person["id"]: zone(person["timezone"]) for person in found}


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _moment(text: str) -> Moment:
    """When a task began or ended; midnight is what is kept of a day that was given."""
    found = dt.datetime.fromisoformat(text)
    return found.date() if found.time() == dt.time() else found


# -- the routes ----------------------------------------------------------------------------------------------

_SUMS: Schema = {"type": "object", "additionalProperties": {"type": "number"}}
_SPAN: Schema = {"type": "object", "additionalProperties": _SUMS}
_ANSWER: Schema = {
    "type": "object",
    "additionalProperties": {"type": "object", "properties": dict.fromkeys(SPANS, _SPAN)},
}
PARAMETERS = (
    parameter(
        "count_mode", "query", one_of(MODES), "When a shot counts, and whether it is spread over days."
    ),
)


def _says(summary: str, text: str) -> Mapping[str, Says]:
    return {"get": Says("Task", summary, _ANSWER, text=text, parameters=PARAMETERS)}


ROUTES = (
    Named(
        "/data/projects/<project_id>/quotas/<task_type_id>",
        Quotas,
        _says("What each person finishes in a step", "Person -> sums; `total` for all of them."),
        QuotasOptions("TaskType", "task_type_id", by_step=False),
    ),
    Named(
        "/data/projects/<project_id>/quotas/persons/<person_id>",
        Quotas,
        _says("What a person finishes in each step", "Step -> sums; `total` for all of them."),
        QuotasOptions("Person", "assignees.id", by_step=True),
    ),
)
