"""Rows found by words of their names, as the search box of a tool asks for them (the real shotgun_api3)."""

from __future__ import annotations

from typing import Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import PASSWORD, Client, Site, call, new
from tests.contracts.statements import noted
from tests.studio import unique
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.services.people.set_password import set_password


@pytest.fixture(scope="module")
def bunnies(sg: Client) -> Any:
    """A project with shots, assets and a task that have to do with bunnies."""
    project = new(sg, "Project")
    shots = [
        new(sg, "Shot", project=project, code=code) for code in ("bunny_010", "BUNNY_010_0020", "fox_010")
    ]
    step = sg.find_one("Step", [["entity_type", "is", "Shot"]])
    task = sg.create("Task", {"project": project, "content": "Chase", "entity": shots[0], "step": step})
    return {"project": project, "shots": shots, "task": task}


def names(found: Any) -> list[str]:
    return [match["name"] for match in found["matches"]]


def test_words_are_found_in_any_case_the_shortest_name_first(sg: Client, bunnies: Any) -> None:
    found = sg.text_search("Bunny", {"Shot": []}, [bunnies["project"]["id"]])
    assert (names(found), found["terms"]) == (["bunny_010", "BUNNY_010_0020"], ["bunny"])
    match = found["matches"][0]
    assert match == {
        "id": bunnies["shots"][0]["id"],
        "type": "Shot",
        "name": "bunny_010",
        "project_id": bunnies["project"]["id"],
        "image": None,
        "links": ["", ""],
        "status": match["status"],
    }


def test_every_word_must_be_there(sg: Client, bunnies: Any) -> None:
    project = [bunnies["project"]["id"]]
    assert names(sg.text_search("bunny 0020", {"Shot": []}, project)) == ["BUNNY_010_0020"]
    assert names(sg.text_search("bunny fox", {"Shot": []}, project)) == []


def test_a_task_is_found_by_the_name_of_its_shot_and_says_so(sg: Client, bunnies: Any) -> None:
    (match,) = sg.text_search("bunny chase", {"Task": [], "Shot": []}, [bunnies["project"]["id"]])["matches"]
    assert (match["type"], match["id"], match["links"]) == (
        "Task",
        bunnies["task"]["id"],
        ["Shot", "bunny_010"],
    )


def test_each_type_has_a_filter_of_its_own(sg: Client, bunnies: Any) -> None:
    wanted = {"Shot": [["code", "ends_with", "20"]], "Task": [["content", "is", "Chase"]]}
    found = sg.text_search("bunny", wanted, [bunnies["project"]["id"]])
    assert sorted(names(found)) == ["BUNNY_010_0020", "Chase"]


def test_without_projects_all_are_searched_and_the_limit_holds(sg: Client, bunnies: Any) -> None:
    other = new(sg, "Shot", project=new(sg, "Project"), code="bunny_x")
    assert names(sg.text_search("bunny", {"Shot": []}, limit=1)) == ["bunny_x"]
    assert other["id"] in [match["id"] for match in sg.text_search("bunny", {"Shot": []})["matches"]]
    assert names(sg.text_search(bunnies["project"]["name"], {"Project": []})) == [bunnies["project"]["name"]]


@pytest.mark.parametrize("kind", sorted(set(vocabulary().types) - {"EventLogEntry", "FilesystemLocation"}))
def test_every_type_can_be_searched(sg: Client, bunnies: Any, kind: str) -> None:
    found = sg.text_search("bunny", {kind: []}, [bunnies["project"]["id"]])["matches"]
    assert {match["type"] for match in found} <= {kind}


def test_several_types_are_one_statement(site: Site, sg: Client) -> None:
    def statements(*kinds: str) -> int:
        with noted(site.app.extensions["studio"].reads) as found:
            sg.text_search("bunny", {kind: [] for kind in kinds})
        return len(found)

    assert statements("Shot", "Asset", "Task", "TimeLog", "HumanUser") == statements("Shot")


def test_an_artist_finds_only_what_they_may_see(site: Site, sg: Client, bunnies: Any) -> None:
    login, project = unique("artist"), new(sg, "Project")
    mine = new(sg, "Shot", project=project, code="bunny_mine")
    artist = sg.create("HumanUser", {"login": login, "firstname": "Kim", "projects": [project]})
    set_password(site.engine, site.id_of("Person", artist["id"]), PASSWORD)
    with site.client(login=login, password=PASSWORD) as kim:
        found = kim.text_search("bunny", {"Shot": [], "Task": []})
    assert [match["id"] for match in found["matches"]] == [mine["id"]]
    assert bunnies["shots"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": "bu"}, "text must have at least 3 characters"),
        ({"text": 5}, r"text expected \[String, NilClass\] data type\(s\) but got Integer: 5"),
        ({"text": " ".join(f"word{n}" for n in range(30))}, "more than 20 words"),
        ({"entity_types": ["Shot"]}, "invalid/missing hash 'entity_types'"),
        ({"entity_types": {"Shoot": []}}, "invalid/missing string entity 'type'"),
        ({"entity_types": {"Shot": {"path": "nope", "relation": "is", "values": [1]}}}, "nope"),
        ({"entity_types": {"EventLogEntry": []}}, "EventLogEntry cannot be searched: its rows have no names"),
        ({"text": "bun\x00ny"}, "text cannot hold a NUL character"),
        ({"project_ids": [2**70]}, "invalid/missing array of integers 'project_ids'"),
        ({"project_ids": [2**62]}, '"type":"Project","id":4611686018427387904'),
        ({"entity_types": {"Project": []}, "project_ids": [2**62]}, "Project.id"),
        ({"project_ids": ["7"]}, "invalid/missing array of integers 'project_ids'"),
        ({"project_ids": [True]}, "invalid/missing array of integers 'project_ids'"),
        ({"max_results": 0}, "invalid/missing integer 'max_results'"),
        ({"max_results": "5"}, "invalid/missing integer 'max_results'"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(sg: Client, changed: Any, words: str) -> None:
    request = {
        "text": "bunny",
        "entity_types": {"Shot": []},
        "project_ids": [],
        "max_results": None,
        **changed,
    }
    with pytest.raises(Fault, match=words):
        call(sg, "query_display_name_cache", request)
