"""What clients say to each other, carried between the web processes by the database: event hub, review rooms.

A message is a row for a few minutes: every process that has listeners on its channel reads what is new, once.
Those of one channel are written one after another, so that their numbers are in the order of the commits. A
message that is lost with the machine is no harm, so nobody waits for the disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from zou_server.models.errors import Invalid, Unavailable
from zou_server.services.read.integrity import translated

if TYPE_CHECKING:
    from zou_server.services.ports import WakeUps

HUB, ROOMS = "zou_server_hub", "zou_server_rooms"
KEPT_SECONDS = 300
RETRY_SECONDS = 1.0

_POST = sa.text(
    """
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtext(:channel)), set_config('synchronous_commit', 'off', true)
), kept AS (
    INSERT INTO hub_message (channel, payload) SELECT :channel, CAST(:payload AS jsonb) FROM held RETURNING id
), gone AS (
    DELETE FROM hub_message WHERE id IN (
        SELECT id FROM (SELECT id, created_at FROM hub_message ORDER BY id LIMIT 20) eldest
        WHERE created_at < now() - make_interval(secs => :kept))
)
SELECT pg_notify(:channel, id::text) FROM kept
"""
)
_SINCE = sa.text("SELECT id, payload FROM hub_message WHERE id > :last AND channel = :channel ORDER BY id")
_LAST = sa.text("SELECT coalesce(max(id), 0) FROM hub_message")

log = logging.getLogger(__name__)


def json_text(value: Mapping[str, Any]) -> str:
    """What a client sent, as JSON for the database; Invalid for half a character and endless numbers."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise Invalid("The message holds what no text can hold.") from error


def add_message(connection: sa.Connection, channel: str, message: Mapping[str, Any]) -> None:
    """Hand a message to all processes that have listeners, once the transaction stands."""
    values = {"payload": json_text(message), "channel": channel, "kept": KEPT_SECONDS}
    connection.execute(_POST, values)


def post_message(engine: sa.Engine, channel: str, message: Mapping[str, Any]) -> None:
    """Hand a message to all processes that have listeners."""
    with translated(), engine.begin() as connection:
        add_message(connection, channel, message)


class Inbox:
    """The messages of a channel from now on, each of them once."""

    def __init__(self, engine: sa.Engine, channel: str) -> None:
        self._engine, self._channel = engine, channel
        with translated(), engine.connect() as connection:
            self._last = int(connection.execute(_LAST).scalar_one())

    def read(self) -> list[dict[str, Any]]:
        """What is new."""
        asked = {"last": self._last, "channel": self._channel}
        with translated(), self._engine.connect() as connection:
            rows = connection.execute(_SINCE, asked).all()
        if rows:
            self._last = int(rows[-1].id)
        return [row.payload for row in rows]


class Carrier:
    """The thread of a process that delivers the messages of a channel while somebody needs them.

    `deliver` takes the new messages, in their order; `beat` is called every `beat_seconds`; the thread ends
    when `is_needed` says no.
    """

    def __init__(
        self,
        open_inbox: Callable[[], Inbox],
        open_wake_ups: Callable[[], WakeUps],
        deliver: Callable[[list[dict[str, Any]]], None],
        beat: Callable[[], None],
        is_needed: Callable[[], bool],
        beat_seconds: float = 5.0,
    ) -> None:
        self._open_inbox, self._open_wake_ups = open_inbox, open_wake_ups
        self._deliver, self._beat, self._is_needed = deliver, beat, is_needed
        self._beat_seconds = beat_seconds
        self._lock = threading.Lock()
        self._wake_ups: WakeUps | None = None

    def begin(self) -> None:
        """Carry from now on; what is said later is not missed."""
        with self._lock:
            if self._wake_ups is None:
                inbox = self._open_inbox()
                self._wake_ups = self._open_wake_ups()
                arguments = (self._wake_ups, inbox)
                threading.Thread(target=self._carry, args=arguments, name="messages", daemon=True).start()

    def look_up(self) -> None:
        """See whether anybody needs it still."""
        with self._lock:
            if self._wake_ups is not None and not self._is_needed():
                self._wake_ups.wake()

    def _carry(self, wake_ups: WakeUps, inbox: Inbox) -> None:
        beat_at = 0.0
        while not self._is_over():
            self._attempt(lambda: self._deliver(inbox.read()))
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self._beat_seconds
                self._attempt(self._beat)
            wake_ups.wait(max(0.0, beat_at - time.monotonic()))
        wake_ups.close()

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Unavailable as error:
            log.warning("messages wait for the database: %s", error.message)
            time.sleep(RETRY_SECONDS)
        except Exception:
            log.exception("messages could not be delivered")
            time.sleep(RETRY_SECONDS)

    def _is_over(self) -> bool:
        with self._lock:
            if not self._is_needed():
                self._wake_ups = None
            return self._wake_ups is None
