"""Cases that met other answers here than on a site of Shotgun's: rights, names, both ends of links."""

from __future__ import annotations

from typing import Any

import pytest
import shotgun_api3

from tests.clients.shotgun.site import Client, Row, Site, new
from zou_server.models.errors import Conflict

FaultError = shotgun_api3.Fault


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def one(sg: Client, row: Row, name: str) -> Any:
    return sg.find_one(row["type"], [["id", "is", row["id"]]], [name])[name]


def ids(rows: list[Row]) -> set[int]:
    return {each["id"] for each in rows}


def test_an_artist_says_where_their_own_task_stands_and_nobody_elses(site: Site, sg: Client) -> None:
    p = new(sg, "Project")
    values = {
        "name": "Art Ist",
        "login": "artist9",
        "email": "a9@x.example",
        "password_proxy": "long enough 1",
    }
    artist = sg.create(
        "HumanUser", {**values, "projects": [p], "permission_rule_set": rule_set(sg, "Artist")}
    )
    mine, other = new(sg, "Task", project=p, task_assignees=[artist]), new(sg, "Task", project=p)
    with site.client(login="artist9", password="long enough 1") as own:
        assert own.update("Task", mine["id"], {"sg_status_list": "ip"})["sg_status_list"] == "ip"
        own.batch(
            [
                {
                    "request_type": "update",
                    "entity_type": "Task",
                    "entity_id": mine["id"],
                    "data": {"sg_status_list": "rev"},
                }
            ]
        )
        with pytest.raises(FaultError):
            own.update("Task", other["id"], {"sg_status_list": "ip"})
    assert (one(sg, mine, "sg_status_list"), one(sg, other, "sg_status_list")) == ("rev", "wtg")


def rule_set(sg: Client, name: str) -> Row:
    found: Row = sg.find_one("PermissionRuleSet", [["display_name", "is", name]])
    return found


def test_rule_sets_and_groups_are_read(sg: Client) -> None:
    found = sg.find("PermissionRuleSet", [["entity_type", "is", "HumanUser"]], ["code", "display_name"])
    assert [each["display_name"] for each in found] == [
        "Admin",
        "Manager",
        "Supervisor",
        "Artist",
        "Client",
        "Vendor",
    ]
    person = sg.create("HumanUser", {"name": "Rule Set", "login": "rs", "email": "rs@x.example"})
    held = one(sg, person, "permission_rule_set")
    assert one(sg, held, "display_name") == held["name"]
    with pytest.raises(FaultError, match="read only"):
        sg.update("PermissionRuleSet", held["id"], {"code": "x"})
    group = new(sg, "Group", users=[person])
    assert sg.find("Group", [["code", "is", group["name"]]], ["users"])[0]["users"][0]["id"] == person["id"]


def test_rows_of_one_name_are_made_twice(site: Site, sg: Client, p: Row) -> None:
    sequence, step = new(sg, "Sequence", project=p), sg.find_one("Step", [])
    shots = [sg.create("Shot", {"project": p, "code": "SH010", "sg_sequence": sequence}) for _ in range(3)]
    values = {"project": p, "content": "x", "entity": shots[0], "step": step}
    tasks = [sg.create("Task", values) for _ in range(2)]
    assert ids(sg.find("Shot", [["code", "is", "SH010"], ["project", "is", p]])) == ids(shots)
    assert ids(sg.find("Task", [["entity", "is", shots[0]]])) == ids(tasks)
    made = sg.batch(
        [
            {"request_type": "create", "entity_type": "Asset", "data": {"project": p, "code": "Bob"}}
            for _ in range(2)
        ]
    )
    assert len(ids(made)) == 2
    other = new(sg, "Shot", project=p, sg_sequence=sequence)
    sg.update("Shot", other["id"], {"code": "SH010"})
    assert len(sg.find("Shot", [["code", "is", "SH010"], ["project", "is", p]])) == 4
    ours = {"project_id": site.id_of("Project", p["id"]), "parent_id": site.id_of("Sequence", sequence["id"])}
    with pytest.raises(Conflict):
        site.create("Shot", name="SH010", **ours)


def test_rows_without_a_name_or_a_type_have_none(sg: Client, p: Row) -> None:
    assert one(sg, sg.create("Task", {"project": p}), "content") is None
    asset = sg.create("Asset", {"project": p, "code": "typeless"})
    assert one(sg, asset, "sg_asset_type") is None
    assert sg.find("Asset", [["code", "is", "typeless"], ["sg_asset_type", "is", None]])
    assert sg.update("Asset", asset["id"], {"sg_asset_type": "Prop"})["sg_asset_type"] == "Prop"
    assert sg.update("Asset", asset["id"], {"sg_asset_type": None})["sg_asset_type"] is None


# -- both ends of links


