"""The one place that decides where a read goes when there is a replica.

A read may run on the replica when that shows everything that was committed anywhere before the read began:
so whoever wrote, or was told by somebody who did, sees it, on any machine and through any dialect. The
primary is asked for the position of its log (a function without a table), the replica for how far it has
come, and only when the connection does not know yet that it is far enough. In every other case the primary
answers: the replica is behind, silent, fails in the middle, or has more reads in hand than the primary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg2
from sqlalchemy import exc

from zou_server.adapters.replica.watch import POSITION, REPLAYED
from zou_server.adapters.transactions import LosableConnection
from zou_server.query.statement import Statement
from zou_server.services.read.integrity import REFUSALS
from zou_server.services.read.run_statement import run
from zou_server.services.read.source import Found, OneDatabase

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from zou_server.adapters.replica.watch import ReplicaWatch

PRIMARY, REPLICA = "primary", "replica"
_POSITION = Statement(POSITION, {}, (), "zou_position")
_REPLAYED = Statement(REPLAYED, {}, (), "zou_replayed")

_TRY_ELSEWHERE = frozenset({"08", "25", "40", "53", "57", "58", "XX"})
"""Classes of refusals that are about the server and not about the statement: a recovery that needs the rows,
no connection left, a shutdown."""
_GONE = ("08", "57P")
_TOO_LONG = "57014"
"""A statement that was cancelled, which would take as long on the primary."""


class Behind:
    """What a replica has to say that does not show everything yet."""


BEHIND = Behind()


class ReplicaReads:
    """The source of a studio with a replica. `count` hears which database answered."""

    def __init__(
        self,
        primary: Engine,
        replica: Engine,
        watch: ReplicaWatch,
        count: Callable[[str], None] = lambda _database: None,
    ) -> None:
        self._primary, self._replica, self.watch, self._count = OneDatabase(primary), replica, watch, count
        self._on_replica: set[object] = set()
        self._on_primary: set[object] = set()
        watch.let_go = self._let_go

    def run(self, read: Callable[[Any], Found]) -> Found:
        """What `read` finds on the replica where that is as good as the primary, else on the primary."""
        if self.watch.is_used and len(self._on_replica) <= len(self._on_primary):
            committed = self._primary.run(lambda raw: _number(raw, _POSITION))
            try:
                found = self._ask_replica(read, committed)
                if not isinstance(found, Behind):
                    return found
            except REFUSALS as error:
                if not is_of_server(error):
                    raise
                if is_lost(error):
                    self.watch.lost("it does not answer")
                    self._replica.dispose()
        return self._ask_primary(read)

    def _ask_primary(self, read: Callable[[Any], Found]) -> Found:
        token = object()
        self._on_primary.add(token)
        try:
            return self._primary.run(read)
        finally:
            self._on_primary.discard(token)
            self._count(PRIMARY)

    def _ask_replica(self, read: Callable[[Any], Found], committed: int) -> Found | Behind:
        token = object()
        self._on_replica.add(token)
        raw: Any = None
        try:
            raw = self._replica.raw_connection()
            if not _shows(raw, committed):
                return BEHIND
            found = read(raw)
        except REFUSALS as error:
            if raw is not None and is_lost(error):
                raw.invalidate()
            raise
        else:
            self._count(REPLICA)
            return found
        finally:
            self._on_replica.discard(token)
            if raw is not None:
                raw.close()

    def _let_go(self) -> None:
        """End the waiting for a replica that says nothing: the primary answers."""
        self._replica.dispose()
        for each in list(LosableConnection.alive):
            each.end()


def is_of_server(error: BaseException) -> bool:
    """Whether another server may answer what this one refused."""
    state = _state(error)
    if state is None:
        return isinstance(error, exc.TimeoutError) or is_lost(error)
    return state[:2] in _TRY_ELSEWHERE and state != _TOO_LONG


def is_lost(error: BaseException) -> bool:
    """Whether the connection, or the server behind it, is gone."""
    state = _state(error)
    if state is None:
        return isinstance(_cause(error), psycopg2.OperationalError | psycopg2.InterfaceError)
    return state.startswith(_GONE)


def _state(error: BaseException) -> str | None:
    """The SQLSTATE of a refusal; None where no server said anything."""
    return getattr(_cause(error), "pgcode", None) or None


def _cause(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, exc.DBAPIError) else error


def _shows(raw: Any, committed: int) -> bool:
    """Whether a replica shows what was committed; what a connection knows of it stays true."""
    if raw.info.get("replayed", 0) < committed:
        raw.info["replayed"] = _number(raw, _REPLAYED)
    return bool(raw.info["replayed"] >= committed)


def _number(raw: Any, statement: Statement) -> int:
    with raw.cursor() as cursor:
        run(cursor, raw.info, statement, {})
        (found,) = cursor.fetchone()
    return found or 0
