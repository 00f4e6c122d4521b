"""What others were seen to leave open stays closed here: docs/protocols/zou.md 20."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from tests.contracts.permissions.cast import EVERYBODY, Cast
from tests.contracts.permissions.requests_of import Route
from tests.contracts.permissions.test_who_uses_each_route import asked_routes
from tests.contracts.world import PASSWORD
from zou_server.blueprints.zou.live.live_events import event_query
from zou_server.blueprints.zou.live.review_rooms import HEARD, PREFIX
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.live.live_server import NAMESPACE
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.registry import FACETS
from zou_server.models.row_scope import PRIVATE_POLICIES, TOLD_TO_ONE
from zou_server.services.playlists.review_rooms import seen_playlists

NOT_ADMINS = [who for who in EVERYBODY if who != "admin"]
NEW_PASSWORD = "an even longer password"

OPEN = {
    "GET /": "what answers here",
    "GET /api/": "the same",
    "GET /config": "what a log-in page must know",
    "GET /api/config": "the same",
    "GET /docs": "the description of the routes",
    "GET /docs/<path:name>": "its files",
    "GET /openapi.json": "the description itself",
    "GET /health/live": "whether the process lives",
    "GET /health/ready": "whether it can answer",
    "GET /auth/email-otp": "that it wants an address; a code goes by mail to who is logging in",
    "GET /api/auth/email-otp": "the same",
    "GET /auth/fido": "that it wants an address; a security key is asked for who is logging in",
    "GET /api/auth/fido": "the same",
    "GET /upload/get_thumbnail_url": "that old clients find no thumbnail so",
    "GET /file_serve/attachment/<int:number>": "that an address is not signed, or that one must log in",
    "GET /images/status/transient/thumbnail_pending.png": "a picture that is the same for all",
    "GET /img/thumbnail2.png": "the same",
}
"""What may be read without a log-in, and what it says."""


def routes_below(cast: Cast, *beginnings: str) -> list[Route]:
    return [route for route in asked_routes(cast) if route.path.startswith(beginnings)]


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_hole_1_only_administrators_remove_what_shotgun_removed(cast: Cast, who: str) -> None:
    project = cast.ours["Project"]
    cast.world.kit.update("Project", project, shotgun_id=4711)
    removals = routes_below(cast, "/import/shotgun/remove/", "/data/import/shotgun/remove/")
    assert len(removals) > 10
    for route in removals:
        assert cast.send(who, "POST", route.path, json={"id": 4711}).status_code == 403, route
    assert cast.world.kit.row("Project", project, "id") == str(project)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_hole_2_only_administrators_read_write_and_remove_records_of_failed_imports(
    cast: Cast, who: str
) -> None:
    for root in ("/import/shotgun/errors", "/data/import/shotgun/errors"):
        made = cast.send("admin", "POST", root, json={"secret": "of another project"})
        one = f"{root}/{made.get_json()['id']}"
        assert cast.send(who, "GET", root).status_code == 403
        assert cast.send(who, "POST", root, json={"mine": 1}).status_code == 403
        assert cast.send(who, "DELETE", one).status_code == 403
        assert cast.send(who, "GET", one).status_code in (403, 404)


def test_hole_3_a_new_password_ends_every_session(cast: Cast) -> None:
    person = cast.world.kit.person("user")
    login = cast.world.caller(person).login
    client = cast.world.app.test_client(use_cookies=False)

    def log_in(password: str) -> dict[str, str]:
        answer = client.post("/auth/login", json={"email": login, "password": password}).get_json()
        return {kind: answer[f"{kind}_token"] for kind in ("access", "refresh")}

    def status(path: str, token: str) -> int:
        return client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code

    mine, elsewhere = log_in(PASSWORD), log_in(PASSWORD)
    own = {"old_password": PASSWORD, "password": NEW_PASSWORD, "password_2": NEW_PASSWORD}
    signed = {"Authorization": f"Bearer {mine['access']}"}
    assert client.post("/auth/change-password", json=own, headers=signed).status_code == 200
    for session in (mine, elsewhere):
        assert status("/auth/authenticated", session["access"]) == 401
        assert status("/auth/refresh-token", session["refresh"]) == 401

    later = log_in(NEW_PASSWORD)
    assert status("/auth/authenticated", later["access"]) == 200
    path = f"/actions/persons/{person.person_id}/change-password"
    given = {"password": PASSWORD, "password_2": PASSWORD}
    assert cast.send("manager", "POST", path, json=given).status_code == 403
    assert cast.send("admin", "POST", path, json=given).status_code == 200
    assert status("/auth/authenticated", later["access"]) == 401
    assert status("/auth/refresh-token", later["refresh"]) == 401


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_hole_4_events_are_told_to_those_who_may_see_what_they_are_about(cast: Cast, who: str) -> None:
    for path in ("/data/events/last?limit=5000", "/data/events?page=1&limit=5000", "/data/events"):
        answer = cast.send(who, "GET", path)
        assert answer.status_code == 200
        assert str(cast.foreign["Project"]) not in answer.text
        assert str(cast.foreign["Task"]) not in answer.text
    if who.startswith(("other", "idle vendor")) or who == "client":
        assert json.loads(cast.send(who, "GET", "/data/events/last").text) == []


def test_hole_4_nobody_but_administrators_hears_of_budgets_and_of_what_people_keep_to_themselves(
    cast: Cast,
) -> None:
    private = {each.kind for each in FACETS.values() if each.policy in PRIVATE_POLICIES}
    kit, project = cast.world.kit, Where("project_id", Op.EQ, str(cast.ours["Project"]))
    told = {
        who: {row["kind"] for row in kit.rows("EventLog", "kind", where=project, actor=cast.actors[who])}
        for who in ("admin", "manager", "artist")
    }
    assert told["admin"] & private
    assert not (told["manager"] | told["artist"]) & private
    assert "Task" in told["artist"]


def test_hole_4_an_artist_hears_of_their_project_in_the_order_of_commits(cast: Cast) -> None:
    numbers = [
        row["number"]
        for row in cast.world.kit.rows(
            "EventLog", "number", order=(Order("number"),), actor=cast.actors["artist"]
        )
    ]
    assert numbers == sorted(numbers)
    assert numbers


def test_hole_5_what_is_said_by_socket_is_for_review_rooms_alone(cast: Cast) -> None:
    """Who may enter a room is asked in the test of review rooms, and below."""
    live = cast.world.app.extensions["live-events"]
    assert live.handlers == {}
    assert list(live.namespace_handlers) == [NAMESPACE]
    says = {name for name in dir(live.namespace_handlers[NAMESPACE]) if name.startswith("on_")}
    assert says == {"on_connect", "on_disconnect"}
    assert live.heard == HEARD
    assert {name for name in HEARD if not name.startswith(PREFIX)} == set()


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_hole_5_a_review_room_is_for_those_who_see_the_playlist(cast: Cast, who: str) -> None:
    studio, actor = cast.world.kit.studio, cast.actors[who]
    playlists = {row["id"] for row in cast.world.kit.rows("Playlist", "id")}
    read = {row["id"] for row in cast.world.kit.rows("Playlist", "id", actor=actor)}
    entered = seen_playlists(studio, actor, [uuid.UUID(each) for each in playlists])
    assert {str(each) for each in entered} == read
    assert str(cast.foreign["Playlist"]) in playlists - read


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_hole_5_whoever_listens_hears_what_they_may_read_in_the_log(cast: Cast, who: str) -> None:
    """What they may read is told by hole 4; who is behind a socket, by the tests of gazu's events."""
    studio, actor = cast.world.kit.studio, cast.actors[who]
    heard = json.loads(f"[{studio.read(actor).page(event_query(), ZOU).text}]")
    told = [row for row in heard if row["kind"] not in TOLD_TO_ONE]
    read = json.loads(cast.send(who, "GET", "/data/events").text)
    assert sorted((row["name"], json.dumps(row["data"])) for row in told) == sorted(
        (row["name"], json.dumps(row["data"])) for row in read
    )
    assert str(cast.foreign["Project"]) not in json.dumps(heard)
    for row in heard:  # what is for one person names them: the follower keeps it from all others
        assert row["kind"] not in TOLD_TO_ONE or row["data"]["person_id"]


def test_hole_6_without_a_log_in_nothing_is_told_but_what_a_log_in_needs(cast: Cast) -> None:
    client = cast.world.app.test_client(use_cookies=False)
    told = set()
    for rule in cast.world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            path = re.sub(r"<[^>]*>", "00000000-0000-0000-0000-000000000000", rule.rule)
            if client.get(path, buffered=True).status_code not in (401, 404, 406):
                told.add(f"GET {rule.rule}")
    assert told - OPEN.keys() == set()
    for path in ("/status", "/status/resources", "/status/test-event"):
        assert client.get(path).status_code in (401, 404)
