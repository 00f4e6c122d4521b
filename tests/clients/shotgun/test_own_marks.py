"""Fields that are another for each person: favourites, what was looked at, when a project was opened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import shotgun_api3
import sqlalchemy as sa

from tests.clients.shotgun.site import Client, Row, Site, new
from tests.contracts.statements import noted
from zou_server.services.studio import Studio

FaultError = shotgun_api3.Fault
PASSWORD = "long enough 1"


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def person(sg: Client, p: Row, login: str) -> None:
    rules = sg.find_one("PermissionRuleSet", [["display_name", "is", "Artist"]])
    values = {"name": login, "login": login, "email": f"{login}@x.example", "projects": [p]}
    sg.create("HumanUser", {**values, "password_proxy": PASSWORD, "permission_rule_set": rules})


@pytest.fixture(scope="module")
def ann(site: Site, sg: Client, p: Row) -> Iterator[Client]:
    person(sg, p, "own-ann")
    with site.client(login="own-ann", password=PASSWORD) as client:
        yield client


@pytest.fixture(scope="module")
def ben(site: Site, sg: Client, p: Row) -> Iterator[Client]:
    person(sg, p, "own-ben")
    with site.client(login="own-ben", password=PASSWORD) as client:
        yield client


def one(sg: Client, row: Row, *names: str) -> Row:
    found: Row = sg.find_one(row["type"], [["id", "is", row["id"]]], list(names))
    return found


MARKS: list[tuple[str, str, Any, Any]] = [
    # type, field, marked, not marked
    ("Project", "current_user_favorite", True, False),
    ("Playlist", "current_user_favorite", True, False),
    ("Version", "viewed_by_current_user", "read", "unread"),
    ("Playlist", "media_center_viewed_by_current_user", "read", "unread"),
]


@pytest.mark.parametrize("mark", MARKS)
def test_what_one_person_marks_another_does_not_see_marked(
    sg: Client, ann: Client, ben: Client, p: Row, mark: tuple[str, str, Any, Any]
) -> None:
    kind, name, marked, unmarked = mark
    row = p if kind == "Project" else new(sg, kind, project=p)
    other = p if kind == "Project" else new(sg, kind, project=p)
    mine = [["id", "in", [row["id"], other["id"]]]]
    assert ann.update(kind, row["id"], {name: marked}) == {"type": kind, "id": row["id"], name: marked}
    assert [one(each, row, name)[name] for each in (ann, ben, sg)] == [marked, unmarked, unmarked]
    assert [each["id"] for each in ann.find(kind, [*mine, [name, "is", marked]])] == [row["id"]]
    assert row["id"] not in [each["id"] for each in ann.find(kind, [*mine, [name, "is", unmarked]])]
    assert ben.find(kind, [*mine, [name, "is", marked]]) == []
    if kind != "Project":
        assert one(ann, other, name)[name] == unmarked
    told = sg.find("EventLogEntry", [["entity", "is", row], ["attribute_name", "contains", "HumanUser"]])
    assert told == []
    assert ann.update(kind, row["id"], {name: unmarked})[name] == unmarked
    assert one(ann, row, name)[name] == unmarked


def test_it_is_said_when_a_version_was_looked_at(sg: Client, ann: Client, ben: Client, p: Row) -> None:
    version = new(sg, "Version", project=p)
    name = "viewed_by_current_user_at"
    ann.update("Version", version["id"], {"viewed_by_current_user": "read"})
    assert one(ann, version, name)[name].year == 2031
    assert one(ben, version, name)[name] is None
    with pytest.raises(FaultError, match="read only"):
        ann.update("Version", version["id"], {name: "2031-01-01T00:00:00Z"})
    with pytest.raises(FaultError, match="cannot be used in summaries"):
        ann.summarize("Version", [], [{"field": "viewed_by_current_user", "type": "count"}])
    with pytest.raises(FaultError, match="cannot be used in a filter"):
        ann.find("Version", [[name, "is", None]])


def test_everybody_knows_when_they_opened_a_project(
    site: Site, sg: Client, ann: Client, ben: Client, p: Row
) -> None:
    name = "last_accessed_by_current_user"
    assert one(ann, p, name)[name] is None
    ann.update_project_last_accessed(p)
    first = one(ann, p, name)[name]
    assert (first.year, one(ben, p, name)[name]) == (2031, None)
    user = sg.find_one("HumanUser", [["login", "is", "own-ben"]])
    sg.update_project_last_accessed(p, user=user)
    assert one(ben, p, name)[name].year == 2031
    credentials = {"script_name": "pipeline", "api_key": site.key, "sudo_as_login": "own-ann"}
    with site.client(**credentials) as as_ann:
        assert one(as_ann, p, name)[name] == first
    assert sg.find("EventLogEntry", [["attribute_name", "contains", "project_accessed"]]) == []


@pytest.mark.parametrize("value", ["maybe", None, 1, ["read"]])
def test_marks_that_are_none_are_refused(sg: Client, ann: Client, p: Row, value: Any) -> None:
    version = new(sg, "Version", project=p)
    with pytest.raises(FaultError):
        ann.update("Version", version["id"], {"viewed_by_current_user": value})


def test_nobody_marks_what_they_do_not_see(sg: Client, ann: Client) -> None:
    elsewhere = new(sg, "Version", project=new(sg, "Project"))
    with pytest.raises(FaultError):
        ann.update("Version", elsewhere["id"], {"viewed_by_current_user": "read"})


def test_one_mark_changes_none_of_the_others_and_is_told_to_nobody(
    site: Site, sg: Client, ann: Client, p: Row
) -> None:
    versions = [new(sg, "Version", project=p) for _ in range(8)]
    me = sg.find_one("HumanUser", [["login", "is", "own-ann"]])

    def told() -> list[Any]:
        with site.engine.connect() as connection:
            wanted = sa.text("SELECT attribute FROM event WHERE object_id = :id")
            return list(connection.scalars(wanted, {"id": site.id_of("Person", me["id"])}))

    before = told()

    def mark(row: Row) -> Any:
        with site.client(login="own-ann", password=PASSWORD) as client:
            return client.update("Version", row["id"], {"viewed_by_current_user": "read"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mark, [*versions, *versions]))
    assert [one(ann, each, "viewed_by_current_user")["viewed_by_current_user"] for each in versions] == [
        "read"
    ] * 8
    assert told() == before


def test_marks_are_set_and_taken_back_in_one_batch(sg: Client, ann: Client, p: Row) -> None:
    name = "viewed_by_current_user"
    row, other = new(sg, "Version", project=p), new(sg, "Version", project=p)

    def said(each: Row, value: str) -> Row:
        return {
            "request_type": "update",
            "entity_type": "Version",
            "entity_id": each["id"],
            "data": {name: value},
        }

    found = ann.batch([said(row, "read"), said(other, "read"), said(row, "unread"), said(row, "read")])
    assert [each[name] for each in found] == ["read"] * 4
    assert ann.batch([said(row, "unread"), said(row, "unread")])[0][name] == "unread"
    assert one(ann, other, name)[name] == "read"


def test_many_marks_of_a_batch_are_read_by_as_many_statements_as_two(site: Site, sg: Client, p: Row) -> None:
    counts = []
    for size in (2, 12):
        batch = [
            {
                "request_type": "update",
                "entity_type": "Version",
                "entity_id": new(sg, "Version", project=p)["id"],
                "data": {"viewed_by_current_user": "read"},
            }
            for _ in range(size)
        ]
        studio: Studio = site.app.extensions["studio"]
        with noted(studio.reads) as statements:
            assert len(sg.batch(batch)) == size
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1]
