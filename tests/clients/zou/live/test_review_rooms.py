"""Review rooms as Kitsu uses them: two browsers and more, against one and three web processes."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
import socketio

from tests.clients.zou.live.site import NAMESPACE, LiveSite, bearer, live_site, web_processes
from tests.servers import RunningServer
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres
    from zou_server.models.actor import Actor

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
ONLY_NEWCOMER = True
SECRET = "the secret of all machines of this studio"


@pytest.fixture(scope="module", params=[1, 3], ids=["one-process", "three-processes"])
def site(
    request: pytest.FixtureRequest, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    folder = tmp_path_factory.mktemp("rooms")
    with live_site(postgres, folder, request.param, ZOU_SERVER_SECRET_KEY=SECRET) as site:
        yield site
    with warnings.catch_warnings(action="ignore"):
        gc.collect()
    assert [line[-3000:] for line in site.server.complaints()] == []


@pytest.fixture
def playlist(site: LiveSite) -> uuid.UUID:
    return site.kit.create("Playlist", name=str(uuid.uuid4()), project_id=site.made.project)


@pytest.fixture(scope="module")
def people(site: LiveSite) -> Iterator[dict[str, Any]]:
    """Headers of people by what they are."""
    made, kit = site.made, site.kit
    actors = {
        "artist": made.artist,
        "lead": made.lead,
        "stranger": kit.person("user", {made.other: None}),
        "vendor": kit.person("vendor", {made.project: None, made.other: "user"}),
        "client": kit.person("client", {made.project: None, made.other: "user"}),
    }
    with ExitStack() as stack:
        found: dict[str, Any] = {}
        for name, actor in actors.items():
            client = site.client(actor)
            stack.callback(client.session.close)
            found[name] = (actor, bearer(client))
        yield found


class Browser:
    """A page of Kitsu that has a playlist open."""

    def __init__(self, heard: Any, actor: Actor, playlist: uuid.UUID) -> None:
        self.heard, self.actor, self.playlist = heard, actor, str(playlist)

    @property
    def id(self) -> str:
        """Whose page it is."""
        return str(self.actor.person_id)

    def say(self, name: str, *more: object, **data: Any) -> None:
        """Send an event of the room."""
        sent = {"playlist_id": self.playlist, "user_id": self.id, "local_id": "a", **data}
        self.heard.client.emit(f"preview-room:{name}", (sent, *more), namespace=NAMESPACE)

    def says_to_the_end(self, name: str) -> None:
        """Send an event of the room, and wait until the server has done what it does of it, or hung up."""
        done = threading.Event()
        client, sent = self.heard.client, {"playlist_id": self.playlist, "data": {}}
        with suppress(socketio.exceptions.SocketIOError):  # it was told to leave already
            client.emit(f"preview-room:{name}", sent, namespace=NAMESPACE, callback=lambda *_: done.set())
        wait_until(lambda: done.is_set() or not client.connected, f"the server never dealt with {name}")

    def has_heard_all(self, site: LiveSite) -> None:
        """Wait until it hears of another room, and so of all that was said in any room before."""
        elsewhere = str(site.kit.create("Playlist", name=str(uuid.uuid4()), project_id=site.made.other))
        self.say("change-version", playlist_id=elsewhere)
        self.hears("change-version", playlist_id=elsewhere)

    def told_of_its_room(self) -> list[Any]:
        """What was heard of its own playlist so far, by whatever name."""
        rooms = [data for name, data in list(self.heard.events) if name.startswith("preview-room:")]
        return [data for data in rooms if data["playlist_id"] == self.playlist]

    def hears(self, name: str, **data: Any) -> Any:
        """Wait for an event of the room that has these values."""
        return wait_until(
            lambda: next((each for each in self.told(name) if data.items() <= each.items()), None),
            f"{name} with {data} was not heard, but {self.heard.events[-6:]}",
        )

    def told(self, name: str) -> list[Any]:
        """What was heard of a name so far."""
        return self.heard.named(f"preview-room:{name}")

    def people(self, *others: Browser) -> Any:
        """Wait until the room is told to hold these people."""
        return self.hears("room-people-updated", people=[each.id for each in others])


@contextmanager
def browser(site: LiveSite, person: Any, playlist: uuid.UUID, **how: Any) -> Iterator[Browser]:
    """Somebody's page."""
    actor, headers = person
    with site.joined(headers, **how) as heard:
        page = Browser(heard, actor, playlist)
        page.say("open-playlist")
        yield page


