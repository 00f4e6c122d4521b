"""What is known of a clip, in the words of edit lists, which other files have as comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zou_server.services.ports import Clip

NEUTRAL: Mapping[str, Sequence[float]] = {"slope": (1, 1, 1), "offset": (0, 0, 0), "power": (1, 1, 1)}


def one_line(text: object) -> str:
    """A text as lists and XML can hold it."""
    return "".join(char if char.isprintable() else " " for char in str(text)).strip()


def colour(clip: Clip) -> Iterator[str]:
    """Its colour decisions, as the ASC writes them."""
    cdl: Mapping[str, Any] = clip.cdl or {}
    if cdl.keys() & NEUTRAL.keys():
        triples = (cdl.get(key, usual) for key, usual in NEUTRAL.items())
        yield "ASC_SOP " + "".join(f"({' '.join(map(_number, triple))})" for triple in triples)
    if "saturation" in cdl:
        yield f"ASC_SAT {_number(cdl['saturation'])}"


def counted(clip: Clip) -> Iterator[str]:
    """The numbers of its frames."""
    if clip.counted is not None:
        first, last = clip.counted
        yield f"FRMC START: {first} FRMC END: {last} FRMC DURATION: {last - first + 1}"


def span(clip: Clip) -> Iterator[str]:
    """How much of the source it shows, where that does not follow from its length and speed."""
    if clip.source is not None and clip.source[1] != expected_span(clip):
        yield f"SOURCE FRAMES: {clip.source[1]}"


def expected_span(clip: Clip) -> int:
    """How many frames of its source a clip takes at its speed."""
    return round((clip.frames or 0) * abs(clip.speed))


def _number(value: float) -> str:
    """All digits and no exponent, which other readers of lists do not know."""
    return f"{Decimal(repr(float(value))):f}".removesuffix(".0")
