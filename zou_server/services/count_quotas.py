"""Quotas: how many shots, frames, drawings and seconds people finish in a day, a week, a month.

A shot counts on the day when its task first asked for feedback (or was done), spread over the days on
which time was spent on it; without any time over the working days from its start. Whoever spent time on
it, or else is assigned to it, gets their share. Source: zou-behaviour.md 16 (quotas).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

WEEKEND = 5
"""`date.weekday()` of Saturday."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A task of a shot that came to its end."""

    id: str
    task_type_id: str
    assignees: Sequence[str]
    started: dt.date | None
    ended: dt.date
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


def weighted_shares(tasks: Iterable[Finished], spent: Iterable[Spent]) -> Iterator[Share]:
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
            yield from _by_days(task)


def whole_shares(tasks: Iterable[Finished]) -> Iterator[Share]:
    """Each task on the day it ended, once for each assignee."""
    for task in tasks:
        for person in task.assignees:
            yield Share(task, person, task.ended, 1.0)


def _by_days(task: Finished) -> Iterator[Share]:
    days = list(_working_days(task.started or task.ended, task.ended)) or [task.ended]
    part = 1 / len(days)
    for person in task.assignees:
        for day in days:
            yield Share(task, person, day, part)


def _working_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        if day.weekday() < WEEKEND:
            yield day
        day += dt.timedelta(days=1)


MEASURES = ("frames", "seconds", "count", "drawings")


def count_quotas(shares: Iterable[Share], fps: float, *, by_task_type: bool = False) -> dict[str, Any]:
    """Person (or task type) -> {"total": sums, "day" | "week" | "month": {measure: {date: sum}, "entries"}}.

    `entries` is the number of days, weeks or months with anything in them, to make averages with.
    """
    quotas: dict[str, Any] = {}
    for share in shares:
        key = share.task.task_type_id if by_task_type else share.person_id
        mine = quotas.setdefault(key, _nothing())
        values = _values(share, fps)
        for measure, value in values.items():
            mine["total"][measure] += value
        for span, date in _dates(share.day).items():
            table = mine[span]
            if date not in table["count"]:
                table["entries"] += 1
            for measure, value in values.items():
                table[measure][date] = table[measure].get(date, 0) + value
    for mine in quotas.values():
        mine["total"]["entries"] = mine["day"]["entries"]
    return quotas


def _nothing() -> dict[str, Any]:
    spans: dict[str, Any] = {
        span: {**{measure: {} for measure in MEASURES}, "entries": 0} for span in ("day", "week", "month")
    }
    return {"total": {**dict.fromkeys(MEASURES, 0), "entries": 0}, **spans}


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
    return {"day": day.isoformat(), "week": f"{year}-{week}", "month": day.strftime("%Y-%m")}
