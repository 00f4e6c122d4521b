"""How often a process looks for garbage in rings of objects, which Python does by itself all the time."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COLLECT_AFTER = (10_000, 20, 20)
"""New objects that start a search: loading the program makes a million, a request thousands, and few go."""


def collect_seldom() -> None:
    """Search so seldom from now on, unless somebody has said to do it more seldom still.

    At the end of a process Python would look several times through all that it loaded, before all of it goes.
    """
    if 0 < gc.get_threshold()[0] < COLLECT_AFTER[0]:
        gc.set_threshold(*COLLECT_AFTER)
        atexit.register(gc.freeze)


def begin_to_load() -> None:
    """Search for no garbage until `end_to_load`: one in a hundred objects that loading makes is some."""
    gc.disable()


def end_to_load() -> None:
    """Search again, but never in what there is by now: it stays to the end of the process."""
    gc.freeze()
    gc.enable()
    collect_seldom()


@contextmanager
def loading() -> Iterator[None]:
    """Load what a process needs that runs for long."""
    begin_to_load()
    try:
        yield
    finally:
        end_to_load()
