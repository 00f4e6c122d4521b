"""Limits of review rooms: how much one person may say and open, so that nobody floods the others."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

PER_SECOND, AT_ONCE = 60, 240
"""The messages that a person may send: so many a second in the long run, and so many without a pause."""
LARGEST = 512 * 1024
"""The bytes of the largest message: a drawing has some thousand."""
MOST_OPEN = 20
"""The playlists that one connection may have open."""
MOST_SEATS = 50
"""The seats that one person may have in all rooms together."""
MOST_KNOWN = 1000


class Pace:
    """What each person may still say now; it grows back with time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[uuid.UUID, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def takes(self, person_id: uuid.UUID) -> bool:
        """Count one message; False for one too many."""
        now = self._clock()
        with self._lock:
            if len(self._left) > MOST_KNOWN:
                self._left = {who: each for who, each in self._left.items() if _left(each, now) < AT_ONCE}
            left = _left(self._left.get(person_id, (AT_ONCE, now)), now)
            self._left[person_id] = (left - 1 if left >= 1 else left, now)
        return left >= 1


def _left(known: tuple[float, float], now: float) -> float:
    left, then = known
    return min(AT_ONCE, left + (now - then) * PER_SECOND)
