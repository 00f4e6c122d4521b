"""Letting others have their turn during the long loops of an import: a worker serves many at once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")

TURN = 500
"""Rows that are looked at without a break."""


def in_turns(things: Iterable[Thing]) -> Iterator[Thing]:
    """The things, with a break after some of them in which whoever waits in this process goes on."""
    for number, thing in enumerate(things, 1):
        yield thing
        if number % TURN == 0:
            time.sleep(0)
