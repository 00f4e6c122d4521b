"""Whether parts of a production were cut by themselves: their shots lie at the same places then."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float, str]
"""The first frame of something that is shown, the first after it, and the part that it is of."""


def cut_overlap(spans: Iterable[Span]) -> bool:
    """True where two parts show something at one time."""
    end, part = 0.0, ""
    for first, last, mine in sorted(spans):
        if first < end and mine != part:
            return True
        if last > end:
            end, part = last, mine
    return False
