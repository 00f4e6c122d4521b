"""Quotas: how many shots, frames, drawings and seconds people finish in a day, a week, a month.

A shot counts on the day when its task first asked for feedback (or was done), spread over the days on
which time was spent on it; without any time over the working days from its start. Whoever spent time on
it, or else is assigned to it, gets their share. What is known to the moment is on the day that it was for
each of these people; what was given as a day stays on it. Source: docs/protocols/zou.md 16 (quotas).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zou_server.services.tasks.local_days import local_day

Moment = dt.date | dt.datetime
"""A day that somebody gave, or a moment, which is on another day elsewhere."""

Zones = Mapping[str, dt.tzinfo]
"""Where people live, by their ids."""

NOWHERE: Zones = {}

WEEKEND = 5
"""`date.weekday()` of Saturday."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A task of a shot that came to its end."""

    id: str
    task_type_id: str
    assignees: Sequence[str]
    started: Moment | None
    ended: Moment
    frames: int
    drawings: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes of a person on a task on a day."""

    task_id: str
    person_id: str
    day: dt.date
    minutes: float


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a finished task that a person did on a day; all parts of a task make 1."""

    task: Finished
    person_id: str
    day: dt.date
    part: float


def weighted_shares(
    tasks: Iterable[Finished], spent: Iterable[Spent], zones: Zones = NOWHERE
) -> Iterator[Share]:
    """Each task spread by the time spent on it, or over its working days among its assignees."""
    by_task: dict[str, list[Spent]] = {}
    for entry in spent:
        if entry.minutes > 0:
            by_task.setdefault(entry.task_id, []).append(entry)
    for task in tasks:
        entries = by_task.get(task.id, [])
        total = sum(entry.minutes for entry in entries)
        for entry in entries:
            yield Share(task, entry.person_id, entry.day, entry.minutes / total)
        if not entries:
            yield from _by_days(task, zones)


def whole_shares(tasks: Iterable[Finished], zones: Zones = NOWHERE) -> Iterator[Share]:
    """Each task on the day it ended, once for each assignee."""
    for task in tasks:
        for person in task.assignees:
            yield Share(task, person, _day_of(task.ended, person, zones), 1.0)


def _by_days(task: Finished, zones: Zones) -> Iterator[Share]:
    for person in task.assignees:
        last = _day_of(task.ended, person, zones)
        first = last if task.started is None else _day_of(task.started, person, zones)
        days = list(_working_days(first, last)) or [last]
        for day in days:
            yield Share(task, person, day, 1 / len(days))


def _day_of(moment: Moment, person: str, zones: Zones) -> dt.date:
    return local_day(moment, zones.get(person, dt.UTC)) if isinstance(moment, dt.datetime) else moment


def _working_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        if day.weekday() < WEEKEND:
            yield day
        day += dt.timedelta(days=1)


MEASURES = ("frames", "seconds", "count", "drawings")


SPANS = ("day", "week", "month", "year")


def count_quotas(shares: Iterable[Share], fps: float, *, by_task_type: bool = False) -> dict[str, Any]:
    """Person (or task type) -> {"day" | "week" | "month" | "year": {measure: {date: sum}}}, and "total".

    `entries` of days says for each month, `entries` of weeks and months for each year, how many of them
    have anything in them, to make averages with. "total" is of everybody; without any share there is none.
    """
    quotas: dict[str, Any] = {}
    for share in shares:
        values, dates = _values(share, fps), _dates(share.day)
        for key in (share.task.task_type_id if by_task_type else share.person_id, "total"):
            _add(quotas.setdefault(key, _nothing()), values, dates)
    return quotas


def _add(mine: dict[str, Any], values: Mapping[str, float], dates: Mapping[str, str]) -> None:
    for span, date in dates.items():
        table = mine[span]
        if span != "year" and date not in table["count"]:
            larger = dates["month"] if span == "day" else dates["year"]
            table["entries"][larger] = table["entries"].get(larger, 0) + 1
        for measure, value in values.items():
            table[measure][date] = table[measure].get(date, 0) + value


def _nothing() -> dict[str, Any]:
    more: Mapping[str, tuple[str, ...]] = {"year": ()}
    return {span: {name: {} for name in (*MEASURES, *more.get(span, ("entries",)))} for span in SPANS}


def _values(share: Share, fps: float) -> dict[str, float]:
    frames = share.task.frames * share.part
    return {
        "frames": frames,
        "seconds": frames / fps if fps else 0,
        "count": share.part,
        "drawings": share.task.drawings * share.part,
    }


def _dates(day: dt.date) -> dict[str, str]:
    year, week, _ = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{year}-{week}",
        "month": day.strftime("%Y-%m"),
        "year": str(day.year),
    }
