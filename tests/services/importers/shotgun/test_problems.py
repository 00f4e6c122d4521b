"""What is missing and what is wrong: a record with the reason, and no other row stopped."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.services.importers.shotgun.rows import asset, numbers, one, reason, run, shot
from tests.services.importers.shotgun.test_runs import start
from tests.shotgun_rows import link
from tests.studio import StudioKit, unique
from zou_server.models.errors import Forbidden, UnknownType
from zou_server.services.importers.shotgun.remove_row import remove_row
from zou_server.services.importers.shotgun.run_import import give_up, run_import


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
    rows[7] = {**rows[7], "code": "x" * 256}
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


@pytest.mark.parametrize("large", [2**64, 2.0**64, -1e300])
def test_a_refused_row_is_kept_whatever_numbers_it_holds(kit: StudioKit, large: float) -> None:
    run(kit, "projects", {"large": large})
    kept = [record["event_data"]["row"] for record in kit.rows("DataImportError", "event_data")]
    assert {"large": str(large)} in kept


def test_a_kind_that_there_is_not_is_refused_by_name(kit: StudioKit) -> None:
    with pytest.raises(UnknownType, match="There is no import of 'boats'"):
        run(kit, "boats")
