"""Calls that the client does not send, as the protocol allows them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import (
    ServerError,
    Site,
    unique,
)


def test_queries_see_what_was_written_before_them_in_the_same_request(site: Site, show: Show) -> None:
    id_ = str(uuid.uuid4())
    parent = {"__entity_type__": "Shot", "id": show.shots[0]}
    answers = site.post(
        [
            {
                "action": "create",
                "entity_type": "Task",
                "entity_data": {"id": id_, "name": "mixed", "parent": parent},
            },
            {"action": "query", "expression": f"select name, parent.name from Task where id is {id_}"},
            {
                "action": "update",
                "entity_type": "TypedContext",
                "entity_key": id_,
                "entity_data": {"name": "renamed"},
            },
            {"action": "delete", "entity_type": "Context", "entity_key": {"id": id_}},
            {"action": "query", "expression": f"Task where id is {id_}"},
        ]
    ).json()

    assert answers[0]["data"]["project_id"] == show.project
    assert answers[1]["data"] == [
        {
            "__entity_type__": "Task",
            "id": id_,
            "name": "mixed",
            "parent": {"__entity_type__": "Shot", "id": show.shots[0], "name": "SH000"},
        }
    ]
    assert (answers[2]["data"]["__entity_type__"], answers[2]["data"]["name"]) == ("Task", "renamed")
    assert answers[3] == {"action": "delete", "data": True}
    assert answers[4]["data"] == []


def test_an_id_that_is_left_out_is_made(site: Site, show: Show) -> None:
    data = {"name": "anonymous", "parent_id": show.project}
    (answer,) = site.post([{"action": "create", "entity_type": "Folder", "entity_data": data}]).json()

    assert uuid.UUID(answer["data"]["id"])
    assert answer["data"]["parent_id"] == answer["data"]["project_id"] == show.project


@pytest.mark.parametrize(
    ("action", "exception", "status", "content"),
    [
        ({"action": "fly"}, "ServerError", 400, "Invalid action u'fly'"),
        ({"action": "query", "expression": "Task where name is ("}, "ParseError", 400, "Failed to parse"),
        (
            {"action": "query", "expression": "Tusk"},
            "ValidationError",
            422,
            "There is no entity type 'Tusk'.",
        ),
        ({"action": "query", "expression": "select a(b) from Task"}, "ParseError", 400, "near '(b)"),
        (
            {"action": "query", "expression": "Task where foo is 1"},
            "ValidationError",
            422,
            "no attribute 'foo'",
        ),
        (
            {"action": "query", "expression": "Task where id.x is 1"},
            "ValidationError",
            422,
            "no relation 'id'",
        ),
        ({"action": "query", "expression": 'Task where name is "{0}" order by {}'}, "ParseError", 400, "(0)"),
        (
            {"action": "update", "entity_type": "Task", "entity_key": [str(uuid.uuid4())], "entity_data": {}},
            "NotFoundError",
            404,
            "There is no Task",
        ),
        (
            {"action": "update", "entity_type": "Task", "entity_key": "x", "entity_data": {}},
            "ValidationError",
            422,
            "'x' is not an id",
        ),
        (
            {"action": "create", "entity_type": "Context", "entity_data": {}},
            "ValidationError",
            422,
            "Context",
        ),
        (
            {"action": "create", "entity_type": "Location", "entity_data": {}},
            "ValidationError",
            422,
            "name: is required",
        ),
        (
            {"action": "create", "entity_type": "Task", "entity_data": {"foo": 1}},
            "ValidationError",
            422,
            "'foo'",
        ),
        (
            {"action": "create", "entity_type": "Task", "entity_data": {"link": []}},
            "ValidationError",
            422,
            "link",
        ),
        (
            {
                "action": "create",
                "entity_type": "Task",
                "entity_data": {"type_id": str(uuid.uuid4()), "parent_id": str(uuid.uuid4())},
            },
            "ValidationError",
            422,
            "Task: type_id does not exist",
        ),
    ],
)
def test_errors_say_what_is_wrong_with_and_without_strictness(
    site: Site, action: dict[str, Any], exception: str, status: int, content: str
) -> None:
    for strict in (False, True):
        answer = site.post([action], strict=strict)
        body = answer.json()
        assert answer.status_code == (status if strict else 200)
        assert body["exception"] == exception
        assert content in body["content"]
        assert "{" not in body["content"]


def test_a_wrong_key_has_its_status_when_asked_for(site: Site) -> None:
    answer = site.post([{"action": "query_server_information"}], strict=True, **{"ftrack-api-key": "wrong"})

    assert answer.status_code == 401
    assert answer.json()["error_code"] == "api_credentials_invalid"


def test_only_exactly_api_is_ours(site: Site) -> None:
    client = site.app.test_client()

    assert client.get("/api").status_code == 200
    assert client.post("/api/auth/login", json={"email": "nobody", "password": "x"}).status_code == 400


def test_an_artist_sees_the_projects_of_the_team(site: Site, show: Show) -> None:
    from zou_server.services.install.manage_credentials import create_api_key  # noqa: PLC0415

    email = f"{unique('artist')}@example.com"
    person = site.create("Person", first_name="Ada", last_name="", email=email, role="user")
    other = site.create("Project", name=unique("other"))
    site.create("Shot", name="secret", project_id=other)
    site.create("Membership", project_id=show.project, person_id=person)
    key = create_api_key(site.engine, email)

    with site.session(email, key) as session:
        assert names(session.query("Project")) == [show.name]
        assert "secret" not in names(session.query("Context"))
        assert session.query("Shot where parent.name is SQ010 and ancestors any (name is SQ010)").first()
        session.get("Shot", show.shots[0])["name"] = "taken over"
        with pytest.raises(ServerError, match="does not let you update a Shot"):
            session.commit()
