"""Programs kept running: each is watched, and started again with longer and longer pauses when it ends."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SETTLED_SECONDS = 60.0
"""A program that ran for so long and then ends is started again at once."""

log = logging.getLogger(__name__)


class GaveUpError(Exception):
    """A program ends whenever it is started; the message says so."""


class Program(Protocol):
    """A program that runs: a child process, or the embedded PostgreSQL."""

    def ended(self) -> int | None:
        """Return the exit status when it has ended, None while it runs."""

    def stop(self) -> None:
        """Ask it to stop and wait until it has."""


class KeptRunning:
    """One program and how it is started again.

    It is started at once when it ends for the first time, then after half a second, one, two, and so on.
    ``gives_up_after`` is how many ends in a row are taken; None for a program the others can do without.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], Program],
        *,
        gives_up_after: int | None,
        failures: tuple[type[Exception], ...] = (),
    ) -> None:
        """Start it now; ``failures`` are what ``start`` raises later when it cannot be started just then."""
        self.name, self._start, self._failures = name, start, failures
        self._program: Program | None = start()
        self._gives_up_after = gives_up_after
        self._ends = 0
        self._began = time.monotonic()
        self._due: float | None = None

    def look(self) -> None:
        """Start it again when it has ended and the pause is over; GaveUpError after too many ends."""
        if self._program is not None:
            status = self._program.ended()
            if status is None:
                return
            self._note_end(f"ended with status {status}")
        if self._due is not None and time.monotonic() >= self._due:
            self._start_again()

    def stop(self) -> None:
        """Stop it."""
        if self._program is not None:
            self._program.stop()

    def _note_end(self, how: str) -> None:
        """Decide when it is started again."""
        now = time.monotonic()
        self._program = None
        self._ends = 1 if now - self._began > SETTLED_SECONDS else self._ends + 1
        if self._gives_up_after is not None and self._ends > self._gives_up_after:
            message = f"the {self.name} process {how}, {self._ends} times in a row; its log is above"
            raise GaveUpError(message)
        pause = min(FIRST_PAUSE * 2 ** (self._ends - 2), LONGEST_PAUSE) if self._ends > 1 else 0.0
        self._due = now + pause
        log.error("the %s process %s; it is started again in %.1f s", self.name, how, pause)

    def _start_again(self) -> None:
        self._began, self._due = time.monotonic(), None
        try:
            self._program = self._start()
        except self._failures as error:
            self._note_end(f"cannot be started ({error})")
        else:
            log.warning("the %s process was started again", self.name)
