"""The events of Zou's clients as they happen: Socket.IO, namespace `/events` (docs/protocols/zou.md 15).

A client joins by the token of its first request, in a header (gazu) or a cookie (Kitsu), and is then told of
what it may see; each event has the name and the data that `/data/events/last` gives it. One that was away
says `auth={"last_event_id": ...}`, and gets what it missed.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import socketio
from flask import Flask, g
from socketio.exceptions import ConnectionRefusedError as Refused

from zou_server.blueprints.zou.live.review_rooms import HEARD, ReviewRooms
from zou_server.blueprints.zou.log_in.tokens import CLIENT, load_actor
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.live.live_server import NAMESPACE, LiveServer
from zou_server.models.actor import Actor
from zou_server.models.conditions import Output, Projection, Query
from zou_server.models.errors import DomainError, Invalid, Unavailable
from zou_server.models.registry import facet
from zou_server.services.events.follow_events import EventFollower, Listener
from zou_server.services.events.resume_events import resume_events

if TYPE_CHECKING:
    from zou_server.services.ports import WakeUps
    from zou_server.services.studio import Studio

FULL = 500
"""A client that has so many packets to fetch gets no more until it has fetched some."""
LAST_EVENT, TOKEN = "last_event_id", "token"

log = logging.getLogger(__name__)


def event_query() -> Query:
    """The log as it is told: the keys `name` and `data` of `/data/events/last`."""
    wire = wire_type(facet("ApiEvent"))
    told = [Output(key, wire.path_of(key).name) for key in ("name", "data")]
    return Query(facet("LiveEvent"), Projection((Output("number", "number"), Output("kind", "kind"), *told)))


class LiveEvents(socketio.Namespace):
    """Who joins, who leaves, and how they are told."""

    client = CLIENT
    spelling = ZOU

    def __init__(
        self,
        app: Flask,
        studio: Studio,
        open_wake_ups: Callable[[], WakeUps],
        open_messages: Callable[[], WakeUps],
        count_listeners: Callable[[int], None],
    ) -> None:
        super().__init__(NAMESPACE)
        self._app, self._studio = app, studio
        self.events = event_query()
        self._follower = EventFollower(studio, open_wake_ups, self, count_listeners)
        self._rooms = ReviewRooms(studio, open_messages, self._tell_room)

    def trigger_event(self, event: str, *arguments: Any) -> Any:
        """Take what a client says; joining and leaving are the library's own events."""
        if event in HEARD:
            sid, *said = arguments
            return self._rooms.hear(sid, event, *(said or [None]))
        return super().trigger_event(event, *arguments)

    # -- who -------------------------------------------------------------------------------------

    def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let somebody in who has a token, or say why not."""
        try:
            with self._app.request_context(_with_token(environ, auth)):
                try:
                    listener = self._listener(sid, auth)
                except Exception as error:
                    raise Refused(self._reason(error)) from error
        except Refused as refusal:
            if isinstance(refusal.__cause__, Unavailable):
                self.server.cut_off(sid)  # or browsers would not try again
            raise
        except Exception:
            log.exception("somebody could not join the live events")
            self.server.cut_off(sid)
            raise Refused("Internal server error") from None
        self._follower.join(listener)
        self._rooms.meet(sid, listener.session_id, uuid.UUID(listener.person_id))
        if self.server.is_gone(sid):
            self.on_disconnect(sid)
            raise Refused("Gone")

    def on_disconnect(self, sid: str, _reason: str = "") -> None:
        """Tell them nothing more."""
        self._follower.leave(sid)
        self._rooms.part(sid)

    def _listener(self, sid: str, auth: Any) -> Listener:
        load_actor()
        actor: Actor = g.actor
        assert actor.session_id is not None  # noqa: S101 - a token names its session
        seen = resume_events(self._studio, actor, _last_event(auth))
        return Listener(sid, actor.session_id, seen, str(actor.person_id))

    def _reason(self, error: Exception) -> str:
        """The words that a request would get; raises the error where there are none."""
        said = self._app.make_response(self._app.handle_user_exception(error)).get_json()
        return str(said.get("message") or said.get("msg"))

    # -- what: how the follower of the log speaks --------------------------------------------------

    def can_take(self, key: str) -> bool:
        """Tell whether somebody has joined, and fetched most of what they were told before."""
        session = self.server.session_of(key)
        return session is not None and session.queue.qsize() < FULL

    def tell(self, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Say them to each."""
        self.server.tell(keys, [(row["name"], row["data"]) for row in rows])

    def _tell_room(self, name: str, data: Mapping[str, Any], keys: Sequence[str]) -> None:
        """Emit what happens in a review room; whoever fetches nothing misses it."""
        self.emit(name, data, to=[key for key in keys if self.can_take(key)])

    def send_away(self, key: str, *, for_good: bool) -> None:
        """Say good-bye, after which clients do not come back; or just end, after which they do."""
        (self.server.dismiss if for_good else self.server.cut_off)(key)


def _with_token(environ: Mapping[str, Any], auth: Any) -> dict[str, Any]:
    """The first request of a client, with the token that it says beside it."""
    token = auth.get(TOKEN) if isinstance(auth, dict) else None
    said = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if isinstance(token, str) else {}
    return {**environ, **said}


def _last_event(auth: Any) -> uuid.UUID | None:
    """The last event that a client heard, as it says when it joins."""
    if auth is None:
        return None
    if not isinstance(auth, dict):
        raise Invalid("auth must be an object.")
    unknown = sorted(auth.keys() - {LAST_EVENT, TOKEN})
    if unknown:
        raise Invalid(f"auth: '{unknown[0][:40]}' is unknown; there are {LAST_EVENT} and {TOKEN}.")
    found = auth.get(LAST_EVENT)
    try:
        return None if found is None else uuid.UUID(checked_id(str(found)))
    except DomainError:
        raise Invalid(f"{LAST_EVENT}: '{str(found)[:40]}' is not the id of an event.") from None


def make_live_server(
    app: Flask,
    studio: Studio,
    open_wake_ups: Callable[[], WakeUps],
    open_messages: Callable[[], WakeUps],
    process_name: Callable[[], str],
    count_listeners: Callable[[int], None],
) -> LiveServer:
    """Make the Socket.IO server of this process."""
    server = LiveServer(process_name, heard=HEARD)
    server.register_namespace(LiveEvents(app, studio, open_wake_ups, open_messages, count_listeners))
    return server
