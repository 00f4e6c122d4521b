"""A person's time as gazu.person and Kitsu's time sheets read it: entries, sums by task, tables of everybody.

Durations are minutes. A week is the ISO week of its year.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import orjson
from flask import Response, request

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import below_owners, require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import shown
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, parameter, ref, thing
from zou_server.models.conditions import All, Condition, Op, Order, Output, Projection, Query, Tally, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.visible_rows import even_chances
from zou_server.query.totals import Totals
from zou_server.web import current_actor, json_rows, json_text

Days = tuple[dt.date, dt.date]
_PERSON = (("person_id", "Person"),)

_ENTRY = Projection(
    (
        *wire_type(facet("TimeSpent")).projection().outputs,
        Output("project_id", "task.project_id"),
        Output("project_name", "task.project.name"),
        Output("task_type_id", "task.task_type_id"),
        Output("entity_id", "task.entity_id"),
    )
)
_MINUTES = (("duration", "sum"),)
_BY_TASK = shown(
    # wire key: path from the entry
    task_id="",
    project_id="task.project_id",
    project_name="task.project.name",
    task_type_id="task.task_type_id",
    task_type_name="task.task_type.name",
    task_type_color="task.task_type.color",
    entity_id="task.entity_id",
    entity_name="task.entity.name",
    entity_type_name="task.entity[Entity].entity_type.name",
    sequence_name="task.entity[Entity].sequence.name",
    episode_name="task.entity[Entity].episode.name",
)
_DURATION = shown(duration="")


# -- spans of days -------------------------------------------------------------------------------------------


def day_of(text: str, name: str = "date") -> dt.date:
    """A day from a path or a parameter; Invalid when there is no such day."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"{name}: '{text[:40]}' is not a date (YYYY-MM-DD).", {name: ["is not a date"]}
        ) from None


def day(year: str, month: str, day: str) -> Days:
    """One day."""
    found = _day(_number(year, "year"), _number(month, "month"), _number(day, "day"))
    return found, found


def week(year: str, week: str) -> Days:
    """Monday to Sunday of an ISO week."""
    try:
        first = dt.date.fromisocalendar(_number(year, "year"), _number(week, "week"), 1)
        return first, first + dt.timedelta(days=6)
    except (ValueError, OverflowError):
        raise Invalid(f"There is no week {week[:10]} in {year[:10]}.", {"week": ["does not exist"]}) from None


