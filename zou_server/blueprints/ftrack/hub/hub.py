"""The hub of one web process: its clients, what they say to each other, and what the log tells them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.ftrack.hub import frames
from zou_server.blueprints.ftrack.hub.connection import Connection
from zou_server.blueprints.ftrack.hub.updates import TOPIC, log_query, updates
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.spelling import SPELLING
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import DomainError
from zou_server.query.spelling import Spelling
from zou_server.services.events.client_messages import HUB, Carrier, Inbox, post_message
from zou_server.services.events.follow_events import EventFollower, Listener
from zou_server.services.events.resume_events import last_number
from zou_server.services.people.read_sessions import read_people

if TYPE_CHECKING:
    from zou_server.services.ports import WakeUps
    from zou_server.services.studio import Studio

CLIENT = "ftrack"
ENOUGH_ROOM = 1_000
SERVER_SOURCE = {"id": "zou-server", "applicationId": "ftrack.server"}
KEYS = ("id", "topic", "data", "source", "target", "inReplyToEvent", "sent")
"""What an event is made of: clients drop one with any other key."""


class Hub:
    """Knows the clients of this process; the first one starts its threads, the last one ends them."""

    client = CLIENT
    spelling: Spelling = SPELLING

    def __init__(
        self,
        studio: Studio,
        open_events: Callable[[], WakeUps],
        open_messages: Callable[[], WakeUps],
    ) -> None:
        self._studio = studio
        self.events = log_query()
        self._connections: dict[str, Connection] = {}
        self._lock = threading.Lock()
        self._carrier = Carrier(
            lambda: Inbox(studio.reads, HUB),
            open_messages,
            self._deliver,
            self._beat,
            lambda: bool(self._connections),
        )
        self._follower = EventFollower(studio, open_events, self, read=read_people)

    # -- who -------------------------------------------------------------------------------------

    def join(self, connection: Connection) -> None:
        """Take a client in; it hears of everything from now on."""
        seen = last_number(self._studio.reads)
        connection.start()
        connection.put(frames.CONNECTED_FRAME)
        with self._lock:
            self._connections = {**self._connections, connection.key: connection}
        self._carrier.begin()
        self._follower.join(Listener(connection.key, connection.person_id, seen))

    def leave(self, connection: Connection) -> None:
        """Forget a client."""
        self._follower.leave(connection.key)
        with self._lock:
            rest = {key: each for key, each in self._connections.items() if key != connection.key}
            self._connections = rest
        self._carrier.look_up()
        connection.stop()

    def stop(self) -> None:
        """End all lines: their clients come back, to another process."""
        for connection in list(self._connections.values()):
            connection.stop()

    # -- what clients say ------------------------------------------------------------------------

    def hear(self, connection: Connection, text: str) -> None:
        """Take a frame of a client, and answer it when it wants an answer."""
        connection.heard_at = time.monotonic()
        frame = frames.read_frame(text)
        if frame is None or frame.code == frames.HEARTBEAT:
            return
        if frame.code == frames.DISCONNECT:
            connection.end()
        elif frame.code == frames.EVENT:
            problem = self._publish(connection, frames.event_of(frame))
            if frame.id:
                connection.put(frames.answer_frame(frame, problem))

    def _publish(self, connection: Connection, event: Mapping[str, Any] | None) -> str:
        """Do what an event asks for; what was wrong with it."""
        if event is None:
            return "This is no event."
        data = event.get("data")
        meta = _META.get(event["topic"])
        try:
            if meta is not None:
                meta(connection, data if isinstance(data, dict) else {})
            else:
                post_message(self._studio.writes, HUB, _signed(event, connection))
        except DomainError as error:
            return error.message
        return ""

    # -- what clients hear -----------------------------------------------------------------------

    def _deliver(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Deliver what clients of any process said."""
        for event in events:
            deliver(self._connections.values(), event)

    def _beat(self) -> None:
        for connection in list(self._connections.values()):
            if connection.is_silent:
                connection.end()
            else:
                connection.put(frames.HEARTBEAT_FRAME)

    # -- how the follower of the log speaks --------------------------------------------------------

    def can_take(self, key: str) -> bool:
        """Tell whether a client is there and has taken most of what it was sent."""
        found = self._connections.get(key)
        return found is not None and found.room > ENOUGH_ROOM

    def tell(self, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Send the updates in a page of the log to those of these clients who subscribed to them."""
        listeners = [self._connections[key] for key in keys if key in self._connections]
        if not any(connection.subscribers for connection in listeners):
            return
        # Whoever may see a row may see where it is.
        for data in updates(rows, Reading(self._studio.read(SYSTEM, again=False), self._studio.now())):
            source = {
                **SERVER_SOURCE,
                "user": {"id": data["user"]["userid"], "username": data["user"]["name"]},
            }
            deliver(listeners, _event(TOPIC, data, source))

    def send_away(self, key: str, *, for_good: bool) -> None:  # noqa: ARG002 - a client of 0.9 always comes back
        """End a client's line."""
        found = self._connections.get(key)
        if found is not None:
            found.end()


def deliver(connections: Iterable[Connection], event: Mapping[str, Any]) -> None:
    """Send an event to each client that wants it, once."""
    frame = ""
    for connection in list(connections):
        if connection.wants(event):
            frame = frame or frames.event_frame(event)
            connection.put(frame)


def _event(topic: str, data: Any, source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "topic": topic,
        "data": data,
        "source": source,
        "target": "",
        "inReplyToEvent": None,
        "sent": None,
    }


def _signed(event: Mapping[str, Any], connection: Connection) -> dict[str, Any]:
    """An event as others get it: whoever sent it is who the server knows them to be."""
    source = event.get("source")
    user = {"id": str(connection.person_id), "username": connection.username}
    signed = {**(source if isinstance(source, dict) else {}), "user": user}
    empty = _event(event["topic"], {}, signed)
    return {**empty, **{key: event[key] for key in KEYS if key in event}, "source": signed}


_META: Mapping[str, Callable[[Connection, Mapping[str, Any]], None]] = {
    "ftrack.meta.subscribe": Connection.subscribe,
    "ftrack.meta.unsubscribe": Connection.unsubscribe,
}
"""Topics that are said to the hub itself and go no further."""
