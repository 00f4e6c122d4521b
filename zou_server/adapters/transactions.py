"""A database connection whose BEGIN travels with the first statement of a transaction.

The driver sends BEGIN by itself and waits for the answer before the statement goes out, and COMMIT
likewise: two waits of every change in which nothing is done. Here the first statement carries the BEGIN, and
a last statement may carry its COMMIT (`UnitOfWork.commit` does): `commit` and `rollback` then find no
transaction open and send nothing.
"""

from __future__ import annotations

from typing import Any

from psycopg2.errors import InFailedSqlTransaction
from psycopg2.extensions import (
    ISOLATION_LEVEL_AUTOCOMMIT,
    TRANSACTION_STATUS_IDLE,
    TRANSACTION_STATUS_INERROR,
    connection,
    cursor,
)


class JoinedCursor(cursor):
    """A cursor that opens the transaction by the statement that needs it."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's name
        """Run a statement, the first one of a transaction with BEGIN before it."""
        owner: Any = self.connection
        if owner.joins and owner.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            query = b"BEGIN;" + query if isinstance(query, bytes) else f"BEGIN;{query}"
        super().execute(query, vars)


class JoinedConnection(connection):
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
        if self.get_transaction_status() == TRANSACTION_STATUS_INERROR:
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