def test_links_are_written_from_the_end_that_does_not_keep_them(sg: Client, p: Row) -> None:
    asset, a, b = new(sg, "Asset", project=p), new(sg, "Shot", project=p), new(sg, "Shot", project=p)
    sg.update("Asset", asset["id"], {"shots": [a]})
    assert ids(one(sg, a, "assets")) == {asset["id"]}
    sg.update("Asset", asset["id"], {"shots": [b]}, multi_entity_update_modes={"shots": "add"})
    assert ids(one(sg, asset, "shots")) == {a["id"], b["id"]}
    said = sg.update("Asset", asset["id"], {"shots": [b]})
    assert (ids(said["shots"]), one(sg, a, "assets")) == ({b["id"]}, [])
    sg.update("Asset", asset["id"], {"shots": [b]}, multi_entity_update_modes={"shots": "remove"})
    assert one(sg, asset, "shots") == []


def test_shots_and_tasks_are_hung_from_above(sg: Client, p: Row) -> None:
    shot, task = new(sg, "Shot", project=p), new(sg, "Task", project=p)
    sequence = sg.create("Sequence", {"project": p, "code": "from above", "shots": [shot]}, ["shots"])
    assert ids(sequence["shots"]) == {shot["id"]}
    assert one(sg, shot, "sg_sequence")["id"] == sequence["id"]
    sg.update("Shot", shot["id"], {"tasks": [task]})
    assert one(sg, task, "entity")["id"] == shot["id"]
    sg.update("Sequence", sequence["id"], {"shots": []})
    assert one(sg, shot, "sg_sequence") is None
    with pytest.raises(FaultError, match=r"Sequence\.shots"):
        sg.update("Sequence", sequence["id"], {"shots": [task]})


PAIRS = [
    ("Shot", "parent_shots", "Shot", "shots"),
    ("Shot", "elements", "Element", "shots"),
    ("Asset", "elements", "Element", "assets"),
    ("Asset", "scenes", "Scene", "assets"),
    ("Asset", "parents", "Asset", "assets"),
    ("Episode", "sequences", "Sequence", "episode"),
    ("Version", "playlists", "Playlist", "versions"),
]


@pytest.mark.parametrize(("kind", "field", "other", "back"), PAIRS)
def test_either_end_of_a_link_shows_what_the_other_says(
    sg: Client, p: Row, kind: str, field: str, other: str, back: str
) -> None:
    there = _row(sg, p, other)
    here = _row(sg, p, kind, **{field: [there]})
    found = one(sg, there, back)
    assert ids(found if isinstance(found, list) else [found]) == {here["id"]}
    sg.update(kind, here["id"], {field: []})
    assert not one(sg, there, back)


def _row(sg: Client, p: Row, kind: str, **values: Any) -> Row:
    return new(sg, kind, project=p, **values)


def test_who_works_in_a_department_is_read_and_written_there(site: Site, sg: Client) -> None:
    person = sg.create("HumanUser", {"name": "Any Body", "login": "anyb", "email": "anyb@x.example"})
    department = sg.create("Department", {"name": "Matte", "users": [person]}, ["users"])
    assert ids(department["users"]) == {person["id"]}
    site.create("Person", first_name="Other", departments=[site.id_of("Department", department["id"])])
    assert len(one(sg, department, "users")) == 2


# -- the log


def events(sg: Client, *filters: Any) -> list[Row]:
    names = ["event_type", "attribute_name", "meta", "entity"]
    found: list[Row] = sg.find("EventLogEntry", list(filters), names, [{"field_name": "id"}])
    return found


def test_the_other_end_of_a_link_is_told_of_in_the_log(sg: Client, p: Row) -> None:
    asset, shot = new(sg, "Asset", project=p), new(sg, "Shot", project=p)
    sg.update("Shot", shot["id"], {"assets": [asset]})
    (told,) = events(sg, ["entity", "is", asset], ["attribute_name", "is", "shots"])
    (origin,) = events(sg, ["entity", "is", shot], ["attribute_name", "is", "assets"])
    meta = told["meta"]
    assert told["event_type"] == "Shotgun_Asset_Change"
    assert meta["actual_attribute_changed"] == "Shot.assets"
    assert meta["original_event_log_entry_id"] == origin["id"]
    assert (meta["entity_type"], meta["entity_id"]) == ("Shot", shot["id"])
    assert (meta["field_data_type"], meta["removed"]) == ("multi_entity", [])
    (added,) = meta["added"]
    assert (added["type"], added["id"], added["name"]) == ("Shot", shot["id"], shot["name"])
    sg.update("Shot", shot["id"], {"assets": []})
    assert events(sg, ["entity", "is", asset], ["attribute_name", "is", "shots"])[-1]["meta"]["removed"]


LINKED = [
    ("Task", "entity", "tasks", "Task.entity"),
    ("Shot", "sg_sequence", "shots", "Shot.sg_sequence"),
    ("Note", "note_links", "notes", "Note.note_links"),
]


