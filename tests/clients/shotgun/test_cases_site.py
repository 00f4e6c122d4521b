"""What scripts ask of a site beside publishing: fields, schedules, followers, streams, events, summaries."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

import orjson
import pytest
import shotgun_api3
from shotgun_api3.lib.mockgun import Shotgun as Mockgun
from shotgun_api3.lib.mockgun import generate_schema

from tests.clients.shotgun.site import Client, Row, Site, call, new

FaultError = shotgun_api3.Fault


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


@pytest.fixture(scope="module")
def sh(sg: Client, p: Row) -> Row:
    return new(sg, "Shot", project=p)


@pytest.fixture(scope="module")
def u(sg: Client) -> Row:
    made = sg.create("HumanUser", {"name": "Ann B", "login": "annc", "email": "annc@x.example"})
    return {"type": "HumanUser", "id": made["id"], "name": "Ann B"}


def one(sg: Client, row: Row, *names: str) -> Row:
    found: Row = sg.find_one(row["type"], [["id", "is", row["id"]]], list(names))
    return found


def test_a_person_logs_in_with_the_password_that_a_script_gave(site: Site, sg: Client) -> None:
    values = {"name": "A B", "login": "ab", "email": "ab@x.example", "password_proxy": "long enough 1"}
    assert sg.create("HumanUser", values)["password_proxy"] == "*******"
    with site.client(login="ab", password="long enough 1") as mine:
        assert mine.find("Status", [], ["code"], limit=1)


def test_an_account_is_unlocked(sg: Client, u: Row) -> None:
    assert sg.update("HumanUser", u["id"], {"locked_until": None})["locked_until"] is None


def test_a_field_is_made_used_changed_retired_and_revived(sg: Client, p: Row) -> None:
    name = sg.schema_field_create("Shot", "list", "My list", {"valid_values": ["a", "b"]})
    assert name == "sg_my_list"
    shot = new(sg, "Shot", project=p, sg_my_list="a")
    assert sg.find_one("Shot", [["sg_my_list", "is", "a"]], [name])["id"] == shot["id"]
    assert sg.schema_field_update("Shot", name, {"valid_values": ["a", "b", "c"]}) is True
    record = sg.schema_field_read("Shot", name)[name]
    assert record["properties"]["valid_values"]["value"] == ["a", "b", "c"]
    assert sg.schema_field_delete("Shot", name) is True
    with pytest.raises(FaultError):
        sg.schema_field_read("Shot", name)
    assert call(sg, "schema_field_revive", {"type": "Shot", "field_name": name}) is True
    assert one(sg, shot, name)[name] == "a"


def test_a_field_is_hidden_in_one_project(sg: Client, p: Row) -> None:
    name = sg.schema_field_create("Shot", "text", "Seldom seen")
    other = new(sg, "Project")
    with pytest.raises(FaultError, match="project"):
        sg.schema_field_update("Shot", name, {"visible": False})
    assert sg.schema_field_update("Shot", name, {"visible": False}, project_entity=p) is True

    def visible(project: Row | None) -> Any:
        return sg.schema_field_read("Shot", name, project_entity=project)[name]["visible"]["value"]

    assert [visible(each) for each in (p, other, None)] == [False, True, True]
    assert sg.schema_read(project_entity=p)["Shot"][name]["visible"]["value"] is False
    assert sg.schema_field_update("Shot", name, {"visible": True}, project_entity=p) is True
    assert visible(p) is True


DATA_TYPES: list[tuple[str, Row, Any]] = [
    ("text", {}, "x"),
    ("number", {}, 3),
    ("float", {}, 1.5),
    ("percent", {}, 40),
    ("currency", {}, 9.99),
    ("duration", {}, 90),
    ("timecode", {}, 1000),
    ("footage", {}, "10-05"),
    ("date", {}, "2026-01-02"),
    ("checkbox", {"default_value": False}, True),
    ("tag_list", {}, ["b", "a"]),
]


@pytest.mark.parametrize(("data_type", "properties", "value"), DATA_TYPES, ids=lambda v: str(v)[:12])
def test_every_data_type_is_written_read_found_and_sorted(
    sg: Client, p: Row, data_type: str, properties: Row, value: Any
) -> None:
    name = sg.schema_field_create("Asset", data_type, f"of {data_type}", properties)
    made = new(sg, "Asset", project=p, **{name: value})
    assert one(sg, made, name)[name] == value
    asked = value[0] if isinstance(value, list) else value
    found = sg.find("Asset", [[name, "is", asked]], [name], [{"field_name": name, "direction": "desc"}])
    assert [each["id"] for each in found] == [made["id"]]


def test_links_of_custom_fields(sg: Client, p: Row, sh: Row, u: Row) -> None:
    single = sg.schema_field_create("Asset", "entity", "Lead", {"valid_types": ["HumanUser"]})
    many = sg.schema_field_create("Asset", "multi_entity", "Uses", {"valid_types": ["Shot"]})
    made = new(sg, "Asset", project=p, **{single: u, many: [sh]})
    found = one(sg, made, single, many, f"{single}.HumanUser.login")
    assert (found[single], found[many]) == (u, [sh])
    assert found[f"{single}.HumanUser.login"] == "annc"
    assert sg.find_one("Asset", [[f"{many}.Shot.code", "is", sh["name"]]])["id"] == made["id"]
    assert sg.find_one("Asset", [[single, "is", u]])["id"] == made["id"]
    sg.update("Asset", made["id"], {many: [sh]}, multi_entity_update_modes={many: "remove"})
    assert one(sg, made, many)[many] == []


def test_new_rows_have_the_statuses_of_the_site(sg: Client, p: Row) -> None:
    expected = {"Shot": "wtg", "Sequence": "ip", "Asset": "wtg", "Scene": "act", "Element": "na"}
    for kind, status in expected.items():
        made = sg.create(kind, {"project": p, "code": f"d {kind}"}, ["sg_status_list"])
        assert made["sg_status_list"] == status, kind


def test_nameless_rows_are_called_by_their_number(sg: Client, p: Row) -> None:
    made = sg.create("Shot", {"project": p})
    assert one(sg, made, "code")["code"] == f"New Shot {made['id']}"


def test_task_fields_are_kept(sg: Client, p: Row, sh: Row) -> None:
    lay, anm = new(sg, "Task", project=p, entity=sh), new(sg, "Task", project=p, entity=sh)
    values = {"milestone": True, "pinned": True, "color": "0,0,0", "upstream_tasks": [lay]}
    sg.update("Task", anm["id"], values)
    found = one(sg, anm, "milestone", "pinned", "color", "upstream_tasks")
    assert (found["milestone"], found["pinned"], found["color"]) == (True, True, "0,0,0")
    assert [each["id"] for each in found["upstream_tasks"]] == [lay["id"]]
    assert [each["id"] for each in one(sg, lay, "downstream_tasks")["downstream_tasks"]] == [anm["id"]]
    (link,) = sg.find("TaskDependency", [["task", "is", anm]], ["dependent_task"])
    assert link["dependent_task"]["id"] == lay["id"]


def test_events_of_tools(sg: Client, p: Row) -> None:
    made = sg.create(
        "EventLogEntry", {"event_type": "MyTool_Done", "project": p, "description": "d", "meta": {"a": 1}}
    )
    assert (made["event_type"], made["description"], made["meta"]) == ("MyTool_Done", "d", {"a": 1})
    newest = sg.find_one("EventLogEntry", [], ["event_type"], [{"field_name": "id", "direction": "desc"}])
    assert newest["id"] == made["id"]


def test_casting_is_told_as_a_change_of_the_shot(sg: Client, p: Row) -> None:
    asset, shot = new(sg, "Asset", project=p), new(sg, "Shot", project=p)
    sg.update("Shot", shot["id"], {"assets": [asset]})
    newest = sg.find_one(
        "EventLogEntry", [["entity", "is", shot]], ["event_type"], [{"field_name": "id", "direction": "desc"}]
    )
    assert newest["event_type"] == "Shotgun_Shot_Change"
    assert [each["id"] for each in one(sg, asset, "shots")["shots"]] == [shot["id"]]


def test_links_of_notes_are_told_as_added_and_removed(sg: Client, p: Row, sh: Row) -> None:
    note = sg.create("Note", {"project": p, "subject": "n", "note_links": [sh]})
    other = new(sg, "Shot", project=p)
    sg.update("Note", note["id"], {"note_links": [other]}, multi_entity_update_modes={"note_links": "add"})
    found = sg.find_one(
        "EventLogEntry",
        [["event_type", "is", "Shotgun_Note_Change"], ["attribute_name", "is", "note_links"]],
        ["meta"],
        [{"field_name": "id", "direction": "desc"}],
    )
    assert [each["id"] for each in found["meta"]["added"]] == [other["id"]]


def test_the_schema_says_names_of_statuses_and_the_types_of_links(sg: Client) -> None:
    properties = sg.schema_field_read("Task", "sg_status_list")["sg_status_list"]["properties"]
    assert properties["display_values"]["value"]["wtg"] == "Todo"
    assert properties["default_value"]["value"] == "wtg"
    types = sg.schema_field_read("Task", "entity")["entity"]["properties"]["valid_types"]["value"]
    assert set(types) == {"Asset", "Element", "Scene", "Sequence", "Shot", "Project", "Episode"}


def test_the_clients_own_mockgun_loads_the_schema_of_the_site(sg: Client, tmp_path: Path) -> None:
    fields, types = tmp_path / "fields.pickle", tmp_path / "types.pickle"
    generate_schema(sg, str(fields), str(types))
    Mockgun.set_schema_paths(str(fields), str(types))
    assert Mockgun("https://mock", "a", "b").create("Project", {"name": "x"})["name"] == "x"


def test_followers(sg: Client, sh: Row, u: Row) -> None:
    assert sg.follow(u, sh) == {"followed": True, "user": u, "entity": sh}
    (follower,) = sg.followers(sh)
    assert (follower["id"], follower["status"], follower["valid"]) == (u["id"], "act", "valid")
    assert sg.following(u) == [{"type": "Shot", "id": sh["id"]}]
    assert sg.following(u, entity_type="Asset") == []
    sg.unfollow(u, sh)
    assert sg.followers(sh) == []


def test_what_happened_to_a_shot_and_its_notes(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p)
    note = sg.create("Note", {"project": p, "subject": "n", "note_links": [shot]})
    stream = sg.activity_stream_read("Shot", shot["id"])
    assert set(stream) == {"entity_type", "entity_id", "latest_update_id", "earliest_update_id", "updates"}
    primary = [(each["primary_entity"]["type"], each["primary_entity"]["id"]) for each in stream["updates"]]
    assert primary == [("Note", note["id"]), ("Shot", shot["id"])]


def test_work_days(sg: Client, p: Row) -> None:
    days = sg.work_schedule_read("2012-01-01", "2012-01-02")
    assert days["2012-01-01"] == {"working": False, "description": None, "reason": "STUDIO_WORK_WEEK"}
    said = sg.work_schedule_update("2012-01-02", working=False, description="Off", project=p)
    assert said["working"] is False
    assert sg.work_schedule_read("2012-01-02", "2012-01-02", project=p)["2012-01-02"] == {
        "working": False,
        "description": "Off",
        "reason": "PROJECT_EXCEPTION",
    }


def test_preferences_and_pages(sg: Client, p: Row) -> None:
    assert sg.preferences_read(["hours_per_day", "nothing"]) == {"hours_per_day": 8.0}
    with pytest.raises(FaultError, match="'format' missing"):
        sg.export_page(1, None)
    with pytest.raises(FaultError, match="Export for Page id=1 not available"):
        sg.export_page(1, "csv")
    sg.update_project_last_accessed(p)
    page = {"project": p, "name": "All shots", "entity_type": "Shot", "page_type": "entity"}
    made = sg.create("Page", page)
    assert (made["entity_type"], made["page_type"]) == ("Shot", "entity")
    with pytest.raises(FaultError, match="on create only"):
        sg.update("Page", made["id"], {"entity_type": "Asset"})
    with pytest.raises(FaultError, match=f"Export for Page id={made['id']} not available"):
        sg.export_page(made["id"], "csv")
    assert sg.user_subscriptions_create([]) is True


def test_the_tree_of_a_project(sg: Client, p: Row) -> None:
    expanded = sg.nav_expand(f"/Project/{p['id']}")
    assert [each["path"] for each in expanded["children"]][-1] == f"/Project/{p['id']}/Shot"
    shot = new(sg, "Shot", project=p)
    (found,) = sg.nav_search_string("/", shot["name"])
    assert found["ref"] == {"type": "Shot", "id": shot["id"]}


@pytest.mark.parametrize("kind", ["week", "oneday", "fivedays", "clustered_date"])
def test_dates_are_grouped(sg: Client, p: Row, sh: Row, kind: str) -> None:
    new(sg, "Task", project=p, entity=sh, due_date="2026-01-07")
    found = sg.summarize(
        "Task",
        [["project", "is", p], ["due_date", "is_not", None]],
        [{"field": "id", "type": "count"}],
        grouping=[{"field": "due_date", "type": kind, "direction": "asc"}],
    )
    assert found["groups"]


def test_fields_that_columns_do_not_hold(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p, tag_list=["a", "b"], cut_in=1001, head_in=8)
    assert one(sg, shot, "tag_list", "cut_in", "head_in") | {} == {
        "type": "Shot",
        "id": shot["id"],
        "tag_list": ["a", "b"],
        "cut_in": 1001,
        "head_in": 8,
    }
    sg.update("Project", p["id"], {"tank_name": "x"})
    assert sg.find_one("Project", [["tank_name", "is_not", None]])["id"] == p["id"]
    assert sg.find("Project", [["is_template", "is", False]])


def test_long_answers_are_compressed_where_the_client_asks(site: Site) -> None:
    body = {"method_name": "schema_read", "params": [{"script_name": "pipeline", "script_key": site.key}]}
    asked = urllib.request.Request(  # noqa: S310 - our own
        f"{site.url}/api3/json",
        orjson.dumps(body),
        {"Content-Type": "application/json", "Accept-Encoding": "gzip"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        assert answer.headers["Content-Encoding"] == "gzip"


def test_playlists_keep_their_order(sg: Client, p: Row, sh: Row) -> None:
    first, second = (sg.create("Version", {"project": p, "code": code, "entity": sh}) for code in ("a", "b"))
    playlist = sg.create("Playlist", {"project": p, "code": "dailies", "versions": [first, second]})
    links = sg.find("PlaylistVersionConnection", [["playlist", "is", playlist]], ["version", "sg_sort_order"])
    assert {each["version"]["id"] for each in links} == {first["id"], second["id"]}
    sg.update("PlaylistVersionConnection", links[0]["id"], {"sg_sort_order": 7})
    assert [each["id"] for each in one(sg, first, "playlists")["playlists"]] == [playlist["id"]]


def test_a_note_is_named_by_its_subject_wherever_it_is_linked(sg: Client, p: Row, sh: Row) -> None:
    note = sg.create("Note", {"project": p, "subject": "Fog", "content": "Too thick.", "note_links": [sh]})
    reply = sg.create(
        "Reply", {"entity": {"type": "Note", "id": note["id"]}, "content": "Thinner now."}, ["entity"]
    )
    assert reply["entity"]["name"] == "Fog"
    sg.update("Note", note["id"], {"subject": "Less fog"})
    found = sg.find_one("Note", [["id", "is", note["id"]]], ["cached_display_name"])
    assert found["cached_display_name"] == "Less fog"
