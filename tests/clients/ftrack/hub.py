"""Real event hubs of ftrack_api, and waiting for what they hear."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.clients.ftrack.site import Session
from tests.waiting import PATIENCE


class Heard:
    """The events that a subscription got."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self._changed = threading.Condition()

    def __call__(self, event: Any) -> None:
        """Take an event."""
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def until(self, test: Callable[[list[Any]], bool]) -> list[Any]:
        """The events, once the test holds for them."""
        with self._changed:
            assert self._changed.wait_for(lambda: test(self.events), PATIENCE), self.events
            return list(self.events)


@contextmanager
def listening(session: Session) -> Iterator[Any]:
    """The event hub of a session, connected and taking events."""
    hub = session.event_hub
    hub.connect()
    stopped = threading.Event()

    def take() -> None:
        while not stopped.is_set():
            with suppress(Exception):
                hub.wait(0.1)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        stopped.set()
        thread.join()
        with suppress(Exception):
            hub.disconnect()


def subscribe(hub: Any, expression: str) -> Heard:
    """Subscribe and wait until the server knows it."""
    heard = Heard()
    hub.subscribe(expression, heard)
    settle(hub)
    return heard


def settle(hub: Any) -> None:
    """Wait until the server has done what the hub asked for: frames are heard in order."""
    ping = Heard()
    topic = f"test.settled.{id(ping)}"
    hub.subscribe(f"topic={topic}", ping)
    from ftrack_api.event.base import Event  # noqa: PLC0415 - the package is imported with its warnings muted

    hub.publish(Event(topic=topic, data={}))
    ping.until(bool)


def entities(heard: Heard, id_: str) -> list[dict[str, Any]]:
    """What was heard of one row."""

    def found(events: list[Any]) -> list[dict[str, Any]]:
        return [each for event in events for each in event["data"]["entities"] if each["entityId"] == id_]

    heard.until(lambda events: bool(found(events)))
    return found(heard.events)
