"""Plugins as studios write them for the event daemon: each does its work by the calls of the real client."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.clients.shotgun.site import SCRIPT, Client, Row, Site, new
from tests.clients.shotgun.test_event_daemon import Daemon

Events = Mapping[str, list[str]]
Plugin = Callable[[Client, logging.Logger, Row, Any], None]
STATUS: Events = {"Shotgun_Task_Change": ["sg_status_list"]}


def one(sg: Client, row: Row, *names: str) -> Row:
    found: Row = sg.find_one(row["type"], [["id", "is", row["id"]]], list(names))
    return found


def entity_of(event: Row) -> Row:
    return {"type": event["meta"]["entity_type"], "id": event["meta"]["entity_id"]}


def shot_follows_tasks(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    shot = one(sg, entity_of(event), "entity")["entity"]
    tasks = sg.find("Task", [["entity", "is", shot]], ["sg_status_list"]) if shot else []
    if tasks and {each["sg_status_list"] for each in tasks} == {"fin"}:
        sg.update(shot["type"], shot["id"], {"sg_status_list": "fin"})


def tasks_follow_shot(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    if event["meta"]["new_value"] == "omt":
        tasks = sg.find("Task", [["entity", "is", event["entity"]], ["sg_status_list", "is_not", "omt"]])
        sg.batch(
            [
                {
                    "request_type": "update",
                    "entity_type": "Task",
                    "entity_id": each["id"],
                    "data": {"sg_status_list": "omt"},
                }
                for each in tasks
            ]
        )


def task_follows_version(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    task = one(sg, entity_of(event), "sg_task")["sg_task"]
    legal = sg.schema_field_read("Task", "sg_status_list")["sg_status_list"]["properties"]["valid_values"][
        "value"
    ]
    if task and event["meta"]["new_value"] in legal:
        sg.update("Task", task["id"], {"sg_status_list": event["meta"]["new_value"]})


def versions_follow_task(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    if event["meta"]["new_value"] == "hld":
        latest = sg.find_one(
            "Version", [["sg_task", "is", event["entity"]]], order=[{"field_name": "id", "direction": "desc"}]
        )
        sg.update("Version", latest["id"], {"sg_status_list": "hld"})


def finals_its_shot(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    if event["meta"]["new_value"] == "apr":
        sg.update("Version", entity_of(event)["id"], {"entity.Shot.sg_status_list": "fin"})


def opens_what_is_noted(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    note = one(sg, entity_of(event), "note_links")
    for link in note["note_links"]:
        if link["type"] == "Version":
            sg.update("Version", link["id"], {"sg_status_list": "vwd"})


def names_the_task(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    version = one(sg, entity_of(event), "entity", "user", "sg_task")
    if version["sg_task"] is None and version["entity"]:
        task = sg.find_one("Task", [["entity", "is", version["entity"]], ["step.Step.code", "is_not", None]])
        if task:
            sg.update("Version", version["id"], {"sg_task": task})


def notes_a_field(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    version = one(sg, entity_of(event), "description", "project", "user")
    values = {"project": version["project"], "subject": "Described", "content": version["description"]}
    sg.create("Note", {**values, "note_links": [entity_of(event)], "addressings_to": []})


def converts(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    if event["meta"]["new_value"] is not None:
        value = round(event["meta"]["new_value"] * args["rate"], 2)
        sg.update("CustomEntity02", entity_of(event)["id"], {args["field"]: value})


def copies_duration(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    sg.update("Task", entity_of(event)["id"], {args["field"]: event["meta"]["new_value"]})


def stamps(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    if event["meta"]["new_value"] == "ip":
        sg.update("Task", entity_of(event)["id"], {args["field"]: event["created_at"].date()})


def sums_up(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    shot = one(sg, entity_of(event), "entity")["entity"]
    found = sg.summarize("Task", [["entity", "is", shot]], [{"field": "est_in_mins", "type": "sum"}])
    sg.update("Shot", shot["id"], {args["field"]: found["summaries"]["est_in_mins"]})


def retemplates(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    task = one(sg, entity_of(event), "task_template", "content")
    if task["task_template"] is None:
        return
    for made in sg.find("Task", [["template_task", "is", entity_of(event)]]):
        sg.update("Task", made["id"], {"content": event["meta"]["new_value"]})


def timecodes(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    if event["meta"]["new_value"] is not None:
        sg.update("Shot", entity_of(event)["id"], {args["field"]: event["meta"]["new_value"] * 1000 // 24})


@pytest.fixture
def run(site: Site, sg: Client) -> Callable[..., Daemon]:
    def start(plugin: Plugin, events: Events, args: Any = None) -> Daemon:
        daemon = Daemon(site, sg)
        daemon.registerCallback(SCRIPT, site.key, plugin, events, args)
        return daemon

    return start


Run = Callable[..., Daemon]


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


@pytest.fixture
def shot(sg: Client, p: Row) -> Row:
    return new(sg, "Shot", project=p, sg_status_list="ip")


def status(sg: Client, row: Row) -> Any:
    return one(sg, row, "sg_status_list")["sg_status_list"]


def test_a_shot_is_final_with_its_tasks(sg: Client, p: Row, shot: Row, run: Run) -> None:
    first, second = (new(sg, "Task", project=p, entity=shot) for _ in "ab")
    daemon = run(shot_follows_tasks, STATUS)
    sg.update("Task", first["id"], {"sg_status_list": "fin"})
    daemon.run()
    assert status(sg, shot) == "ip"
    sg.update("Task", second["id"], {"sg_status_list": "fin"})
    daemon.run()
    assert status(sg, shot) == "fin"


def test_tasks_are_omitted_with_their_shot(sg: Client, p: Row, shot: Row, run: Run) -> None:
    tasks = [new(sg, "Task", project=p, entity=shot) for _ in "ab"]
    daemon = run(tasks_follow_shot, {"Shotgun_Shot_Change": ["sg_status_list"]})
    sg.update("Shot", shot["id"], {"sg_status_list": "omt"})
    daemon.run()
    assert [status(sg, each) for each in tasks] == ["omt", "omt"]


def test_tasks_and_versions_follow_each_other(sg: Client, p: Row, shot: Row, run: Run) -> None:
    task = new(sg, "Task", project=p, entity=shot)
    version = new(sg, "Version", project=p, entity=shot, sg_task=task)
    daemon = run(task_follows_version, {"Shotgun_Version_Change": ["sg_status_list"]})
    sg.update("Version", version["id"], {"sg_status_list": "fin"})
    daemon.run()
    assert status(sg, task) == "fin"
    daemon = run(versions_follow_task, STATUS)
    sg.update("Task", task["id"], {"sg_status_list": "hld"})
    daemon.run()
    assert status(sg, version) == "hld"


def test_a_version_finals_its_shot_by_a_dotted_name(sg: Client, p: Row, shot: Row, run: Run) -> None:
    version = new(sg, "Version", project=p, entity=shot)
    daemon = run(finals_its_shot, {"Shotgun_Version_Change": ["sg_status_list"]})
    sg.update("Version", version["id"], {"sg_status_list": "apr"})
    daemon.run()
    assert status(sg, shot) == "fin"


def test_versions_are_viewed_when_they_are_noted(sg: Client, p: Row, shot: Row, run: Run) -> None:
    version = new(sg, "Version", project=p, entity=shot)
    daemon = run(opens_what_is_noted, {"Shotgun_Note_New": ["*"]})
    sg.create("Note", {"project": p, "subject": "n", "note_links": [version]})
    daemon.run()
    assert status(sg, version) == "vwd"


def test_a_version_gets_the_task_of_its_shot(sg: Client, p: Row, shot: Row, run: Run) -> None:
    step = sg.find_one("Step", [["entity_type", "is", "Shot"]])
    task = new(sg, "Task", project=p, entity=shot, step=step)
    daemon = run(names_the_task, {"Shotgun_Version_New": ["*"]})
    version = new(sg, "Version", project=p, entity=shot)
    daemon.run()
    assert one(sg, version, "sg_task")["sg_task"]["id"] == task["id"]


def test_a_note_is_made_of_a_field(sg: Client, p: Row, shot: Row, run: Run) -> None:
    version = new(sg, "Version", project=p, entity=shot)
    daemon = run(notes_a_field, {"Shotgun_Version_Change": ["description"]})
    sg.update("Version", version["id"], {"description": "Too dark"})
    daemon.run()
    (note,) = sg.find("Note", [["note_links", "is", version]], ["content"])
    assert note["content"] == "Too dark"


FIELDS: list[tuple[Plugin, str, str, str, Row, Row, Any, Any]] = [
    # plugin, type, the field that changes, its value, the field that follows: type and name, what it is then
    (
        converts,
        "CustomEntity02",
        "sg_dollars",
        "currency",
        {"rate": 0.5},
        {"sg_dollars": 9.5},
        4.75,
        "currency",
    ),
    (copies_duration, "Task", "duration", "", {}, {"duration": 960}, 960, "duration"),
    (stamps, "Task", "sg_status_list", "", {}, {"sg_status_list": "ip"}, None, "date"),
    (timecodes, "Shot", "sg_cut_in", "", {}, {"sg_cut_in": 48}, 2000, "timecode"),
]


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: case[0].__name__)
def test_a_studios_own_field_follows_another(
    sg: Client, p: Row, run: Run, case: tuple[Plugin, str, str, str, Row, Row, Any, Any]
) -> None:
    plugin, kind, name, made, args, values, expected, data_type = case
    if made:
        assert sg.schema_field_create(kind, made, "Dollars") == name
    field = sg.schema_field_create(kind, data_type, f"Follows {plugin.__name__}")
    row = new(sg, kind, project=p)
    daemon = run(plugin, {f"Shotgun_{kind}_Change": [name]}, {**args, "field": field})
    sg.update(kind, row["id"], values)
    daemon.run()
    found = one(sg, row, field)[field]
    if expected is None:
        order = [{"field_name": "id", "direction": "desc"}]
        mine = [["entity", "is", row], ["attribute_name", "is", name]]
        expected = sg.find_one("EventLogEntry", mine, ["created_at"], order)["created_at"].date().isoformat()
    assert found == expected


def test_the_bids_of_tasks_are_summed_up_on_the_shot(sg: Client, p: Row, shot: Row, run: Run) -> None:
    field = sg.schema_field_create("Shot", "number", "Sum of bids")
    tasks = [new(sg, "Task", project=p, entity=shot) for _ in "ab"]
    daemon = run(sums_up, {"Shotgun_Task_Change": ["est_in_mins"]}, {"field": field})
    for task in tasks:
        sg.update("Task", task["id"], {"est_in_mins": 60})
    daemon.run()
    assert one(sg, shot, field)[field] == 120


def test_tasks_are_called_as_those_of_their_template(sg: Client, p: Row, run: Run) -> None:
    template = sg.create("TaskTemplate", {"code": "of the daemon", "entity_type": "Shot"})
    step = sg.find_one("Step", [["entity_type", "is", "Shot"]])
    model = sg.create("Task", {"content": "Old", "task_template": template, "step": step})
    shot = new(sg, "Shot", project=p, task_template=template)
    daemon = run(retemplates, {"Shotgun_Task_Change": ["content"]})
    sg.update("Task", model["id"], {"content": "New"})
    daemon.run()
    assert [each["content"] for each in sg.find("Task", [["entity", "is", shot]], ["content"])] == ["New"]
