"""`/data/persons/presence-logs/<month>`: who logged in on their computer, on which of their days."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.people.person_time import month
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.models.conditions import All, Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.tasks.local_days import local_day, zone
from zou_server.web import current_actor


class PresenceLog(NamedResource):
    """Who logged in on their computer on which days of a month, as a spreadsheet."""

    def get(self, month_date: str) -> Response:
        """One line for each person, one column for each day; X where they logged in."""
        require(current_actor(), "person", "read_presence", "read presence logs")
        first, last = month(*_year_and_month(month_date))
        keys = ("id", "full_name", "timezone")
        people = self._rows("Person", keys, Where("is_bot", Op.EQ, value=False), "full_name")
        span = All((Where("date", Op.GE, _moved(first, -1)), Where("date", Op.LT, _moved(last, 2))))
        logs = self._rows("DesktopLoginLog", ("person_id", "date"), span, "date")
        zones = {person["id"]: zone(person["timezone"]) for person in people}
        present = {
            (log["person_id"], local_day(dt.datetime.fromisoformat(log["date"]), zones[log["person_id"]]))
            for log in logs
            if log["person_id"] in zones
        }
        days = range(1, last.day + 1)
        out = io.StringIO()
        sheet = csv.writer(out, delimiter=";")
        sheet.writerow([str(first.year), *(f"{number:02}" for number in days)])
        for person in people:
            marks = ("X" if (person["id"], first.replace(day=number)) in present else "" for number in days)
            sheet.writerow([person["full_name"], *marks])
        return Response(out.getvalue(), mimetype="text/csv")

    def _rows(self, name: str, keys: tuple[str, ...], where: Condition, order: str) -> list[dict[str, Any]]:
        query = Query(
            facet(name), Projection(tuple(Output(key, key) for key in keys)), where, (Order(order),)
        )
        found: list[dict[str, Any]] = orjson.loads(
            f"[{self.studio.read(current_actor()).page(query, ZOU).text}]"
        )
        return found


def _moved(day: dt.date, days: int) -> str:
    """A day so many later; the first and the last that there are stay."""
    try:
        return (day + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return day.isoformat()


def _year_and_month(text: str) -> tuple[str, str]:
    year_, _, month_ = text.partition("-")
    return year_, month_


ROUTES = (
    Named(
        "/data/persons/presence-logs/<month_date>",
        PresenceLog,
        {
            "get": Says(
                "DesktopLoginLog",
                "Who logged in on their computer, by the days of a month",
                {"type": "string"},
                media="text/csv",
                text="One line for each person.",
                refused=(),
            )
        },
        arguments={"month_date": {"type": "string", "pattern": "^[0-9]{1,4}-[0-9]{1,2}$"}},
    ),
)
