"""Stages of a request: how long each took, noted only while somebody asks (setting `server_timing`).

A stage is what happened since the one before it ended: whoever ends one says so. The stages are

* of every request     `parse` (the dialect reads it; log-in included) and `render` (the answer)
* of a read            `authorise` (row scope), `plan` (its statement), `run` (PostgreSQL writes the JSON)
* of a change          `load` (lock the rows), `apply`, `settle`, `write`, `record` (events), `commit`
"""

from __future__ import annotations

import time
from collections.abc import Callable
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


Passed = Callable[[str], object]
"""Says of a stage that it ends here."""

_NOBODY: Passed = dict[str, None]().get
"""Notes nothing. It is no function of ours, because it is called several times in every request."""

_asked: ContextVar[Passed] = ContextVar("stages", default=_NOBODY)
noting = _asked.get
"""What is to be told of a request: `passed = noting()`, and then `passed("load")` when that stage ends."""


def watch() -> None:
    """Note the stages of this request from now on."""
    _asked.set(Stages().end)


def watched() -> Stages | None:
    """The stages noted so far, which nobody notes from now on; None where nobody asked."""
    found = getattr(_asked.get(), "__self__", None)
    _asked.set(_NOBODY)
    return found if isinstance(found, Stages) else None


def passed(stage: str) -> None:
    """Say that a stage of this request ends here."""
    _asked.get()(stage)
