"""Review rooms: who watches a playlist together, and where its playback stands, for all web processes.

A room is there while somebody is in it. Seats belong to connections, so that a person with two windows leaves
with the last one; the process that holds a connection says again and again that it is there, and the seats of
one that ended without a word are emptied by the others. What happens in a room is told through
`client_messages`. Whoever sees the playlist may be in its room, within the limits of `room_limits`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.events.client_messages import ROOMS, add_message, json_text, post_message
from zou_server.services.playlists.room_limits import LARGEST, MOST_OPEN, MOST_SEATS
from zou_server.services.read.integrity import translated

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio

SILENT_SECONDS = 20
"""A seat of which nothing was heard for so long is empty."""

PEOPLE, PLAYBACK = "people", "playback"
"""What rooms tell by themselves; every other message is what somebody in the room said."""

COMPARING: Mapping[str, Any] = {
    "enable": False,
    "task_type": None,
    "revision": None,
    "mode": "sidebyside",
    "comparison_preview_index": 0,
}
SET_ANEW: Mapping[str, Any] = {
    # what a change of the playback does not say is as in the beginning
    "user_id": None,
    "local_id": None,
    "is_playing": False,
    "is_repeating": None,
    "is_laser_mode": None,
    "is_annotations_displayed": False,
    "is_zoom_enabled": False,
    "is_waveform_displayed": False,
    "current_entity_id": None,
    "current_entity_index": None,
    "current_preview_file_id": None,
    "current_preview_file_index": None,
    "handle_in": None,
    "handle_out": None,
}
KEPT: Mapping[str, Any] = {
    # what a change does not say of these stays
    "current_frame": 0,
    "speed": None,
    "comparing": COMPARING,
}
LONGEST_WORD = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A connection of somebody in a room."""

    playlist_id: uuid.UUID
    connection: str
    person_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room as somebody may use it who was let in: only `open_room` makes one."""

    engine: sa.Engine
    seat: Seat


def open_room(
    studio: Studio, actor: Actor, connection: str, playlist_id: uuid.UUID, opened: Collection[uuid.UUID] = ()
) -> OpenRoom:
    """Let a connection in that has others open; NotFound for a playlist that the actor does not see."""
    if playlist_id not in opened and len(opened) >= MOST_OPEN:
        raise Invalid(f"A connection has {MOST_OPEN} playlists open at most.")
    if not seen_playlists(studio, actor, {playlist_id}):
        raise NotFound(f"Playlist {playlist_id} not found.")
    return OpenRoom(studio.writes, Seat(playlist_id, connection, actor.person_id))


def seen_playlists(studio: Studio, actor: Actor, playlist_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these playlists that somebody sees: they may be in their rooms."""
    wanted = Where("id", Op.IN, [str(each) for each in playlist_ids])
    query = Query(facet("Playlist"), Projection((Output("id", "id"),)), wanted)
    return {uuid.UUID(row["id"]) for row in studio.read(actor, again=False).rows(query, Spelling())}


