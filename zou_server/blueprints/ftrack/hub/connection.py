"""One client of the hub: what it subscribed to, and what it is still to be sent."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from zou_server.blueprints.ftrack.hub.subscriptions import Test, parse_subscription
from zou_server.models.errors import Invalid

FULL = 5_000
"""A client that has so many frames to take is sent away; it comes back by itself."""
MOST_SUBSCRIPTIONS = 1_000
SILENT_SECONDS = 90.0
"""A client answers each heartbeat, so one that is silent for so long is gone."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscriber behind a connection: the events it wants."""

    metadata: Mapping[str, Any]
    test: Test


@dataclass(eq=False)
class Connection:
    """The line to a client; frames are sent by a thread of their own, so that nobody waits for the slow."""

    person_id: uuid.UUID
    username: str
    send: Callable[[str], None]
    end: Callable[[], None]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    subscribers: dict[str, Subscriber] = field(default_factory=dict)
    heard_at: float = field(default_factory=time.monotonic)
    _frames: queue.Queue[str | None] = field(default_factory=lambda: queue.Queue(FULL))

    def start(self) -> None:
        """Send what is put."""
        threading.Thread(target=self._send_frames, name="hub client", daemon=True).start()

    def put(self, frame: str) -> None:
        """Have a frame sent; a client that takes nothing any more is cut off."""
        try:
            self._frames.put_nowait(frame)
        except queue.Full:
            self.end()

    def stop(self) -> None:
        """Send nothing more."""
        with suppress(queue.Full):
            self._frames.put_nowait(None)
        self.end()

    @property
    def room(self) -> int:
        """How many frames the client can be put now."""
        return FULL - self._frames.qsize()

    @property
    def is_silent(self) -> bool:
        """True when nothing was heard for too long."""
        return time.monotonic() - self.heard_at > SILENT_SECONDS

    def _send_frames(self) -> None:
        while (frame := self._frames.get()) is not None:
            try:
                self.send(frame)
            except Exception:  # noqa: BLE001 - whatever the line raises: it is broken
                self.end()
                return

    # -- subscriptions -----------------------------------------------------------------------------

    def subscribe(self, data: Mapping[str, Any]) -> None:
        """Add a subscriber, or replace the one with its id; Invalid when the expression cannot be read."""
        subscriber, expression = data.get("subscriber"), data.get("subscription")
        if not isinstance(subscriber, dict) or not isinstance(subscriber.get("id"), str):
            raise Invalid("A subscriber needs an id.")
        if not isinstance(expression, str):
            raise Invalid("A subscription is an expression.")
        if subscriber["id"] not in self.subscribers and len(self.subscribers) >= MOST_SUBSCRIPTIONS:
            raise Invalid("There are too many subscriptions.")
        # The dictionary is replaced, never changed: other threads go through it.
        added = Subscriber(subscriber, parse_subscription(expression))
        self.subscribers = {**self.subscribers, subscriber["id"]: added}

    def unsubscribe(self, data: Mapping[str, Any]) -> None:
        """Forget a subscriber."""
        subscriber = data.get("subscriber")
        gone = subscriber.get("id") if isinstance(subscriber, dict) else None
        self.subscribers = {id_: each for id_, each in self.subscribers.items() if id_ != gone}

    def wants(self, event: Mapping[str, Any]) -> bool:
        """True when a subscriber is meant, and wants the event."""
        target = event.get("target") or ""
        try:
            is_meant = parse_subscription(target) if isinstance(target, str) else None
        except Invalid:
            return False
        if is_meant is None:
            return False
        return any(is_meant(each.metadata) and each.test(event) for each in self.subscribers.values())
