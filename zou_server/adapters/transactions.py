"""A database connection whose BEGIN travels with the first statement of a transaction.

The driver sends BEGIN by itself and waits for the answer before the statement goes out, and COMMIT
likewise: two waits of every change in which nothing is done. Here the first statement carries the BEGIN, and
a last statement may carry its COMMIT (`UnitOfWork.commit` does): `commit` and `rollback` then find no
transaction open and send nothing.

Behind a pooler that shares the database's sessions between transactions, the settings of a session hold in
each transaction only if they are said in it: `before` is said with its first statement.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from socket import SHUT_RDWR, socket
from typing import Any, ClassVar
from weakref import WeakSet

from psycopg2 import Error
from psycopg2.errors import InFailedSqlTransaction
from psycopg2.extensions import (
    ISOLATION_LEVEL_AUTOCOMMIT,
    TRANSACTION_STATUS_IDLE,
    TRANSACTION_STATUS_INERROR,
    connection,
    cursor,
)

from zou_server.adapters.plain_poll import plain_poll


class JoinedCursor(cursor):
    """A cursor that opens the transaction by the statement that needs it."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's name
        """Run a statement, the first one of a transaction with BEGIN before it."""
        owner: Any = self.connection
        if owner.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            first = ("BEGIN;" if owner.joins else "") + owner.before
            if first:
                query = first.encode() + query if isinstance(query, bytes) else f"{first}{query}"
        super().execute(query, vars)


class PlainConnection(connection):
    """The driver's connection, which says its settings with each statement once it is told any."""

    joins = False
    before = ""
    _unread: Any = None

    def say_before(self, settings: str) -> None:
        """Say these settings with whatever is the first statement of a transaction."""
        self.before = settings
        self.cursor_factory = JoinedCursor

    def is_quiet(self) -> bool:
        """Whether the server has said nothing that nobody asked for: its end, or a notice."""
        if self.closed:
            return False
        if self._unread is None:
            self._unread = plain_poll()
            self._unread.register(self.fileno(), select.POLLIN)
        return not self._unread.poll(0)


class LosableConnection(PlainConnection):
    """A connection that others can end while somebody waits for it, even while it is made."""

    alive: ClassVar[WeakSet[LosableConnection]] = WeakSet()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.alive.add(self)  # before the driver waits for the server
        super().__init__(*arguments, **options)

    def end(self) -> None:
        """Wake whoever waits: the server will not say anything more."""
        with suppress(OSError, Error), socket(fileno=os.dup(self.fileno())) as wire:
            wire.shutdown(SHUT_RDWR)


class JoinedConnection(PlainConnection):
    """The driver's connection in autocommit, with transactions that are opened and ended in few round trips.

    To its users it behaves as a connection of the driver does; `joins` is False in true autocommit.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.autocommit = True
        self.joins = True
        self.cursor_factory = JoinedCursor

    def set_isolation_level(self, level: int | None) -> None:
        """Switch to true autocommit and back; transactions are always READ COMMITTED."""
        self.joins = level != ISOLATION_LEVEL_AUTOCOMMIT

    def commit(self) -> None:
        """End the transaction that is open, if one is; InFailedSqlTransaction for one that has failed."""
        status = self.get_transaction_status()
        if status == TRANSACTION_STATUS_IDLE:
            return
        if status == TRANSACTION_STATUS_INERROR:
            # PostgreSQL would roll back and say nothing of it.
            raise InFailedSqlTransaction("the transaction has failed and cannot be committed")
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction that is open, if one is."""
        self._end("ROLLBACK")

    def _end(self, word: str) -> None:
        if self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            with super().cursor(cursor_factory=cursor) as last:
                last.execute(word)
