"""Answers read from the log alone, kept for as long as nothing is added to it.

Clients that follow the log ask for its end again and again, several at a time (gazu.sync, Kitsu's page of
events), and mostly nothing has happened. The log only grows, so an answer holds until there is a newer change
set; that one's number is read from the database each time.
"""

from __future__ import annotations

from hashlib import sha256
from threading import Lock
from typing import Any

from cachetools import LRUCache

from zou_server.query.statement import Statement
from zou_server.services.read.run_statement import run

ROOM = 16 * 2**20
"""Characters that one process keeps; a longer answer is not kept."""

_NEWEST = Statement(
    "SELECT base, created_at FROM change_set ORDER BY base DESC LIMIT 1", {}, (), "zou_newest_change_set"
)

Row = tuple[Any, ...]


class KeptAnswers:
    """The answers of one process, by the newest change set, the statement and its parameters."""

    def __init__(self) -> None:
        self._rows: LRUCache[Any, Row] = LRUCache(ROOM, getsizeof=_size)
        self._lock = Lock()

    def first_row(self, raw: Any, statement: Statement, parameters: dict[str, Any]) -> Row | None:
        """The first row of a statement that reads the log alone, from memory or from the database."""
        with raw.cursor() as cursor:
            run(cursor, raw.info, _NEWEST, {})
            # Asked for before the answer: one that is newer than it says is never old to anybody.
            key = (cursor.fetchone(), statement.name, sha256(repr(parameters).encode()).digest())
            with self._lock:
                if key in self._rows:
                    return self._rows[key]
            run(cursor, raw.info, statement, parameters)
            row: Row | None = cursor.fetchone()
        if row is not None and _size(row) <= ROOM:
            with self._lock:
                self._rows[key] = row
        return row


def _size(row: Row) -> int:
    return 1000 + sum(len(value) for value in row if isinstance(value, str))
