"""Days that a query names by what they are today: TODAY, THIS_WEEK, LAST_3_MONTHS, and so on.

A week begins on Monday, days are those of UTC, as the server's information says.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping

Span = tuple[dt.datetime, dt.datetime]
"""From, and up to but without."""

_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
_PERIOD = re.compile(r"(THIS|LAST|PREVIOUS|PAST|NEXT)_(DAY|WEEK|MONTH|QUARTER|YEAR)")
_ROLLING = re.compile(r"(LAST|PREVIOUS|PAST|NEXT)_(\d{1,3})_(DAY|WEEK|MONTH|QUARTER|YEAR)S?")
_TURN = {"THIS": 0, "NEXT": 1}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def span_of(text: str, now: dt.datetime) -> Span | None:
    """The days that a word stands for; None for any other text.

    LAST_WEEK is the week before this one, LAST_2_WEEKS the last fourteen days with today, NEXT_2_WEEKS
    today and the fourteen days after it.
    """
    word, today = text.upper(), now.date()
    if word in _DAYS:
        return _span(_after(today, "DAY", _DAYS[word]), "DAY", 1)
    if found := _PERIOD.fullmatch(word):
        turn, unit = found.groups()
        return _span(_after(_begin(today, unit), unit, _TURN.get(turn, -1)), unit, 1)
    if found := _ROLLING.fullmatch(word):
        turn, count, unit = found[1], int(found[2]), found[3]
        tomorrow = _after(today, "DAY", 1)
        first, end = (
            (today, _after(tomorrow, unit, count))
            if turn == "NEXT"
            else (
                _after(tomorrow, unit, -count),
                tomorrow,
            )
        )
        return _midnight(first), _midnight(end)
    return None


def _span(first: dt.date, unit: str, count: int) -> Span:
    return _midnight(first), _midnight(_after(first, unit, count))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _begin(day: dt.date, unit: str) -> dt.date:
    """The first day of the period that a day is in."""
    return _BEGIN[unit](day)


_BEGIN: Mapping[str, Callable[[dt.date], dt.date]] = {
    "DAY": lambda day: day,
    "WEEK": lambda day: day - dt.timedelta(days=day.weekday()),
    "MONTH": lambda day: day.replace(day=1),
    "QUARTER": lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
    "YEAR": lambda day: day.replace(month=1, day=1),
}


def _after(day: dt.date, unit: str, count: int) -> dt.date:
    """So many units later; the last day of a month that is shorter."""
    if unit in _MONTHS:
        months = day.year * 12 + day.month - 1 + _MONTHS[unit] * count
        year, month = months // 12, months % 12 + 1
        return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return day + dt.timedelta(days=count * (7 if unit == "WEEK" else 1))
