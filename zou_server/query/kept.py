"""Statements kept by their shape, as many as fit into so many bytes: shapes differ in size a thousandfold."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import LRUCache, cached

from zou_server.query.statement import Statement

BYTES_OF_A_VALUE = 1500
"""About what a shape and its statement hold for each value that a request fills in."""

Make = Callable[..., Statement]


def kept_within(most_bytes: int) -> Callable[[Make], Make]:
    """Decorate what compiles a shape: the statements used last are kept."""
    cache: LRUCache[object, Statement] = LRUCache(maxsize=most_bytes, getsizeof=size_of)
    return cached(cache, lock=threading.RLock())


def size_of(statement: Statement) -> int:
    """About how many bytes a kept statement and its shape take."""
    values = len(statement.binders) + len(statement.fixed)
    return 2000 + 2 * len(statement.sql) + BYTES_OF_A_VALUE * values
