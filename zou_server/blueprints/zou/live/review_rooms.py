"""Review rooms of Kitsu: who has a playlist open hears what those in its room do (docs/protocols/zou.md 15).

A client opens a playlist and hears who is in its room; one that joins is in it. What somebody shows or draws
goes to all who have the playlist open, in every web process. Nobody is answered: what a person may not do, or
what cannot be understood, is passed over, as in Zou. Who may see the playlist may be in its room.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.zou.log_in.tokens import CLIENT
from zou_server.models.errors import DomainError
from zou_server.services.events.client_messages import ROOMS, Carrier, Inbox
from zou_server.services.people.read_sessions import read_sessions
from zou_server.services.playlists.review_rooms import (
    PEOPLE,
    PLAYBACK,
    OpenRoom,
    Seat,
    change_playback,
    enter_room,
    keep_seats,
    leave_room,
    look_into_room,
    open_room,
    say_in_room,
    seen_playlists,
)
from zou_server.services.playlists.room_limits import Pace

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.ports import WakeUps
    from zou_server.services.studio import Studio

PREFIX = "preview-room:"
UPDATED, PEOPLE_UPDATED = f"{PREFIX}room-updated", f"{PREFIX}room-people-updated"
OWN_NAMES = {PEOPLE: PEOPLE_UPDATED, PLAYBACK: UPDATED}
PASSED_ON = tuple(
    f"{PREFIX}{each}"
    for each in (
        "add-annotation",
        "remove-annotation",
        "update-annotation",
        "change-version",
        "panzoom-changed",
        "comparison-panzoom-changed",
    )
)
"""Events that go to everybody as they came, but for who said them."""
OPENED, JOINED, LEFT, CLOSED = (
    f"{PREFIX}{each}" for each in ("open-playlist", "join", "leave", "close-playlist")
)
GOING = (LEFT, CLOSED)
HEARD = frozenset({OPENED, JOINED, UPDATED, *PASSED_ON, *GOING})
"""What clients may say."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Guest:
    """A connection: whose it is, the playlists it has open, and those it is in the room of."""

    session_id: uuid.UUID
    person_id: uuid.UUID
    opened: set[uuid.UUID] = field(default_factory=set)
    joined: set[uuid.UUID] = field(default_factory=set)


