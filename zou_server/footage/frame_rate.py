"""Frame rates as exact fractions, and the timecodes that count their frames.

The field writes one rate in many ways: 23.976, 23.98, 23,98 in a spreadsheet, 24000/1001 in a movie. All of
them are the same number of frames, so there is one type that everything which counts frames goes through. A
timecode counts whole frames of the nominal rate (24 for 23.976); drop-frame timecode leaves out two labels
(four at 60) at each minute but every tenth, so that it keeps up with the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

NTSC = Fraction(1000, 1001)
LEAST, MOST = 1, 1000
"""Frames a second that pictures are ever shown or shot at."""

_FAMILY = ((6, Fraction(65, 10_000)), (1, Fraction(6, 10_000)))
"""Multiples of 1000/1001 (those of 6 are film and television), and how far a spelling may be off."""

DROP_EACH = 30
"""Rates that are a multiple of it have drop-frame timecode, two labels a minute for each 30."""

DAY_SECONDS = 24 * 3600

_SPELLED = re.compile(
    r"(?P<top>\d{1,7}(?:\.\d{1,9})?)\s*(?:/\s*(?P<bottom>\d{1,7}))?\s*(?:p|fps|ndf|df|nd)?\Z", re.IGNORECASE
)
_TIMECODE = re.compile(r"(\d{1,3})([:;.,])(\d{1,2})([:;.,])(\d{1,2})([:;.,])(\d{1,4})\Z")


@dataclass(frozen=True, slots=True)
class FrameRate:
    """A number of frames a second, exactly."""

    exact: Fraction

    def __str__(self) -> str:
        """The rate as people and every client read it: 24, 23.976, 12.5."""
        return f"{float(self.exact):.3f}".rstrip("0").rstrip(".")

    def __float__(self) -> float:
        return float(self.exact)

    @property
    def ratio(self) -> str:
        """The rate as ffmpeg takes it: 25, 24000/1001."""
        whole = self.exact.denominator == 1
        return str(self.exact.numerator) if whole else f"{self.exact.numerator}/{self.exact.denominator}"

    @property
    def nominal(self) -> int:
        """How many frames a second its timecode counts: 24 for 23.976."""
        top, bottom = self.exact.numerator, self.exact.denominator
        return (2 * top + bottom) // (2 * bottom)

    @property
    def has_drop_frames(self) -> bool:
        """True for the rates that drop-frame timecode is for: 29.97, 59.94, and 30 where that is meant."""
        return self.nominal % DROP_EACH == 0

    def frames(self, timecode: str, *, drop: bool = False) -> int:
        """The frame that a timecode labels, from 0; ValueError, with the reason, for none."""
        found = _TIMECODE.match(timecode.strip())
        if found is None:
            raise ValueError(f"'{timecode[:20]}' is not a timecode")
        hours, minutes, seconds, frame = (int(found[place]) for place in (1, 3, 5, 7))
        if minutes > 59 or seconds > 59:  # noqa: PLR2004 - of a clock
            raise ValueError(f"'{timecode[:20]}' has more than 59 minutes or seconds")
        if frame >= self.nominal:
            raise BeyondRateError(
                f"frame {frame} of '{timecode[:20]}' is beyond the {self.nominal} of a second"
            )
        count = ((hours * 60 + minutes) * 60 + seconds) * self.nominal + frame
        if not (drop and self.has_drop_frames):
            return count
        dropped = self._dropped
        if seconds == 0 and frame < dropped and minutes % 10:
            raise ValueError(f"'{timecode[:20]}' is a label that drop-frame timecode leaves out")
        passed = hours * 60 + minutes
        return count - dropped * (passed - passed // 10)

    def timecode(self, frame: int, *, drop: bool = False) -> str:
        """The label of a frame; the day begins again after 24 hours."""
        is_dropped = drop and self.has_drop_frames
        if is_dropped:
            ten_minutes = self.nominal * 600 - self._dropped * 9
            minute = self.nominal * 60 - self._dropped
            frame %= ten_minutes * 144
            tens, rest = divmod(frame, ten_minutes)
            late = max(0, (rest - self._dropped) // minute) if rest >= self._dropped else 0
            frame += self._dropped * (9 * tens + late)
        frame %= DAY_SECONDS * self.nominal
        seconds, frames = divmod(frame, self.nominal)
        minutes, hours = seconds // 60, seconds // 3600
        sign, width = ";" if is_dropped else ":", max(2, len(str(self.nominal - 1)))
        return f"{hours:02}:{minutes % 60:02}:{seconds % 60:02}{sign}{frames:0{width}}"

    @property
    def day(self) -> int:
        """How many frames the timecode of a day counts."""
        return DAY_SECONDS * self.nominal

    @property
    def _dropped(self) -> int:
        return 2 * self.nominal // DROP_EACH


class BeyondRateError(ValueError):
    """A timecode counts frames that its rate does not have: it is of another rate."""


USUAL_RATE = FrameRate(Fraction(25))
"""What counts where nobody has said a rate, as in Zou."""


@lru_cache(maxsize=512)
def _read(text: str) -> FrameRate:
    spelled = _SPELLED.match(text.strip())
    if spelled is None or spelled["bottom"] == "0":
        raise ValueError(f"'{text[:40]}' is not a frame rate (such as 24, 23.976 or 24000/1001)")
    given = Fraction(spelled["top"]) / int(spelled["bottom"] or 1)
    if not LEAST <= given <= MOST:
        raise ValueError(f"'{text[:40]}' is not a frame rate: those are between {LEAST} and {MOST}")
    return FrameRate(_snapped(given))


def _snapped(given: Fraction) -> Fraction:
    """The rate that is meant: exact, where what was given is the rounded spelling of one."""
    if given.denominator == 1:
        return given
    for multiple, most in _FAMILY:
        nearest = round(given / NTSC / multiple) * multiple * NTSC
        if nearest and abs(nearest - given) <= most:
            return nearest
    return given


def frame_rate(value: object) -> FrameRate:
    """The frame rate that a text or number spells; ValueError, with a sentence, for what is none."""
    if isinstance(value, FrameRate):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Fraction):
        raise ValueError("is not a frame rate (such as 24, 23.976 or 24000/1001)")  # noqa: TRY004 - of a value
    text = value if isinstance(value, str) else f"{value:.9f}" if isinstance(value, float) else str(value)
    return _read(text)


def spelled_rate(value: object) -> str:
    """A rate's spelling as it is kept: a plain number as it was given, whatever else as one.

    Clients read it as a number (`parseFloat`), to which 24000/1001 is 24 thousand.
    """
    found, text = frame_rate(value), str(value).strip()
    return text if re.fullmatch(r"\d+(\.\d+)?", text) and len(text) <= 10 else str(found)  # noqa: PLR2004


def rate_or_none(value: object) -> FrameRate | None:
    """The rate that a value spells; None for nothing, and for what is no rate."""
    try:
        return frame_rate(value)
    except ValueError:
        return None
