"""Waiting in tests for what is sure to come: as long as it takes on a slow machine, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Engine

PATIENCE = 120.0
"""Seconds after which what should have happened has not."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.25
"""Seconds between two looks: the longer the wait, the fewer, since looking takes from what is waited for."""


def wait_until(is_so: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until something holds, and return it; a server that is away meanwhile is asked again."""
    began = time.monotonic()
    while True:
        with suppress(OSError):  # requests' own errors are such
            if found := is_so():
                return found
        waited = time.monotonic() - began
        assert waited < seconds, f"{seconds:.0f} s passed: {what}"
        time.sleep(min(max(SHORTEST_PAUSE, waited / 10), LONGEST_PAUSE))


def how_many_wait(engine: Engine, for_words: str = "") -> int:
    """How many statements of this database wait for somebody else's lock, of those that hold these words."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND strpos(query, :words) > 0"
    )
    with engine.connect() as connection:
        return int(connection.scalar(waiting, {"words": for_words}) or 0)


def until_somebody_waits(engine: Engine) -> None:
    """Wait until a second writer is held up by the first, or what follows would not be about the two."""
    wait_until(lambda: how_many_wait(engine), "nobody waits for anybody")
