"""When a row was made and by whom, as scripts that bring old shows over say it (the real shotgun_api3)."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import PASSWORD, Client, Site, new
from tests.studio import unique
from tests.waiting import PATIENCE
from zou_server.services.people.set_password import set_password

LONG_AGO = dt.datetime(2017, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


@pytest.fixture
def author(sg: Client) -> Any:
    """Somebody who made things long ago."""
    login = unique("author")
    made = sg.create("HumanUser", {"login": login, "firstname": "Ada", "lastname": "Author"})
    return {"type": "HumanUser", "id": made["id"]}


def test_a_row_is_made_in_the_name_of_another_and_the_log_tells_who_said_so(sg: Client, author: Any) -> None:
    made = new(sg, "Shot", project=new(sg, "Project"), created_by=author, created_at=LONG_AGO)
    row = sg.find_one("Shot", [["id", "is", made["id"]]], ["created_by", "created_at", "updated_by"])
    assert (row["created_by"]["id"], row["created_by"]["type"]) == (author["id"], "HumanUser")
    assert row["created_at"] == LONG_AGO
    event = sg.find_one("EventLogEntry", [["entity", "is", made]], ["user"])
    assert event["user"]["type"] == row["updated_by"]["type"] == "ApiUser"


def test_rows_of_a_batch_have_makers_of_their_own(sg: Client, author: Any) -> None:
    project = new(sg, "Project")
    data = [{"code": unique("sh"), "project": project, **extra} for extra in ({"created_by": author}, {})]
    made = sg.batch([{"request_type": "create", "entity_type": "Shot", "data": each} for each in data])
    found = sg.find(
        "Shot", [["id", "in", [each["id"] for each in made]]], ["created_by"], [{"field_name": "id"}]
    )
    assert [row["created_by"]["type"] for row in found] == ["HumanUser", "ApiUser"]


def test_rows_are_found_by_who_made_them_and_when(sg: Client, author: Any) -> None:
    made = new(sg, "Shot", project=new(sg, "Project"), created_by=author, created_at=LONG_AGO)
    filters = [
        ["created_by", "is", author],
        ["created_at", "less_than", dt.datetime(2018, 1, 1, tzinfo=dt.UTC)],
    ]
    assert [row["id"] for row in sg.find("Shot", filters)] == [made["id"]]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            {"created_by": {"type": "HumanUser", "id": 10**9}},
            r"Shot\.created_by Person 1000000000 does not exist",
        ),
        ({"created_by": {"type": "Nonsense", "id": 1}}, "created_by leads to a type that does not exist"),
        ({"created_by": "ada"}, "created_by expected .* but got String"),
        ({"created_at": "long ago"}, "created_at expected a time"),
    ],
)
def test_a_maker_or_a_time_that_cannot_be_is_refused_by_name(sg: Client, value: Any, words: str) -> None:
    project = new(sg, "Project")
    with pytest.raises(Fault, match=words):
        sg.create("Shot", {"code": "SH010", "project": project, **value})
    assert sg.find("Shot", [["project", "is", project]]) == []


def test_a_maker_is_a_person_or_a_script(sg: Client) -> None:
    project = new(sg, "Project")
    with pytest.raises(Fault, match="created_by"):
        sg.create("Shot", {"code": "SH010", "project": project, "created_by": project})
    assert sg.find("Shot", [["project", "is", project]]) == []


def test_whoever_does_not_run_the_production_speaks_for_themselves(
    site: Site, sg: Client, author: Any
) -> None:
    project, login = new(sg, "Project"), unique("artist")
    artist = sg.create("HumanUser", {"login": login, "firstname": "Kim", "projects": [project]})
    set_password(site.engine, site.id_of("Person", artist["id"]), PASSWORD)
    note = {"project": project, "content": "seen"}
    with site.client(login=login, password=PASSWORD) as kim:
        assert kim.create("Note", note)["type"] == "Note"
        for more in ({"created_by": author}, {"created_at": LONG_AGO}):
            with pytest.raises(Fault, match="role does not let you say when a Note was made, or by whom"):
                kim.create("Note", {**note, **more})
    assert len(sg.find("Note", [["project", "is", project]])) == 1


# -- entries of tools ----------------------------------------------------------------------------------------


def test_tools_that_add_entries_of_one_type_at_once_are_answered_by_their_own(site: Site) -> None:
    name = f"Studio_{unique('Published').replace(' ', '_')}"

    def tell(number: int) -> tuple[int, dict[str, Any]]:
        with site.client() as tool:
            said = f"take {number}"
            return number, tool.create("EventLogEntry", {"event_type": name, "description": said})

    with ThreadPoolExecutor(4) as tools:
        answers = list(tools.map(tell, range(24)))
    assert [row["description"] for _, row in answers] == [f"take {number}" for number, _ in answers]
    assert len({row["id"] for _, row in answers}) == 24


@pytest.mark.parametrize("kind", ["Shot", "Task"])
def test_clients_that_make_rows_of_one_name_at_once_all_get_theirs(site: Site, sg: Client, kind: str) -> None:
    project = new(sg, "Project")
    shot, step = new(sg, "Shot", project=project), sg.find_one("Step", [])
    key, values = ("content", {"entity": shot, "step": step}) if kind == "Task" else ("code", {})
    rounds, clients = 6, 6
    ready = threading.Barrier(clients)

    def make(_: int) -> list[int]:
        with site.client() as mine:
            made = []
            for count in range(rounds):
                ready.wait(PATIENCE)
                made.append(mine.create(kind, {**values, "project": project, key: f"twin {count}"})["id"])
            return made

    with ThreadPoolExecutor(clients) as pool:
        found = [number for each in pool.map(make, range(clients)) for number in each]
    assert len(set(found)) == rounds * clients
