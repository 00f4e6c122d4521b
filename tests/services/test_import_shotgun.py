"""Shotgun's rows become rows of ours: matched by id, complete, changed by nothing when they come again."""

from __future__ import annotations

import copy
import itertools
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SuitePostgres
from tests.contracts.statements import noted
from tests.shotgun_rows import ROWS, link
from tests.studio import StudioKit, open_studio, unique
from zou_server.models.access import Credential
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Forbidden, Invalid, UnknownType
from zou_server.services.importers.shotgun.import_folder import import_folder
from zou_server.services.importers.shotgun.import_rows import Imported, import_rows
from zou_server.services.importers.shotgun.kinds import KINDS
from zou_server.services.importers.shotgun.remove_row import remove_row
from zou_server.services.importers.shotgun.run_import import PART, give_up, run_import, start_run

EXAMPLES = Path("/work/shared/data/shotgun")


def run(kit: StudioKit, kind: str, *rows: Any, actor: Actor = SYSTEM) -> Imported:
    with kit.studio.write(actor) as work:
        found = import_rows(work, kind, list(rows))
        work.commit()
    return found


def one(kit: StudioKit, kind: str, number: Any, *paths: str) -> Any:
    """The values of the one row of a facet with a Shotgun id."""
    rows = kit.rows(kind, *paths, where=Where("shotgun_id", Op.EQ, number))
    assert len(rows) == 1, rows
    return rows[0][paths[0]] if len(paths) == 1 else rows[0]


def reason(kit: StudioKit, about: str) -> str:
    """Why the record about a row was left; "" when there is none."""
    rows = kit.rows("DataImportError", "event_data", order=(Order("created_at"),))
    said = {f"{row['event_data']['kind']} {row['event_data']['id']}": row["event_data"] for row in rows}
    return str(said[about]["reason"]) if about in said else ""


class Numbers:
    """Ids of Shotgun's that no other test uses."""

    def __init__(self) -> None:
        self.last = 10_000

    def __next__(self) -> int:
        self.last += 1
        return self.last

    def __iter__(self) -> Iterator[int]:
        return self


numbers = Numbers()


@pytest.fixture(scope="module")
def harbour(kit: StudioKit) -> StudioKit:
    """The studio with all of the example in it."""
    for kind, rows in ROWS.items():
        assert run(kit, kind, *rows).errors == 0, kind
    return kit


@pytest.fixture
def project(kit: StudioKit) -> dict[str, Any]:
    """A new project, as a link of Shotgun's."""
    number = next(numbers)
    run(kit, "projects", {"id": number, "name": unique("Show")})
    return link("Project", number)


def shot(project: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"id": next(numbers), "code": unique("sh"), "project": project, **values}


