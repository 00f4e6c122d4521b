"""Every route of the Zou dialect, asked by every role: `routes.txt` says who may, and must list each route.

After a change of rules, `python -m tests.contracts.permissions.write_routes` measures the table anew: read
what it changed before keeping it.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.permissions.bodies import BODIES, OWN_ARGUMENTS
from tests.contracts.permissions.cast import EVERYBODY, Cast
from tests.contracts.permissions.props import SHOTGUN_ID
from tests.contracts.permissions.requests_of import (
    KITSU,
    Route,
    address,
    collection_of,
    generic_body,
    outcome,
    routes,
)
from zou_server.blueprints.zou.transfer.shotgun_import import REMOVED
from zou_server.blueprints.zou.vocabulary import wire_types

TABLE = Path(__file__).with_name("routes.txt")
MEMBERS_END = 8
SLICES = 8
_IN_A_CHAT = "only who takes part says something there: tests/clients/zou/kitsu/test_pages.py"
_NOT_THERE = "there is none here; with one it is asked in tests/clients/zou/kitsu"
_NO_CUT = "the shots here have no length; with one it is asked in test_otio_export.py"
NOBODY_YET = {
    "POST /data/chat-messages": _IN_A_CHAT,
    "POST /data/entities/<entity_id>/chat/messages": _IN_A_CHAT,
    "PUT /data/chat-messages/<id>": "only who said it says it in other words",
    **dict.fromkeys(
        (
            "DELETE /data/entities/<entity_id>/chat/messages/<message_id>",
            "GET /data/entities/<entity_id>/chat/messages/<message_id>",
            "DELETE /data/scenes/<scene_id>/shots/<shot_id>",
            "GET /data/playlists/<playlist_id>/jobs/<build_job_id>/build/mp4",
        ),
        _NOT_THERE,
    ),
    **{f"GET /export/otio/{kind}s/<{kind}_id>": _NO_CUT for kind in ("episode", "playlist", "sequence")},
}
"""Routes that succeed for nobody, and why."""
LOG_IN = "/auth/"
"""Routes that are about the caller's own log-in have tests of their own: test_gazu_log_in.py."""


def told() -> dict[str, str]:
    """Route -> who may, as the table says."""
    found: dict[str, str] = {}
    who = ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            who = line[1:].partition("]")[0]
        elif who and line.startswith("    "):
            assert line.strip() not in found, f"{line.strip()} is there twice"
            found[line.strip()] = who
    return found


def measured(cast: Cast, route: Route) -> str:
    """Who may, as the server says: a letter for each member, for each outsider, and for nobody."""
    letters = [_asked(cast, route, who) for who in (*EVERYBODY, "nobody")]
    members, outsiders = letters[:MEMBERS_END], letters[MEMBERS_END:-1]
    return " ".join("".join(each) for each in (members, outsiders, letters[-1:]))


def _asked(cast: Cast, route: Route, who: str) -> str:
    path = address(cast, route, who, OWN_ARGUMENTS.get(str(route), {}))
    options = BODIES.get(str(route))
    if options is not None:
        return outcome(cast.send(who, route.method, path, **options(cast, who)))
    if route.method not in ("POST", "PUT"):
        return outcome(cast.send(who, route.method, path))
    wire = collection_of(route.path)
    body: Any = generic_body(cast, wire, route.method, who) if wire else {}
    if route.path.startswith(KITSU):
        body = [
            {
                "id": str(uuid.uuid4()),
                **generic_body(cast, wire_types()[route.path[len(KITSU) :].replace("_", "-")], "POST", who),
            }
        ]
    return outcome(cast.send(who, route.method, path, json=body))


def asked_routes(cast: Cast) -> list[Route]:
    """The routes of the table."""
    return [route for route in routes(cast) if not route.path.startswith(LOG_IN)]


def test_every_route_has_a_line_and_every_line_a_route(cast: Cast) -> None:
    there = {str(route) for route in asked_routes(cast)}
    table = told()
    assert sorted(there - table.keys()) == [], "routes that nobody said who may use"
    assert sorted(table.keys() - there) == [], "lines about routes that are gone"


def test_for_every_route_somebody_is_shown_who_may() -> None:
    assert {route for route, who in told().items() if "y" not in who} == NOBODY_YET.keys()


@pytest.mark.parametrize("kind", sorted(REMOVED))
def test_what_came_from_shotgun_is_there_to_be_removed(cast: Cast, kind: str) -> None:
    """Removing nothing is a success too, so the table alone would not show that a removal works."""
    with cast.undone():
        answer = cast.send("admin", "POST", f"/import/shotgun/remove/{kind}", json={"id": SHOTGUN_ID})
    assert answer.get_json()["removed_instance_id"]


@pytest.mark.parametrize("place", range(SLICES))
def test_each_role_gets_what_the_table_says(cast: Cast, place: int) -> None:
    table = told()
    wrong = []
    with cast.undone():
        for route in asked_routes(cast)[place::SLICES]:
            found = measured(cast, route)
            if found != table.get(str(route), found):
                wrong.append(f"{route}: {found}, not {table[str(route)]}")
    assert wrong == []