def test_two_reviewers_see_each_other_and_the_same(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    with browser(site, people["artist"], playlist) as a, browser(site, people["lead"], playlist) as b:
        a.people(), b.people()
        a.say("join", is_playing=False, current_frame=12, speed=2)
        assert b.people(a) == {"people": [a.id], "playlist_id": a.playlist, "id": a.playlist}
        b.say("join", is_playing=True, current_frame=99)
        a.people(a, b)
        first = b.hears("room-updated", people=[a.id, b.id])
        assert (first["current_frame"], first["is_playing"], first["speed"]) == (12, False, 2)
        assert first["comparing"]["mode"] == "sidebyside"
        b.say(
            "room-updated",
            ONLY_NEWCOMER,
            is_playing=True,
            current_entity_index=3,
            comparing={"mode": "overlay", "x": 1},
        )
        told = a.hears("room-updated", user_id=b.id)
        assert told["only_newcomer"] is True
        assert (told["is_playing"], told["current_entity_index"], told["current_frame"]) == (True, 3, 12)
        assert told["comparing"] == {"mode": "overlay"}
        assert told["local_id"] == "a"
        a.say("leave")
        b.people(b)


@pytest.mark.parametrize(
    "name",
    [
        "add-annotation",
        "remove-annotation",
        "update-annotation",
        "change-version",
        "panzoom-changed",
        "comparison-panzoom-changed",
    ],
)
def test_what_a_reviewer_draws_is_with_all_others_and_signed(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID, name: str
) -> None:
    drawn = {"time": 1.5, "obj": {"path": [["Q", x / 7, 2.0, 3.0, 4.0] for x in range(3000)], "text": "é🎬"}}
    with browser(site, people["artist"], playlist) as a, browser(site, people["lead"], playlist) as b:
        a.people(), b.people()
        a.say(name, user_id=b.id, data=drawn, x=1)
        expected = {"playlist_id": a.playlist, "user_id": a.id, "local_id": "a", "data": drawn, "x": 1}
        assert b.hears(name) == expected
        assert a.hears(name) == expected  # Kitsu passes over its own by local_id


def test_what_one_reviewer_sends_arrives_in_its_order(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    with browser(site, people["artist"], playlist) as a, browser(site, people["lead"], playlist) as b:
        a.people(), b.people()
        for frame in range(60):
            a.say("room-updated", current_frame=frame)
        b.hears("room-updated", current_frame=59)
        assert [each["current_frame"] for each in b.told("room-updated")] == list(range(60))


@pytest.mark.parametrize("role", ["stranger", "vendor", "client"])
def test_only_who_sees_a_playlist_is_in_its_room(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID, role: str
) -> None:
    with browser(site, people["lead"], playlist) as a, browser(site, people[role], playlist) as b:
        a.people()
        b.say("join")
        b.say("room-updated", is_playing=True)
        b.says_to_the_end("add-annotation")
        a.say("join")
        a.people(a)
        a.say("panzoom-changed")
        a.hears("panzoom-changed")
        assert not a.told("add-annotation")
        assert not [each for each in a.told("room-updated") if each["is_playing"]]
        b.has_heard_all(site)
        assert not b.told_of_its_room()


def test_a_client_reviews_a_playlist_that_is_for_clients(site: LiveSite, people: dict[str, Any]) -> None:
    shown = site.kit.create("Playlist", name=str(uuid.uuid4()), project_id=site.made.project, for_client=True)
    with browser(site, people["lead"], shown) as a, browser(site, people["client"], shown) as b:
        b.say("join")
        a.people(b)


def test_whoever_leaves_the_team_leaves_the_room(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    kit, made = site.kit, site.made
    leaver = kit.person("user", {made.project: None, made.other: None})
    client = site.client(leaver)
    with (
        browser(site, people["lead"], playlist) as a,
        browser(site, (leaver, bearer(client)), playlist) as b,
    ):
        b.say("join")
        a.people(b)
        (team,) = [
            row["id"]
            for row in kit.rows("Membership", "id", "person_id", "project_id")
            if (row["person_id"], row["project_id"]) == (b.id, str(made.project))
        ]
        kit.delete("Membership", uuid.UUID(team))
        a.say("panzoom-changed", secret=1)
        a.hears("panzoom-changed")
        a.hears("room-people-updated", people=[])
        wait_until(lambda: a.told("room-people-updated")[-1]["people"] == [], "still in the room")
        b.has_heard_all(site)
        assert not b.told("panzoom-changed")
    client.session.close()


def test_a_browser_that_closes_the_page_or_dies_leaves_the_room_to_the_others(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    with browser(site, people["lead"], playlist) as a:
        for transports in (["polling"], ["websocket"]):
            with browser(site, people["artist"], playlist, transports=transports) as b:
                b.say("join")
                a.people(b)
                a.say("join")
                a.people(b, a)
                if transports == ["websocket"]:
                    # The line breaks without a word. A socket that is closed stays while a thread reads it.
                    b.heard.client.eio.ws.sock.shutdown(socket.SHUT_RDWR)
            wait_until(lambda: a.told("room-people-updated")[-1]["people"] == [a.id], "still in the room")
            a.say("leave")
            wait_until(lambda: not a.told("room-people-updated")[-1]["people"], "still in the room")


def test_a_person_with_two_windows_leaves_with_the_last(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    with browser(site, people["lead"], playlist) as a, browser(site, people["artist"], playlist) as b:
        with browser(site, people["artist"], playlist) as c:
            b.say("join")
            a.people(b)
            c.say("join")
            wait_until(lambda: len(a.told("room-updated")) == 2, "the second window did not join")
        a.say("open-playlist")
        b.say("panzoom-changed")
        a.hears("panzoom-changed")
        assert a.told("room-people-updated")[-1]["people"] == [b.id]
        b.say("close-playlist")
        wait_until(lambda: not a.told("room-people-updated")[-1]["people"], "still in the room")


@pytest.mark.parametrize(
    "sent",
    [
        (),
        (None,),
        ("x",),
        ([],),
        ({},),
        ({"playlist_id": None},),
        ({"playlist_id": "0"},),
        ({"playlist_id": 7},),
        ({"playlist_id": str(uuid.uuid4())},),
        (
            {
                "playlist_id": "PLAYLIST",
                "comparing": "x",
                "speed": "x",
                "current_frame": {},
                "is_playing": [1],
            },
            {},
        ),
        ({"playlist_id": "PLAYLIST", "local_id": "\0"},),
        ({"playlist_id": "PLAYLIST", "data": "\ud800"},),
        ({"playlist_id": "PLAYLIST", "local_id": "\ud800", "current_frame": 10**30},),
    ],
)
def test_what_no_browser_sends_harms_nobody(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID, sent: Any
) -> None:
    here = {"playlist_id": str(playlist)}
    words = tuple({**each, **here} if each and "PLAYLIST" in str(each) else each for each in sent)
    with browser(site, people["artist"], playlist) as a:
        a.people()
        for name in ("open-playlist", "join", "room-updated", "add-annotation", "leave", "nothing"):
            a.heard.client.emit(f"preview-room:{name}", words, namespace=NAMESPACE)
        a.say("join")
        a.people(a)


def test_the_rooms_are_the_same_on_every_machine(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID, tmp_path: Any
) -> None:
    """Another server on the same database, which shares no socket; it dies, and its people are gone soon."""
    variables = {"DATABASE_URL": site.kit.settings.database_url, "ZOU_SERVER_SECRET_KEY": SECRET}
    with RunningServer(tmp_path / "data", "--no-worker", workers=1, **variables) as second:
        other = LiveSite(site.kit, second, site.made, site.script_key)
        with browser(site, people["lead"], playlist) as a:  # noqa: SIM117
            with browser(other, people["artist"], playlist) as b:
                b.say("join", current_frame=7)
                a.people(b)
                a.say("join")
                assert b.hears("room-updated", people=[b.id, a.id])["current_frame"] == 7
                a.say("add-annotation", data={"time": 1})
                b.hears("add-annotation", user_id=a.id)
                if len(web_processes(site)) == 1:
                    return  # to see the seats of a silent machine empty once is enough
                silent = web_processes(other)
                for pid in silent:
                    os.kill(pid, signal.SIGSTOP)
                try:
                    a.people(a)
                finally:
                    for pid in silent:
                        os.kill(pid, signal.SIGCONT)


def test_a_token_may_be_said_beside_the_first_request(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    actor, headers = people["artist"]
    token = headers["Authorization"].removeprefix("Bearer ")
    with site.joined({}, auth={"token": token}) as heard:
        page = Browser(heard, actor, playlist)
        page.say("open-playlist")
        page.people()


def test_a_session_that_ended_says_nothing_more(
    site: LiveSite, people: dict[str, Any], playlist: uuid.UUID
) -> None:
    somebody = site.kit.person("user", {site.made.project: None})
    client = site.client(somebody)
    with (
        browser(site, people["lead"], playlist) as a,
        browser(site, (somebody, bearer(client)), playlist) as b,
    ):
        b.say("join")
        a.people(b)
        client.session.get(f"{site.url}/auth/logout", headers=bearer(client))
        b.says_to_the_end("add-annotation")
        wait_until(lambda: not a.told("room-people-updated")[-1]["people"], "still in the room")
        a.say("panzoom-changed")
        a.hears("panzoom-changed")
        assert not a.told("add-annotation")
    client.session.close()
