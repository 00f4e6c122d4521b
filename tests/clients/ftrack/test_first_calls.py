"""The calls with which tools begin, each as such a tool makes it: what other tests here do not show."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from ftrack_api import formatter

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import USER, ServerError, Session, Site, unique
from zou_server.services.install.manage_credentials import create_api_key


@pytest.fixture
def artist(site: Site, session: Session, show: Show) -> Iterator[Session]:
    """Somebody who was given the task of the show, and nothing else."""
    login = unique("artist")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    user, task = session.get("User", person), session.get("Task", show.task)
    session.create("Appointment", {"context": task, "resource": user, "type": "assignment"})
    session.commit()
    with site.session(login, create_api_key(site.engine, f"{login}@example.com")) as theirs:
        yield theirs


def me(session: Session) -> Any:
    return session.query(f'User where username is "{session.api_user}"').one()


def test_an_artist_sets_the_status_of_their_task(site: Site, artist: Session, show: Show) -> None:
    retake = artist.query('Status where name is "Waiting For Approval"').one()
    artist.get("Task", show.task)["status"] = retake
    artist.commit()
    with site.session() as later:
        assert later.get("Task", show.task)["status"]["name"] == "Waiting For Approval"


def test_an_artist_writes_a_note_on_their_task(site: Site, artist: Session, show: Show) -> None:
    text = unique("done")
    artist.get("Task", show.task).create_note(text, author=me(artist))
    artist.commit()
    with site.session() as later:
        assert later.query(f'Note where content is "{text}" and parent_id is {show.task}').one()


def test_a_task_does_not_hang_below_what_is_below_it(session: Session, show: Show) -> None:
    upper = session.create("Task", {"name": unique("upper"), "parent": session.get("Project", show.project)})
    lower = session.create("Task", {"name": unique("lower"), "parent": upper})
    session.commit()
    upper["parent"] = lower
    with pytest.raises(ServerError, match="parent would make a loop"):
        session.commit()
    session.rollback()


@pytest.mark.parametrize("name", ["Approved", "Rejected", "Done", "Retake"])
def test_a_status_is_one_of_its_name(session: Session, name: str) -> None:
    assert session.query(f'Status where name is "{name}"').one()["name"] == name


def test_a_step_is_one_of_its_name(session: Session) -> None:
    assert session.query('Type where name is "FX"').one()["name"] == "FX"


def test_the_status_of_a_project_is_none_of_a_task(site: Site, session: Session, show: Show) -> None:
    assert session.query('Status where name is "Closed"').first() is None
    closed = session.query("Project").first()
    assert closed["status"] == "active"
    foreign = site.create("ProjectStatus", name=unique("Mothballed"))
    answer = site.post(
        [
            {
                "action": "update",
                "entity_type": "Task",
                "entity_key": [show.task],
                "entity_data": {"status_id": foreign},
            }
        ],
        strict=True,
    )
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("kind", ["Shot", "Sequence"])
def test_what_is_below_is_looked_through(session: Session, show: Show, kind: str) -> None:
    found = session.query(
        f'{kind} where project_id is {show.project} and descendants any (name is "animation")'
    )
    assert names(found) == {"Shot": ["SH000"], "Sequence": ["SQ010"]}[kind]


def test_the_order_of_a_row_may_be_between_two_others(site: Site, session: Session, show: Show) -> None:
    session.get("Task", show.task)["sort"] = 2.5
    session.commit()
    with site.session() as later:
        assert later.get("Task", show.task)["sort"] == 2.5


@pytest.mark.parametrize("kind", ["Concept", "Edit", "Scene"])
def test_a_task_on_what_ftrack_has_no_type_for_has_a_parent(
    site: Site, session: Session, show: Show, kind: str
) -> None:
    above = site.create(kind, name=unique(kind), project_id=show.project)
    id_ = site.create("Task", name=unique("paint"), entity_id=above, project_id=show.project)
    task = session.get("Task", id_)
    assert (task["parent"]["id"], task["parent_id"]) == (above, above)
    assert [each["id"] for each in task["link"]] == [show.project, above, id_]


def test_notes_that_ask_for_something_have_recipients(site: Site, session: Session, show: Show) -> None:
    task = session.get("Task", show.task)
    other = session.create("User", {"username": unique("told")})
    made = session.create(
        "Note", {"content": unique("t"), "author": me(session), "parent_id": show.task, "is_todo": True}
    )
    told = task.create_note(unique("r"), author=me(session), recipients=[other])
    session.commit()
    with site.session() as later:
        assert later.get("Note", made["id"])["is_todo"] is True
        assert {each["resource_id"] for each in later.get("Note", told["id"])["recipients"]} == {
            other["id"],
            me(later)["id"],
        }


def test_what_a_pipeline_makes_first_is_made_in_one_commit(session: Session, show: Show) -> None:
    user = session.query(f'User where username is "{USER}"').one()
    session.create("Scope", {"name": unique("scope")})
    session.create("Location", {"name": unique("studio.disk")})
    session.create("Timelog", {"user": user, "context": session.get("Task", show.task), "duration": 60})
    job = session.create("Job", {"user": user, "status": "running", "data": '{"description": "x"}'})
    session.commit()
    assert session.get("Job", job["id"])["status"] == "running"


def test_an_object_type_of_the_studios_own_is_refused_and_makes_nothing(session: Session) -> None:
    name = unique("Vehicle")
    session.create("ObjectType", {"name": name})
    with pytest.raises(ServerError, match="kinds of things in a production are fixed: make a type of asset"):
        session.commit()
    session.rollback()
    assert session.query(f'Type where name is "{name}"').first() is None


@pytest.mark.parametrize("name", ["ObjectType", "Type"])
def test_an_object_type_stays_when_it_is_deleted(site: Site, name: str) -> None:
    episode = "22139355-61da-4c8f-9db4-3abc870166bc"
    answer = site.post([{"action": "delete", "entity_type": name, "entity_key": [episode]}], strict=True)
    assert "Episode is one of the kinds of things in a production: it stays" in answer.json()["content"]


def test_a_parent_that_is_not_there_is_refused(session: Session) -> None:
    session.create("Shot", {"name": unique("shot"), "parent_id": str(uuid.uuid4())})
    with pytest.raises(ServerError, match="parent"):
        session.commit()
    session.rollback()


def test_a_template_says_which_tasks_are_made(site: Site, session: Session, show: Show) -> None:
    schema = session.query("ProjectSchema").first()
    types = [session.query(f'Type where name is "{name}"').one() for name in ("Modeling", "Rigging")]
    template = session.create("TaskTemplate", {"name": unique("asset"), "project_schema": schema})
    for type_ in types:
        session.create("TaskTemplateItem", {"template": template, "task_type": type_})
    session.commit()
    with site.session() as later:
        project = later.get("Project", show.project)
        (found,) = [
            each for each in project["project_schema"]["task_templates"] if each["id"] == template["id"]
        ]
        above = later.create("AssetBuild", {"name": unique("hero"), "parent": project})
        for item in found["items"]:
            type_ = item["task_type"]
            later.create("Task", {"name": type_["name"], "type": type_, "parent": above})
        later.commit()
        assert set(names(above["children"])) == {"Modeling", "Rigging"}


def test_versions_are_linked_with_each_other(site: Site, session: Session, show: Show) -> None:
    asset = session.create("Asset", {"name": unique("rig"), "parent": session.get("Project", show.project)})
    first, second = (session.create("AssetVersion", {"asset": asset}) for _ in range(2))
    session.create("AssetVersionLink", {"from": first, "to": second})
    session.commit()
    with site.session() as later:
        found = later.get("AssetVersion", second["id"])["incoming_links"]
        assert [each["from_id"] for each in found] == [first["id"]]


def test_rows_of_several_keys_are_filled_in(site: Site, session: Session, show: Show) -> None:
    task = session.get("Task", show.task)
    task["metadata"]["artist"], task["metadata"]["renderer"] = "ann", "arnold"
    session.commit()
    with site.session() as later:
        rows = later.query(f"select key, parent_id from Metadata where parent_id is {show.task}").all()
        later.populate(rows, "value, parent_type")
        assert {each["key"]: each["value"] for each in rows} == {"artist": "ann", "renderer": "arnold"}


def test_a_row_is_shown_whole(session: Session, show: Show) -> None:
    text = formatter.format(session.get("Task", show.task))
    assert "animation" in text


def test_a_user_without_a_name_to_log_in_by_is_refused(session: Session) -> None:
    session.create("User", {"first_name": "Nobody"})
    with pytest.raises(ServerError, match="username is required"):
        session.commit()
    session.rollback()


@pytest.mark.parametrize(
    "name", ["SecurityRole", "State", "ProjectSchemaOverride", "UserType", "StatusChange"]
)
def test_what_a_studio_cannot_make_is_refused_by_its_name(site: Site, name: str) -> None:
    answer = site.post([{"action": "create", "entity_type": name, "entity_data": {}}], strict=True)
    assert answer.json()["content"] == f"{name} cannot be changed."
