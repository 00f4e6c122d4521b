"""The numbers that frames have in production (1001, ...) beside their place in the movie that is looked at.

What was sent may have another rate than the movie that is made of it: then some of its frames are shown
twice, or not at all, and the number is that of the frame which is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.errors import Invalid

FIRST, RATE, SOURCE_RATE = "first_frame", "frame_rate", "source_frame_rate"
TRUE_FRAME = "true_frame"
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a preview's frames are counted: the number of the first, the movie's rate, and the sent file's."""

    first: int
    rate: Fraction
    source: Fraction

    def true_frame(self, time: float) -> int:
        """The number of the frame that is seen at a moment of the movie."""
        index = round(Fraction(time).limit_denominator(100_000) * self.rate)
        return self.first + floor((index + _HALF) * self.source / self.rate)

    def index(self, true_frame: int) -> int:
        """The first frame of the movie, from 0, that shows the frame of a number; below 0 for none."""
        return ceil((true_frame - self.first) * self.rate / self.source - _HALF)

    def time(self, true_frame: int) -> float:
        """The moment of the movie at which the frame of a number is seen."""
        return float(self.index(true_frame) / self.rate)


def counting_of(data: Mapping[str, Any] | None) -> Counting | None:
    """How a preview's frames are counted by what is known of its file; None when its first has no number."""
    known = data or {}
    first, rate = known.get(FIRST), rate_or_none(known.get(RATE))
    if not isinstance(first, int) or isinstance(first, bool) or rate is None:
        return None
    source = rate_or_none(known.get(SOURCE_RATE)) or rate
    return Counting(first, rate.exact, source.exact)


def with_times(name: str, items: list[Any], counting: Counting | None) -> list[Any]:
    """The annotations of a request, those that name a true frame alone at its moment of the movie."""
    return [_with_time(name, item, counting) for item in items]


def _with_time(name: str, item: Any, counting: Counting | None) -> Any:
    if not isinstance(item, Mapping) or item.get(TRUE_FRAME) is None or item.get("time") is not None:
        return item
    number = item[TRUE_FRAME]
    if isinstance(number, bool) or not isinstance(number, int):
        raise Invalid(fields={name: [f"holds a {TRUE_FRAME} that is no whole number"]})
    if counting is None:
        raise Invalid(fields={name: [f"holds a {TRUE_FRAME}, and the first frame of this preview has none"]})
    if number < counting.first:
        raise Invalid(fields={name: [f"holds a {TRUE_FRAME} before the first, which is {counting.first}"]})
    return {**item, "time": counting.time(number)}


def with_true_frames(annotations: Iterable[Any], counting: Counting | None) -> list[Any]:
    """The annotations, each drawing with the number of the frame that it is on."""
    if counting is None:
        return list(annotations)
    return [
        {**each, TRUE_FRAME: counting.true_frame(each.get("time") or 0)}
        if isinstance(each, Mapping) and isinstance(each.get("drawing"), Mapping)
        else each
        for each in annotations
    ]
