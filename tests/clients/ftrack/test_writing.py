"""ftrack_api, unmodified, makes, changes and removes rows."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import arrow
import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import (
    LOGIN,
    USER,
    ServerError,
    Site,
    unique,
)


def test_a_task_is_made_under_a_shot_changed_and_deleted(site: Site, show: Show) -> None:
    with site.session() as session:
        shot = session.get("Shot", show.shots[1])
        task = session.create("Task", {"name": "lighting", "parent": shot})
        session.commit()
        assert task["project"]["name"] == show.name
        assert task["status"]["name"] == "Todo"
        task["description"] = "from below"
        task["status"] = session.query('Status where name is "Done"').one()
        task["start_date"] = arrow.get("2026-03-01T10:11:12.345678+01:00")
        session.commit()
        assert task["status"]["state"]["short"] == "DONE"
    with site.session() as session:
        (found,) = session.query(f"Task where parent_id is {show.shots[1]}").all()
        assert (found["description"], found["status"]["name"]) == ("from below", "Done")
        assert found["start_date"] == arrow.get("2026-03-01T09:11:12.345678Z")
        assert (
            session.query('Task where start_date is "2026-03-01T09:11:12" and name is lighting').one()
            is found
        )
        session.delete(found)
        session.commit()
        assert session.query(f"Task where parent_id is {show.shots[1]}").first() is None


def test_rows_may_be_put_into_a_collection_instead_of_getting_a_parent(site: Site) -> None:
    with site.session() as session:
        project = session.create("Project", {"name": unique("collected")})
        session.commit()
        folder = session.create("Folder", {"name": "reel"})
        project["children"].append(folder)
        shot = session.create("Shot", {"name": "SH1"})
        folder["children"].append(shot)
        task = session.create("Task", {"name": "review"})
        project["children"].append(task)
        session.commit()
        ids = (project["id"], folder["id"], shot["id"])
    with site.session() as session:
        project = session.get("Project", ids[0])
        assert set(names(project["children"])) == {"reel", "review"}
        assert session.get("Shot", ids[2])["parent"]["id"] == ids[1]
        assert [each["name"] for each in session.get("Shot", ids[2])["link"]][1:] == ["reel", "SH1"]


def test_a_row_may_name_a_parent_that_comes_later_in_the_same_commit(site: Site, show: Show) -> None:
    task, shot = str(uuid.uuid4()), str(uuid.uuid4())
    with site.session() as session:
        parent = session.get("Shot", show.shots[1])["parent_id"]
        session.call(
            [
                {
                    "action": "create",
                    "entity_type": kind,
                    "entity_key": [id_],
                    "entity_data": {
                        "__entity_type__": kind,
                        "id": id_,
                        "name": unique(kind),
                        "parent_id": above,
                    },
                }
                for kind, id_, above in (("Task", task, shot), ("Shot", shot, parent))
            ]
        )
        assert session.get("Task", task)["parent"]["id"] == shot


def test_a_row_is_moved_by_changing_its_parent(site: Site, show: Show) -> None:
    with site.session() as session:
        sequence = session.create(
            "Sequence", {"name": "SQ020", "parent": session.get("Project", show.project)}
        )
        shot = session.create("Shot", {"name": "SH900", "parent": session.get("Sequence", show.sequence)})
        session.commit()
        shot["parent"] = sequence
        session.commit()
        assert [each["name"] for each in session.get("Shot", shot["id"])["link"]][1] == "SQ020"
    with site.session() as session:
        shot = session.get("Shot", shot["id"])
        assert shot["parent"]["name"] == "SQ020"
        shot["parent"] = session.get("Project", show.project)
        session.commit()
    with site.session() as session:
        assert [each["name"] for each in session.get("Shot", shot["id"])["link"]] == [show.name, "SH900"]
        session.delete(session.get("Shot", shot["id"]))
        session.delete(session.get("Sequence", sequence["id"]))
        session.commit()


def test_a_commit_that_fails_leaves_nothing(site: Site, show: Show) -> None:
    with site.session() as session:
        kept = session.create("Task", {"name": "first", "parent": session.get("Shot", show.shots[2])})
        session.create("Shot", {"name": "orphan"})
        with pytest.raises(ServerError, match="project_id"):
            session.commit()
        session.rollback()
        assert session.query(f"Task where id is {kept['id']}").first() is None
        session.create("Task", {"name": "second", "parent": session.get("Shot", show.shots[2])})
        session.commit()
    with site.session() as session:
        assert names(session.query(f"Task where parent_id is {show.shots[2]}")) == ["second"]


def test_ensure_finds_what_is_there_and_makes_what_is_not(site: Site, show: Show) -> None:
    with site.session() as session:
        data = {"name": "ensured", "project_id": show.project, "start_date": dt.datetime(2026, 1, 2, 3, 4, 5)}  # noqa: DTZ001
        made = session.ensure("Task", data, ["name", "project_id"])
    with site.session() as session:
        found = session.ensure("Task", {**data, "description": "again"}, ["name", "project_id"])
        assert found["id"] == made["id"]
        assert session.get("Task", made["id"])["description"] == "again"


def test_people_are_assigned_to_tasks(site: Site, show: Show) -> None:
    with site.session() as session:
        user = session.create(
            "User", {"username": unique("mia"), "first_name": "Mia", "email": f"{unique('m')}@a.io"}
        )
        task = session.get("Task", show.task)
        session.create("Appointment", {"context": task, "resource": user, "type": "assignment"})
        session.commit()
        name = user["username"]
    with site.session() as session:
        task = session.query(f'Task where assignments any (resource.username = "{name}")').one()
        assert task["id"] == show.task
        (appointment,) = task["assignments"]
        assert (appointment["resource"]["first_name"], appointment["resource"].entity_type) == ("Mia", "User")
        assert names(each["context"] for each in appointment["resource"]["assignments"]) == ["animation"]
        session.delete(appointment)
        session.commit()
    with site.session() as session:
        assert session.get("Task", show.task)["assignments"][:] == []


def test_notes_are_written_and_answered(site: Site, show: Show) -> None:
    with site.session() as session:
        author = session.query(f'User where username is "{USER}"').one()
        for type_, id_ in (("Task", show.task), ("Shot", show.shots[0])):
            note = session.get(type_, id_).create_note("Slower, please.", author)
            session.commit()
            note.create_reply("Done.", author)
            session.commit()
    with site.session() as session:
        for type_, id_ in (("Task", show.task), ("Shot", show.shots[0])):
            (note,) = session.get(type_, id_)["notes"]
            assert (note["content"], note["author"]["username"], note["parent_id"]) == (
                "Slower, please.",
                LOGIN,
                id_,
            )
            assert [reply["content"] for reply in note["replies"]] == ["Done."]


def test_an_asset_build_has_a_type_of_asset(site: Site, show: Show) -> None:
    with site.session() as session:
        character = session.query('Type where name is "Character"').one()
        build = session.create(
            "AssetBuild",
            {
                "name": "Hero",
                "parent": session.get("Project", show.project),
                "type": character,
            },
        )
        session.commit()
    with site.session() as session:
        assert session.query('AssetBuild where type.name is "character"').one()["id"] == build["id"]
        assert session.get("AssetBuild", build["id"])["object_type"]["name"] == "Asset Build"


def test_vocabulary_is_made_changed_and_deleted(site: Site) -> None:
    with site.session() as session:
        status = session.create("Status", {"name": unique("Frozen"), "color": "#aabbcc", "is_active": True})
        type_ = session.create("Type", {"name": unique("Grooming")})
        session.commit()
        assert status in session.query("ProjectSchema").first().get_statuses("Task")
        status["is_active"] = False
        type_["color"] = "#112233"
        session.commit()
    with site.session() as session:
        assert session.get("Status", status["id"])["is_active"] is False
        assert session.get("Type", type_["id"])["color"] == "#112233"
        session.delete(session.get("Type", type_["id"]))
        session.commit()
        assert session.query(f"Type where id is {type_['id']}").first() is None


def test_a_project_can_be_hidden(site: Site) -> None:
    with site.session() as session:
        project = session.create("Project", {"name": unique("old"), "status": "hidden"})
        session.commit()
    with site.session() as session:
        assert session.get("Project", project["id"])["status"] == "hidden"
        hidden = session.query("Project where status is hidden and status like 'hid%'").all()
        assert project["id"] in {each["id"] for each in hidden}


def test_names_are_unique_among_siblings(site: Site, show: Show) -> None:
    with site.session() as session:
        session.create("Shot", {"name": "SH000", "parent": session.get("Sequence", show.sequence)})
        with pytest.raises(ServerError, match="DuplicateEntryError: A record with the same unique values"):
            session.commit()


def test_two_users_may_have_one_address(site: Site, session: Any) -> None:
    address, names_ = f"{unique('both')}@example.com", [unique("one"), unique("two")]
    for name in names_:
        session.create("User", {"username": name, "email": address})
        session.commit()
    with site.session() as again:
        found = again.query(f'User where email is "{address}"').all()
        assert sorted(each["username"] for each in found) == sorted(names_)
    session.create("User", {"username": names_[0], "email": address})
    with pytest.raises(ServerError, match="DuplicateEntryError: A record with the same unique values"):
        session.commit()
    session.rollback()