def playback_of(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The change of a playback that somebody sent: plain values of the keys that there are."""
    found = {key: _plain(sent.get(key), usual) for key, usual in SET_ANEW.items()}
    if "current_frame" in sent:
        found["current_frame"] = _plain(sent["current_frame"], 0)
    if isinstance(sent.get("speed"), int | float):
        found["speed"] = sent["speed"]
    if isinstance(sent.get("comparing"), dict):
        compared = sent["comparing"]
        found["comparing"] = {
            key: _plain(compared[key], COMPARING[key]) for key in COMPARING if key in compared
        }
    return found


def _plain(value: Any, usual: Any) -> Any:
    is_plain = isinstance(value, bool | int | float) or (
        isinstance(value, str) and len(value) <= LONGEST_WORD
    )
    return value if is_plain else usual


_ENTER = sa.text(
    """
INSERT INTO review_room (playlist_id, playback) VALUES (:playlist, CAST(:playback AS jsonb))
ON CONFLICT (playlist_id) DO UPDATE SET updated_at = now(), playback = CASE
    WHEN EXISTS (SELECT FROM review_seat s WHERE s.playlist_id = review_room.playlist_id)
    THEN review_room.playback ELSE excluded.playback END
RETURNING playback
"""
)
_SIT = sa.text(
    """
INSERT INTO review_seat (playlist_id, connection, person_id)
SELECT * FROM unnest(CAST(:playlists AS uuid[]), CAST(:connections AS text[]), CAST(:people AS uuid[]))
ORDER BY 1, 2
ON CONFLICT (playlist_id, connection) DO UPDATE SET seen_at = now()
RETURNING playlist_id, xmax = 0 AS is_new
"""
)
_SEATS_ELSEWHERE = sa.text(
    """
SELECT count(*) FROM review_seat
WHERE person_id = :person AND (playlist_id, connection) <> (:playlist, :connection)
"""
)
_LOCK = sa.text("SELECT FROM review_room WHERE playlist_id = :playlist FOR UPDATE")
_STAND_UP = sa.text("DELETE FROM review_seat WHERE playlist_id = :playlist AND connection = :connection")
_PEOPLE = sa.text(
    """
SELECT person_id FROM review_seat WHERE playlist_id = :playlist
GROUP BY person_id ORDER BY min(joined_at), person_id
"""
)
_CLOSE = sa.text("DELETE FROM review_room WHERE playlist_id = :playlist")
_CHANGE = sa.text(
    """
INSERT INTO review_room (playlist_id, playback) VALUES (:playlist, CAST(:whole AS jsonb))
ON CONFLICT (playlist_id) DO UPDATE SET
    updated_at = now(), playback = review_room.playback || CAST(:change AS jsonb)
RETURNING playback
"""
)
_SWEEP = sa.text(
    """
WITH silent AS (
    DELETE FROM review_seat WHERE seen_at < now() - make_interval(secs => :seconds) RETURNING playlist_id
), empty AS (
    DELETE FROM review_room r WHERE updated_at < now() - make_interval(secs => :seconds)
    AND NOT EXISTS (SELECT FROM review_seat s WHERE s.playlist_id = r.playlist_id)
)
SELECT DISTINCT playlist_id FROM silent
"""
)


def enter_room(room: OpenRoom, sent: Mapping[str, Any]) -> None:
    """Take somebody in; the first one brings the playback along."""
    seat, whole = room.seat, {**SET_ANEW, **KEPT, **playback_of(sent)}
    values = {"playlist": seat.playlist_id, "playback": json_text(whole)}
    with translated(), room.engine.begin() as connection:
        if connection.execute(_SEATS_ELSEWHERE, _seat(seat)).scalar_one() >= MOST_SEATS:
            raise Invalid(f"A person has {MOST_SEATS} seats in review rooms at most.")
        playback = connection.execute(_ENTER, values).scalar_one()
        connection.execute(_SIT, _seats([seat]))
        people = _tell_people(connection, seat.playlist_id)
        _tell(connection, seat.playlist_id, PLAYBACK, {**playback, "people": people})


def leave_room(engine: sa.Engine, seat: Seat) -> None:
    """Let somebody go; the last one closes the room."""
    with translated(), engine.begin() as connection:
        connection.execute(_LOCK, {"playlist": seat.playlist_id})
        connection.execute(_STAND_UP, _seat(seat))
        if not _tell_people(connection, seat.playlist_id):
            connection.execute(_CLOSE, {"playlist": seat.playlist_id})


def look_into_room(room: OpenRoom) -> None:
    """Have everybody told who is there."""
    with translated(), room.engine.begin() as connection:
        _tell_people(connection, room.seat.playlist_id)


def change_playback(room: OpenRoom, sent: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Let all in the room see the same; `said` is what goes along with the message only."""
    playlist_id, change = room.seat.playlist_id, playback_of(sent)
    whole = {**SET_ANEW, **KEPT, **change}
    values = {
        "playlist": playlist_id,
        "whole": json_text(whole),
        "change": json_text(change),
    }
    with translated(), room.engine.begin() as connection:
        playback = connection.execute(_CHANGE, values).scalar_one()
        people = _people(connection, playlist_id)
        _tell(connection, playlist_id, PLAYBACK, {**said, **playback, "people": people})


def say_in_room(room: OpenRoom, name: str, data: Mapping[str, Any]) -> None:
    """Tell all in the room what somebody there says; Invalid for more than a drawing can be."""
    if len(json_text(data)) > LARGEST:
        raise Invalid(f"A message has {LARGEST} bytes at most.")
    post_message(room.engine, ROOMS, {"room": str(room.seat.playlist_id), "name": name, "data": data})


def keep_seats(engine: sa.Engine, seats: Collection[Seat]) -> None:
    """Say that these connections are there, and empty the seats of those of whom nobody says so."""
    changed: set[uuid.UUID] = set()
    with translated(), engine.begin() as connection:
        if seats:
            rows = connection.execute(_SIT, _seats(seats))
            changed.update(row.playlist_id for row in rows if row.is_new)
        changed.update(connection.execute(_SWEEP, {"seconds": SILENT_SECONDS}).scalars())
        for playlist_id in sorted(changed):
            _tell_people(connection, playlist_id)


def _seats(seats: Collection[Seat]) -> dict[str, list[str]]:
    return {
        "playlists": [str(each.playlist_id) for each in seats],
        "connections": [each.connection for each in seats],
        "people": [str(each.person_id) for each in seats],
    }


def _seat(seat: Seat) -> dict[str, Any]:
    return {"playlist": seat.playlist_id, "connection": seat.connection, "person": seat.person_id}


def _people(connection: sa.Connection, playlist_id: uuid.UUID) -> list[str]:
    return [str(each) for each in connection.execute(_PEOPLE, {"playlist": playlist_id}).scalars()]


def _tell_people(connection: sa.Connection, playlist_id: uuid.UUID) -> list[str]:
    people = _people(connection, playlist_id)
    _tell(connection, playlist_id, PEOPLE, {"people": people})
    return people


def _tell(connection: sa.Connection, playlist_id: uuid.UUID, name: str, data: Mapping[str, Any]) -> None:
    add_message(connection, ROOMS, {"room": str(playlist_id), "name": name, "data": data})
