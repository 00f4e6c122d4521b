"""Waiting for the database in a web process: others go on meanwhile, and it is known who waits for what.

Imported only in a web process, after gevent has made it cooperative.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, NamedTuple

import gevent
from gevent.monkey import get_original
from psycogreen.gevent import gevent_wait_callback
from psycopg2 import OperationalError, extensions

from zou_server.adapters.plain_poll import plain_poll
from zou_server.services.read.drain import owner_of

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


_thread = get_original("_thread", "get_ident")

BUSY: dict[int, Wait] = {}
"""Who waits, by the identity of the connection."""


def wait_together() -> None:
    """Let every connection wait cooperatively from now on."""
    extensions.set_wait_callback(_wait)


def _wait(connection: extensions.connection) -> None:
    key, owner = id(connection), owner_of(_thread())
    BUSY[key] = Wait(owner or gevent.getcurrent(), connection, time.monotonic())
    try:
        if owner is None:
            gevent_wait_callback(connection)
        else:
            _wait_alone(connection)
    finally:
        BUSY.pop(key, None)


def _wait_alone(connection: extensions.connection) -> None:
    """Wait in a thread that serves nobody else: without gevent, whose loop is another thread's."""
    poll, events = plain_poll(), {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}
    while (state := connection.poll()) != extensions.POLL_OK:
        if state not in events:
            raise OperationalError(f"unexpected state of the connection: {state}")
        poll.register(connection.fileno(), events[state])
        poll.poll()
