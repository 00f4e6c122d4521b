"""Watches a replica: is it one of this database, does it answer, and how far is it behind.

Each web process looks by itself once a second, on a connection of its own that never waits for long, so that
no request has to find out that the replica's machine is gone.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from zou_server.adapters.database import REPLICA_SECONDS

APPLICATION_NAME = "zou-server replica watch"
LOOK_SECONDS = 1.0
MOST_MARKS = 600

POSITION = """
SELECT ((CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
         ELSE pg_current_wal_flush_lsn() END) - '0/0'::pg_lsn)::bigint
"""
"""How far the primary's log has come: behind every commit that was acknowledged."""

REPLAYED = "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"
"""How much of that log a replica shows; null for a server that is none."""

IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system()),
       (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""What is the same in a database and in its replicas, and in no other database."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """Whether a replica is used, why not, and how many seconds it is behind; safe to show to anybody."""

    is_used: bool
    reason: str = ""
    behind: float = 0.0

    def __str__(self) -> str:
        """What is said at /health/ready."""
        return "used" if self.is_used else f"left out: {self.reason}"


class UnusableReplicaError(Exception):
    """A replica that cannot be used; the message says why."""


class Lag:
    """Seconds that a replica is behind: the age of the oldest look at the primary that it has not reached."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = []

    def seconds(self, now: float, position: int, replayed: int) -> float:
        """Note where the primary is now, and return how far behind it a replica is."""
        if len(self._marks) >= MOST_MARKS:
            del self._marks[1::2]
        self._marks.append((now, position))
        self._marks = [mark for mark in self._marks if mark[1] > replayed]
        return now - self._marks[0][0] if self._marks else 0.0


class ReplicaWatch:
    """What is known of a replica; it begins to look when it is first asked.

    `tell` hears of each look; `let_go` is called when the replica is silent, for those who wait for it.
    """

    def __init__(
        self,
        primary: Engine,
        url: str,
        most_behind: float,
        tell: Callable[[ReplicaState], None] = lambda _state: None,
    ) -> None:
        self._primary, self._most_behind, self._tell = primary, most_behind, tell
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._state = ReplicaState(is_used=False, reason="it was not looked at yet")
        self._lag = Lag()
        self._connection: extensions.connection | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked, self._stopped = threading.Event(), threading.Event()
        self.let_go: Callable[[], None] = lambda: None

    @property
    def is_used(self) -> bool:
        """Whether reads may go to the replica."""
        if self._thread is None:
            self._start()
        return self._state.is_used

    def state(self) -> ReplicaState:
        """What the last look said; waits for the first one."""
        if self._thread is None:
            self._start()
        self._looked.wait(2 * REPLICA_SECONDS)
        return self._state

    def lost(self, reason: str) -> None:
        """Leave the replica out until the next look: it failed somebody."""
        self._change(ReplicaState(is_used=False, reason=reason, behind=self._state.behind))

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._go_on, name="replica watch", daemon=True)
                self._thread.start()

    def _go_on(self) -> None:
        while not self._stopped.is_set():
            try:
                self._change(self._look())
            except Exception:  # whatever it is: a watch that ends would leave all as it was for good
                log.exception("the look at the replica failed")
                self._state = ReplicaState(is_used=False, reason="the look at it failed")
                self._forget()
            self._looked.set()
            self._stopped.wait(LOOK_SECONDS)
        self._drop()

    def _forget(self) -> None:
        """Let the connection go, in whatever state it is."""
        with suppress(Exception):
            self._drop()

    def _change(self, state: ReplicaState) -> None:
        before, self._state = self._state, state
        if before.is_used and not state.is_used:
            log.warning("the replica is left out: %s", state.reason)
        elif state.is_used and not before.is_used:
            log.info("the replica is used")
        self._tell(state)

    def _look(self) -> ReplicaState:
        try:
            position, identity = self._primary_is_at()
        except (SQLAlchemyError, psycopg2.Error):
            self._drop()
            return ReplicaState(is_used=False, reason="the primary does not answer")
        try:
            replayed = self._replica_is_at(identity)
        except UnusableReplicaError as error:
            self._drop()
            return ReplicaState(is_used=False, reason=str(error))
        except (psycopg2.Error, OSError):
            self._drop()
            self.let_go()
            return ReplicaState(is_used=False, reason="it does not answer")
        behind = self._lag.seconds(time.monotonic(), position, replayed)
        if behind > self._most_behind:
            return ReplicaState(is_used=False, reason=f"it is {behind:.0f} s behind", behind=behind)
        return ReplicaState(is_used=True, behind=behind)

    def _primary_is_at(self) -> tuple[int, Any]:
        """The primary's position and, where the replica has still to be compared with it, its identity."""
        with self._primary.connect() as connection:
            position: int = connection.exec_driver_sql(POSITION).scalar_one()
            identity = None
            if self._connection is None:
                identity = tuple(connection.exec_driver_sql(IDENTITY).one())
            return position, identity

    def _replica_is_at(self, identity: Any) -> int:
        until = time.monotonic() + REPLICA_SECONDS
        if self._connection is None:
            self._connection = psycopg2.connect(self._dsn, async_=1, application_name=APPLICATION_NAME)
            _wait(self._connection, until)
            if self._ask(IDENTITY, until) != identity:
                message = "it is no replica of this database"
                raise UnusableReplicaError(message)
        (replayed,) = self._ask(REPLAYED, until)
        if replayed is None:
            message = "it is no replica"
            raise UnusableReplicaError(message)
        return int(replayed)

    def _ask(self, question: str, until: float) -> Any:
        assert self._connection is not None  # noqa: S101 - for the type checker
        with self._connection.cursor() as cursor:
            cursor.execute(question)
            _wait(self._connection, until)
            return cursor.fetchone()

    def _drop(self) -> None:
        found, self._connection = self._connection, None
        if found is not None:
            found.close()


_SIGNS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


def _wait(connection: extensions.connection, until: float) -> None:
    """Wait for what an asynchronous connection does; TimeoutError when it takes too long."""
    while (state := connection.poll()) != extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), _SIGNS[state])
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise TimeoutError
