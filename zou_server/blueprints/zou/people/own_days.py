"""The caller's own things: the time they spent, the days they are off, their picture and their log-ins."""

from __future__ import annotations

from flask import Response, request

from zou_server.blueprints.zou.crud import create, json_body, list_rows
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import ListRequest, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import payload_values, wire_type
from zou_server.description import SENT, listed, parameter, ref, thing
from zou_server.models.conditions import All, AnyOf, Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.models.values import coerce
from zou_server.services.people.clear_avatar import clear_avatar
from zou_server.web import current_actor, json_text

WITH_PLACE = Projection(
    (
        *wire_type(facet("TimeSpent")).projection().outputs,
        Output("project_id", "task.project_id"),
        Output("task_type_id", "task.task_type_id"),
    )
)
BOTH_ENDS = "If querying for a range of dates, both a `start_date` and an `end_date` must be given."


def _mine(*terms: Condition) -> Condition:
    return All((Where("person_id", Op.EQ, str(current_actor().person_id)), *terms))


def _date(value: str) -> str:
    return str(coerce(Kind.DATE, value, "date"))


class _Entries(NamedResource):
    """Some of the caller's entries."""

    def listed(self, where: Condition, projection: Projection) -> Response:
        """The entries, day by day."""
        order = (Order("date"), Order("created_at"))
        query = Query(facet("TimeSpent"), projection, where, order)
        return json_text(f"[{self.studio.read(current_actor()).page(query, ZOU).text}]")


class OwnTime(_Entries):
    """`/data/user/time-spents`."""

    def get(self) -> Response:
        """The caller's entries, from `start_date` to `end_date` where they are given."""
        ends = [request.args.get(name) for name in ("start_date", "end_date")]
        if (ends[0] is None) != (ends[1] is None):
            raise Invalid(BOTH_ENDS)
        where = _mine(*((Where("date", Op.BETWEEN, ends),) if ends[0] is not None else ()))
        return self.listed(where, WITH_PLACE)


class OwnTimeOfDay(_Entries):
    """`/data/user/time-spents/<date>`."""

    def get(self, date: str) -> Response:
        """The caller's entries of a day."""
        where = _mine(Where("date", Op.EQ, _date(date)))
        return self.listed(where, wire_type(facet("TimeSpent")).projection())


class OwnTimeOnTask(NamedResource):
    """`/data/user/tasks/<task_id>/time-spents/<date>`."""

    def get(self, task_id: str, date: str) -> Response:
        """The caller's entry for a task on a day; an empty object when there is none."""
        id_ = checked_id(task_id)
        require_owners(self.studio, (("task_id", "Task"),), {"task_id": id_})
        where = _mine(Where("task_id", Op.EQ, id_), Where("date", Op.EQ, _date(date)))
        query = Query(facet("TimeSpent"), wire_type(facet("TimeSpent")).projection(), where)
        return json_text(self.studio.read(current_actor()).one(query, ZOU) or "{}")


class OwnDayOff(NamedResource):
    """`/data/user/day-offs/<date>`."""

    def get(self, date: str) -> Response:
        """The caller's day off that a date falls in; an empty object when they work."""
        day = _date(date)
        ends = AnyOf((Where("date", Op.EQ, day), Where("end_date", Op.GE, day)))
        where = _mine(Where("date", Op.LE, day), ends)
        query = Query(facet("DayOff"), wire_type(facet("DayOff")).projection(), where)
        return json_text(self.studio.read(current_actor()).one(query, ZOU) or "{}")


class ClearOwnAvatar(NamedResource):
    """`/actions/user/clear-avatar`."""

    def delete(self) -> Response:
        """Take the caller's picture away."""
        actor = current_actor()
        with self.studio.write(actor) as work:
            clear_avatar(work, self.parts.storage, facet("Person"), actor.person_id)
            work.commit()
        return Response(status=204)


class OwnLogIns(NamedResource):
    """`/data/user/desktop-login-logs`."""

    def get(self) -> Response:
        """When the caller logged in on their computer."""
        return list_rows(self.studio, wire_type(facet("DesktopLoginLog")), ListRequest(condition=_mine()))

    def post(self) -> Response:
        """Note that they just did, or at the `date` they say."""
        wire = wire_type(facet("DesktopLoginLog"))
        return create(self.studio, wire, payload_values(wire, json_body(), creating=True))


_DAY = {"date": {"type": "string", "format": "date"}}
_ENDS = tuple(
    parameter(name, "query", _DAY["date"], "A day; the other end must be given too.")
    for name in ("start_date", "end_date")
)

ROUTES = (
    Named(
        "/data/user/time-spents",
        OwnTime,
        {
            "get": Says(
                "TimeSpent",
                "List the caller's time",
                listed(row_schema("TimeSpent", WITH_PLACE)),
                parameters=_ENDS,
                refused=(),
            )
        },
    ),
    Named(
        "/data/user/time-spents/<date>",
        OwnTimeOfDay,
        {"get": Says("TimeSpent", "List the caller's time of a day", listed(ref("TimeSpent")), refused=())},
        arguments=_DAY,
    ),
    Named(
        "/data/user/tasks/<task_id>/time-spents/<date>",
        OwnTimeOnTask,
        {
            "get": Says(
                "TimeSpent", "Read the caller's time on a task", {"anyOf": [ref("TimeSpent"), thing({})]}
            )
        },
        arguments=_DAY,
    ),
    Named(
        "/data/user/day-offs/<date>",
        OwnDayOff,
        {
            "get": Says(
                "DayOff", "Read the caller's day off", {"anyOf": [ref("DayOff"), thing({})]}, refused=()
            )
        },
        arguments=_DAY,
    ),
    Named(
        "/actions/user/clear-avatar",
        ClearOwnAvatar,
        {
            "delete": Says(
                "Person", "Take the caller's picture away", status=204, text="It is gone.", refused=()
            )
        },
    ),
    Named(
        "/data/user/desktop-login-logs",
        OwnLogIns,
        {
            "get": Says(
                "DesktopLoginLog",
                "List the caller's log-ins",
                rows_or_page(ref("DesktopLoginLog")),
                refused=(),
            ),
            "post": Says(
                "DesktopLoginLog",
                "Note a log-in of the caller's",
                ref("DesktopLoginLog"),
                status=201,
                sends=thing({"date": SENT[Kind.DATETIME]}),
                text="The log-in.",
                refused=(413,),
            ),
        },
    ),
)