def month(year: str, month: str) -> Days:
    """The first to the last day of a month."""
    first = _day(_number(year, "year"), _number(month, "month"), 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def year(year: str) -> Days:
    """The whole year."""
    number = _number(year, "year")
    return _day(number, 1, 1), _day(number, 12, 31)


def weeks_of(year: str) -> Days:
    """Monday of the first ISO week of a year to Sunday of its last: weeks belong to one year each."""
    number = _number(year, "year")
    last = _day(number, 12, 28).isocalendar().week  # the 28th is always in the last week
    return week(year, "1")[0], week(year, str(last))[1]


def always() -> Days:
    """Every day there is."""
    return dt.date.min, dt.date.max


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Invalid(f"There is no day {year}-{month}-{day}.", {"date": ["does not exist"]}) from None


def _number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:  # noqa: PLR2004 - the digits of a year
        raise Invalid(f"{name}: '{text[:40]}' is not a number.", {name: ["is not a number"]})
    return int(text)


def between(days: Days, path: str = "date") -> Condition:
    """The condition that a date is in a span of days."""
    return Where(path, Op.BETWEEN, [days[0].isoformat(), days[1].isoformat()])


# -- one person ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpanOptions:
    """The span that the arguments of a path name, and the part of a date that makes a column of a table."""

    span: Callable[..., Days] = always
    part: str = ""


class _OfPerson(NamedResource[SpanOptions]):
    """What all reports of one person share."""

    def _condition(self, person_id: str) -> Condition:
        """Their own rows; NotFound when there is no such person."""
        id_ = checked_id(person_id)
        require_owners(self.studio, _PERSON, {"person_id": id_})
        return Where("person_id", Op.EQ, id_)

    def _rows(self, projection: Projection, *terms: Condition) -> Response:
        query = Query(facet("TimeSpent"), projection, All(terms), (Order("date"), Order("created_at")))
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


class TimeEntries(_OfPerson):
    """The entries of a person, between `start_date` and `end_date` when they are given."""

    def get(self, person_id: str) -> Response:
        """Every entry of the span, both days included."""
        unknown = sorted(request.args.keys() - {"start_date", "end_date"})
        if unknown:
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        terms = [self._condition(person_id)]
        for name, op in (("start_date", Op.GE), ("end_date", Op.LE)):
            if name in request.args:
                terms.append(Where("date", op, day_of(request.args[name], name).isoformat()))
        return self._rows(_ENTRY, *terms)


class EntriesOfDay(_OfPerson):
    """The entries of a person on one day."""

    def get(self, person_id: str, date: str) -> Response:
        """Every entry of the day."""
        return self._rows(_ENTRY, self._condition(person_id), Where("date", Op.EQ, day_of(date).isoformat()))


class EntriesOfSpan(_OfPerson):
    """The entries of a person in a span that the path names, one by one."""

    def get(self, person_id: str, **parts: str) -> Response:
        """Every entry of the span."""
        return self._rows(_ENTRY, self._condition(person_id), between(self.options.span(**parts)))


class TimeByTask(_OfPerson):
    """The time of a person in a span, summed up for each task."""

    def get(self, person_id: str, **parts: str) -> Response:
        """One object for each task that time was spent on, with its names."""
        ids = {"person_id": checked_id(person_id)}
        # Of unknown days PostgreSQL expects next to nothing, and plans each time: of these, always the half.
        days = even_chances(between(self.options.span(**parts)))
        terms = All((Where("person_id", Op.EQ, ids["person_id"]), days, *_in_project(of_one=True)))
        tally = Tally(Query(facet("TimeSpent"), _BY_TASK, terms), _BY_TASK, _DURATION, has_amount=False)
        (summed,) = below_owners(self.studio.read(current_actor()), _PERSON, ids, tally)
        return json_text(f"[{summed}]")


def _in_project(*, of_one: bool = False) -> Iterator[Condition]:
    """`?project_id=` narrows a report; `studio_id` does where it is of more than `of_one` person."""
    if unknown := sorted(request.args.keys() - {"project_id", "studio_id", "no_cache"}):
        raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
    if request.args.get("project_id"):
        yield Where("task.project_id", Op.EQ, checked_id(request.args["project_id"]))
    if request.args.get("studio_id") and not of_one:
        yield Where("person.studio_id", Op.EQ, checked_id(request.args["studio_id"]))


# -- everybody -----------------------------------------------------------------------------------------------


class TimeTable(NamedResource[SpanOptions]):
    """Minutes of everybody: number of the day, week, month or year -> person -> minutes."""

    def get(self, **parts: str) -> Response:
        """The table of the span that the path names."""
        terms = (between(self.options.span(**parts)), *_in_project())
        query = Query(facet("TimeSpent"), Projection(()), All(terms))
        totals = Totals(query, (("person_id", ""), ("date", self.options.part)), _MINUTES)
        table: dict[str, dict[str, float]] = {}
        for person, number, minutes in self.studio.read(current_actor()).totals(totals):
            table.setdefault(str(number), {})[str(person)] = minutes
        return json_text(orjson.dumps(table))


# -- days off ----------------------------------------------------------------------------------------------


class DaysOff(_OfPerson):
    """The days off of a person that touch a span."""

    def get(self, person_id: str = "", **parts: str) -> Response:
        """Every day off of which at least one day is in the span."""
        first, last = self.options.span(**parts)
        whose = (self._condition(person_id),) if person_id else ()
        inside = (
            Where("date", Op.LE, last.isoformat()),
            Where("end_date", Op.GE, first.isoformat()),
        )
        wire = wire_type(facet("DayOff"))
        query = Query(wire.facet, wire.projection(), All((*whose, *inside)), (Order("date"),))
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


class DayOffOn(_OfPerson):
    """The day off of a person that a day belongs to."""

    def get(self, person_id: str, date: str) -> Response:
        """The day off, or an empty object."""
        on = day_of(date).isoformat()
        inside = All((self._condition(person_id), Where("date", Op.LE, on), Where("end_date", Op.GE, on)))
        wire = wire_type(facet("DayOff"))
        text = self.studio.read(current_actor()).one(Query(wire.facet, wire.projection(), inside), ZOU)
        return json_text(text or "{}")


# -- the routes ----------------------------------------------------------------------------------------------

_NUMBER: Schema = {"type": "string", "pattern": "^[0-9]{1,4}$"}
_DATE: Schema = {"type": "string", "format": "date"}
_PARTS = {"year": _NUMBER, "month": _NUMBER, "week": _NUMBER, "day": _NUMBER, "date": _DATE}
_NARROW = tuple(
    parameter(name, "query", ref("Id"), f"Only time of this {word}.")
    for name, word in (("project_id", "project"), ("studio_id", "site of people"))
)
_SUMS: Schema = listed(
    thing(
        {
            **row_schema("TimeSpent", _BY_TASK)["properties"],
            "duration": {"type": "number"},
        },
        (*(output.key for output in _BY_TASK.outputs), "duration"),
    )
)
_TABLE: Schema = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "number"}},
}
_SPANS: Mapping[str, tuple[str, Callable[..., Days]]] = {
    "day": ("day/<year>/<month>/<day>", day),
    "week": ("week/<year>/<week>", week),
    "month": ("month/<year>/<month>", month),
    "year": ("year/<year>", year),
}
_TABLES: Mapping[str, tuple[str, Callable[..., Days], str]] = {
    # path: what it says, its span, the part of the date that makes a column
    "day-table/<year>/<month>": ("days of a month", month, "day"),
    "week-table/<year>": ("weeks of an ISO year", weeks_of, "week"),
    "month-table/<year>": ("months of a year", year, "month"),
    "year-table": ("years", always, "year"),
}


