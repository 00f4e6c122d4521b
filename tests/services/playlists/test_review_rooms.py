"""Review rooms: who may be in one, how much they may say, and by how many statements seats are kept."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid, NotFound
from zou_server.services.playlists import room_limits
from zou_server.services.playlists.review_rooms import (
    Seat,
    enter_room,
    keep_seats,
    look_into_room,
    open_room,
    say_in_room,
)
from zou_server.services.playlists.room_limits import AT_ONCE, LARGEST, MOST_OPEN, PER_SECOND, Pace


@pytest.fixture
def playlist(kit: StudioKit) -> uuid.UUID:
    return kit.create("Playlist", name=unique("Playlist"), project_id=kit.project())


def test_who_does_not_see_a_playlist_does_not_come_into_its_room(kit: StudioKit, playlist: uuid.UUID) -> None:
    stranger = kit.person("user", {kit.project(): None})
    with pytest.raises(NotFound):
        open_room(kit.studio, stranger, "a", playlist)
    look_into_room(open_room(kit.studio, SYSTEM, "a", playlist))


def test_a_connection_has_few_playlists_open(kit: StudioKit, playlist: uuid.UUID) -> None:
    opened = [uuid.uuid4() for _ in range(MOST_OPEN)]
    with pytest.raises(Invalid):
        open_room(kit.studio, SYSTEM, "a", playlist, opened)
    assert open_room(kit.studio, SYSTEM, "a", playlist, [*opened[1:], playlist])


def test_a_person_has_few_seats(kit: StudioKit, playlist: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zou_server.services.playlists.review_rooms.MOST_SEATS", 2)
    for name in ("a", "b", "a"):
        enter_room(open_room(kit.studio, SYSTEM, name, playlist), {})
    with pytest.raises(Invalid):
        enter_room(open_room(kit.studio, SYSTEM, "c", playlist), {})


def test_a_message_is_no_larger_than_a_drawing(kit: StudioKit, playlist: uuid.UUID) -> None:
    room = open_room(kit.studio, SYSTEM, "a", playlist)
    say_in_room(room, "x", {"data": "x" * 1000})
    with pytest.raises(Invalid):
        say_in_room(room, "x", {"data": "x" * LARGEST})


def test_many_seats_are_kept_by_as_many_statements_as_two(kit: StudioKit) -> None:
    counts = []
    for size in (2, 40):
        seats = [Seat(uuid.uuid4(), f"connection {number}", uuid.uuid4()) for number in range(size)]
        keep_seats(kit.studio.writes, seats)
        with noted(kit.studio.writes) as statements:
            keep_seats(kit.studio.writes, seats)
        counts.append(len(statements))
        with kit.studio.writes.connect() as connection:
            ids = [str(each.playlist_id) for each in seats]
            kept = sa.text("SELECT count(*) FROM review_seat WHERE playlist_id = ANY (CAST(:ids AS uuid[]))")
            assert connection.scalar(kept, {"ids": ids}) == size
    assert 0 < counts[0] == counts[1]


def test_who_says_too_much_is_not_heard_until_a_while_has_passed() -> None:
    now = [0.0]
    pace, loud, quiet = Pace(lambda: now[0]), uuid.uuid4(), uuid.uuid4()
    assert [pace.takes(loud) for _ in range(AT_ONCE + 5)] == [True] * AT_ONCE + [False] * 5
    assert pace.takes(quiet)
    now[0] = 1.0
    assert [pace.takes(loud) for _ in range(PER_SECOND + 1)] == [True] * PER_SECOND + [False]


def test_who_said_nothing_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_limits, "MOST_KNOWN", 3)
    now = [0.0]
    pace = Pace(lambda: now[0])
    for number in range(4):
        pace.takes(uuid.UUID(int=number))
    now[0] = 100.0
    pace.takes(uuid.UUID(int=9))
    assert len(vars(pace)["_left"]) == 1
