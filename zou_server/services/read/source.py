"""Where a read goes: every question a `Reader` asks on its own account passes through one `Source`.

The sources are `OneDatabase` here and, where there is a replica, `zou_server.adapters.replica.reads`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from zou_server.services.read.lend import lender_of

Found = TypeVar("Found")


class Source(Protocol):
    """A database that answers reads, or the choice among several."""

    def run(self, read: Callable[[Any], Found]) -> Found:
        """What `read` finds on a connection of a pool; it may be called again on another one."""


class OneDatabase:
    """The source of a studio with a single database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._lender = lender_of(engine)

    def run(self, read: Callable[[Any], Found]) -> Found:
        """What `read` finds on a connection of the pool."""
        raw: Any = self._lender.take()
        try:
            return read(raw)
        finally:
            self._lender.give(raw)