def asset(project: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {
        "id": next(numbers),
        "code": unique("thing"),
        "project": project,
        "sg_asset_type": "Prop",
        **values,
    }


# -- every kind ------------------------------------------------------------------------------------


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


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the examples are not on this machine")
def test_the_files_that_studios_gave_us_can_be_imported_twice(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    files = {kind: EXAMPLES / f"{kind}.json" for kind in KINDS}
    lists = {kind: json.loads(path.read_text()) for kind, path in files.items() if path.exists()}
    assert len(lists) == len(list(EXAMPLES.iterdir()))
    with open_studio(postgres, tmp_path) as kit:
        for kind, rows in lists.items():
            found = run(kit, kind, *rows)
            assert (found.errors, len(found.ids)) == (0, len(rows)), kind
        events = len(kit.events())
        for kind, rows in lists.items():
            again = run(kit, kind, *rows)
            assert (again.errors, again.unchanged) == (0, len(rows)), kind
        assert len(kit.events()) == events


# -- matching --------------------------------------------------------------------------------------


def test_a_row_whose_name_changed_in_shotgun_is_renamed_not_made_again(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    row = shot(project, sg_cut_in=5)
    made = run(kit, "shots", row).ids
    new = unique("sh")
    assert run(kit, "shots", {**row, "code": new, "sg_cut_in": None}).ids == made
    assert kit.row("Shot", made[0], "name", "data") == {"name": new, "data": {"frame_in": 5}}


def test_what_was_made_by_hand_under_the_same_name_becomes_the_imported_row(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    mine = kit.create("Shot", name="sh001", project_id=one(kit, "Project", project["id"], "id"))
    row = shot(project, code="sh001")
    assert run(kit, "shots", row).ids == [mine]
    assert kit.row("Shot", mine, "shotgun_id") == row["id"]


def test_a_name_that_another_imported_row_has_is_refused_with_its_id(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    first, second = shot(project, code="same"), shot(project, code="same")
    run(kit, "shots", first)
    assert run(kit, "shots", second).ids == []
    assert (
        reason(kit, f"shots {second['id']}") == f"its name is that of another row, with the id {first['id']}"
    )


def test_two_rows_of_a_list_with_one_id_are_one_and_the_later_speaks(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    row = shot(project, description="first", sg_mood="calm")
    found = run(kit, "shots", row, {**row, "description": "second"})
    assert found.created == 1
    assert kit.row("Shot", found.ids[0], "description", "data") == {
        "description": "second",
        "data": {"mood": "calm"},
    }


def test_two_rows_that_swap_names_are_told_of_and_stop_nobody(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    first, second, third = shot(project, code="a"), shot(project, code="b"), shot(project, code="c")
    run(kit, "shots", first, second, third)
    found = run(
        kit, "shots", {**first, "code": "b"}, {**third, "description": "kept"}, {**second, "code": "a"}
    )
    assert found.errors <= 2
    assert kit.rows("Shot", "description", where=Where("shotgun_id", Op.EQ, third["id"])) == [
        {"description": "kept"}
    ]


def test_connections_are_known_by_project_and_person_whatever_their_ids(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    people = [{"id": next(numbers), "firstname": unique("P"), "lastname": "X"} for _ in range(2)]
    run(kit, "persons", *people)
    rows = [{"id": 1, "project": project, "user": link("HumanUser", each["id"])} for each in people]
    assert run(kit, "projectconnections", *rows, rows[0]).created == 2
    assert run(kit, "projectconnections", *rows).unchanged == 2


def test_a_note_on_two_tasks_is_a_comment_on_each(kit: StudioKit, project: dict[str, Any]) -> None:
    row = shot(project)
    run(kit, "shots", row)
    tasks = [
        {"id": next(numbers), "content": name, "project": project, "entity": link("Shot", row["id"])}
        for name in ("one", "two")
    ]
    run(kit, "tasks", *tasks)
    note = {"id": next(numbers), "content": "Both", "tasks": [link("Task", each["id"]) for each in tasks]}
    assert run(kit, "notes", note).created == 2
    assert run(kit, "notes", note).unchanged == 2


def test_a_status_for_concepts_gives_its_shotgun_code_up_to_the_one_for_tasks(kit: StudioKit) -> None:
    row = {"id": next(numbers), "code": "rej", "name": "Refused"}
    run(kit, "status", row)
    found = kit.rows("TaskStatus", "name", "for_concept", where=Where("shotgun_code", Op.EQ, "rej"))
    assert found == [{"name": "Refused", "for_concept": False}]


def test_whoever_imports_keeps_the_role_that_they_have(kit: StudioKit) -> None:
    admin = kit.person("admin")
    email = kit.row("Person", admin.person_id, "email")
    row = {
        "id": next(numbers),
        "firstname": "New",
        "lastname": "Name",
        "email": email,
        "permission_rule_set": link("PermissionRuleSet", 1, "Artist"),
        "sg_status_list": "dis",
    }
    run(kit, "persons", row, actor=admin)
    assert kit.row("Person", admin.person_id, "role", "active", "first_name") == {
        "role": "admin",
        "active": True,
        "first_name": "New",
    }


def test_an_asset_that_left_a_shot_in_shotgun_leaves_it_here_and_one_cast_by_hand_stays(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    things = [asset(project), asset(project)]
    run(kit, "assets", *things)
    row = shot(project, assets=[link("Asset", each["id"]) for each in things])
    made = run(kit, "shots", row).ids[0]
    project_id = one(kit, "Project", project["id"], "id")
    prop = kit.rows("AssetType", "id", where=Where("name", Op.EQ, "Prop"))[0]["id"]
    mine = kit.create("Asset", name="mine", project_id=project_id, entity_type_id=prop)
    kit.create("EntityLink", entity_in_id=made, entity_out_id=mine)
    again = run(kit, "shots", {**row, "assets": row["assets"][:1]})
    assert again.updated == 1
    kept = one(kit, "Asset", things[0]["id"], "id")
    assert kit.row("Shot", made, "entities_out*") == sorted([kept, str(mine)], key=[kept, str(mine)].index)


def test_people_on_a_task_whom_shotgun_does_not_know_stay_on_it(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    people = [{"id": next(numbers), "firstname": unique("P"), "lastname": "X"} for _ in range(2)]
    run(kit, "persons", *people)
    row = shot(project)
    run(kit, "shots", row)
    task = {
        "id": next(numbers),
        "content": "work",
        "project": project,
        "entity": link("Shot", row["id"]),
        "task_assignees": [link("HumanUser", people[0]["id"])],
    }
    made = run(kit, "tasks", task).ids[0]
    mine = kit.person().person_id
    first, second = (one(kit, "HumanUser", each["id"], "id") for each in people)
    kit.update("Task", made, assignees=[first, mine])
    run(kit, "tasks", {**task, "task_assignees": [link("HumanUser", people[1]["id"])]})
    assert set(kit.row("Task", made, "assignees*")) == {str(mine), second}


def test_a_project_that_lists_its_steps_and_types_gains_those_that_come(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    id_ = uuid.UUID(one(kit, "Project", project["id"], "id"))
    mine = {name: str(kit.create(name, name=unique("mine"))) for name in ("TaskType", "AssetType")}
    step, row = {"id": next(numbers), "code": unique("Step")}, asset(project)
    task = {"id": next(numbers), "content": "t", "project": project, "entity": link("Asset", row["id"])}
    lists = {"steps": step, "assets": row, "tasks": {**task, "step": link("Step", step["id"])}}
    for kind, sent in lists.items():
        run(kit, kind, sent)
    assert kit.row("Project", id_, "task_types*", "asset_types*") == {"task_types*": [], "asset_types*": []}
    kit.update("Project", id_, task_types=[mine["TaskType"]], asset_types=[mine["AssetType"]])
    for kind, sent in lists.items():
        assert run(kit, kind, sent).unchanged == 1
    prop = kit.rows("AssetType", "id", where=Where("name", Op.EQ, "Prop"))[0]["id"]
    found = kit.row("Project", id_, "task_types*", "asset_types*")
    assert set(found["task_types*"]) == {mine["TaskType"], one(kit, "TaskType", step["id"], "id")}
    assert set(found["asset_types*"]) == {mine["AssetType"], prop}


def test_the_last_comment_of_a_task_may_be_an_imported_one(harbour: StudioKit) -> None:
    assert one(harbour, "Task", 715, "last_comment_date") == "2031-04-03T09:30:00+00:00"


# -- what is missing and what is wrong -------------------------------------------------------------


def test_a_shot_whose_sequence_comes_later_is_taken_in_told_of_and_completed(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    sequence = {"id": next(numbers), "code": "LATE", "project": project}
    row = shot(project, sg_sequence=link("Sequence", sequence["id"], "LATE"))
    made = run(kit, "shots", row)
    assert made.errors == 1
    assert kit.row("Shot", made.ids[0], "parent_id") is None
    assert reason(kit, f"shots {row['id']}") == (
        f"sg_sequence: Sequence {sequence['id']} 'LATE' was not imported yet"
    )
    run(kit, "sequences", sequence)
    again = run(kit, "shots", row)
    assert (again.ids, again.updated, again.errors) == (made.ids, 1, 0)
    assert kit.row("Shot", made.ids[0], "sequence.name") == "LATE"
    assert reason(kit, f"shots {row['id']}") == ""


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        ("shots", {"code": "x"}, "project: is missing"),
        ("shots", {"project": link("Project", 999_999)}, "code: is missing"),
        ("shots", {"code": "x", "project": link("Project", 999_999, "P")}, "project: Project 999999 'P' was"),
        ("shots", {"code": "x", "project": 5}, "project: '5' is no link to another row"),
        ("tasks", {"content": "x", "project": None}, "project: is missing"),
        ("versions", {"code": "x"}, "sg_task: is missing"),
        (
            "versions",
            {"code": "x", "sg_task": link("Task", 999_999)},
            "sg_task: Task 999999 was not imported",
        ),
        ("notes", {"content": "x", "tasks": []}, "tasks: is missing"),
        ("notes", {"content": "x", "tasks": [link("Task", 999_999)]}, "none of them was imported yet"),
        ("status", {"name": "no code"}, "code: is missing"),
        ("steps", {"code": "x" * 41}, "name: is longer than 40 characters"),
        ("steps", {"code": "  "}, "code: is empty"),
        ("projects", {"name": ["a"]}, "name: '['a']' is not a text"),
        ("projects", {"name": "nul \x00 inside"}, "is not a text"),
        ("persons", {"email": "a" * 300}, "email: is longer than 254 characters"),
        ("persons", {}, "firstname: is missing"),
        ("projectconnections", {"project": link("Project", 1)}, "user: is missing"),
    ],
)
def test_a_row_that_cannot_be_taken_in_leaves_a_record_with_the_reason(
    kit: StudioKit, kind: str, row: dict[str, Any], why: str
) -> None:
    number = next(numbers)
    found = run(kit, kind, {"id": number, **row})
    assert (found.ids, found.errors) == ([], 1)
    assert why in reason(kit, f"{kind} {number}")


@pytest.mark.parametrize("number", [None, "abc", 0, -1, 2**31, 10**18, 1.5, True, [], {}])
def test_an_id_that_is_none_leaves_a_record_once(kit: StudioKit, number: Any) -> None:
    row = {"id": number, "name": unique("Show")}
    before = len(kit.rows("DataImportError", "id"))
    assert run(kit, "projects", row).errors == 1
    run(kit, "projects", row)
    assert len(kit.rows("DataImportError", "id")) == before + 1


def test_a_bad_row_stops_no_other(kit: StudioKit, project: dict[str, Any]) -> None:
    rows: list[Any] = [shot(project) for _ in range(20)]
    rows[7] = {**rows[7], "code": "x" * 200}
    rows[11] = "no object"
    rows[13] = {**rows[13], "sg_cut_in": "early", "sg_cut_out": 12}
    found = run(kit, "shots", *rows)
    assert (found.created, found.errors) == (18, 3)
    assert kit.row("Shot", found.ids[-7], "data") == {"frame_out": 12}


def test_what_the_database_alone_can_refuse_stops_no_other_either(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    taken = [shot(project) for _ in range(2)]
    run(kit, "shots", *taken)
    others = [shot(project) for _ in range(5)]
    renamed = {**taken[1], "code": taken[0]["code"]}
    events = len(kit.events())
    found = run(kit, "shots", *others[:3], renamed, *others[3:])
    assert (found.created, found.errors) == (5, 1)
    assert reason(kit, f"shots {renamed['id']}").endswith("has already been taken")
    assert {event["action"] for event in kit.events()[events:]} == {"create"}


def test_a_sequence_of_another_project_is_refused_for_that_shot_alone(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    elsewhere = {"id": next(numbers), "name": unique("Other")}
    sequence = {"id": next(numbers), "code": "FAR", "project": link("Project", elsewhere["id"])}
    run(kit, "projects", elsewhere)
    run(kit, "sequences", sequence)
    wrong, right = shot(project, sg_sequence=link("Sequence", sequence["id"])), shot(project)
    found = run(kit, "shots", wrong, right)
    assert (found.created, found.errors) == (1, 1)
    assert reason(kit, f"shots {wrong['id']}") == "parent: is in another project"


def test_values_that_cannot_be_read_are_left_out_and_the_row_is_taken_in(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    row = shot(
        project,
        sg_cut_in=50,
        sg_cut_out=10,
        description=["no", "text"],
        assets="no list",
        sg_shot_type={"name": "x\x00"},
        **{"sg_bad key!": 1},
    )
    found = run(kit, "shots", row)
    assert found.created == 1
    said = reason(kit, f"shots {row['id']}")
    for part in ("10 comes before", "description:", "assets:", "sg_shot_type:", "sg_bad key!:"):
        assert part in said


def test_a_role_that_we_have_not_is_told_of(kit: StudioKit) -> None:
    row = {
        "id": next(numbers),
        "firstname": unique("P"),
        "permission_rule_set": link("PermissionRuleSet", 9, "Lighthouse Keeper"),
    }
    made = run(kit, "persons", row)
    assert kit.row("Person", made.ids[0], "role") == "user"
    assert "there is no role for 'Lighthouse Keeper'" in reason(kit, f"persons {row['id']}")


def test_a_type_of_assets_that_cannot_be_is_left_out_and_the_others_are_made(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    good = unique("Buoy")
    rows = [asset(project, sg_asset_type=word) for word in ("Shot", good, "x" * 31)]
    made = run(kit, "assets", *rows)
    assert (made.created, made.errors) == (3, 2)
    assert [one(kit, "Asset", row["id"], "entity_type.name") for row in rows] == ["Asset", good, "Asset"]
    assert "has already been taken" in reason(kit, f"assets {rows[0]['id']}")
    assert "is longer than 30 characters" in reason(kit, f"assets {rows[2]['id']}")


def test_two_statuses_never_become_one(kit: StudioKit) -> None:
    mine = kit.create("TaskStatus", name=unique("Ashore"), code="ashore", shotgun_code="ash")
    rows = [{"id": next(numbers), "code": code, "name": unique(code)} for code in ("ash", "ashore")]
    for _ in range(2):
        assert run(kit, "status", *rows).ids == [mine]
        assert kit.row("TaskStatus", mine, "shotgun_id") == rows[0]["id"]
    assert reason(kit, f"status {rows[1]['id']}") != ""


def test_a_run_that_breaks_down_ends_with_a_reason(kit: StudioKit, project: dict[str, Any]) -> None:
    run_id = start(kit, "shots", [shot(project)])
    give_up(kit.studio, run_id, "It broke down.")
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, "state", "reason", "created") == {
        "state": "failed",
        "reason": "It broke down.",
        "created": 0,
    }


def test_nobody_is_notified_of_what_happened_elsewhere_long_ago(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    person = {"id": next(numbers), "firstname": unique("P")}
    row = shot(project)
    task = {"id": next(numbers), "content": "t", "project": project, "entity": link("Shot", row["id"])}
    task["task_assignees"] = [link("HumanUser", person["id"])]
    team = {"id": next(numbers), "project": project, "user": link("HumanUser", person["id"])}
    note = {"id": next(numbers), "content": "old", "tasks": [link("Task", task["id"])]}
    lists = {"persons": person, "projectconnections": team, "shots": row, "tasks": task, "notes": note}
    admin = kit.person("admin")
    for kind, sent in lists.items():
        assert run(kit, kind, sent, actor=admin).created == 1
    assert kit.rows("Notification", "id") == []


def test_nobody_but_administrators_imports_or_removes(kit: StudioKit, project: dict[str, Any]) -> None:
    project_id = uuid.UUID(one(kit, "Project", project["id"], "id"))
    for role in ("manager", "supervisor", "user", "client", "vendor"):
        actor = kit.person(role, {project_id: None})
        with pytest.raises(Forbidden):
            run(kit, "shots", shot(project), actor=actor)
        with pytest.raises(Forbidden), kit.studio.write(actor) as work:
            remove_row(work, "projects", project["id"])
    assert one(kit, "Project", project["id"], "name")


def test_records_are_hidden_from_everybody_but_administrators(kit: StudioKit) -> None:
    run(kit, "projects", "no object")
    assert kit.rows("DataImportError", "id")
    for role in ("manager", "supervisor", "user", "client", "vendor"):
        assert kit.rows("DataImportError", "id", actor=kit.person(role)) == []


def test_a_kind_that_there_is_not_is_refused_by_name(kit: StudioKit) -> None:
    with pytest.raises(UnknownType, match="There is no import of 'boats'"):
        run(kit, "boats")


# -- removal ---------------------------------------------------------------------------------------


def remove(kit: StudioKit, kind: str, number: int) -> uuid.UUID | None:
    with kit.studio.write(SYSTEM) as work:
        found = remove_row(work, kind, number)
        work.commit()
    return found


def test_removing_takes_the_row_and_what_belongs_to_it(kit: StudioKit, project: dict[str, Any]) -> None:
    row = shot(project)
    made = run(kit, "shots", row).ids[0]
    task = {"id": next(numbers), "content": "t", "project": project, "entity": link("Shot", row["id"])}
    run(kit, "tasks", task)
    assert remove(kit, "shots", row["id"]) == made
    assert remove(kit, "shots", row["id"]) is None
    assert kit.row("Shot", made, "id") is None
    assert kit.rows("Task", "id", where=Where("shotgun_id", Op.EQ, task["id"])) == []


def test_what_was_removed_is_made_anew_when_it_is_imported_again(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    row = shot(project)
    made = run(kit, "shots", row).ids[0]
    remove(kit, "shots", row["id"])
    again = run(kit, "shots", row)
    assert again.created == 1
    assert again.ids != [made]


# -- many rows -------------------------------------------------------------------------------------


def _many(project: dict[str, Any], count: int) -> dict[str, list[Any]]:
    """Lists of every kind that grows, `count` rows each, all referring to each other."""
    people = [{"id": next(numbers), "firstname": unique("P"), "lastname": "Y"} for _ in range(count)]
    things = [asset(project, sg_weight=place) for place in range(count)]
    for child, parent in itertools.pairwise(things):
        child["parents"] = [link("Asset", parent["id"])]
    sequences = [{"id": next(numbers), "code": unique("sq"), "project": project} for _ in range(count)]
    shots = [
        shot(
            project,
            sg_sequence=link("Sequence", sequence["id"]),
            assets=[link("Asset", thing["id"])],
            sg_mood=str(place),
            sg_cut_in=place,
        )
        for place, (sequence, thing) in enumerate(zip(sequences, things, strict=True))
    ]
    tasks = [
        {
            "id": next(numbers),
            "content": "work",
            "project": project,
            "entity": link("Shot", each["id"]),
            "task_assignees": [link("HumanUser", person["id"])],
            "sg_status_list": "ip",
        }
        for each, person in zip(shots, people, strict=True)
    ]
    versions = [
        {"id": next(numbers), "code": unique("v"), "sg_task": link("Task", each["id"])} for each in tasks
    ]
    notes = [{"id": next(numbers), "content": "hm", "tasks": [link("Task", each["id"])]} for each in tasks]
    teams = [
        {"id": next(numbers), "project": project, "user": link("HumanUser", person["id"])}
        for person in people
    ]
    return {
        "persons": people,
        "assets": things,
        "sequences": sequences,
        "shots": shots,
        "projectconnections": teams,
        "tasks": tasks,
        "versions": versions,
        "notes": notes,
    }


def _changed(kind: str, row: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
    """The row as it comes another day: other words, other links."""
    words = {"persons": "lastname", "versions": "description", "notes": "content"}
    found = {**row, words.get(kind, "description"): unique("changed")}
    if kind == "tasks":
        found["task_assignees"] = [*row["task_assignees"], *others[0]["task_assignees"]]
    return found


def test_statements_do_not_grow_with_the_rows_of_a_list(kit: StudioKit, project: dict[str, Any]) -> None:
    counted: dict[tuple[str, str], list[int]] = {}
    numbers.last += 1_000_000  # so that none is taken: a number of ours costs a statement
    for count in (3, 30):
        for kind, rows in _many(project, count).items():
            again = [_changed(kind, row, rows) for row in rows]
            for what, sent in (("new", rows), ("same", rows), ("changed", again)):
                with noted(kit.studio.reads, kit.studio.writes) as statements:
                    assert run(kit, kind, *sent).errors == 0, kind
                counted.setdefault((kind, what), []).append(len(statements))
    grown = {key: pair for key, pair in counted.items() if pair[1] > pair[0]}
    assert grown == {}


def test_thousands_of_rows_are_taken_in_at_once(kit: StudioKit, project: dict[str, Any]) -> None:
    rows = [shot(project, sg_cut_in=n, sg_cut_duration=10, sg_tide=f"{n % 7}") for n in range(3_000)]
    assert run(kit, "shots", *rows).created == len(rows)
    assert run(kit, "shots", *rows).unchanged == len(rows)


# -- in the background -----------------------------------------------------------------------------


def start(kit: StudioKit, kind: str, rows: list[Any], actor: Actor = SYSTEM) -> uuid.UUID:
    with kit.studio.write(actor) as work:
        found = start_run(work, kind, rows)
        work.commit()
    assert kit.jobs("import_shotgun")[-1] == {"run_id": str(found)}
    return found


STATE = ("state", "percent", "total", "done", "created", "updated", "unchanged", "errors", "reason")


def test_a_run_imports_in_parts_and_says_how_far_it_is(kit: StudioKit, project: dict[str, Any]) -> None:
    things = [asset(project) for _ in range(PART + 1)]
    things[0]["parents"] = [link("Asset", things[-1]["id"])]  # which the first part does not know yet
    rows: list[Any] = [*things, {"id": next(numbers), "code": "nowhere"}]
    run_id = start(kit, "assets", rows)
    assert kit.row("ImportRun", run_id, "state", "percent") == {"state": "waiting", "percent": 0}
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, *STATE) == {
        "state": "done",
        "percent": 100,
        "total": PART + 2,
        "done": PART + 2,
        "created": PART + 1,
        "updated": 0,
        "unchanged": 0,
        "errors": 1,
        "reason": None,
    }
    assert one(kit, "Asset", things[-1]["id"], "entities_out*") == [one(kit, "Asset", things[0]["id"], "id")]


def test_a_run_that_was_stopped_goes_on_where_it_was(kit: StudioKit, project: dict[str, Any]) -> None:
    run_id = start(kit, "shots", [shot(project) for _ in range(3)])
    kit.update("ImportRun", run_id, done=2, created=2, state="running")
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, "state", "done", "created") == {
        "state": "done",
        "done": 3,
        "created": 3,
    }


def test_a_run_of_somebody_who_is_no_administrator_any_more_fails(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    admin = kit.person("admin")
    run_id = start(kit, "shots", [shot(project)], admin)
    kit.update("Person", admin.person_id, role="user")
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, "state", "reason") == {
        "state": "failed",
        "reason": "Whoever started this import is no administrator any more.",
    }


def test_a_folder_of_files_is_a_whole_site(postgres: SuitePostgres, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for kind, rows in ROWS.items():
        (folder / f"{kind}.json").write_text(json.dumps(rows))
    with open_studio(postgres, tmp_path) as kit:
        first, again = list(import_folder(kit.studio, folder)), list(import_folder(kit.studio, folder))
        assert {each.name: each.created for each in first} == {
            f"{kind}.json": len(rows) - (kind == "persons") for kind, rows in ROWS.items()
        } | {"status.json": 1}  # the other is a status of ours
        assert sum(each.errors for each in first) == 0
        assert {(each.created, each.updated, each.errors) for each in again} == {(0, 0, 0)}
        (folder / "shots.json").write_text("{}")
        with pytest.raises(Invalid, match=r"shots\.json is no list"):
            list(import_folder(kit.studio, folder))
        with pytest.raises(Invalid, match=r"has none of projects\.json"):
            list(import_folder(kit.studio, tmp_path))


# -- anything at all -------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "x" * 700, "2031-13-45", "9999-12-31", "0001-01-01", "1,2,3", "-1", "act"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "name", "type", "url", "x"]), inner, max_size=4),
        st.fixed_dictionaries(
            {"id": st.integers(-1, 720), "type": st.sampled_from(["Shot", "Asset", "Project", "Task"])}
        ),
    ),
    max_leaves=6,
)


def _rows_of(kind: str) -> st.SearchStrategy[Any]:
    keys = sorted({"id", "sg_any", "sg_", "sg_\x00", *KINDS[kind].keys})
    wrong = st.dictionaries(st.sampled_from(keys), ANYTHING, max_size=len(keys))
    spoiled = st.tuples(st.sampled_from(ROWS[kind]), wrong).map(lambda pair: {**pair[0], **pair[1]})
    return st.lists(st.one_of(ANYTHING, wrong, spoiled), max_size=4)


@pytest.mark.parametrize("kind", ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_row_whatever_it_holds_breaks_an_import(
    harbour: StudioKit, kind: str, data: st.DataObject
) -> None:
    rows = data.draw(_rows_of(kind))
    with harbour.studio.write(SYSTEM) as work:
        found = import_rows(work, kind, rows)
        work.session.flush()
        again = import_rows(work, kind, rows)  # in the same transaction, which is thrown away
    assert again.created == 0
    assert len(found.incomplete) <= len(rows)