class ReviewRooms:
    """The connections of this process that have playlists open, and what they say and hear."""

    def __init__(
        self,
        studio: Studio,
        open_messages: Callable[[], WakeUps],
        tell: Callable[[str, Mapping[str, Any], Sequence[str]], None],
    ) -> None:
        self._studio, self._tell = studio, tell
        self._guests: dict[str, _Guest] = {}
        self._lock = threading.Lock()
        self._rights_of = 0
        self._pace = Pace()
        self._carrier = Carrier(
            lambda: Inbox(studio.reads, ROOMS), open_messages, self._deliver, self._beat, self._is_used
        )

    def meet(self, key: str, session_id: uuid.UUID, person_id: uuid.UUID) -> None:
        """Know a connection, which has nothing open."""
        self._guests[key] = _Guest(session_id, person_id)

    def part(self, key: str) -> None:
        """Forget a connection: whoever ends it leaves the rooms."""
        guest = self._guests.pop(key, None)
        if guest is None:
            return
        for playlist_id in list(guest.joined):
            self._attempt(partial(self._leave, key, guest, playlist_id))
        self._carrier.look_up()

    # -- what clients say ------------------------------------------------------------------------

    def hear(self, key: str, name: str, sent: Any, *more: Any) -> None:
        """Do what a client says, if it may."""
        self._attempt(partial(self._heard, key, name, sent, more))

    def _heard(self, key: str, name: str, sent: Any, more: Sequence[Any]) -> None:
        guest, playlist_id = self._guests.get(key), _playlist_of(sent)
        if guest is None or playlist_id is None:
            return
        if name in GOING:
            self._leave(key, guest, playlist_id)
            if name == CLOSED:
                guest.opened.discard(playlist_id)
                self._carrier.look_up()
        elif self._pace.takes(guest.person_id) and (room := self._opened(key, guest, playlist_id)):
            is_new = playlist_id not in guest.opened
            guest.opened.add(playlist_id)
            self._carrier.begin()
            try:
                self._said(room, guest, name, sent, more)
            except DomainError:  # a machine that only reads has no rooms
                if is_new:
                    guest.opened.discard(playlist_id)
                raise

    def _said(
        self, room: OpenRoom, guest: _Guest, name: str, sent: dict[str, Any], more: Sequence[Any]
    ) -> None:
        signed = {**sent, "user_id": str(guest.person_id)}
        if name == OPENED:
            look_into_room(room)
        elif name == JOINED:
            enter_room(room, signed)
            guest.joined.add(room.seat.playlist_id)
        elif name == UPDATED:
            change_playback(room, signed, {"only_newcomer": bool(more and more[0] is True)})
        else:
            say_in_room(room, name, signed)

    def _leave(self, key: str, guest: _Guest, playlist_id: uuid.UUID) -> None:
        if playlist_id in guest.joined:
            guest.joined.discard(playlist_id)
            leave_room(self._studio.writes, Seat(playlist_id, key, guest.person_id))

    def _opened(self, key: str, guest: _Guest, playlist_id: uuid.UUID) -> OpenRoom | None:
        """The room; None where the session has ended."""
        found = read_sessions(self._studio.reads, {guest.session_id}, client=CLIENT)
        actor = found.actors.get(guest.session_id)
        return None if actor is None else open_room(self._studio, actor, key, playlist_id, guest.opened)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except DomainError as error:
            log.info("a review room could not be told something: %s", error.message)
        except Exception:
            log.exception("a review room could not be told something")

    # -- what clients hear -----------------------------------------------------------------------

    def _is_used(self) -> bool:
        return any(guest.opened for guest in list(self._guests.values()))

    def _deliver(self, messages: list[dict[str, Any]]) -> None:
        if messages:
            self._look_at_rights()
        for message in messages:
            playlist_id = uuid.UUID(message["room"])
            keys = [key for key, guest in list(self._guests.items()) if playlist_id in guest.opened]
            if keys:
                name = OWN_NAMES.get(message["name"], message["name"])
                self._tell(name, _data(message, playlist_id), keys)

    def _beat(self) -> None:
        self._look_at_rights()
        guests = list(self._guests.items())
        seats = [Seat(each, key, guest.person_id) for key, guest in guests for each in list(guest.joined)]
        keep_seats(self._studio.writes, seats)

    def _look_at_rights(self) -> None:
        """Close what somebody may see no more; rights do not change unless something happened in the log."""
        guests = {key: guest for key, guest in list(self._guests.items()) if guest.opened}
        sessions = {guest.session_id for guest in guests.values()}
        found = read_sessions(self._studio.reads, sessions, client=CLIENT)
        is_new = found.last != self._rights_of or sessions - found.actors.keys()
        if not is_new:
            return
        seen = self._seen(guests.values(), found.actors)
        for key, guest in guests.items():
            for playlist_id in guest.opened - seen.get(guest.session_id, set()):
                guest.opened.discard(playlist_id)
                self._attempt(partial(self._leave, key, guest, playlist_id))
        self._rights_of = found.last

    def _seen(
        self, guests: Iterable[_Guest], actors: Mapping[uuid.UUID, Actor]
    ) -> dict[uuid.UUID, set[uuid.UUID]]:
        wanted: dict[uuid.UUID, set[uuid.UUID]] = {}
        for guest in guests:
            wanted.setdefault(guest.session_id, set()).update(guest.opened)
        return {
            session_id: seen_playlists(self._studio, actors[session_id], playlists)
            for session_id, playlists in wanted.items()
            if session_id in actors
        }


def _playlist_of(sent: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent["playlist_id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _data(message: Mapping[str, Any], playlist_id: uuid.UUID) -> dict[str, Any]:
    data: dict[str, Any] = {**message["data"], "playlist_id": str(playlist_id)}
    return {**data, "id": str(playlist_id)} if message["name"] == PEOPLE else data
