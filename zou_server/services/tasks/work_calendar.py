"""Work days: Monday to Friday, but for the exceptions of the studio, of projects and of people.

An exception is a `WorkDayRule` (whoever it is of is its owner), or a day off of a person. A person's say more
than those of a project, and these more than the studio's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.errors import Invalid
from zou_server.models.planning import DayOff
from zou_server.models.records import DeclaredRecord
from zou_server.services.tasks.hours_of_days import HoursOfDays, read_hours

DAY = dt.timedelta(days=1)
WORK_WEEK = 5
WEEK = 7
LONGEST_ABSENCE = 1_000
"""Days off in one piece that are looked at."""
_MONDAY = dt.date(1, 1, 1)

Exceptions = Mapping[dt.date, bool]


class WorkDays:
    """The days on which something is worked on: the week, and the days that differ from it."""

    def __init__(self, exceptions: Exceptions) -> None:
        differing = sorted((day, 1 if working else -1) for day, working in exceptions.items())
        differing = [each for each in differing if _in_week(each[0]) != (each[1] > 0)]
        self._days = [day for day, _ in differing]
        self._sums = [0, *accumulate(sign for _, sign in differing)]

    def count(self, first: dt.date, last: dt.date) -> int:
        """The work days from the first day to the last, both included."""
        if last < first:
            return 0
        differing = self._sums[bisect_right(self._days, last)] - self._sums[bisect_left(self._days, first)]
        return _weekdays_until(last) - _weekdays_until(first - DAY) + differing

    def last(self, first: dt.date, days: int) -> dt.date:
        """The day on which so many work days are done, the first day counted."""
        return self._reach(first, days, 1)

    def first(self, last: dt.date, days: int) -> dt.date:
        """The day on which to begin so that so many work days are done on the last day."""
        return self._reach(last, days, -1)

    def after(self, day: dt.date, days: int = 1) -> dt.date:
        """The work day so many work days after a day; before it when negative, itself or the next when 0."""
        if days < 0:
            return self.first(day - DAY, -days)
        return self.last(day if days == 0 else day + DAY, max(days, 1))

    def _reach(self, start: dt.date, days: int, sign: int) -> dt.date:
        try:
            end = start + sign * (days - 1) * DAY
            while (missing := days - self.count(*sorted((start, end)))) > 0:
                end += sign * missing * DAY
        except OverflowError:
            raise Invalid("These dates are beyond the calendar.") from None
        return end


def _in_week(day: dt.date) -> bool:
    return day.weekday() < WORK_WEEK


def _weekdays_until(day: dt.date) -> int:
    """The days of work weeks from the first Monday of the calendar to a day."""
    weeks, rest = divmod((day - _MONDAY).days + 1, WEEK)
    return weeks * WORK_WEEK + min(rest, WORK_WEEK)


class WorkCalendar:
    """Every exception of the studio, and how long a day is; read once for a list of operations."""

    def __init__(self, hours: HoursOfDays, exceptions: Mapping[str | None, Exceptions]) -> None:
        self._hours = hours
        self._exceptions = exceptions
        self._known: dict[tuple[uuid.UUID | None, frozenset[uuid.UUID]], WorkDays] = {}

    def day(self, project_id: uuid.UUID | None) -> float:
        """The minutes of a day in a project."""
        return self._hours.minutes(project_id)

    def of(self, project_id: uuid.UUID | None, people: Iterable[uuid.UUID] = ()) -> WorkDays:
        """The days on which a project is worked on by any of these people."""
        key = (project_id, frozenset(people))
        if key not in self._known:
            self._known[key] = WorkDays(self._of(*key))
        return self._known[key]

    def _of(self, project_id: uuid.UUID | None, people: frozenset[uuid.UUID]) -> Exceptions:
        found = {**self._exceptions.get(None, {}), **self._exceptions.get(str(project_id), {})}
        own = [self._exceptions.get(str(person), {}) for person in people]
        days = {day for exceptions in own for day in exceptions}
        usual = {day: found.get(day, _in_week(day)) for day in days}
        return found | {day: any(each.get(day, usual[day]) for each in own) for day in days}


def read_calendar(session: Session) -> WorkCalendar:
    """The exceptions of the studio, its projects and its people."""
    found: dict[str | None, dict[dt.date, bool]] = {}
    for person, first, last in session.execute(_DAYS_OFF):
        mine = found.setdefault(str(person), {})
        for count in range(min((last - first).days + 1, LONGEST_ABSENCE)):
            mine[first + count * DAY] = False
    for data in session.scalars(_RULES):
        day = day_of(data.get("date"))
        if day is not None:
            found.setdefault(data.get("owner"), {})[day] = bool(data.get("working"))
    return WorkCalendar(read_hours(session), found)


_DAYS_OFF = sa.select(DayOff.person_id, DayOff.date, sa.func.coalesce(DayOff.end_date, DayOff.date)).where(
    DayOff.deleted_at.is_(None), DayOff.person_id.is_not(None)
)
_RULES = sa.select(DeclaredRecord.data).where(
    DeclaredRecord.kind == "WorkDayRule",
    DeclaredRecord.deleted_at.is_(None),
    DeclaredRecord.data.is_not(None),
)


def day_of(value: Any) -> dt.date | None:
    """The day that a text says; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def spans(days: WorkDays, pieces: Sequence[tuple[dt.date, dt.date]]) -> int:
    """The work days of pieces of time together."""
    return sum(days.count(first, last) for first, last in pieces)
