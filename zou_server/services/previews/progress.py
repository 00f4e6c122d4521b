"""How far a long job is: told in steps, and stopped when nobody wants it any more."""

from __future__ import annotations

import time
from collections.abc import Callable

PERCENT_STEP, SECONDS_STEP = 5, 1.0
"""How much must be done, and how long ago the last word must be, before progress is told again."""


class Closing(Exception):
    """The process was asked to end while it worked: somebody does this later."""


class Progress:
    """Hears of the per cent that are done, and tells of them now and then."""

    def __init__(self, is_closing: Callable[[], bool], tell: Callable[[int], None]) -> None:
        self._is_closing, self._tell = is_closing, tell
        self._percent, self._moment = 0, time.monotonic()

    def __call__(self, percent: int) -> None:
        """Hear how many per cent are done."""
        if self._is_closing():
            raise Closing
        now = time.monotonic()
        if percent - self._percent < PERCENT_STEP or now - self._moment < SECONDS_STEP:
            return
        self._percent, self._moment = percent, now
        self._tell(percent)
