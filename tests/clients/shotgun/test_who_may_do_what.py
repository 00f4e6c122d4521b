"""The roles of Shotgun with its real client: what each of them reads and writes, as one table."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from shotgun_api3 import ShotgunError

from tests.clients.shotgun.site import PASSWORD, Client, Row, Site, new

ROLES = ("Admin", "Manager", "Supervisor", "Artist", "Vendor", "Client")


@dataclass
class Stage:
    """Two projects, and what is in them that is somebody's own and what is not."""

    site: Site
    sg: Client
    p: Row
    foreign: Row
    shot: Row
    other_shot: Row
    foreign_shot: Row
    own_task: Row
    other_task: Row
    step: Row
    clients: dict[str, Client]
    people: dict[str, Row]


@pytest.fixture(scope="module")
def stage(site: Site, sg: Client) -> Iterator[Stage]:
    """Everybody is on the first project, and on its first task."""
    p, foreign, step = new(sg, "Project"), new(sg, "Project"), new(sg, "Step")
    sets = {each["display_name"]: each for each in sg.find("PermissionRuleSet", [], ["display_name"])}
    people, names = {}, {}
    for role in ROLES:
        login = f"role-{role.lower()}"
        said = {"name": f"{role} One", "login": login, "email": f"{login}@x.example", "projects": [p]}
        rule_set = {"type": "PermissionRuleSet", "id": sets[role]["id"]}
        made = sg.create("HumanUser", {**said, "permission_rule_set": rule_set, "password_proxy": PASSWORD})
        people[role], names[role] = {"type": "HumanUser", "id": made["id"]}, login
    shot, other_shot = new(sg, "Shot", project=p), new(sg, "Shot", project=p)
    own = new(sg, "Task", project=p, entity=shot, step=step, task_assignees=list(people.values()))
    other = new(sg, "Task", project=p, entity=other_shot, step=step)
    with ExitStack() as stack:
        clients = {
            role: stack.enter_context(site.client(login=login, password=PASSWORD))
            for role, login in names.items()
        }
        foreign_shot = new(sg, "Shot", project=foreign)
        yield Stage(site, sg, p, foreign, shot, other_shot, foreign_shot, own, other, step, clients, people)


def status_of_own_task(sg: Client, on: Stage, _: str) -> None:
    sg.update("Task", on.own_task["id"], {"sg_status_list": "ip"})
    on.sg.update("Task", on.own_task["id"], {"sg_status_list": "wtg"})


def status_of_another_task(sg: Client, on: Stage, _: str) -> None:
    sg.update("Task", on.other_task["id"], {"sg_status_list": "ip"})
    on.sg.update("Task", on.other_task["id"], {"sg_status_list": "wtg"})


def dates_of_own_task(sg: Client, on: Stage, role: str) -> None:
    sg.update("Task", on.own_task["id"], {"due_date": f"2031-05-{20 + ROLES.index(role)}"})


def assign_a_task(sg: Client, on: Stage, role: str) -> None:
    sg.update("Task", on.other_task["id"], {"task_assignees": [on.people[role]]})
    on.sg.update("Task", on.other_task["id"], {"task_assignees": []})


def make_a_task(sg: Client, on: Stage, _: str) -> None:
    sg.create("Task", {"project": on.p, "content": "t", "entity": on.shot, "step": on.step})


def make_a_shot(sg: Client, on: Stage, _: str) -> None:
    sg.create("Shot", {"project": on.p, "code": uuid.uuid4().hex})


def change_a_shot(sg: Client, on: Stage, _: str) -> None:
    sg.update("Shot", on.shot["id"], {"description": uuid.uuid4().hex})


def retire_a_shot(sg: Client, on: Stage, _: str) -> None:
    shot = new(on.sg, "Shot", project=on.p)
    sg.delete("Shot", shot["id"])


def note_on_own_work(sg: Client, on: Stage, _: str) -> None:
    said = {"project": on.p, "subject": "s", "content": "c", "note_links": [on.shot], "tasks": [on.own_task]}
    sg.create("Note", said)


def change_the_note_of_another(sg: Client, on: Stage, _: str) -> None:
    note = on.sg.create("Note", {"project": on.p, "subject": "s", "content": "c", "tasks": [on.own_task]})
    sg.update("Note", note["id"], {"content": "other words"})


def make_a_version_of_own_work(sg: Client, on: Stage, _: str) -> None:
    sg.create("Version", {"project": on.p, "code": "v", "entity": on.shot, "sg_task": on.own_task})


def publish_own_work(sg: Client, on: Stage, _: str) -> None:
    sg.create("PublishedFile", {"project": on.p, "code": "f", "entity": on.shot, "task": on.own_task})


def log_time_on_own_task(sg: Client, on: Stage, role: str) -> None:
    said = {"project": on.p, "entity": on.own_task, "user": on.people[role], "duration": 60}
    sg.create("TimeLog", {**said, "date": f"2031-05-{10 + ROLES.index(role)}"})


def log_time_of_another(sg: Client, on: Stage, role: str) -> None:
    other = on.people[ROLES[ROLES.index(role) - 1]]
    said = {"project": on.p, "entity": on.own_task, "user": other, "duration": 60}
    sg.create("TimeLog", {**said, "date": f"2031-06-{10 + ROLES.index(role)}"})


