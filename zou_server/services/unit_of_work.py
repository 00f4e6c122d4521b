"""One transaction: the only place that commits, and where a transaction's events get their numbers.

    with UnitOfWork(engine, actor) as work:
        work.execute([Create(...)])
        work.commit()

Leaving the block without `commit` rolls everything back. Services called by the pipeline use
`work.session` and `work.record`; they never commit.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import orjson
import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.base import utc_now
from zou_server.services.integrity import translated
from zou_server.services.operations import Operation, Result
from zou_server.services.write_rows import WritingSession

if TYPE_CHECKING:
    from zou_server.services.studio import Reader

WAKE_UP_CHANNEL = "zou_server_events"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event to be: what happened to which row. `first` marks the head of an operation."""

    action: str
    kind: str
    object_id: uuid.UUID
    object_name: str | None
    project_id: uuid.UUID | None
    attribute: str | None = None
    old: Any = None
    new: Any = None
    first: bool = False


class UnitOfWork:
    """The session, the actor and the events of one transaction."""

    read: Reader

    def __init__(self, engine: sa.Engine, actor: Actor) -> None:
        self.actor = actor
        self.session = WritingSession(engine)
        self.now = utc_now()
        self._moments = 0
        self._events: list[Recorded] = []
        self._after: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def pooled_connection(self) -> Any:
        """The pool's connection of this transaction, for reads that must see its writes."""
        return self.session.connection().connection

    def execute(self, operations: Sequence[Operation]) -> list[Result]:
        """Run a list of operations through the pipeline; all of them or none."""
        from zou_server.services.pipeline import Pipeline  # noqa: PLC0415 - the pipeline needs this class

        with translated():
            return Pipeline(self).run(operations)

    def moment(self) -> dt.datetime:
        """The time of a new row: this transaction's, a microsecond later for each, so that order shows."""
        self._moments += 1
        return self.now + dt.timedelta(microseconds=self._moments - 1)

    def record(self, event: Recorded) -> None:
        """Add an event to this transaction's change set."""
        self._events.append(event)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call something outside the database once the transaction stands."""
        self._after.append(call)

    def commit(self) -> None:
        """Check what was deferred, number the events, commit, then run what waited for it."""
        with translated():
            self.session.flush()
            if self._events:
                self._write_events()
            self.session.commit()
        self._events.clear()
        for call in self._after:
            call()
        self._after.clear()

    def _write_events(self) -> None:
        change_set = uuid.uuid4()
        rows = [_event_row(change_set, ordinal, event) for ordinal, event in enumerate(self._events)]
        self.session.connection().exec_driver_sql(
            _LAST_WORDS,
            {
                "rows": orjson.dumps(rows).decode(),
                "id": str(change_set),
                "count": len(rows),
                "actor": str(self.actor.person_id),
                "sudo": str(self.actor.sudo_id) if self.actor.sudo_id else None,
                "client": self.actor.client,
                "session_uuid": self.actor.session_uuid,
                "channel": WAKE_UP_CHANNEL,
            },
        )


def _event_row(change_set: uuid.UUID, ordinal: int, event: Recorded) -> dict[str, Any]:
    return {
        "change_set_id": change_set,
        "ordinal": ordinal,
        "uid": uuid.uuid4() if event.first else None,
        "action": event.action,
        "kind": event.kind,
        "object_id": event.object_id,
        "object_name": event.object_name,
        "project_id": event.project_id,
        "attribute": event.attribute,
        "old": event.old,
        "new": event.new,
    }


# One round trip: what was deferred is checked, the events are written, the change set takes its
# numbers. The counter's lock is held from there to the commit, so it comes last.
_LAST_WORDS = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO event (
    change_set_id, ordinal, uid, action, kind, object_id, object_name, project_id, attribute, old, new)
SELECT change_set_id, ordinal, uid, action, kind, object_id, object_name, project_id, attribute,
       nullif(old, 'null'::jsonb), nullif(new, 'null'::jsonb)
FROM jsonb_to_recordset(%(rows)s) AS e(
    change_set_id uuid, ordinal int, uid uuid, action text, kind text, object_id uuid, object_name text,
    project_id uuid, attribute text, old jsonb, new jsonb);
WITH numbered AS (
    UPDATE event_counter SET next = next + %(count)s WHERE id = 1 RETURNING next - %(count)s AS base
), change AS (
    INSERT INTO change_set (id, base, last, actor_id, sudo_actor_id, client, session_uuid, created_at)
    SELECT %(id)s, base, base + %(count)s - 1, %(actor)s, %(sudo)s, %(client)s, %(session_uuid)s,
           clock_timestamp()
    FROM numbered RETURNING last
)
SELECT pg_notify(%(channel)s, last::text) FROM change
"""
