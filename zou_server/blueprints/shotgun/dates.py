"""Spans of time that filters name: the last two weeks, next month, the day of a date.

Every comparison with a day or a moment is made of half-open spans: stored moments are finer than the
seconds that clients see, so "at 12:00:05" means the whole second.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

Moment = dt.date | dt.datetime
Span = tuple[Any, Any]
"""From (included) and to (excluded)."""

MOST = 10_000
"""The largest count that `in_last` and its like take."""


def step_of(value: Moment) -> dt.timedelta:
    """The finest difference a client can see."""
    return dt.timedelta(seconds=1) if isinstance(value, dt.datetime) else dt.timedelta(days=1)


def add_months(value: Any, count: int) -> Any:
    """The same day so many months on, or the last of a shorter month."""
    months = value.year * 12 + value.month - 1 + count
    year, month = divmod(months, 12)
    return value.replace(
        year=year, month=month + 1, day=min(value.day, calendar.monthrange(year, month + 1)[1])
    )


SHIFTS: Mapping[str, Callable[[dt.datetime, int], dt.datetime]] = {
    "HOUR": lambda now, count: now + dt.timedelta(hours=count),
    "DAY": lambda now, count: now + dt.timedelta(days=count),
    "WEEK": lambda now, count: now + dt.timedelta(weeks=count),
    "MONTH": add_months,
    "YEAR": lambda now, count: add_months(now, 12 * count),
}
"""Unit -> the moment so many of them away."""


def last(now: dt.datetime, count: int, unit: str, *, days: bool) -> Span:
    """The span that ends now; of days, today is the last."""
    start = SHIFTS[unit](now, -count)
    return _days(start, now) if days else (start, now)


def coming(now: dt.datetime, count: int, unit: str, *, days: bool) -> Span:
    """The span that begins now; of days, today is the first."""
    end = SHIFTS[unit](now, count)
    return _days(now, end) if days else (now, end)


def _days(start: dt.datetime, end: dt.datetime) -> Span:
    return start.date(), end.date() + dt.timedelta(days=1)


def _day(today: dt.date, offset: int) -> Span:
    start = today + dt.timedelta(days=offset)
    return start, start + dt.timedelta(days=1)


def _week(today: dt.date, offset: int) -> Span:
    start = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=offset)
    return start, start + dt.timedelta(weeks=1)


def _month(today: dt.date, offset: int) -> Span:
    start = add_months(today.replace(day=1), offset)
    return start, add_months(start, 1)


def _year(today: dt.date, offset: int) -> Span:
    start = add_months(today.replace(month=1, day=1), 12 * offset)
    return start, add_months(start, 12)


CALENDAR: Mapping[str, Callable[[dt.date, int], Span]] = {
    "in_calendar_day": _day,
    "in_calendar_week": _week,
    "in_calendar_month": _month,
    "in_calendar_year": _year,
}
"""Relation -> the span so many days, weeks (from Monday), months or years from the present one."""
