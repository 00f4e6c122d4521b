"""What becomes of each kind of Shotgun's rows, and that it changes nothing when it comes again."""

from __future__ import annotations

import copy
import uuid

import pytest
import sqlalchemy as sa

from tests.services.importers.shotgun.rows import one, reason, run
from tests.shotgun_rows import ROWS
from tests.studio import StudioKit
from zou_server.models.access import Credential
from zou_server.models.conditions import Op, Where


def test_a_project_arrives_with_its_status_rate_size_and_own_fields(harbour: StudioKit) -> None:
    found = one(
        harbour, "Project", 701, "name", "project_status.name", "fps", "resolution", "start_date", "data"
    )
    assert found == {
        "name": "Night Harbour",
        "project_status.name": "Open",
        "fps": "24",
        "resolution": "2048x858",
        "start_date": "2031-03-01",
        "data": {"delivery_house": "Quayside Post"},
    }


def test_people_arrive_with_roles_and_departments_and_without_a_password(harbour: StudioKit) -> None:
    ines = one(harbour, "HumanUser", 702, "id", "email", "login", "role", "active", "full_name")
    assert (ines["email"], ines["login"], ines["role"], ines["active"], ines["full_name"]) == (
        "ines.okafor@harbour.test",
        "ines",
        "manager",
        True,
        "Ines Okafor",
    )
    assert one(harbour, "HumanUser", 703, "role", "active") == {"role": "vendor", "active": False}
    made = harbour.rows("Department", "id", where=Where("name", Op.EQ, "Lamp Making"))
    assert one(harbour, "HumanUser", 702, "departments*") == [made[0]["id"]]
    with harbour.studio.reads.connect() as connection:
        keys = sa.select(Credential.kind).where(Credential.person_id == uuid.UUID(ines["id"]))
        assert connection.scalars(keys).all() == []


def test_the_account_that_shotgun_makes_for_itself_is_skipped_and_no_error(harbour: StudioKit) -> None:
    assert harbour.rows("Person", "id", where=Where("shotgun_id", Op.EQ, 704)) == []
    assert reason(harbour, "persons 704") == ""


def test_a_step_is_a_task_type_in_the_department_of_its_first_word(harbour: StudioKit) -> None:
    assert one(harbour, "TaskType", 705, "name", "short_name", "color", "for_entity", "department.name") == {
        "name": "Fog Lighting",
        "short_name": "fog",
        "color": "#0ac8ff",
        "for_entity": "Shot",
        "department.name": "Fog",
    }


def test_a_status_is_ours_where_shotgun_has_the_same_and_new_where_not(harbour: StudioKit) -> None:
    assert one(harbour, "TaskStatus", 706, "name", "code", "shotgun_code", "color") == {
        "name": "Moored",
        "code": "moor",
        "shotgun_code": "moor",
        "color": "#010203",
    }
    assert one(harbour, "TaskStatus", 707, "name", "code", "is_wip") == {
        "name": "In Progress",
        "code": "wip",
        "is_wip": True,
    }


def test_episodes_sequences_scenes_and_shots_hang_together(harbour: StudioKit) -> None:
    assert one(harbour, "Sequence", 709, "episode.name", "status.code") == {
        "episode.name": "NH01",
        "status.code": "moor",
    }
    assert one(harbour, "Scene", 710, "name", "parent.name") == {"name": "DOCK-S1", "parent.name": "DOCK"}
    assert one(harbour, "Shot", 713, "sequence.name", "episode.name", "project.name") == {
        "sequence.name": "DOCK",
        "episode.name": "NH01",
        "project.name": "Night Harbour",
    }


