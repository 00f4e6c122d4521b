"""Nothing of a project that somebody may not see is in any answer: not its ids, not its names.

Everybody but administrators walks all GET routes of the Zou dialect, with the other project's ids and with
our own; vendors and clients are then looked at for what is not theirs in their own project.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.contracts.permissions.bodies import OWN_ARGUMENTS
from tests.contracts.permissions.cast import EVERYBODY, MARK, Cast
from tests.contracts.permissions.requests_of import Route, address
from tests.contracts.permissions.test_who_uses_each_route import asked_routes

WATCHERS = [who for who in EVERYBODY if who != "admin"]
Walks = Callable[[str], dict[str, str]]
PRIVATE = (
    "Task",
    "Shot",
    "Asset",
    "Note",
    "PreviewFile",
    "WorkingFile",
    "OutputFile",
    "TimeSpent",
    "Playlist",
)


def readable(cast: Cast) -> list[Route]:
    """Every route that only reads."""
    return [route for route in asked_routes(cast) if route.method == "GET"]


@pytest.fixture(scope="module")
def own_walks(cast: Cast) -> Walks:
    """What somebody gets when they ask for the rows of our own project; each walks once."""
    return cache(lambda who: walked(cast, who, {}))


def walked(cast: Cast, who: str, rows: dict[str, object]) -> dict[str, str]:
    """Route -> the body that somebody gets for it, asked with these rows."""
    found = {}
    usual = cast.ours
    cast.ours = {**usual, **rows}  # type: ignore[dict-item]
    try:
        for route in readable(cast):
            path = address(cast, route, who, OWN_ARGUMENTS.get(str(route), {}))
            found[path] = cast.send(who, "GET", path).data.decode("utf-8", "replace")
    finally:
        cast.ours = usual
    return found


def told_of(bodies: dict[str, str], secrets: dict[str, str]) -> list[str]:
    """Where an answer holds a secret that was not in its own question."""
    return [
        f"{path}: {name} in {body[:300]}"
        for path, body in bodies.items()
        for name, secret in secrets.items()
        if secret in body and secret not in path
    ]


@pytest.mark.parametrize("who", WATCHERS)
def test_no_answer_tells_of_the_project_of_others(cast: Cast, own_walks: Walks, who: str) -> None:
    secrets = {name: str(id_) for name, id_ in cast.foreign.items()} | {"a text": f"{MARK} "}
    asked_for = walked(cast, who, dict(cast.foreign))
    asked_for |= own_walks(who)
    assert told_of(asked_for, secrets) == []


@pytest.mark.parametrize(
    "who", ["idle vendor", "other manager", "other artist", "other client", "other vendor"]
)
def test_who_is_not_on_it_learns_nothing_of_our_project(cast: Cast, own_walks: Walks, who: str) -> None:
    secrets = {name: str(cast.ours[name]) for name in PRIVATE}
    assert told_of(own_walks(who), secrets) == []


def test_a_client_learns_neither_of_staff_nor_of_their_talk_files_and_hours(
    cast: Cast, own_walks: Walks
) -> None:
    secrets = {
        name: str(cast.ours[name]) for name in ("Note", "WorkingFile", "OutputFile", "TimeSpent", "Playlist")
    }
    secrets |= {
        who: cast.world.kit.row("Person", actor.person_id, "full_name")
        for who, actor in cast.actors.items()
        if "client" not in who
    }
    assert told_of(own_walks("client"), secrets) == []


@pytest.mark.parametrize("who", ["supervisor", "artist", "client", "vendor", "other artist"])
def test_only_managers_and_oneself_learn_how_to_reach_somebody(
    cast: Cast, own_walks: Walks, who: str
) -> None:
    kit = cast.world.kit
    emails = {
        name: kit.row("Person", actor.person_id, "email")
        for name, actor in cast.actors.items()
        if name != who
    }
    assert told_of(own_walks(who), emails) == []


@pytest.mark.parametrize("who", ["manager", "other manager"])
def test_managers_know_how_to_reach_everybody(cast: Cast, who: str) -> None:
    answer = cast.send(who, "GET", "/data/persons")
    assert cast.world.kit.row("Person", cast.actors["artist"].person_id, "email") in answer.text


@pytest.mark.parametrize("who", [*WATCHERS])
def test_a_search_finds_nothing_of_the_project_of_others(cast: Cast, who: str) -> None:
    answer = cast.send(who, "POST", "/data/search", json={"query": MARK, "limit": 50})
    assert answer.status_code == 200
    assert MARK not in answer.text