@pytest.mark.parametrize(("kind", "field", "attribute", "actual"), LINKED)
def test_a_new_row_is_told_of_where_it_links_to(
    sg: Client, p: Row, kind: str, field: str, attribute: str, actual: str
) -> None:
    target = new(sg, "Sequence" if field == "sg_sequence" else "Shot", project=p)
    value = [target] if kind == "Note" else target
    key = "subject" if kind == "Note" else "content" if kind == "Task" else "code"
    made = sg.create(kind, {"project": p, key: "linked", field: value})
    (told,) = events(sg, ["entity", "is", target], ["attribute_name", "is", attribute])
    assert told["meta"]["actual_attribute_changed"] == actual
    assert told["meta"]["added"][0]["id"] == made["id"]
    (origin,) = events(sg, ["id", "is", told["meta"]["original_event_log_entry_id"]])
    assert (origin["entity"]["id"], origin["attribute_name"]) == (made["id"], field)
    assert origin["meta"]["in_create"] is True


def test_retirement_and_revival_are_told_as_shotgun_tells_them(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p)
    last = sg.find_one("EventLogEntry", [], ["id"], [{"field_name": "id", "direction": "desc"}])["id"]
    sg.delete("Shot", shot["id"])
    gone, change = events(sg, ["id", "greater_than", last])
    assert (gone["event_type"], gone["attribute_name"]) == ("Shotgun_Shot_Retirement", None)
    meta = gone["meta"]
    assert (meta["type"], meta["class_name"], meta["id"]) == ("entity_retirement", "Shot", shot["id"])
    assert (meta["display_name"], meta["entity_id"]) == (shot["name"], shot["id"])
    assert meta["retirement_date"].endswith(" UTC")
    assert (change["event_type"], change["attribute_name"]) == ("Shotgun_Shot_Change", "retirement_date")
    assert gone["entity"] is None
    sg.revive("Shot", shot["id"])
    back = events(sg, ["event_type", "is", "Shotgun_Shot_Revival"])[-1]["meta"]
    assert (back["class_name"], back["display_name"], back["id"]) == ("Shot", shot["name"], shot["id"])


SEEN_FROM_THE_OTHER_END = [
    # the rows with the link, its name, whose rows they are, and the field there
    ("CutItem", "cut", "Cut", "cut_items"),
    ("Shot", "sg_scene", "Scene", "shots"),
]


@pytest.mark.parametrize(("kind", "field", "other", "back"), SEEN_FROM_THE_OTHER_END)
def test_a_link_to_one_row_is_written_from_either_end(
    sg: Client, p: Row, kind: str, field: str, other: str, back: str
) -> None:
    first, second = (new(sg, kind, project=p) for _ in "ab")
    owner = new(sg, other, project=p, **{back: [first]})

    def seen() -> list[int]:
        rows = sg.find_one(other, [["id", "is", owner["id"]]], [back])[back]
        assert {row["type"] for row in rows} <= {kind}
        return sorted(row["id"] for row in rows)

    def named(row: Row) -> Any:
        link = sg.find_one(kind, [["id", "is", row["id"]]], [field])[field]
        return link and (link["type"], link["id"])

    assert seen() == [first["id"]]
    assert named(first) == (other, owner["id"])
    sg.update(kind, second["id"], {field: owner})
    assert seen() == [first["id"], second["id"]]
    sg.update(other, owner["id"], {back: [first]}, multi_entity_update_modes={back: "remove"})
    assert (seen(), named(first)) == ([second["id"]], None)
    sg.update(other, owner["id"], {back: [first]}, multi_entity_update_modes={back: "add"})
    sg.update(other, owner["id"], {back: [first]})
    assert (seen(), named(second)) == ([first["id"]], None)
    assert sg.find(other, [[back, "is", first]]) == [{"type": other, "id": owner["id"]}]
    told = events(sg, ["entity", "is", owner], ["attribute_name", "is", back])[-1]["meta"]
    assert told["actual_attribute_changed"] == f"{kind}.{field}"
    with pytest.raises(shotgun_api3.Fault, match=f"expected {kind}"):
        sg.update(other, owner["id"], {back: [p]})


def test_a_person_has_the_bookings_that_name_them(sg: Client, p: Row) -> None:
    person = sg.create("HumanUser", {"name": "Booked Q", "login": "booked", "email": "booked@x.example"})
    booking = sg.create("Booking", {"project": p, "user": person, "start_date": "2031-05-01"})
    bookings = sg.find_one("HumanUser", [["id", "is", person["id"]]], ["bookings"])["bookings"]
    assert [(each["type"], each["id"]) for each in bookings] == [("Booking", booking["id"])]
    with pytest.raises(shotgun_api3.Fault):
        sg.update("HumanUser", person["id"], {"bookings": []})


def test_what_a_shot_uses_and_what_it_is_called_change_in_one_batch(sg: Client, p: Row) -> None:
    asset, shot = new(sg, "Asset", project=p), new(sg, "Shot", project=p)
    update = {"request_type": "update", "entity_type": "Shot", "entity_id": shot["id"]}
    uses, called = sg.batch([{**update, "data": {"assets": [asset]}}, {**update, "data": {"code": "SH010"}}])
    assert (ids(uses["assets"]), called["code"]) == ({asset["id"]}, "SH010")
    gone = {"request_type": "delete", "entity_type": "Shot", "entity_id": shot["id"]}
    assert sg.batch([{**update, "data": {"code": "SH020"}}, gone])[1] is True
