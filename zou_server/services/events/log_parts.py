"""The log is kept in parts: tables for so many numbers each, so that old events go as a whole table.

By numbers and not by months: every question about events goes by number, so it touches the parts it is about
and no others, and a small studio has two. A part is made before the first number of it is given. The last one
is open: it takes whatever comes, should nobody make the next in time, and then ends behind what it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import sqlalchemy as sa
from psycopg2.errors import LockNotAvailable

NUMBERS = 5_000_000
"""Numbers of a part: about two million rows, half a gigabyte."""

TABLES = ("event", "change_set")
LOCK = 0x5A4F56
ATTEMPTS, PAUSE_SECONDS = 30, 0.5
_SETTINGS = "autovacuum_vacuum_insert_scale_factor = 0.02"
_PARTS = sa.text(
    """
SELECT substring(c.relname FROM '\\d+$')::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'event'::regclass ORDER BY 1
"""
)
_NEXT = sa.text("SELECT next FROM event_counter")
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(:lock)")


class Part(NamedTuple):
    """A stretch of numbers that has tables of its own; the last part has no end."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class LogParts:
    """The parts of the log, changed in the transaction of a connection; one at a time does so."""

    connection: sa.Connection

    def all(self) -> list[Part]:
        """The parts, the oldest first."""
        starts = list(self.connection.execute(_PARTS).scalars())
        return [Part(*pair) for pair in zip(starts, [*starts[1:], None], strict=True)]

    def make_ahead(self) -> bool:
        """See to it that the open part begins well after the numbers that are given; True for new ones."""
        upcoming = int(self.connection.execute(_NEXT).scalar_one())
        last = first = self.all()[-1].start
        while last - upcoming <= NUMBERS // 2:
            self._lock()
            # Where nobody made parts for long, the open one holds rows and becomes a large one.
            newest = f"SELECT max(base) FROM change_set_from_{last}"  # noqa: S608 - a number
            held = self.connection.exec_driver_sql(newest).scalar_one()
            end = last + NUMBERS * (1 if held is None else (held - last) // NUMBERS + 1)
            for table in TABLES:
                self._close(table, last, end)
            last = end
        return last != first

    def _close(self, table: str, start: int, end: int) -> None:
        """Give the open part an end, and begin another one there."""
        part, run = f"{table}_from_{start}", self.connection.exec_driver_sql
        run(f"ALTER TABLE {table} DETACH PARTITION {part}")
        run(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({start}) TO ({end})")
        values = f"FROM ({end}) TO (MAXVALUE)"
        run(f"CREATE TABLE {table}_from_{end} PARTITION OF {table} FOR VALUES {values} WITH ({_SETTINGS})")

    def drop(self, part: Part) -> None:
        """Remove a part with all that is in it."""
        self._lock()
        for table in TABLES:
            self.connection.exec_driver_sql(f"DROP TABLE {table}_from_{part.start}")

    def _lock(self) -> None:
        """Lock the log as a whole for a moment.

        Whoever waits for such a lock has everybody else wait behind: better not now than long. And whoever
        has one and waits for another may wait for somebody who waits for the first.
        """
        self.connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        first, *others = TABLES
        self.connection.exec_driver_sql(f"LOCK TABLE {first} IN ACCESS EXCLUSIVE MODE")
        for table in others:
            self.connection.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT")


def make_parts_ahead(engine: sa.Engine) -> bool:
    """Make the part of the log that will be needed next, if it is time; True for one that was made."""
    return change_parts(engine, LogParts.make_ahead)


def change_parts(engine: sa.Engine, change: Callable[[LogParts], bool | None]) -> bool:
    """Change the parts in a transaction, as soon as nobody reads or writes the log for a moment."""
    for attempt in count(1):
        try:
            with engine.begin() as connection:
                connection.execute(_ONE_AT_A_TIME, {"lock": LOCK})
                return bool(change(LogParts(connection)))
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable) or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)
    return False
