"""The real shotgun_api3 against a served studio: connecting, reading, changing, batches, the event log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from shotgun_api3 import AuthenticationFault, Fault

from tests.clients.shotgun.site import LOGIN, PASSWORD, SCRIPT, Client, Site, new

if TYPE_CHECKING:
    pass

Row = dict[str, Any]


@pytest.fixture
def project(sg: Client) -> Row:
    """A new project."""
    return new(sg, "Project")


# -- who calls -------------------------------------------------------------------------------------


def test_a_script_connects_with_its_key_and_learns_the_version(sg: Client) -> None:
    assert sg.info()["version"] == [8, 5, 0]
    assert sg.find_one("Project", []) is None or sg.server_caps.version >= (8, 5, 0)


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        ({"script_name": SCRIPT, "api_key": "wrong"}, "Can't authenticate script 'pipeline'"),
        ({"script_name": "nobody", "api_key": "wrong"}, "Can't authenticate script 'nobody'"),
        ({"login": LOGIN, "password": "wrong"}, f"Can't authenticate user '{LOGIN}'."),
        ({"session_token": "0123456789"}, "Can't authenticate session token ending with '6789'"),
    ],
)
def test_wrong_credentials_are_refused_with_the_text_of_their_kind(
    site: Site, credentials: Row, message: str
) -> None:
    with site.client(**credentials) as stranger, pytest.raises(AuthenticationFault) as caught:
        stranger.find_one("Project", [])
    assert str(caught.value) == message


def test_a_person_logs_in_and_a_session_token_works_in_their_place(site: Site) -> None:
    name = LOGIN.partition("@")[0]  # the log-in of who was given none, so that it tells no address
    with site.client(login=LOGIN, password=PASSWORD) as boss:
        token = boss.get_session_token()
        found = boss.authenticate_human_user(name, PASSWORD)
    assert found["login"] == name
    with site.client(session_token=token) as again:
        made = new(again, "Project")
        row = again.find_one("Project", [["id", "is", made["id"]]], ["created_by"])
    assert row["created_by"]["type"] == "HumanUser"


def test_a_script_acts_as_a_person_and_the_event_names_both(site: Site) -> None:
    with site.client(script_name=SCRIPT, api_key=site.key, sudo_as_login=LOGIN) as script:
        made = new(script, "Project")
        row = script.find_one("Project", [["id", "is", made["id"]]], ["created_by"])
        event = script.find_one("EventLogEntry", [["entity", "is", made]], ["user", "meta"])
    assert row["created_by"]["type"] == event["user"]["type"] == "HumanUser"
    assert event["meta"]["sudo_actual_user"]["name"] == SCRIPT


def test_a_person_may_not_act_as_somebody_else(site: Site) -> None:
    with (
        site.client(login=LOGIN, password=PASSWORD, sudo_as_login=LOGIN) as boss,
        pytest.raises(AuthenticationFault, match=r"^The user does not have permission to 'sudo':"),
    ):
        boss.find_one("Project", [])


# -- create, read, update --------------------------------------------------------------------------


def test_create_answers_with_the_fields_set_and_those_asked_for(sg: Client, project: Row) -> None:
    sequence = new(sg, "Sequence", project=project, code="sq010")
    shot = sg.create(
        "Shot",
        {
            "project": project,
            "code": "sh010",
            "sg_sequence": sequence,
            "sg_status_list": "ip",
            "sg_cut_in": 1001,
            "description": "  Ünïcode 日本 <b>  ",
        },
        return_fields=["created_by", "sg_sequence.Sequence.code", "image", "no_such_field"],
    )
    assert shot == {
        "type": "Shot",
        "id": shot["id"],
        "project": project,
        "code": "sh010",
        "sg_sequence": sequence,
        "sg_status_list": "ip",
        "sg_cut_in": 1001,
        "description": "Ünïcode 日本 <b>",
        "image": None,
        "created_by": {"type": "ApiUser", "id": shot["created_by"]["id"], "name": SCRIPT},
        "sg_sequence.Sequence.code": "sq010",
    }


def test_a_shot_is_found_by_its_code_under_its_sequence(sg: Client, project: Row) -> None:
    one, other = (new(sg, "Sequence", project=project, code=code) for code in ("sq1", "sq2"))
    wanted = new(sg, "Shot", project=project, code="sh1", sg_sequence=one)
    new(sg, "Shot", project=project, code="sh1", sg_sequence=other)
    filters = [["project", "is", project], ["code", "is", "SH1"], ["sg_sequence.Sequence.code", "is", "sq1"]]
    assert sg.find("Shot", filters, ["code", "sg_sequence"]) == [
        {"type": "Shot", "id": wanted["id"], "code": "sh1", "sg_sequence": one}
    ]


def test_shots_and_tasks_can_be_made_with_nothing_but_a_project(sg: Client, project: Row) -> None:
    first, second = (sg.create("Shot", {"project": project}, ["code"]) for _ in range(2))
    assert first["code"].startswith("New Shot")
    assert first["code"] != second["code"]
    assert sg.create("Task", {"project": project})["id"]


def test_a_task_says_who_works_on_what_until_when(sg: Client, project: Row) -> None:
    shot = new(sg, "Shot", project=project)
    step = sg.find_one("Step", [["code", "is", "Animation"], ["entity_type", "is", "Shot"]], ["short_name"])
    person = sg.create("HumanUser", {"name": "Ada Lovelace", "login": "ada", "email": "ada@example.com"})
    ada = {"type": "HumanUser", "id": person["id"], "name": "Ada Lovelace"}
    task = sg.create(
        "Task",
        {
            "project": project,
            "entity": shot,
            "step": {"type": "Step", "id": step["id"]},
            "content": "anim",
            "task_assignees": [ada],
            "start_date": "2026-01-05",
            "due_date": dt.date(2026, 1, 9),
            "est_in_mins": 600,
        },
    )
    fields = [
        "entity",
        "entity.Shot.code",
        "entity.Asset.code",
        "step.Step.short_name",
        "task_assignees",
        "due_date",
        "start_date",
        "est_in_mins",
        "time_logs_sum",
        "sg_status_list",
        "content",
    ]
    assert sg.find_one("Task", [["id", "is", task["id"]]], fields) == {
        "type": "Task",
        "id": task["id"],
        "entity": shot,
        "entity.Shot.code": shot["name"],
        "entity.Asset.code": None,
        "step.Step.short_name": "ani",
        "task_assignees": [ada],
        "start_date": "2026-01-05",
        "due_date": "2026-01-09",
        "est_in_mins": 600,
        "time_logs_sum": 0,
        "sg_status_list": "wtg",
        "content": "anim",
    }
    assert sg.find_one("Shot", [["id", "is", shot["id"]]], ["tasks"])["tasks"] == [
        {"type": "Task", "id": task["id"], "name": "anim"}
    ]


def test_update_answers_with_the_stored_values_and_a_null_image(sg: Client, project: Row) -> None:
    shot = new(sg, "Shot", project=project)
    assert sg.update("Shot", shot["id"], {"image": None}) == {"type": "Shot", "id": shot["id"], "image": None}
    changed = sg.update(
        "Shot", shot["id"], {"description": "", "sg_status_list": "fin", "sg_cut_duration": "12"}
    )
    assert changed == {
        "type": "Shot",
        "id": shot["id"],
        "description": None,
        "sg_status_list": "fin",
        "sg_cut_duration": 12,
    }


def test_links_to_many_are_set_added_and_removed(sg: Client, project: Row) -> None:
    bob, eve, tom = (new(sg, "Asset", project=project, sg_asset_type="Character") for _ in range(3))
    shot = new(sg, "Shot", project=project, assets=[bob])

    def cast(assets: list[Row], **modes: str) -> list[int]:
        mode = {"multi_entity_update_modes": {"assets": modes["mode"]}} if modes else {}
        return [asset["id"] for asset in sg.update("Shot", shot["id"], {"assets": assets}, **mode)["assets"]]

    assert cast([eve, bob], mode="add") == [bob["id"], eve["id"]]
    assert cast([bob], mode="remove") == [eve["id"]]
    assert cast([tom]) == [tom["id"]]
    assert [s["id"] for s in sg.find_one("Asset", [["id", "is", tom["id"]]], ["shots"])["shots"]] == [
        shot["id"]
    ]


def test_a_dotted_name_changes_the_linked_row(sg: Client, project: Row) -> None:
    shot = new(sg, "Shot", project=project)
    task = new(sg, "Task", project=project, entity=shot)
    answer = sg.update("Task", task["id"], {"entity.Shot.sg_status_list": "hld", "content": "paint"})
    assert answer["entity.Shot.sg_status_list"] == "hld"
    assert sg.find_one("Shot", [["id", "is", shot["id"]]], ["sg_status_list"])["sg_status_list"] == "hld"
    with pytest.raises(Fault, match=r"Task.entity.Asset.description does not lead to a linked entity"):
        sg.update("Task", task["id"], {"entity.Asset.description": "no"})


def test_custom_fields_of_other_clients_are_fields_here(site: Site, sg: Client, project: Row) -> None:
    for name, data_type in (("Level", "number"), ("Keen", "boolean"), ("Mood", "list")):
        site.create(
            "FieldDescriptor", entity_type="Shot", name=name, data_type=data_type, choices=["sad", "glad"]
        )
    shot = new(sg, "Shot", project=project)
    values = {"sg_level": 2.5, "sg_keen": True, "sg_mood": "glad"}
    assert sg.update("Shot", shot["id"], values) == {"type": "Shot", "id": shot["id"], **values}
    for key, relation, value in (
        ("sg_level", "greater_than", 2),
        ("sg_keen", "is", True),
        ("sg_mood", "in", ["GLAD"]),
        ("sg_level", "between", [2, 3]),
    ):
        assert [row["id"] for row in sg.find("Shot", [[key, relation, value]], ["sg_level"])] == [shot["id"]]
    assert sg.schema_field_read("Shot", "sg_mood")["sg_mood"]["properties"]["valid_values"]["value"] == [
        "sad",
        "glad",
    ]
    assert sg.find("Task", [["entity.Shot.sg_keen", "is", True]]) == []


# -- delete, revive, batch -------------------------------------------------------------------------


def test_a_deleted_row_leaves_every_read_and_link_until_it_is_revived(sg: Client, project: Row) -> None:
    asset = new(sg, "Asset", project=project, sg_asset_type="Prop")
    shot = new(sg, "Shot", project=project, assets=[asset])
    assert sg.delete("Asset", asset["id"]) is True
    assert sg.delete("Asset", asset["id"]) is False
    assert sg.find("Asset", [["id", "is", asset["id"]]]) == []
    assert sg.find("Asset", [["id", "is", asset["id"]]], retired_only=True) == [
        {"type": "Asset", "id": asset["id"]}
    ]
    assert sg.find_one("Shot", [["id", "is", shot["id"]]], ["assets"])["assets"] == []
    assert sg.revive("Asset", asset["id"]) is True
    assert sg.revive("Asset", asset["id"]) is False
    assert sg.find_one("Shot", [["id", "is", shot["id"]]], ["assets"])["assets"] == [asset]


def test_a_batch_answers_in_the_order_of_its_requests(sg: Client, project: Row) -> None:
    old = new(sg, "Shot", project=project)
    made, changed, gone = sg.batch(
        [
            {"request_type": "create", "entity_type": "Shot", "data": {"project": project, "code": "b1"}},
            {"request_type": "update", "entity_type": "Shot", "entity_id": old["id"], "data": {"code": "b2"}},
            {"request_type": "delete", "entity_type": "Shot", "entity_id": old["id"]},
        ]
    )
    assert made["code"] == "b1"
    assert made["project"] == project
    assert (changed["id"], gone) == (old["id"], True)


def test_a_batch_that_fails_happens_not_at_all_and_names_the_request(sg: Client, project: Row) -> None:
    good = {"request_type": "create", "entity_type": "Shot", "data": {"project": project, "code": "kept"}}
    bad = {"request_type": "update", "entity_type": "Shot", "entity_id": 2**40, "data": {"code": "x"}}
    with pytest.raises(Fault) as caught:
        sg.batch([good, bad, good])
    assert str(caught.value).startswith(
        "API batch() request with index 1 failed.  All requests rolled back.\nAPI update() "
    )
    with pytest.raises(Fault, match=r"index 1 failed.*\nAPI create\(\) Shot.sg_x doesn't exist\."):
        sg.batch([good, good | {"data": {"project": project, "sg_x": 1}}])
    assert sg.find("Shot", [["project", "is", project]]) == []


# -- the event log ---------------------------------------------------------------------------------


def test_a_follower_of_the_log_sees_each_change_once_in_order(site: Site, project: Row) -> None:
    with site.client() as sg:
        sg.set_session_uuid("a9b2b5e4-0000-4000-8000-000000000001")
        last = sg.find_one("EventLogEntry", [], ["id"], order=[{"column": "id", "direction": "desc"}])["id"]
        shot = new(sg, "Shot", project=project, sg_status_list="wtg")
        sg.update("Shot", shot["id"], {"sg_status_list": "ip"})
        sg.delete("Shot", shot["id"])
        sg.revive("Shot", shot["id"])
        fields = [
            "event_type",
            "attribute_name",
            "meta",
            "entity",
            "user",
            "project",
            "session_uuid",
            "created_at",
        ]
        order = [{"column": "id", "direction": "asc"}]
        events = sg.find("EventLogEntry", [["id", "greater_than", last]], fields, order)
    mine = [event for event in events if event["entity"] == shot]
    assert [event["id"] for event in events] == list(range(last + 1, last + 1 + len(events)))
    assert [(e["event_type"], e["attribute_name"]) for e in mine] == [
        ("Shotgun_Shot_New", None),
        ("Shotgun_Shot_Change", "project"),
        ("Shotgun_Shot_Change", "sg_status_list"),
        ("Shotgun_Shot_Change", "code"),
        ("Shotgun_Shot_Change", "sg_status_list"),
        ("Shotgun_Shot_Retirement", None),
        ("Shotgun_Shot_Change", "retirement_date"),
        ("Shotgun_Shot_Revival", None),
    ]
    assert all(event["project"] == project for event in mine)
    assert {event["session_uuid"] for event in mine} == {"a9b2b5e4-0000-4000-8000-000000000001"}
    assert all(isinstance(event["created_at"], dt.datetime) for event in mine)
    made, linked, first, _, changed, retired, _, revived = (event["meta"] for event in mine)
    assert made == {"type": "new_entity", "entity_type": "Shot", "entity_id": shot["id"]}
    assert linked["new_value"] == {**project, "valid": "valid"}
    assert first["in_create"] is True
    assert changed == {
        "type": "attribute_change",
        "attribute_name": "sg_status_list",
        "entity_type": "Shot",
        "entity_id": shot["id"],
        "field_data_type": "status_list",
        "old_value": "wtg",
        "new_value": "ip",
    }
    assert retired["type"] == "entity_retirement"
    assert revived["display_name"] == shot["name"]


def test_the_log_tells_which_links_were_added_and_removed(sg: Client, project: Row) -> None:
    one, two = (new(sg, "Asset", project=project, sg_asset_type="Prop") for _ in range(2))
    shot = new(sg, "Shot", project=project, assets=[one])
    sg.update("Shot", shot["id"], {"assets": [two]})
    filters = [["entity", "is", shot], ["attribute_name", "is", "assets"]]
    metas = [event["meta"] for event in sg.find("EventLogEntry", filters, ["meta"])]
    assert [link["id"] for link in metas[-1]["added"]] == [two["id"]]
    assert [link["id"] for link in metas[-1]["removed"]] == [one["id"]]


def test_events_are_found_by_type_and_attribute(sg: Client, project: Row) -> None:
    task = new(sg, "Task", project=project, sg_status_list="wtg")
    sg.update("Task", task["id"], {"sg_status_list": "ip", "sg_description": "go"})
    mine = ["entity", "is", task]
    for filters, count in (
        ([["event_type", "is", "Shotgun_Task_New"]], 1),
        ([["event_type", "in", ["Shotgun_Task_New", "Shotgun_Shot_New"]]], 1),
        ([["event_type", "is", "Shotgun_Task_Change"], ["attribute_name", "is", "sg_description"]], 1),
        ([["attribute_name", "in", ["sg_status_list", "sg_description"]]], 3),
        ([["event_type", "starts_with", "Shotgun_Task"], ["attribute_name", "is", None]], 1),
        ([["event_type", "is_not", "Shotgun_Task_Change"]], 1),
        ([["event_type", "is", "Toolkit_Folders_Create"]], 0),
        ([["user.ApiUser.firstname", "is", SCRIPT], ["event_type", "is", "Shotgun_Task_New"]], 1),
    ):
        assert len(sg.find("EventLogEntry", [mine, *filters], ["event_type"])) == count, filters


def test_events_of_other_dialects_are_not_in_shotguns_log(sg: Client, project: Row) -> None:
    person = sg.create("HumanUser", {"name": "Ann Lee", "login": "ann", "email": "ann@example.com"})
    task = new(sg, "Task", project=project, task_assignees=[person])
    found = sg.find("EventLogEntry", [["entity", "is", task]], ["event_type"])
    assert {each["event_type"] for each in found} == {"Shotgun_Task_New", "Shotgun_Task_Change"}


def test_events_are_not_changed_by_clients(sg: Client) -> None:
    made = sg.create("EventLogEntry", {"event_type": "Mine"})
    with pytest.raises(Fault, match="EventLogEntry is read only"):
        sg.update("EventLogEntry", made["id"], {"description": "x"})
