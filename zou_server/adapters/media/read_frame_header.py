"""What the header of a frame (EXR, DPX) says of its place: its number, its timecode, and the rate of both.

A timecode has two digits of frames whose tens go to 3 (SMPTE 12M): above 30 frames a second it counts pairs,
and is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zou_server.footage.frame_rate import FrameRate, rate_or_none

HEADERS = frozenset({"exr", "dpx"})
_TIMECODE = "smpte:TimeCode"
_NUMBERS = ("dpx:FramePosition", "imageCounter")
_RATES = ("FramesPerSecond", "captureRate", "dpx:FrameRate", "dpx:TemporalFrameRate")
MOST = 10**9
"""No frame has this number, nor one beyond it."""

_LEAST_OF_PAIRS = 31
_DROP = 1 << 6
_FIELDS = ((24, 0x3F), (16, 0x7F), (8, 0x7F), (0, 0x3F))
"""Where hours, minutes, seconds and frames stand in the word of a timecode, two decimal digits each."""


def read_frame_header(path: Path, extension: str) -> dict[str, Any]:
    """The `number`, `timecode` and `rate` that a frame says, as far as it does."""
    import OpenImageIO as oiio  # noqa: N813, PLC0415 - for the process that draws alone

    opened = oiio.ImageInput.open(str(path)) if extension in HEADERS else None
    if opened is None:
        return {}
    spec = opened.spec()
    said = {
        "number": next(filter(_is_number, map(spec.getattribute, _NUMBERS)), None),
        "timecode": _label(spec.getattribute(_TIMECODE), is_given=extension != "dpx"),
        "rate": next((str(r) for r in map(_rate, map(spec.getattribute, _RATES)) if r), None),
    }
    opened.close()
    return {key: value for key, value in said.items() if value is not None}


def frame_numbers(named: int, rate: FrameRate, said: Mapping[str, Any]) -> tuple[int, str | None]:
    """The number and the timecode of a sequence's first frame, by its name and by its header.

    Names that count from 0 or 1 say a place and no number; those say the header, if it does.
    """
    own, label = rate_or_none(said.get("rate")) or rate, said.get("timecode")
    labelled = None if label is None else _frame(own, label)
    first = named
    if named in (0, 1):
        first = next((n for n in (said.get("number"), labelled) if n is not None), named)
    if labelled is not None:
        return first, label
    return first, rate.timecode(first) if first >= 0 else None


def _frame(rate: FrameRate, label: str) -> int | None:
    if rate.nominal >= _LEAST_OF_PAIRS:
        return None
    try:
        return rate.frames(label, drop=";" in label)
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and 0 <= value < MOST


def _label(words: Any, *, is_given: bool) -> str | None:
    """The text of a timecode; None for none, for one that no clock shows, and for a field left at zero."""
    word = int(words[0]) if isinstance(words, tuple) and words else -1
    digits = [(word >> shift) & mask for shift, mask in _FIELDS]
    if word < 0 or not (word or is_given) or any(each & 0xF > 9 for each in digits):  # noqa: PLR2004 - a digit
        return None
    hours, minutes, seconds, frames = (10 * (each >> 4) + (each & 0xF) for each in digits)
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if word & _DROP else ':'}{frames:02}"


def _rate(value: Any) -> FrameRate | None:
    if isinstance(value, tuple):
        value = f"{value[0]}/{value[1]}" if len(value) == 2 else None  # noqa: PLR2004 - of a fraction
    return rate_or_none(value)
