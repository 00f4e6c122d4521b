"""Connections of a pool, lent for one read or one transaction, and again as they are while they are wanted.

The pool takes each connection apart when it comes back and together when it goes out: a tenth of a small
request, and most have two. Here a few that were in use a moment ago stay whole; the pool gets them back when
they rest, when they are not as they were, and when it is short of others.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import event

MOST_KEPT = 4
REST_SECONDS = 5.0
"""A connection unused for so long goes through the pool, which asks whether it still lives."""
OUT_SECONDS = 60.0
"""So does each one after a while: the pool renews it when its time has come."""
OUT_SINCE, UNUSED_SINCE = "out of the pool since", "unused since"
"""What the record of a connection notes: the second for the pool, which may get it back later than that."""


class Lender:
    """The connections of an engine that are kept whole, the one used last behind the others."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pool: Any = engine.pool
        self._kept: list[Any] = []
        event.listen(engine, "engine_disposed", self._forget)

    def take(self) -> Any:
        """A connection for one user, who gives it back once."""
        now = time.monotonic()
        while self._kept:
            try:
                raw = self._kept.pop()
            except IndexError:  # another thread was faster
                break
            noted = raw.info
            if (
                now - noted[UNUSED_SINCE] < REST_SECONDS
                and now - noted[OUT_SINCE] < OUT_SECONDS
                and raw.dbapi_connection.is_quiet()
            ):
                return raw
            raw.close()
        raw = self._engine.raw_connection()
        raw.info[OUT_SINCE] = now
        return raw

    def give(self, raw: Any) -> None:
        """Take a connection back; one in a transaction, or broken, is the pool's to mend."""
        connection = raw.dbapi_connection
        raw.info[UNUSED_SINCE] = time.monotonic()
        if (
            hasattr(connection, "is_quiet")  # it is no bare one of the driver's, and not given up
            and connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
            and len(self._kept) < MOST_KEPT
            and (self._pool.overflow() <= 0 or self._pool.checkedout() <= self._pool.size())
        ):
            self._kept.append(raw)
        else:
            raw.close()

    def in_use(self) -> int:
        """How many connections are lent now, to anybody."""
        return int(self._pool.checkedout()) - len(self._kept)

    def _forget(self, _engine: sa.Engine) -> None:
        """Let go of connections of a pool that is no more."""
        kept, self._kept = self._kept, []
        for raw in kept:
            raw.invalidate()
        self._pool = self._engine.pool


@lru_cache(maxsize=64)
def lender_of(engine: sa.Engine) -> Lender:
    """The lender of an engine."""
    return Lender(engine)
