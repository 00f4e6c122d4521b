"""The people of a project by day: their days off, and the time they spent in a step."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.people.person_time import day_of
from zou_server.blueprints.zou.rows import json_of, rows_of, same, usual_rows
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, parameter, ref
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Condition, Op, Order, Where
from zou_server.models.errors import Invalid
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.web import current_actor

SPAN = ("start_date", "end_date")
_BY_DATE = (Order("date"),)


def _asked(last: str) -> list[Condition]:
    """The span of the request; `last` is where a row says its last day."""
    if unknown := sorted(request.args.keys() - {*SPAN, "no_cache"}):
        raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
    found: list[Condition] = []
    for name, path, op in (("start_date", last, Op.GE), ("end_date", "date", Op.LE)):
        if request.args.get(name):
            found.append(Where(path, op, day_of(request.args[name], name).isoformat()))
    return found


def _by_person(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row)
    return found


class ProjectDaysOff(NamedResource):
    """The days off of everybody on the team, for who leads the project."""

    def get(self, project_id: str) -> Response:
        """Person -> their days off that touch the span."""
        id_, actor = checked_id(project_id), current_actor()
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        require(actor, "own_days", "read_team", "see the days off of this team", uuid.UUID(id_))
        team = same("person.projects.id", id_)
        # A supervisor plans with the days of the team, and does not see those of the studio.
        rows = usual_rows(self.studio.read(SYSTEM), "DayOff", team, *_asked("end_date"), order=_BY_DATE)
        return json_of(_by_person(rows))


class StepTime(NamedResource):
    """The time that people spent on the tasks of a step in a project."""

    def get(self, project_id: str, task_type_id: str) -> Response:
        """Person -> what they spent in the span."""
        ids = {"project_id": checked_id(project_id), "task_type_id": checked_id(task_type_id)}
        require_owners(self.studio, (("project_id", "Project"), ("task_type_id", "TaskType")), ids)
        here = (same("task.project_id", ids["project_id"]), same("task.task_type_id", ids["task_type_id"]))
        shown = wire_type(facet("TimeSpent")).projection()
        reader = self.studio.read(current_actor())
        return json_of(
            _by_person(rows_of(reader, "TimeSpent", shown, *here, *_asked("date"), order=_BY_DATE))
        )


_DATE: Schema = {"type": "string", "format": "date"}
_SPAN = tuple(
    parameter(name, "query", _DATE, f"The {word} day.")
    for name, word in zip(SPAN, ("first", "last"), strict=True)
)


def _says(about: str, summary: str, refused: tuple[int, ...] = (404,)) -> Says:
    rows: Schema = {"type": "object", "additionalProperties": listed(ref(about))}
    return Says(about, summary, rows, text="By person.", parameters=_SPAN, refused=refused)


ROUTES = (
    Named(
        "/data/projects/<project_id>/day-offs",
        ProjectDaysOff,
        {"get": _says("DayOff", "List the days off of a team", (403, 404))},
    ),
    Named(
        "/data/projects/<project_id>/task-types/<task_type_id>/time-spents",
        StepTime,
        {"get": _says("TimeSpent", "List the time spent on a step of a project")},
    ),
)
