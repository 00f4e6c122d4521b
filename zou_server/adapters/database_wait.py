"""Waiting for the database in a web process: others go on meanwhile, and it is known who waits for what.

Imported only in a web process, after gevent has made it cooperative.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import gevent
from psycogreen.gevent import gevent_wait_callback
from psycopg2 import extensions

if TYPE_CHECKING:
    from greenlet import greenlet

LONG_SECONDS = 1.0
"""A read that takes no longer is let run to its end, whoever wants the answer."""


class Wait(NamedTuple):
    """A greenlet that waits for a connection of the database."""

    greenlet: greenlet
    connection: extensions.connection
    began: float

    def is_long_read(self) -> bool:
        """True for a long statement of its own, not part of a transaction."""
        return self.connection.autocommit and time.monotonic() - self.began > LONG_SECONDS


BUSY: dict[int, Wait] = {}
"""Who waits, by the identity of the connection."""


def wait_together() -> None:
    """Let every connection wait cooperatively from now on."""
    extensions.set_wait_callback(_wait)


def _wait(connection: extensions.connection) -> None:
    key = id(connection)
    BUSY[key] = Wait(gevent.getcurrent(), connection, time.monotonic())
    try:
        gevent_wait_callback(connection)
    finally:
        BUSY.pop(key, None)
