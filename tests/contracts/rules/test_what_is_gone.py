"""What is deleted: who still reads it, who comes in no more, and what may not go at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gazu
import pytest
import requests

from tests.contracts.rules.hands import DIALECTS, PLURALS, Hand, Refused
from tests.contracts.rules.site import PASSWORD
from tests.studio import unique
from zou_server.models.conditions import Op, Where
from zou_server.services.install.manage_credentials import create_api_key, create_script

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """The show of this module."""
    return site.show()


@pytest.fixture(scope="module")
def admin(site: Site) -> Actor:
    """Who runs the studio."""
    return site.person("admin")


# -- who reads what is deleted -------------------------------------------------------------------------------

READS_RETIRED: dict[str, Callable[[Hand, str], set[int]]] = {
    "shotgun": lambda hand, kind: {
        each["id"] for each in hand.client.find(kind, [], ["id"], retired_only=True)
    },
    "shotrunner": lambda hand, kind: {each.id for each in getattr(hand.client, kind).find(only_deleted=1)},
}
"""The dialects that have a call to read what is deleted; Zou and ftrack have none."""


@pytest.mark.parametrize("dialect", READS_RETIRED)
def test_who_may_bring_it_back_reads_what_is_deleted_and_nobody_else(
    site: Site, show: Show, admin: Actor, dialect: str
) -> None:
    shot = site.kit.shot(show.project)
    number = site.kit.row("Shot", shot, "number")
    site.kit.delete("Shot", shot)
    readers = {
        role: number in READS_RETIRED[dialect](site.hand(person, dialect), "Shot")
        for role, person in {
            "admin": admin,
            "manager": site.person("manager", show.project),
            "supervisor": site.person("supervisor", show.project),
            "user": site.person("user", show.project),
            "vendor": site.person("vendor", show.project),
            "client": site.person("client", show.project),
            "a manager elsewhere": site.person("manager", site.kit.project()),
        }.items()
    }
    assert {role for role, reads in readers.items() if reads} == {"admin", "manager"}


@pytest.mark.parametrize("dialect", READS_RETIRED)
def test_who_wrote_a_note_reads_it_when_it_is_deleted(site: Site, show: Show, dialect: str) -> None:
    author, other = (site.person("user", show.project) for _ in range(2))
    note = site.kit.create("Note", author, text=unique("note"), object_id=show.shot)
    number = site.kit.row("Note", note, "number")
    site.kit.delete("Note", note)
    assert number in READS_RETIRED[dialect](site.hand(author, dialect), "Note")
    assert number not in READS_RETIRED[dialect](site.hand(other, dialect), "Note")


def test_who_is_deleted_is_among_the_assignees_of_a_task_for_nobody(
    site: Site, show: Show, admin: Actor
) -> None:
    gone, stays = (site.person("user", show.project) for _ in range(2))
    both = [str(each.person_id) for each in (gone, stays)]
    site.kit.update("Task", show.tasks[0], assignees=both)
    site.kit.delete("Person", gone.person_id)
    path = f"data/shots/with-tasks?project_id={show.project}"

    def assignees(reader: Actor) -> list[str]:
        shots = gazu.client.get(path, client=site.hand(reader, "zou").client)
        tasks = {task["id"]: task for shot in shots for task in shot["tasks"]}
        return list(tasks[str(show.tasks[0])]["assignees"])

    for reader in (admin, site.person("manager", show.project), stays):
        assert assignees(reader) == [str(stays.person_id)]
    site.kit.revive("Person", gone.person_id)
    assert assignees(admin) == both


# -- people who leave ----------------------------------------------------------------------------------------

LEAVING: dict[str, Callable[[Hand, uuid.UUID], None]] = {
    "delete": lambda hand, id_: hand.delete("Person", id_),
    "deactivate": lambda hand, id_: hand.set("Person", id_, "active", value=False),
}


@pytest.mark.parametrize("leaving", LEAVING)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_leaves_is_logged_out_everywhere_and_coming_back_opens_no_old_door(
    site: Site, show: Show, admin: Actor, dialect: str, leaving: str
) -> None:
    kit = site.kit
    person = site.person("user", show.project)
    email = kit.row("Person", person.person_id, "email")
    zou = gazu.client.create_client(f"{site.url}/api")
    gazu.log_in(email, PASSWORD, client=zou)
    refresh = zou.tokens["refresh_token"]
    key = create_api_key(kit.studio.writes, email)
    token = site.hand(person, "shotgun").client.get_session_token()
    assert _doors(site.url, email, zou, refresh, key, token) == [True] * 4

    LEAVING[leaving](site.hand(admin, dialect), person.person_id)
    assert _doors(site.url, email, zou, refresh, key, token) == [False] * 4
    if leaving == "delete":
        kit.revive("Person", person.person_id)
    else:
        kit.update("Person", person.person_id, active=True)
    assert _doors(site.url, email, zou, refresh, key, token) == [False] * 4
    with requests.post(
        f"{site.url}/api/auth/login", json={"email": email, "password": PASSWORD}, timeout=60
    ) as answer:
        assert answer.status_code == 200
    zou.session.close()


def _doors(url: str, email: str, zou: Any, refresh: str, key: str, token: str) -> list[bool]:
    """Whether the log-in, its refresh token, the API key and the session token still open."""
    access = {"Authorization": f"Bearer {zou.tokens['access_token']}"}
    calls: tuple[tuple[str, str, dict[str, str], Any], ...] = (
        ("GET", "/api/data/projects", access, None),
        ("GET", "/api/auth/refresh-token", {"Authorization": f"Bearer {refresh}"}, None),
        (
            "POST",
            "/api",
            {"ftrack-user": email, "ftrack-api-key": key},
            [{"action": "query", "expression": "select id from Project"}],
        ),
        (
            "POST",
            "/api3/json",
            {},
            {
                "method_name": "read",
                "params": [
                    {"session_token": token},
                    {
                        "type": "Project",
                        "filters": {"logical_operator": "and", "conditions": []},
                        "return_fields": ["id"],
                        "paging": {"current_page": 1, "entities_per_page": 5},
                    },
                ],
            },
        ),
    )
    found = []
    for method, path, headers, body in calls:
        with requests.request(method, f"{url}{path}", headers=headers, json=body, timeout=60) as answer:
            text = answer.text
            found.append(answer.status_code == 200 and "exception" not in text)
    return found


def test_a_script_that_is_deleted_and_revived_needs_another_key(site: Site, admin: Actor) -> None:
    name = unique("script")
    key = create_script(site.kit.studio.writes, name)
    (row,) = site.kit.rows("ApiUser", "id", where=Where("first_name", Op.EQ, name))
    hand = site.hand(admin, "shotgun")
    number = site.kit.row("ApiUser", row["id"], "number")
    hand.client.delete("ApiUser", number)
    hand.client.revive("ApiUser", number)
    body = {
        "method_name": "read",
        "params": [
            {"script_name": name, "script_key": key},
            {
                "type": "Project",
                "filters": {"logical_operator": "and", "conditions": []},
                "return_fields": ["id"],
                "paging": {"current_page": 1, "entities_per_page": 5},
            },
        ],
    }
    with requests.post(f"{site.url}/api3/json", json=body, timeout=60) as answer:
        assert "exception" in answer.json()


# -- what may not go -----------------------------------------------------------------------------------------


def _assigned_person(site: Site, show: Show) -> tuple[str, uuid.UUID]:
    person = site.kit.person("user", {show.project: None})
    site.kit.create(
        "Task",
        name=unique("Task"),
        entity_id=show.shot,
        task_type_id=show.steps[0],
        assignees=[person.person_id],
    )
    return "Person", person.person_id


def _open_project(site: Site, _show: Show) -> tuple[str, uuid.UUID]:
    return "Project", site.kit.project()


def _commented_task(site: Site, show: Show) -> tuple[str, uuid.UUID]:
    task = site.kit.create("Task", name=unique("Task"), entity_id=show.shot, task_type_id=show.steps[0])
    site.kit.create("Note", text="a word", object_id=task)
    return "Task", task


def _sequence_with_shots(site: Site, show: Show) -> tuple[str, uuid.UUID]:
    sequence = site.kit.create("Sequence", name=unique("SQ"), project_id=show.project)
    site.kit.shot(show.project, parent_id=sequence)
    return "Sequence", sequence


NEEDED: dict[str, Callable[[Site, Show], tuple[str, uuid.UUID]]] = {
    "somebody who is assigned": _assigned_person,
    "a project that is open": _open_project,
    "a task with comments": _commented_task,
    "a sequence with shots": _sequence_with_shots,
}


@pytest.mark.parametrize("what", NEEDED)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_zou_keeps_what_is_needed_and_the_others_let_it_go(
    site: Site, show: Show, admin: Actor, dialect: str, what: str
) -> None:
    kind, id_ = NEEDED[what](site, show)
    hand = site.hand(admin, dialect)
    if dialect == "zou":
        with pytest.raises(Refused):
            hand.delete(kind, id_)
        assert site.kit.row(kind, id_, "id") == str(id_)
        if kind != "Project":
            with hand.refusals():
                gazu.client.delete(f"data/{PLURALS[kind]}/{id_}", {"force": "true"}, client=hand.client)
    else:
        hand.delete(kind, id_)
    assert (kind == "Project" and dialect == "zou") or site.kit.row(kind, id_, "id") is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_shot_with_tasks_is_canceled_by_zou_and_deleted_by_the_others(
    site: Site, admin: Actor, dialect: str
) -> None:
    show = site.show()
    site.hand(admin, dialect).delete("Shot", show.shot)
    assert site.kit.row("Shot", show.shot, "canceled") is (True if dialect == "zou" else None)


@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each != "shotrunner"])
def test_the_assets_that_were_made_for_an_episode_go_with_it(
    site: Site, show: Show, admin: Actor, dialect: str
) -> None:
    kit = site.kit
    episode = kit.create("Episode", name=unique("E"), project_id=show.project)
    asset = kit.create("Asset", name=unique("A"), project_id=show.project, source_id=episode)
    hand = site.hand(admin, dialect)
    if dialect == "zou":
        with hand.refusals():
            gazu.client.delete(f"data/episodes/{episode}", {"force": "true"}, client=hand.client)
    else:
        hand.delete("Episode", episode)
    assert kit.row("Asset", asset, "id") is None
    kit.revive("Episode", episode)
    assert kit.row("Asset", asset, "id") == str(asset)
