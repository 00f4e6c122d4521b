"""Wake-ups by PostgreSQL's LISTEN: one connection of its own for each process that has somebody to tell.

It works with threads and, where gevent has made the process cooperative, with greenlets. A connection that
breaks is made anew, with longer and longer pauses; each new one counts as a wake-up, because nobody knows
what was missed. What happened is never in a wake-up: whoever wakes reads the event log. Through a pooler that
shares sessions nothing would arrive, so there the clock wakes.
"""

from __future__ import annotations

import logging
import select
import socket
import time
from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection
from sqlalchemy import make_url

from zou_server.adapters.postgres.pooler import is_shared

APPLICATION_NAME = "zou-server live events"
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
TIMED_SECONDS = 1.0
OPTIONS: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "connect_timeout": 10,
}
"""A database machine that fell silent is noticed within a minute."""

log = logging.getLogger(__name__)


class PostgresWakeUps:
    """A listening connection, and a pair of sockets by which others end the waiting."""

    def __init__(self, database_url: str, channel: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._dsn = url.render_as_string(hide_password=False)
        self._listen = sql.SQL("LISTEN {}").format(sql.Identifier(channel))
        self._connection: connection | None = None
        self._is_timed = False
        self._pause = SHORTEST_PAUSE
        self._bell, self._button = socket.socketpair()
        for each in (self._bell, self._button):
            each.settimeout(0)

    def wait(self, seconds: float) -> None:
        """Return when there may be something new, when somebody called `wake`, or after so many seconds."""
        if self._is_timed:
            self._ring(seconds=min(seconds, TIMED_SECONDS))
            return
        if self._connection is None:
            self._connect(seconds)
            return
        try:
            self._rest(self._connection, seconds)
        except (psycopg2.Error, OSError) as error:
            log.warning("the connection that listens for events broke: %s", str(error).strip())
            self._drop()

    def wake(self) -> None:
        """End the waiting of another thread."""
        with suppress(OSError):  # full: it is being woken already; closed: it waits no more
            self._button.send(b".")

    def close(self) -> None:
        """Let go of the connection."""
        self._drop()
        self._bell.close()
        self._button.close()

    def _connect(self, seconds: float) -> None:
        """Listen; when the database is away, wait a while."""
        try:
            self._connection = psycopg2.connect(self._dsn, application_name=APPLICATION_NAME, **OPTIONS)
            self._connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
            if is_shared(self._connection):
                log.warning("behind a pooler nobody is woken: set ZOU_SERVER_DIRECT_DATABASE_URL")
                self._is_timed = True
                self._drop()
                return
            with self._connection.cursor() as cursor:
                cursor.execute(self._listen)
        except psycopg2.Error as error:
            log.warning("cannot listen for events, trying again: %s", str(error).strip())
            self._drop()
            time.sleep(min(self._pause, seconds))
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        else:
            self._pause = SHORTEST_PAUSE

    def _rest(self, listening: connection, seconds: float) -> None:
        """Wait for a wake-up, and forget all there were so far."""
        self._ring(listening, seconds=0.0 if listening.notifies else seconds)
        listening.poll()
        listening.notifies.clear()

    def _ring(self, *others: connection, seconds: float) -> None:
        """Wait until the bell rings or there is something on other wires."""
        poll = select.poll()
        for wire in (self._bell.fileno(), *(each.fileno() for each in others)):
            poll.register(wire, select.POLLIN)
        poll.poll(seconds * 1000)
        with suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass

    def _drop(self) -> None:
        found, self._connection = self._connection, None
        if found is not None:
            with suppress(psycopg2.Error, OSError):
                found.close()
