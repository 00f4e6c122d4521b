"""One transaction: the only place that commits, and where a transaction's events get their numbers.

    with UnitOfWork(engine, actor, RULEBOOK, run) as work:
        work.execute([Create(...)])
        work.commit()

Leaving the block without `commit` rolls everything back. Services called by the pipeline use
`work.session` and `work.record`; they never commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import orjson
import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.base import utc_now
from zou_server.models.errors import DomainError
from zou_server.services.read.integrity import REFUSALS, refuse, translated
from zou_server.services.read.stages import noting
from zou_server.services.write.operations import Operation, Result
from zou_server.services.write.prepared import ONE_PLAN
from zou_server.services.write.write_events import (
    CHANGE,
    CHANGE_PLACES,
    LAST_EVENTS,
    MAKE_WAITING,
    TAKE_NUMBERS,
    WAIT,
    WAITED,
    Recorded,
    written_rows,
)
from zou_server.services.write.write_rows import WritingSession

if TYPE_CHECKING:
    from zou_server.services.ports import Jobs
    from zou_server.services.read.reader import Reader
    from zou_server.services.write.rulebook import Rulebook
    from zou_server.services.write.targets import Known

WAKE_UP_CHANNEL = "zou_server_events"

EVENTS_AT_ONCE = 2_000
"""Events that are written by one statement; those of a long change do not wait for its end."""


Run = Callable[["UnitOfWork", Sequence[Operation], "Iterable[Known]"], list[Result]]
"""The pipeline: applies a list of operations within a unit of work."""


class UnitOfWork:
    """The session, the actor and the events of one transaction.

    `tells` says whether people are notified of what happens; an import of what happened long ago is no news.
    """

    read: Reader

    def __init__(
        self,
        engine: sa.Engine,
        actor: Actor,
        rulebook: Rulebook,
        run: Run,
        jobs: Jobs | None = None,
        now: dt.datetime | None = None,
    ) -> None:
        self.actor, self.rulebook, self._run = actor, rulebook, run
        self._jobs = jobs
        self.session = WritingSession(engine)
        self.now = now or utc_now()
        self.tells = True
        self._moments = 0
        self._events: list[Recorded] = []
        self._written = 0
        self._waiting: Waiting | None = None
        self._after: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.session.close()
        except REFUSALS:
            # The connection is lost, and what was not committed with it; no other request may get it.
            self.session.invalidate()
        if isinstance(error, REFUSALS):
            refuse(error)

    def pooled_connection(self) -> Any:
        """The pool's connection of this transaction, for reads that must see its writes."""
        return self.session.pooled_connection()

    def execute(self, operations: Sequence[Operation], known: Iterable[Known] = ()) -> list[Result]:
        """Run a list of operations through the pipeline; all of them or none.

        `known` are targets of their links that were read in this transaction.
        """
        try:
            results = self._run(self, operations, known)
            if len(self._events) >= EVENTS_AT_ONCE:
                self._write_many()
        except REFUSALS as error:
            refuse(error)
        return results

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the transaction that may fail alone: an error inside leaves nothing of it behind.

        Rows that were loaded before are unknown to the session after an error.
        """
        events, after = len(self._events), len(self._after)
        try:
            with translated():
                with self.session.begin_nested():
                    yield
                self._write_many()
        except DomainError:
            del self._events[events:]
            del self._after[after:]
            self.session.forget()
            raise

    def moment(self) -> dt.datetime:
        """The time of a new row: this transaction's, a microsecond later for each, so that order shows."""
        self._moments += 1
        return self.now + dt.timedelta(microseconds=self._moments - 1)

    def record(self, event: Recorded) -> None:
        """Add an event to this transaction's change set."""
        self._events.append(event)

    def defer(self, task: str, arguments: Mapping[str, object]) -> None:
        """Have a job done once this transaction stands, and only then."""
        if self._jobs is None:
            message = f"nobody can do the job {task!r}: this studio was made without a queue"
            raise RuntimeError(message)
        self._jobs.defer(self.session.connection(), task, arguments)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call something outside the database once the transaction stands."""
        self._after.append(call)

    def commit(self) -> None:
        """Check what was deferred, number the events, commit, then run what waited for it."""
        try:
            self.session.flush()
            if self._events or self._waiting is not None:
                self._write_events()
            self.session.commit()
        except REFUSALS as error:
            refuse(error)
        noting()("commit")
        vars(self).pop("read", None)  # its connection may be somebody else's from now on
        self._written = 0
        self._waiting = None
        for call in self._after:
            call()
        self._after.clear()

    def _write_many(self) -> None:
        """Put many events aside until the commit, which alone numbers them: a long change does not hold them.

        Not within an attempt: what it tells may have to be forgotten, and what was before must not.
        """
        if len(self._events) >= EVENTS_AT_ONCE and not self.session.in_nested_transaction():
            self._put_aside(self._shares())

    def _write_events(self) -> None:
        """Write the events with the numbers they get, and end the transaction.

        Those of a long list come in shares: one JSON text of all would have no end. The last share and the
        change set are one round trip; a connection that can (`adapters/transactions.py`) commits by the same.
        """
        raw, shares = self.session.pooled_connection(), list(self._shares())
        if len(shares) > 1:
            self._put_aside(iter(shares[:-1]))
        parameters = {
            "count": self._written,
            "rows": shares[-1] if shares else "[]",
            "actor": str(self.actor.person_id),
            "sudo": str(self.actor.sudo_id) if self.actor.sudo_id else None,
            "client": self.actor.client,
            "session_uuid": self.actor.session_uuid,
            "channel": WAKE_UP_CHANNEL,
        }
        commit = ";COMMIT" if getattr(raw.dbapi_connection, "joins", False) else ""
        with closing(raw.cursor()) as cursor:
            said = CHANGE.said(raw, *CHANGE_PLACES) if self._waiting is None else LAST_EVENTS
            if self._waiting is not None:
                cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE;{TAKE_NUMBERS}", parameters)
                parameters["base"] = cursor.fetchone()[0]
                self._waiting.write(cursor, parameters["base"])
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE;{ONE_PLAN}{said}{commit}", parameters)

    def _put_aside(self, shares: Iterator[str]) -> None:
        if self._waiting is None:
            self._waiting = Waiting(self.session)
        self._waiting.add(shares)

    def _shares(self) -> Iterator[str]:
        """The events that were not given yet as JSON, some at a time; they count as written then."""
        events, self._events = self._events, []
        for start in range(0, len(events), EVENTS_AT_ONCE):
            share = events[start : start + EVENTS_AT_ONCE]
            rows = written_rows(share, self._written, self.actor.person_id)
            for event in share:
                self._written += 1 + len(event.made or ())
            yield orjson.dumps(rows).decode()


class Waiting:
    """The events of a long change that wait in a table of its own for its end, when they get their numbers.

    Once some found no room, the change cannot end well: what it tells would have a hole.
    """

    def __init__(self, session: WritingSession) -> None:
        self._session = session
        self._is_made = False
        self._trouble: DomainError | None = None

    def add(self, shares: Iterator[str]) -> None:
        """Put shares aside; NoRoom when the disk is full."""
        try:
            with translated(), self._session.begin_nested():
                self._insert(shares)
        except DomainError as error:
            self._trouble = error
            raise
        self._is_made = True

    def _insert(self, shares: Iterator[str]) -> None:
        with closing(self._session.pooled_connection().cursor()) as cursor:
            if not self._is_made:
                cursor.execute(MAKE_WAITING)
            for share in shares:
                cursor.execute(WAIT, {"rows": share})

    def write(self, cursor: Any, base: Any) -> None:
        """Write them with their numbers; what was the matter with one of them is the matter with all."""
        if self._trouble is not None:
            raise self._trouble
        cursor.execute(WAITED, {"base": base})
