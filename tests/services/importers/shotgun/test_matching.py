"""Which row of ours a row of Shotgun is: by its id, by its name, by who it is."""

from __future__ import annotations

import uuid
from typing import Any

from tests.services.importers.shotgun.rows import asset, numbers, one, reason, run, shot
from tests.shotgun_rows import link
from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where


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
