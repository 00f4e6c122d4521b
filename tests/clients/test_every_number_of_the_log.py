"""The numbers of Shotgun's log beside what only other clients know: none is missing, and none tells of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gazu
import pytest
import shotgun_api3

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, with_one_task
from tests.conftest import SuitePostgres
from tests.studio import unique
from zou_server.models.registry import FACETS
from zou_server.services.install.manage_credentials import create_script

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PLAIN = "Unlisted_Change"
NAMES = ["event_type", "attribute_name", "meta", "entity", "project", "user", "created_at", "description"]
ASCENDING = [{"field_name": "id", "direction": "asc"}]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def boss(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """An administrator of a served studio, with all four clients."""
    with served_studio(postgres, tmp_path_factory.mktemp("numbers")) as (kit, url):
        site = with_one_task(kit, url)
        caller = Caller(site, site.person("admin", on_team=False))
        _with_ftrack(caller)
        _with_kitsu(caller)
        _with_shotrunner(caller)
        _with_shotgun(caller)
        yield caller


def _with_ftrack(caller: Caller) -> None:
    with caller.ftrack() as session:
        task = session.query("Task").first()
        task["metadata"]["renderer"] = "secretword"
        task["bid"] = 7200
        session.commit()
        category = session.query("ListCategory").first()
        values = {"name": unique("secretword"), "project": task["project"], "category": category}
        session.create("TypedContextList", values)
        user = session.query(f'User where email is "{caller.email}"').one()
        session.commit()
        user.start_timer(task, comment="secretword")
        user.stop_timer()


def _with_kitsu(caller: Caller) -> None:
    client, site = caller.zou(), caller.site

    def post(path: str, data: Row) -> Row:
        answer: Row = gazu.client.post(path, data, client=client)
        return answer

    asset = site.kit.create("Asset", name=unique("A"), project_id=site.project)
    cast: Any = [{"asset_id": str(asset), "nb_occurences": 2}]
    gazu.casting.update_shot_casting(str(site.project), str(site.shots[0]), cast, client=client)
    gazu.client.put(f"data/entities/{site.shots[0]}", {"is_casting_standby": True}, client=client)
    post(f"data/projects/{site.project}/budgets", {"name": "secretword", "currency": "EUR"})
    post(f"actions/user/chats/{site.shots[0]}/join", {})
    post(f"data/entities/{site.shots[0]}/chat/messages", {"message": "secretword"})
    artist = site.person("user")
    gazu.client.put(
        f"actions/persons/{artist.person_id}/assign", {"task_ids": [str(site.tasks[0])]}, client=client
    )
    status = gazu.client.get("data/task-status", client=client)[0]["id"]
    post(f"actions/tasks/{site.tasks[0]}/comment", {"task_status_id": status, "comment": "shown to all"})
    client.session.close()


def _with_shotrunner(caller: Caller) -> None:
    user = caller.shotrunner().User.find()[0]
    user.phone = "secretword"
    user.save()


def _with_shotgun(caller: Caller) -> None:
    number = caller.site.kit.row("Shot", caller.site.shots[0], "number")
    with caller.shotgun() as sg:
        sg.update("Shot", number, {"description": "shown to all"})
        sg.delete("Shot", number)
        sg.revive("Shot", number)
        project = {"type": "Project", "id": caller.site.kit.row("Project", caller.site.project, "number")}
        sg.create("Version", {"project": project, "code": "v1", "entity": {"type": "Shot", "id": number}})
        mine = sg.find_one("HumanUser", [["email", "is", caller.email]])
        sg.update_project_last_accessed(project, user=mine)
        sg.update("Project", project["id"], {"current_user_favorite": True})


@pytest.fixture(scope="module")
def log(boss: Caller) -> list[Row]:
    """The whole log, as an administrator reads it page by page."""
    found: list[Row] = []
    with boss.shotgun() as sg:
        while page := sg.find("EventLogEntry", [_after(found)], NAMES, ASCENDING, limit=100):
            found += page
    return found


def _after(found: list[Row]) -> list[Any]:
    return ["id", "greater_than", found[-1]["id"] if found else 0]


def test_there_is_an_entry_for_every_number(boss: Caller, log: list[Row]) -> None:
    numbers = [each["id"] for each in log]
    assert numbers == list(range(1, len(numbers) + 1))
    told = [each for each in log if each["event_type"] != PLAIN]
    assert 0 < len(told) < len(log)
    with boss.shotgun() as sg:
        counted = sg.summarize("EventLogEntry", [], [{"field": "id", "type": "count"}])
        assert counted["summaries"]["id"] == len(log)
        (last,) = sg.find("EventLogEntry", [], [], [{"field_name": "id", "direction": "desc"}], limit=1)
        assert last["id"] == len(log)


def test_what_shotgun_has_no_word_for_is_told_of_without_a_word(log: list[Row]) -> None:
    plain = [each for each in log if each["event_type"] == PLAIN]
    for each in plain:
        assert [each[name] for name in ("attribute_name", "entity", "meta")] == [None, None, {}]
        assert each["description"] == "changed something that has no entry here"
        assert each["created_at"] is not None
    assert {each["user"]["type"] for each in plain if each["user"]} == {"HumanUser"}
    assert {each["project"]["type"] for each in plain if each["project"]} == {"Project"}


def test_no_word_of_another_system_is_in_the_log(log: list[Row]) -> None:
    text = json.dumps(log, default=str)
    assert "secretword" not in text
    assert "shown to all" in text
    types = {each["event_type"] for each in log}
    assert all(each.startswith("Shotgun_") for each in types - {PLAIN})
    known = {str(each.named("shotgun")) for each in FACETS.values() if each.named("shotgun")}
    assert {each.split("_")[1] for each in types if each.startswith("Shotgun_")} <= known | {"User"}
    attributes = {each["attribute_name"] for each in log} - {None}
    assert not attributes & {"is_casting_standby", "canceled", "kind", "lock_version", "data"}
    assert not [each for each in attributes if ":" in each or each.endswith("_id")]


def test_the_attribute_of_an_entry_is_a_field_of_its_type(boss: Caller, log: list[Row]) -> None:
    with boss.shotgun() as sg:
        schema = sg.schema_read()
    unknown = {
        (each["event_type"], each["attribute_name"])
        for each in log
        if each["attribute_name"] not in (None, "retirement_date")
        and each["attribute_name"] not in schema[each["event_type"].split("_")[1]]
    }
    assert unknown == set()


def test_entries_are_found_and_counted_by_what_they_show(boss: Caller, log: list[Row]) -> None:
    count = [{"field": "id", "type": "count"}]
    shot = {"type": "Shot", "id": boss.site.kit.row("Shot", boss.site.shots[0], "number")}
    asked = {
        ("event_type", "is", PLAIN): lambda each: each["event_type"] == PLAIN,
        ("event_type", "is_not", PLAIN): lambda each: each["event_type"] != PLAIN,
        ("event_type", "starts_with", "Shotgun_Shot"): lambda each: "Shotgun_Shot" in each["event_type"],
        ("event_type", "not_contains", "Shot"): lambda each: "Shot" not in each["event_type"],
        ("event_type", "in", "Shotgun_Shot_New", PLAIN): lambda each: (
            each["event_type"] in ("Shotgun_Shot_New", PLAIN)
        ),
        ("attribute_name", "is", None): lambda each: each["attribute_name"] is None,
        ("attribute_name", "is_not", None): lambda each: each["attribute_name"] is not None,
        ("attribute_name", "is", "description"): lambda each: each["attribute_name"] == "description",
        ("attribute_name", "is_not", "description"): lambda each: each["attribute_name"] != "description",
        ("attribute_name", "is", "is_casting_standby"): lambda each: False,
        ("entity", "is", None): lambda each: each["entity"] is None,
        ("entity", "is_not", None): lambda each: each["entity"] is not None,
        ("entity.Shot.id", "is", shot["id"]): lambda each: _is(each["entity"], shot),
        ("entity", "type_is", "Shot"): lambda each: (each["entity"] or {}).get("type") == "Shot",
        ("entity", "type_is_not", "Shot"): lambda each: (each["entity"] or {}).get("type") != "Shot",
    }
    with boss.shotgun() as sg:
        for condition, matches in asked.items():
            expected = [each["id"] for each in log if matches(each)]
            found = sg.find("EventLogEntry", [list(condition)], [], ASCENDING)
            assert [each["id"] for each in found] == expected, condition
            told = sg.summarize("EventLogEntry", [list(condition)], count)
            assert told["summaries"]["id"] == len(expected), condition
        about = sg.find("EventLogEntry", [["entity", "is", shot]], ["event_type"])
        assert about
        assert PLAIN not in {each["event_type"] for each in about}
        dotted = sg.find("EventLogEntry", [["event_type", "is", PLAIN]], ["entity.Shot.code"])
        assert {each["entity.Shot.code"] for each in dotted} == {None}
        by_type = [{"field": "event_type", "type": "exact"}]
        grouped = sg.summarize("EventLogEntry", [], count, grouping=by_type)
        assert {each["group_value"]: each["summaries"]["id"] for each in grouped["groups"]} == {
            name: sum(each["event_type"] == name for each in log) for name in {e["event_type"] for e in log}
        }


def _is(link: Row | None, row: Row) -> bool:
    return link is not None and (link["type"], link["id"]) == (row["type"], row["id"])


def test_what_a_script_does_without_traces_has_numbers_alone(boss: Caller) -> None:
    key = create_script(boss.site.kit.studio.writes, "quiet")
    with boss.shotgun() as sg:
        script = sg.find_one("ApiUser", [["firstname", "is", "quiet"]])
        sg.update("ApiUser", script["id"], {"generate_event_log_entries": False})
        before = sg.find_one("EventLogEntry", [], [], [{"field_name": "id", "direction": "desc"}])["id"]
        with closing(shotgun_api3.Shotgun(boss.site.url, script_name="quiet", api_key=key)) as quiet:
            project = {"type": "Project", "id": boss.site.kit.row("Project", boss.site.project, "number")}
            asset = quiet.create("Asset", {"project": project, "code": "quiet"})
        found = sg.find("EventLogEntry", [["id", "greater_than", before]], NAMES, ASCENDING)
        assert [each["id"] for each in found] == list(range(before + 1, before + 1 + len(found)))
        assert {(each["event_type"], each["user"]["id"]) for each in found} == {(PLAIN, script["id"])}
        assert sg.find("EventLogEntry", [["entity", "is", asset]]) == []


def test_who_sees_a_part_of_the_studio_finds_what_shotgun_has_words_for(boss: Caller) -> None:
    artist = Caller(boss.site, boss.site.person("user"))
    with artist.shotgun() as sg:
        found = sg.find("EventLogEntry", [], NAMES)
        assert found
        assert PLAIN not in {each["event_type"] for each in found}
        assert sg.find("EventLogEntry", [["event_type", "is", PLAIN]]) == []