def make_a_playlist(sg: Client, on: Stage, _: str) -> None:
    sg.create("Playlist", {"project": on.p, "code": uuid.uuid4().hex})


def make_a_project(sg: Client, _on: Stage, _role: str) -> None:
    sg.create("Project", {"name": uuid.uuid4().hex})


def make_a_person(sg: Client, _on: Stage, role: str) -> None:
    login = f"made-{role.lower()}"
    sg.create("HumanUser", {"name": "Made By", "login": login, "email": f"{login}@x.example"})


def rise(sg: Client, on: Stage, role: str) -> None:
    admin = on.sg.find_one("PermissionRuleSet", [["display_name", "is", "Admin"]])
    sg.update("HumanUser", on.people[role]["id"], {"permission_rule_set": admin})


def make_a_step(sg: Client, _on: Stage, _role: str) -> None:
    sg.create("Step", {"code": uuid.uuid4().hex})


def make_a_status(sg: Client, _on: Stage, role: str) -> None:
    sg.create("Status", {"code": f"z{ROLES.index(role)}", "name": uuid.uuid4().hex})


def make_a_field(sg: Client, _on: Stage, role: str) -> None:
    sg.schema_field_create("Shot", "text", f"Made by {role}")


def make_a_script(sg: Client, _on: Stage, _role: str) -> None:
    sg.create("ApiUser", {"firstname": uuid.uuid4().hex})


def speak_for_another(sg: Client, _on: Stage, _role: str) -> None:
    sg.config.sudo_as_login = "role-artist"
    try:
        sg.find("Status", [], limit=1)
    finally:
        sg.config.sudo_as_login = None


def add_an_entry_to_the_log(sg: Client, on: Stage, _: str) -> None:
    sg.create("EventLogEntry", {"event_type": "MyTool_Done", "project": on.p})


ALL = frozenset(ROLES)
LEADS = frozenset({"Admin", "Manager", "Supervisor"})
RUNS = frozenset({"Admin", "Manager"})
ADMIN = frozenset({"Admin"})
MAY: dict[Callable[[Client, Stage, str], None], frozenset[str]] = {
    status_of_own_task: ALL - {"Client"},
    status_of_another_task: LEADS,
    dates_of_own_task: LEADS,
    assign_a_task: LEADS,
    make_a_task: LEADS,
    make_a_shot: RUNS,
    change_a_shot: RUNS,
    retire_a_shot: RUNS,
    note_on_own_work: ALL,
    change_the_note_of_another: RUNS,
    make_a_version_of_own_work: ALL - {"Client"},
    publish_own_work: ALL - {"Client"},
    log_time_on_own_task: ALL - {"Client"},
    log_time_of_another: RUNS,
    make_a_playlist: LEADS,
    make_a_project: ADMIN,
    make_a_person: ADMIN,
    rise: ADMIN,
    make_a_step: ADMIN,
    make_a_status: ADMIN,
    make_a_field: RUNS,
    make_a_script: ADMIN,
    speak_for_another: frozenset(),
    add_an_entry_to_the_log: ADMIN,
}
"""What is done -> the roles that may."""


@pytest.mark.parametrize("act", MAY, ids=lambda act: act.__name__)
def test_a_role_does_what_it_may_and_nothing_else(stage: Stage, act: Callable[..., None]) -> None:
    did = set()
    for role in ROLES:
        try:
            act(stage.clients[role], stage, role)
        except ShotgunError:
            continue
        did.add(role)
    assert did == MAY[act]


SEES: dict[str, tuple[Callable[[Client, Stage], bool], frozenset[str]]] = {
    "the shot of one's own task": (lambda sg, on: _finds(sg, on.shot), ALL),
    "a shot of nobody's task": (lambda sg, on: _finds(sg, on.other_shot), ALL - {"Vendor"}),
    "one's own task": (lambda sg, on: _finds(sg, on.own_task), ALL),
    "a task of somebody else": (lambda sg, on: _finds(sg, on.other_task), ALL - {"Vendor"}),
    "a shot of another project": (lambda sg, on: _finds(sg, on.foreign_shot), ADMIN),
    "one's project": (lambda sg, on: _finds(sg, on.p), ALL),
    "another project": (lambda sg, on: _finds(sg, on.foreign), ADMIN),
    "a colleague": (lambda sg, on: _finds(sg, on.people["Manager"]), ALL - {"Client"}),
    "the address of a colleague": (
        lambda sg, on: bool(
            (sg.find_one("HumanUser", [["id", "is", on.people["Supervisor"]["id"]]], ["email"]) or {}).get(
                "email"
            )
        ),
        RUNS | {"Supervisor"},
    ),
    "scripts": (lambda sg, on: bool(sg.find("ApiUser", [])), ALL - {"Client", "Vendor"}),
    "every number of the log": (
        lambda sg, on: bool(sg.find("EventLogEntry", [["event_type", "is", "Unlisted_Change"]])),
        ADMIN,
    ),
}
"""What there is to see -> whether somebody sees it, and the roles that do."""


def _finds(sg: Client, row: Row) -> bool:
    return bool(sg.find(row["type"], [["id", "is", row["id"]]]))


@pytest.mark.parametrize("what", SEES)
def test_a_role_sees_what_it_may_and_nothing_else(stage: Stage, what: str) -> None:
    sees, expected = SEES[what]
    assert {role for role in ROLES if sees(stage.clients[role], stage)} == expected
