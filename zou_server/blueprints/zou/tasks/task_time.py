"""`/actions/tasks/<t>/time-spents`: the minutes that people spent on a task, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import NUMBER
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, ref, thing
from zou_server.models.conditions import All, Op, Order, Query, Where
from zou_server.models.registry import Kind, facet
from zou_server.models.values import coerce
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

_TASK, _TIME = facet("Task"), facet("TimeSpent")
_PERSON_PATH = "/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>"


class TimeOfTask(NamedResource):
    """What was spent on a task, on one day or on all."""

    def get(self, task_id: str, date: str = "") -> Response:
        """The entries of each person by their id, and under `total` the sum of all."""
        id_ = checked_id(task_id)
        require_owners(self.studio, (("task_id", "Task"),), {"task_id": id_})
        terms = [Where("task_id", Op.EQ, id_)]
        if date:
            terms.append(Where("date", Op.EQ, coerce(Kind.DATE, date, "date")))
        query = Query(_TIME, wire_type(_TIME).projection(), All(tuple(terms)), (Order("date"),))
        rows = self.studio.read(current_actor()).rows(query, ZOU)
        found: dict[str, object] = {}
        for row in rows:
            found.setdefault(row["person_id"] or "", []).append(row)  # type: ignore[attr-defined]
        return json_text(orjson.dumps({**found, "total": sum(row["duration"] for row in rows)}))


@body
class Minutes:
    """The minutes that were spent."""

    duration: float = needed(NUMBER)


@dataclass(frozen=True, slots=True)
class TimeOptions:
    """Whether the minutes are added to those that are there, or set."""

    adds: bool


class TimeOfDay(NamedResource[TimeOptions]):
    """What one person spent on a task on one day."""

    def post(self, task_id: str, date: str, person_id: str, sent: Minutes) -> Response:
        """Set the minutes, or add to them; the answer is the entry."""
        values = {**_place(date, person_id), "duration": sent.duration, "add": self.options.adds}
        with self.studio.write(current_actor()) as work:
            made = work.execute([Act("spend-time", _TASK, checked_id(task_id), values)])[0]
            query = Query(_TIME, wire_type(_TIME).projection(), Where("id", Op.EQ, str(made.id)))
            text = work.read.one(query, ZOU)
            work.commit()
        return json_text(text or "null", 201)


class RemovableTimeOfDay(TimeOfDay):
    """The same, which can be taken away too."""

    def delete(self, task_id: str, date: str, person_id: str) -> Response:
        """Take the entry away."""
        with self.studio.write(current_actor()) as work:
            work.execute([Act("forget-time", _TASK, checked_id(task_id), _place(date, person_id))])
            work.commit()
        return Response(status=204)


def _place(date: str, person_id: str) -> dict[str, object]:
    return {"date": coerce(Kind.DATE, date, "date"), "person_id": checked_id(person_id)}


_DATE: Schema = {"type": "string", "format": "date"}
_SUMS = thing({"total": {"type": "number"}}, ("total",), additionalProperties=listed(ref("TimeSpent")))


def _written(summary: str) -> Says:
    return Says(
        "TimeSpent",
        summary,
        ref("TimeSpent"),
        status=201,
        text="The entry, in minutes.",
        sends=Minutes,
        refused=(404, 413),
    )


ROUTES = (
    Named(
        "/actions/tasks/<task_id>/time-spents",
        TimeOfTask,
        {"get": Says("TimeSpent", "Time spent on a task", _SUMS, text="Entries by person, and their sum.")},
    ),
    Named(
        "/actions/tasks/<task_id>/time-spents/<date>",
        TimeOfTask,
        {
            "get": Says(
                "TimeSpent",
                "Time spent on a task on a day",
                _SUMS,
                text="Entries by person, and their sum.",
            )
        },
        arguments={"date": _DATE},
    ),
    Named(
        _PERSON_PATH,
        RemovableTimeOfDay,
        {
            "post": _written("Set the time that a person spent on a task on a day"),
            "delete": Says(
                "TimeSpent",
                "Take away the time that a person spent on a task on a day",
                status=204,
                text="It is gone.",
            ),
        },
        TimeOptions(adds=False),
        {"date": _DATE},
    ),
    Named(
        f"{_PERSON_PATH}/add",
        TimeOfDay,
        {"post": _written("Add to the time that a person spent on a task on a day")},
        TimeOptions(adds=True),
        {"date": _DATE},
    ),
)
