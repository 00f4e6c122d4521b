"""What makes lists quick in a big studio says the same as what it stands for."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import create_engine

from tests.big_studio.plans import asked, nodes, plans
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import EVERYTHING, Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling

NUMBERS = (Order("number"),)
KINDS = ("Sequence", "Shot", "Task", "Note", "Version")


def listed(kit: StudioKit, kind: str, where: Condition, order: tuple[Order, ...] = ()) -> list[uuid.UUID]:
    return [uuid.UUID(row["id"]) for row in kit.rows(kind, "id", "number", where=where, order=order)]


def test_rows_that_moved_to_another_project_are_found_there_in_the_order_of_their_numbers(
    kit: StudioKit,
) -> None:
    here, there = kit.project(), kit.project()
    sequence = kit.create("Sequence", name="SQ010", project_id=here)
    shots = [kit.create("Shot", name=f"SH{n}", parent_id=sequence) for n in range(3)]
    step = kit.rows("TaskType", limit=1)[0]["id"]
    tasks = [kit.create("Task", name="main", entity_id=shot, task_type_id=step) for shot in shots]
    made = {
        "Sequence": [sequence],
        "Shot": shots,
        "Task": tasks,
        "Note": [kit.create("Note", object_id=task, text="So far so good") for task in tasks],
        "Version": [kit.create("Version", name="v001", task_id=task, object_id=shots[0]) for task in tasks],
    }
    kit.update("Sequence", sequence, project_id=there)
    for kind in KINDS:
        inside, outside = (Where("project_id", Op.EQ, str(each)) for each in (there, here))
        assert listed(kit, kind, inside, NUMBERS) == made[kind], kind
        assert listed(kit, kind, outside, NUMBERS) == [], kind
        assert sorted(listed(kit, kind, inside)) == sorted(made[kind]), kind


def test_the_numbers_of_a_project_are_read_in_their_order_by_an_index(kit: StudioKit) -> None:
    query = Query(
        facet("Task"),
        Projection((Output("id", "number"),)),
        Where("project_id", Op.EQ, str(uuid.uuid4())),
        NUMBERS,
        limit=501,
    )
    with asked(kit.studio.reads) as statements:
        kit.studio.read(SYSTEM).page(query, Spelling())
    # A studio of this size is read from end to end and sorted, unless it has to do without.
    options = "-c enable_seqscan=off -c enable_sort=off -c enable_incremental_sort=off"
    engine = create_engine(kit.settings.database_url, connect_args={"options": options})
    ((_, plan),) = [each for each in plans(engine, statements) if "FROM task" in each[0]]
    engine.dispose()
    steps = list(nodes(plan))
    assert [step["Node Type"] for step in steps if "Sort" in step["Node Type"]] == []
    (scan,) = [step for step in steps if step.get("Relation Name") == "object"]
    assert scan["Node Type"].startswith("Index")
    assert "project_id" in scan["Index Cond"], scan


def test_the_events_of_a_project_are_found_though_they_have_no_identities(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    where = Where("project_id", Op.EQ, str(project))
    for order in ((), NUMBERS):
        for kind in ("ApiEvent", "EventLog"):
            found = kit.rows(kind, "object_id", where=where, order=order)
            assert str(shot) in {row["object_id"] for row in found}, (kind, order)


@pytest.fixture(name="mine")
def vendor_with_two_of_four_tasks(kit: StudioKit) -> tuple[Actor, dict[str, list[uuid.UUID]]]:
    """A vendor, and the ids of what is theirs."""
    project = kit.project()
    vendor = kit.person("vendor", {project: "vendor"})
    tasks = [kit.create("Task", name="main", entity_id=kit.shot(project)) for _ in range(4)]
    for task in tasks[:2]:
        kit.create("Assignation", task_id=task, person_id=vendor.person_id)
    notes = [kit.create("Note", object_id=task, text="Look") for task in tasks]
    return vendor, {"Task": tasks[:2], "Note": notes[:2]}


@pytest.mark.parametrize("kind", ["Task", "Note"])
def test_a_vendor_sees_the_same_in_lists_and_by_name(
    kit: StudioKit, mine: tuple[Actor, dict[str, list[uuid.UUID]]], kind: str
) -> None:
    vendor, theirs = mine
    in_list = {uuid.UUID(row["id"]) for row in kit.rows(kind, "id", actor=vendor)}
    by_name = {
        each
        for each in listed(kit, kind, EVERYTHING)
        if kit.rows(kind, "id", where=Where("id", Op.EQ, str(each)), actor=vendor)
    }
    assert in_list == by_name == set(theirs[kind])
