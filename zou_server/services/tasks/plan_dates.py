"""When a task is worked on: its first and last day, its work time, and the pieces that it is split into.

Whichever of the three is changed, the others follow (docs/protocols/shotgun.md 10): the work time stays when
the start moves, the start stays when the end or the work time changes. Both days, when both are said, are
taken as they are. A milestone is a day without work time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.services.tasks.work_calendar import DAY, WorkDays, day_of, spans

LONGEST = 100 * 365
"""The most days that a task takes."""
ALMOST = 1e-9
Piece = tuple[dt.date, dt.date]
SPLITS = "data.splits"


@dataclass(frozen=True, slots=True)
class Plan:
    """The first and last day of a task and its work time in minutes; of several pieces also each one's."""

    start: dt.date | None = None
    due: dt.date | None = None
    minutes: float | None = None
    milestone: bool = False
    splits: tuple[Piece, ...] = ()
    durations: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Planner:
    """Brings the parts of a plan in step: what was, what is said now, and on which days there is work."""

    days: WorkDays
    day: float
    was: Plan

    def planned(self, now: Plan, said: frozenset[str]) -> Plan:
        """The plan after a change; `said` are the parts that it names."""
        if "splits" in said and now.splits:
            return self._of_pieces(now, now.splits)
        if now.milestone:
            day = now.due if "due" in said and now.due else now.start or now.due
            return replace(now, start=day, due=day, minutes=0, splits=())
        if "milestone" in said and self.was.milestone and not said & {"minutes", "start", "due"}:
            now, said = replace(now, minutes=self.day), frozenset({"minutes"})
        if now.minutes is None:
            said -= {"minutes"}
        if self.was.splits and "splits" not in said:
            return self._with_pieces(now, said)
        return self._plain(now, said)

    def moved(self, start: dt.date) -> Plan:
        """The plan that begins on another day."""
        return self.planned(replace(self.was, start=start), frozenset({"start"}))

    def length(self, plan: Plan) -> int:
        """The work days of a plan."""
        if plan.minutes is not None:
            return self._days_of(plan.minutes)
        if plan.start is None or plan.due is None:
            return 1
        return max(self.days.count(plan.start, plan.due), 1)

    def _days_of(self, minutes: float) -> int:
        days = max(ceil(minutes / self.day - ALMOST), 1)
        if days > LONGEST:
            raise Invalid(fields={"planned_duration": ["is too long"]})
        return days

    # -- in one piece ----------------------------------------------------------------------------------------

    def _plain(self, now: Plan, said: frozenset[str]) -> Plan:
        parts = said & {"start", "due", "minutes"}
        if not parts:
            return self._measured(now)
        return _WAYS[parts](self, now)

    def _measured(self, now: Plan) -> Plan:
        """The work time is that between the two days."""
        if now.start is None or now.due is None:
            return replace(now, minutes=None if now.start or now.due else now.minutes)
        return replace(now, minutes=self.days.count(now.start, now.due) * self.day)

    def _from_start(self, now: Plan) -> Plan:
        """The end follows the start."""
        if now.start is None or (self.was.start is None and now.due is not None):
            return self._measured(now)
        minutes = now.minutes
        if minutes is None and now.due is not None and self.was.start is not None:
            minutes = self.days.count(self.was.start, now.due) * self.day
        if minutes is None:
            return now
        return replace(now, due=self.days.last(now.start, self._days_of(minutes)), minutes=minutes)

    def _from_due(self, now: Plan) -> Plan:
        """The work time follows the end; where no start is known, the start does."""
        if now.due is None or now.start is not None or now.minutes is None:
            return self._measured(now)
        return replace(now, start=self.days.first(now.due, self._days_of(now.minutes)))

    def _from_minutes(self, now: Plan) -> Plan:
        """The end follows the work time; where no start is known, the start does."""
        if now.minutes is None:
            return self._measured(now)
        length = self._days_of(now.minutes)
        if now.start is not None:
            return replace(now, due=self.days.last(now.start, length))
        return now if now.due is None else replace(now, start=self.days.first(now.due, length))

    # -- in several pieces -----------------------------------------------------------------------------------

    def _of_pieces(self, now: Plan, pieces: Sequence[Piece]) -> Plan:
        minutes = spans(self.days, pieces) * self.day
        splits = tuple(pieces) if len(pieces) > 1 else ()
        durations = tuple(self.days.count(*piece) * self.day for piece in splits)
        start, due = pieces[0][0], pieces[-1][1]
        return replace(now, start=start, due=due, minutes=minutes, splits=splits, durations=durations)

    def _with_pieces(self, now: Plan, said: frozenset[str]) -> Plan:
        pieces = list(self.was.splits)
        if "start" in said:
            if now.start is None:
                return self._plain(replace(now, splits=()), said)
            pieces = self._shifted(pieces, now.start)
        if "due" in said:
            if now.due is None:
                return self._plain(replace(now, splits=()), said)
            pieces = _cut(pieces, now.due)
        elif "minutes" in said and now.minutes is not None:
            pieces = self._resized(pieces, self._days_of(now.minutes))
        return self._of_pieces(now, pieces)

    def _shifted(self, pieces: list[Piece], start: dt.date) -> list[Piece]:
        """The same pieces and gaps from another day on, in work days."""
        found: list[Piece] = []
        for index, (first, last) in enumerate(pieces):
            begin = start
            if index:
                gap = self.days.count(pieces[index - 1][1] + DAY, first - DAY)
                begin = self.days.after(found[-1][1], gap + 1)
            found.append((begin, self.days.last(begin, max(self.days.count(first, last), 1))))
        return found

    def _resized(self, pieces: list[Piece], length: int) -> list[Piece]:
        """The pieces with so many work days in all: the last one is longer or shorter, or gone."""
        found: list[Piece] = []
        for first, last in pieces:
            found.append((first, last))
            length -= self.days.count(first, last)
            if length <= 0:
                break
        first, last = found[-1]
        own = max(self.days.count(first, last) + length, 1)
        return [*found[:-1], (first, self.days.last(first, own))]