def test_a_shot_keeps_its_cut_and_the_studios_own_fields_by_their_types(harbour: StudioKit) -> None:
    found = one(harbour, "Shot", 713, "nb_frames", "data")
    assert found["nb_frames"] == 40
    assert found["data"] == {
        "frame_in": 1001,
        "frame_out": 1040,
        "tide": "low",
        "fog_density": 0.5,
        "is_night": "true",
        "wet_date": "2031-05-04",
        "plate": "https://plates.test/1",
        "shot_type": "Hero",
        "head_in": 990,
        "rig": "Crane",
    }
    rows = harbour.rows(
        "FieldDescriptor",
        "field_name",
        "data_type",
        "choices",
        where=Where("project.shotgun_id", Op.EQ, 701),
    )
    types = {row["field_name"]: row["data_type"] for row in rows}
    assert types == {
        "tide": "string",
        "fog_density": "number",
        "is_night": "boolean",
        "wet_date": "date",
        "plate": "url",
        "shot_type": "list",
        "head_in": "number",
        "rig": "string",
    }
    assert [row["choices"] for row in rows if row["field_name"] == "shot_type"] == [["Hero"]]


def test_casting_comes_from_the_assets_of_a_shot_and_the_parents_of_an_asset(harbour: StudioKit) -> None:
    boat, lamp = one(harbour, "Asset", 711, "id"), one(harbour, "Asset", 712, "id")
    assert one(harbour, "Shot", 713, "entities_out*") == [boat]
    assert one(harbour, "Asset", 711, "entities_out*") == [lamp]


def test_a_task_arrives_with_its_step_status_dates_length_and_people(harbour: StudioKit) -> None:
    people = [one(harbour, "HumanUser", number, "id") for number in (702, 703)]
    found = one(
        harbour,
        "Task",
        715,
        "name",
        "task_type.name",
        "task_status.code",
        "start_date",
        "due_date",
        "estimation",
        "sort_order",
        "assigner_id",
        "entity.name",
        "assignees*",
    )
    assert found == {
        "name": "Fog pass",
        "task_type.name": "Fog Lighting",
        "task_status.code": "wip",
        "start_date": "2031-04-01T00:00:00+00:00",
        "due_date": "2031-04-09T00:00:00+00:00",
        "estimation": 960,
        "sort_order": 30,
        "assigner_id": people[0],
        "entity.name": "DOCK_010",
        "assignees*": people,
    }


def test_versions_are_previews_in_order_whose_movies_stay_where_they_are(harbour: StudioKit) -> None:
    paths = ("name", "revision", "status", "uploaded_movie_url", "uploaded_movie_name", "person.full_name")
    assert one(harbour, "PreviewFile", 716, *paths) == {
        "name": "DOCK_010_fog_v001",
        "revision": 1,
        "status": "missing",
        "uploaded_movie_url": "https://media.test/fog.mov",
        "uploaded_movie_name": "fog.mov",
        "person.full_name": "Ines Okafor",
    }
    assert one(harbour, "PreviewFile", 717, "revision") == 2


def test_a_note_is_a_comment_of_its_author_from_the_day_it_was_written(harbour: StudioKit) -> None:
    assert one(harbour, "Note", 718, "text", "title", "person.full_name", "created_at", "object_id") == {
        "text": "Thicker near the pier, please.",
        "title": "Fog",
        "person.full_name": "Ines Okafor",
        "created_at": "2031-04-03T09:30:00+00:00",
        "object_id": one(harbour, "Task", 715, "id"),
    }


def test_a_connection_puts_a_person_on_a_team(harbour: StudioKit) -> None:
    assert one(harbour, "Membership", 714, "project.name", "person.full_name") == {
        "project.name": "Night Harbour",
        "person.full_name": "Ines Okafor",
    }


@pytest.mark.parametrize("kind", ROWS)
def test_importing_a_list_again_changes_nothing_and_leaves_no_event(harbour: StudioKit, kind: str) -> None:
    events = len(harbour.events())
    again = run(harbour, kind, *copy.deepcopy(ROWS[kind]))
    assert (again.created, again.updated, again.errors) == (0, 0, 0)
    assert again.unchanged == len(again.ids) > 0
    assert len(harbour.events()) == events


def test_imported_rows_keep_their_shotgun_id_as_the_number_that_scripts_know(harbour: StudioKit) -> None:
    assert [one(harbour, kind, number, "number") for kind, number in (("Shot", 713), ("Task", 715))] == [
        713,
        715,
    ]
    made = harbour.create("Shot", name="by hand", project_id=one(harbour, "Project", 701, "id"))
    assert harbour.row("Shot", made, "number") > 718
