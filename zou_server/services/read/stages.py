"""Stages of a request: how long each took, noted only while somebody asks (setting `server_timing`).

A stage is what happened since the one before it ended: whoever ends one says so. The stages are

* of every request     `parse` (the dialect reads it; log-in included) and `render` (the answer)
* of a read            `authorise` (row scope), `plan` (its statement), `run` (PostgreSQL writes the JSON)
* of a change          `load` (lock the rows), `apply`, `settle`, `write`, `record` (events), `commit`
"""

from __future__ import annotations

import time
from contextvars import ContextVar

_clock = time.perf_counter


class Stages(dict[str, float]):
    """Seconds by stage, in the order of their first end; a stage that comes again adds up."""

    def __init__(self) -> None:
        super().__init__()
        self.began = _clock()

    def end(self, stage: str) -> None:
        """Note the time since the stage before."""
        now = _clock()
        self[stage] = self.get(stage, 0.0) + now - self.began
        self.began = now

    def header(self) -> str:
        """The value of `Server-Timing`, in milliseconds. Source: W3C Server Timing, section 3."""
        return ", ".join(f"{stage};dur={seconds * 1000:.3f}" for stage, seconds in self.items())


_asked: ContextVar[Stages | None] = ContextVar("stages", default=None)


def watch() -> None:
    """Note the stages of this request from now on."""
    _asked.set(Stages())


def watched() -> Stages | None:
    """The stages noted so far, which nobody notes from now on; None where nobody asked."""
    found = _asked.get()
    _asked.set(None)
    return found


def passed(stage: str) -> None:
    """Say that a stage of this request ends here."""
    asked = _asked.get()
    if asked is not None:
        asked.end(stage)