def _cut(pieces: list[Piece], due: dt.date) -> list[Piece]:
    """The pieces until a day, the last of which ends there."""
    found = [piece for piece in pieces if piece[0] <= due] or [(due, due)]
    return [*found[:-1], (found[-1][0], due)]


_START, _DUE, _MINUTES = "start", "due", "minutes"
_WAYS: Mapping[frozenset[str], Callable[[Planner, Plan], Plan]] = {
    frozenset({_START}): Planner._from_start,  # noqa: SLF001 - a table of its own methods
    frozenset({_DUE}): Planner._from_due,  # noqa: SLF001
    frozenset({_MINUTES}): Planner._from_minutes,  # noqa: SLF001
    frozenset({_START, _DUE}): Planner._measured,  # noqa: SLF001
    frozenset({_START, _MINUTES}): Planner._from_minutes,  # noqa: SLF001
    frozenset({_DUE, _MINUTES}): Planner._from_due,  # noqa: SLF001
    frozenset({_START, _DUE, _MINUTES}): Planner._measured,  # noqa: SLF001
}
"""The parts of a plan that a change names -> how the others follow."""


def read_splits(days: WorkDays, value: Any) -> tuple[Piece, ...]:
    """The pieces that a list of {"start", "end"} says; Invalid when it is none, or leaves no gap."""
    if value in (None, []):
        return ()
    if not isinstance(value, list):
        raise Invalid(fields={SPLITS: ["is not a list of pieces"]})
    pieces = sorted(_piece(each) for each in value)
    for (_, last), (first, _) in pairwise(pieces):
        if days.count(last + DAY, first - DAY) < 1:
            raise Invalid(fields={SPLITS: ["must have a work day between two pieces"]})
    return tuple(pieces)


def _piece(value: Any) -> Piece:
    said = value if isinstance(value, dict) else {}
    first, last = day_of(said.get("start")), day_of(said.get("end"))
    if first is None or last is None or last < first:
        raise Invalid(fields={SPLITS: ["must be pieces with a start and an end (YYYY-MM-DD)"]})
    return first, last


def said_splits(pieces: Sequence[Piece]) -> list[dict[str, str]] | None:
    """Pieces as they are kept; None without any."""
    return [{"start": first.isoformat(), "end": last.isoformat()} for first, last in pieces] or None
