"""One transaction: the only place that commits, and where a transaction's events get their numbers.

    with UnitOfWork(engine, actor, RULEBOOK, run) as work:
        work.execute([Create(...)])
        work.commit()

Leaving the block without `commit` rolls everything back. Services called by the pipeline use
`work.session` and `work.record`; they never commit.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson
import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.base import utc_now
from zou_server.models.errors import DomainError
from zou_server.services.read.integrity import REFUSALS, refuse, translated
from zou_server.services.read.stages import passed
from zou_server.services.write.operations import Operation, Result
from zou_server.services.write.prepared import ONE_PLAN, Prepared
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


class Recorded(NamedTuple):
    """One event to be: what happened to which row. `first` marks the head of an operation.

    The old and the new value are as the column holds them. `made` are the attributes of a new row with
    their values: each is an event of its own, with the number after the one before.
    """

    action: str
    kind: str
    object_id: uuid.UUID
    object_name: str | None
    project_id: uuid.UUID | None
    attribute: str | None = None
    old: Any = None
    new: Any = None
    first: bool = False
    made: Sequence[tuple[str, Any]] | None = None
    uid: uuid.UUID | None = None


class UnitOfWork:
    """The session, the actor and the events of one transaction.

    `tells` says whether people are notified of what happens; an import of what happened long ago is no news.
    """

    read: Reader

    def __init__(
        self, engine: sa.Engine, actor: Actor, rulebook: Rulebook, run: Run, jobs: Jobs | None = None
    ) -> None:
        self.actor, self.rulebook, self._run = actor, rulebook, run
        self._jobs = jobs
        self.session = WritingSession(engine)
        self.now = utc_now()
        self.tells = True
        self._moments = 0
        self._events: list[Recorded] = []
        self._change_set, self._written = str(uuid.uuid4()), 0
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

    def pooled_connection(self) -> Any:
        """The pool's connection of this transaction, for reads that must see its writes."""
        return self.session.pooled_connection()

    def execute(self, operations: Sequence[Operation], known: Iterable[Known] = ()) -> list[Result]:
        """Run a list of operations through the pipeline; all of them or none.

        `known` are targets of their links that were read in this transaction.
        """
        try:
            results = self._run(self, operations, known)
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
            if self._events or self._written:
                self._write_events()
            self.session.commit()
        except REFUSALS as error:
            refuse(error)
        passed("commit")
        self._change_set, self._written = str(uuid.uuid4()), 0
        for call in self._after:
            call()
        self._after.clear()

    def _write_many(self) -> None:
        """Write many events before the commit, which alone numbers them: a long change does not hold them.

        Not within an attempt: what it writes may have to be forgotten, and what was before must not.
        """
        if len(self._events) >= EVENTS_AT_ONCE and not self.session.in_nested_transaction():
            self._write_some()

    def _write_some(self) -> None:
        raw = self.session.pooled_connection()
        said = ONE_PLAN + _EVENTS.said(raw, "%(id)s", "%(rows)s")
        with closing(raw.cursor()) as cursor:
            for share in self._shares():
                cursor.execute(said, {"id": self._change_set, "rows": share})

    def _write_events(self) -> None:
        """Write the events, those of a long list in shares: one JSON text of all would have no end.

        A connection that can (`adapters/transactions.py`) ends the transaction by the same round trip.
        """
        if len(self._events) > EVENTS_AT_ONCE:
            self._write_some()
        raw, share = self.session.pooled_connection(), next(self._shares(), "[]")
        events = ONE_PLAN + _EVENTS.said(raw, "%(id)s", "%(rows)s")
        end = _CHANGE_SET.said(raw, *_CHANGE_SET_PLACES)
        end += ";COMMIT" if getattr(raw.dbapi_connection, "joins", False) else ""
        with closing(raw.cursor()) as cursor:
            cursor.execute(
                f"SET CONSTRAINTS ALL IMMEDIATE;{events};{end}",
                {
                    "id": self._change_set,
                    "rows": share,
                    "count": self._written,
                    "actor": str(self.actor.person_id),
                    "sudo": str(self.actor.sudo_id) if self.actor.sudo_id else None,
                    "client": self.actor.client,
                    "session_uuid": self.actor.session_uuid,
                    "channel": WAKE_UP_CHANNEL,
                },
            )

    def _shares(self) -> Iterator[str]:
        """The events that are not written yet as JSON, some at a time; they count as written then.

        Columns that hold nothing are left out: they are read as null, in half the time.
        """
        events, self._events = self._events, []
        for start in range(0, len(events), EVENTS_AT_ONCE):
            rows = []
            for event in events[start : start + EVENTS_AT_ONCE]:
                found = {n: value for n, value in zip(_COLUMNS, event, strict=True) if value is not None}
                found["ordinal"] = self._written
                rows.append(found)
                self._written += 1 + len(event.made or ())
            yield orjson.dumps(rows).decode()


_COLUMNS = Recorded._fields

_EVENTS = Prepared(
    "events",
    ("uuid", "json"),
    """
INSERT INTO event (
    change_set_id, ordinal, uid, action, kind, object_id, object_name, project_id, attribute, old, new, made)
SELECT $1, ordinal, coalesce(uid, CASE WHEN first THEN gen_random_uuid() END),
       action, kind, object_id, object_name, project_id, attribute, old, new, made
FROM json_to_recordset($2) AS e(
    ordinal integer, first boolean, action text, kind text, object_id uuid, object_name text,
    project_id uuid, attribute text, old jsonb, new jsonb, made jsonb,
    uid uuid)
""",
)

# The counter's lock is held from here to the commit, so this comes last.
_CHANGE_SET_PLACES = (
    "%(id)s",
    "%(count)s",
    "%(actor)s",
    "%(sudo)s",
    "%(client)s",
    "%(session_uuid)s",
    "%(channel)s",
)
_CHANGE_SET = Prepared(
    "change_set",
    ("uuid", "bigint", "uuid", "uuid", "text", "text", "text"),
    """
WITH numbered AS (
    UPDATE event_counter SET next = next + $2 WHERE id = 1 RETURNING next - $2 AS base
), change AS (
    INSERT INTO change_set (id, base, last, actor_id, sudo_actor_id, client, session_uuid, created_at)
    SELECT $1, base, base + $2 - 1, $3, $4, $5, $6, clock_timestamp()
    FROM numbered RETURNING last
)
SELECT pg_notify($7, last::text) FROM change
""",
)
