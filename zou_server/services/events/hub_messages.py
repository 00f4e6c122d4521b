"""What clients say to each other through the event hub, carried between the web processes by the database.

A message is a row for a few minutes: every process that has listeners reads what is new, once. Numbers are
given before they are committed, so a reader looks back a while and leaves out what it has read already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from zou_server.services.read.integrity import translated

CHANNEL = "zou_server_hub"
KEPT_SECONDS = 300
LOOK_BACK_SECONDS = 30

_POST = sa.text(
    """
WITH kept AS (
    INSERT INTO hub_message (payload) VALUES (CAST(:payload AS jsonb)) RETURNING id
), gone AS (
    DELETE FROM hub_message WHERE id IN (
        SELECT id FROM hub_message WHERE created_at < now() - make_interval(secs => :kept) LIMIT 100)
)
SELECT pg_notify(:channel, id::text) FROM kept
"""
)
_SINCE = sa.text(
    """
SELECT id, payload FROM hub_message
WHERE id > :floor AND created_at > now() - make_interval(secs => :seconds) ORDER BY id
"""
)
_LAST = sa.text("SELECT coalesce(max(id), 0) FROM hub_message")
LOOK_BACK = 2_000
"""Numbers below the last one that are looked at again."""


def post_message(engine: sa.Engine, message: Mapping[str, Any]) -> None:
    """Hand a message to all processes that have listeners."""
    with translated(), engine.begin() as connection:
        connection.execute(
            _POST, {"payload": orjson.dumps(message).decode(), "channel": CHANNEL, "kept": KEPT_SECONDS}
        )


class Inbox:
    """The messages from now on, each of them once."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._last: int | None = None
        self._seen: set[int] = set()

    def open(self) -> None:
        """Begin with what is posted from now on."""
        if self._last is None:
            with translated(), self._engine.connect() as connection:
                self._last = int(connection.execute(_LAST).scalar_one())
                self._seen = set(range(max(0, self._last - LOOK_BACK), self._last + 1))

    def read(self) -> list[dict[str, Any]]:
        """The new messages."""
        last = self._last or 0
        with translated(), self._engine.connect() as connection:
            rows = connection.execute(_SINCE, {"floor": last - LOOK_BACK, "seconds": LOOK_BACK_SECONDS}).all()
        found = [(int(row.id), row.payload) for row in rows if int(row.id) not in self._seen]
        if found:
            self._last = max(last, found[-1][0])
            self._seen.update(id_ for id_, _ in found)
            self._seen = {id_ for id_ in self._seen if id_ > self._last - LOOK_BACK}
        return [payload for _, payload in found]