def _named(
    path: str, resource: type[NamedResource[SpanOptions]], says: Says, options: SpanOptions = SpanOptions()
) -> Named[SpanOptions]:
    arguments = {name: schema for name, schema in _PARTS.items() if f"<{name}>" in path}
    return Named(f"/data/persons/{path}", resource, {"get": says}, options, arguments)


def _said(summary: str, schema: Schema, *more: Schema, about: str = "TimeSpent", owned: bool = True) -> Says:
    refused = (404,) if owned else ()
    return Says(about, summary, schema, text="The rows.", parameters=more, refused=refused)


_ROWS = listed(ref("TimeSpent"))
_OFF = listed(ref("DayOff"))
_RANGE = tuple(
    parameter(name, "query", _DATE, f"The {word} day.")
    for name, word in (("start_date", "first"), ("end_date", "last"))
)

ROUTES = (
    _named("<person_id>/time-spents", TimeEntries, _said("List the time of a person", _ROWS, *_RANGE)),
    _named("<person_id>/time-spents/<date>", EntriesOfDay, _said("List a person's time of a day", _ROWS)),
    _named(
        "<person_id>/time-spents/month/all/<year>/<month>",
        EntriesOfSpan,
        _said("List a person's time of a month", _ROWS),
        SpanOptions(month),
    ),
    *(
        _named(
            f"<person_id>/time-spents/{path}",
            TimeByTask,
            _said(f"Sum up a person's time by task, for a {name}", _SUMS, *_NARROW),
            SpanOptions(span),
        )
        for name, (path, span) in _SPANS.items()
    ),
    *(
        _named(
            f"time-spents/{path}",
            TimeTable,
            _said(f"Sum up everybody's time by the {words}", _TABLE, *_NARROW, owned=False),
            SpanOptions(span, part),
        )
        for path, (words, span, part) in _TABLES.items()
    ),
    *(
        _named(
            f"<person_id>/day-offs/{_SPANS[name][0]}",
            DaysOff,
            _said(f"List a person's days off of a {name}", _OFF, about="DayOff"),
            SpanOptions(_SPANS[name][1]),
        )
        for name in ("week", "month", "year")
    ),
    _named(
        "<person_id>/day-offs/<date>",
        DayOffOn,
        _said(
            "Read the day off that a day belongs to", {"anyOf": [ref("DayOff"), thing({})]}, about="DayOff"
        ),
    ),
    _named(
        "day-offs/<year>/<month>",
        DaysOff,
        _said("List everybody's days off of a month", _OFF, about="DayOff", owned=False),
        SpanOptions(month),
    ),
    _named(
        "day-offs/<year>",
        DaysOff,
        _said("List everybody's days off of a year", _OFF, about="DayOff", owned=False),
        SpanOptions(year),
    ),
)
