"""ftrack_api, unmodified, finds rows and walks their relations."""

from __future__ import annotations

import json
import sys
import time
import uuid

import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import (
    MultipleResultsFoundError,
    Session,
    Site,
)
from zou_server.blueprints.ftrack.constants import OBJECT_TYPES
from zou_server.blueprints.ftrack.queries.parser import parse
from zou_server.blueprints.ftrack.queries.place import At
from zou_server.blueprints.ftrack.queries.translate import condition
from zou_server.blueprints.ftrack.vocabulary import WireType, wire_type
from zou_server.models.base import utc_now
from zou_server.models.conditions import Output, Projection, Query
from zou_server.query.spelling import Spelling
from zou_server.query.statements import AnswerShape, statement_for


def test_a_shot_is_found_through_its_parent_and_project(session: Session, show: Show) -> None:
    found = session.query(
        f'Shot where parent.name is "SQ010" and project.name is "{show.name}" order by name'
    )

    assert names(found) == ["SH000", "SH001", "SH002"]


def test_get_returns_the_row_or_none(session: Session, show: Show) -> None:
    assert session.get("Shot", show.shots[0])["name"] == "SH000"
    assert session.get("Context", show.shots[1]).entity_type == "Shot"
    assert session.get("Shot", str(uuid.uuid4())) is None
    assert session.get("Shot", "no uuid at all") is None
    assert session.get("Shot", show.task) is None


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ('name like "SH00%" and not name is SH001', {"SH000", "SH002"}),
        ("name in (SH000, sh001)", {"SH000", "SH001"}),
        ('name not_in ("SH000") and description is_not "TAKE 1"', {"SH002"}),
        ('name=SH000 or (name="SH001"and description like "%1")', {"SH000", "SH001"}),
        ("children any ()", {"SH000"}),
        ("not children any ()", {"SH001", "SH002"}),
        ('children any (name is "animation" and status.state.short is IN_PROGRESS)', {"SH000"}),
        ('children.type.name is "animation"', {"SH000"}),
        ('parent has (name is "sq010" and parent.name like "show%")', {"SH000", "SH001", "SH002"}),
        ("parent[Sequence].name is SQ010 and parent[Folder].name is_not SQ010", set()),
        ('ancestors any (name is "SQ010")', {"SH000", "SH001", "SH002"}),
        ("status is none and description is None", set()),
        ("status.name is Todo and type.name is Shot", {"SH000", "SH001", "SH002"}),
        ('descendants any (name is "animation")', {"SH000"}),
        ("not descendants any ()", {"SH001", "SH002"}),
        ('object_type.name is "Shot" and context_type = task', {"SH000", "SH001", "SH002"}),
        ("object_type.name is_not Shot", set()),
        ('id in (select parent_id from Task where name is "animation")', {"SH000"}),
        ('id not_in (select parent_id from Task where name is "animation")', {"SH001", "SH002"}),
        (
            'created_at > "2020-01-01" and created_at before "2999-01-01T00:00:00+02:00"',
            {"SH000", "SH001", "SH002"},
        ),
        ("project.status is active and project.status is_not hidden", {"SH000", "SH001", "SH002"}),
        ("assignments any ()", set()),
        ("priority.value <= 0", {"SH000", "SH001", "SH002"}),
    ],
)
def test_criteria_find_the_rows(session: Session, show: Show, criteria: str, expected: set[str]) -> None:
    found = session.query(f"Shot where project_id is {show.project} and ({criteria})")

    assert set(names(found)) == expected


def test_rows_come_in_order_and_in_pages(session: Session, show: Show) -> None:
    mine = f"Shot where project_id is {show.project}"

    assert names(session.query(f"{mine} order by name descending")) == ["SH002", "SH001", "SH000"]
    assert names(session.query(f"{mine} order by name offset 1 limit 1")) == ["SH001"]
    assert names(session.query(f"{mine} order by parent.name, name limit 2 offset 1")) == ["SH001", "SH002"]
    assert names(session.query(f"{mine} order by name", page_size=2)) == ["SH000", "SH001", "SH002"]
    assert session.query(f"{mine} order by name").first()["name"] == "SH000"
    with pytest.raises(MultipleResultsFoundError):
        session.query(mine).one()


def test_the_last_page_says_that_it_is_the_last(site: Site, show: Show) -> None:
    def next_offset(limit: int) -> int | None:
        expression = f"Shot where project_id is {show.project} limit {limit}"
        answer = site.post([{"action": "query", "expression": expression}]).json()[0]
        assert len(answer["data"]) == min(limit, 3)
        found: int | None = answer["metadata"]["next"]["offset"]
        return found

    assert [next_offset(limit) for limit in (1, 2, 3, 4)] == [1, 2, None, None]


def test_projections_nest_along_relations(site: Site, show: Show) -> None:
    expression = (
        "select name, parent.name, parent.parent.full_name, parent.description, status.name, "
        f"status.state.name, type.name, bid, object_type.name from Task where id is {show.task}"
    )
    (row,) = site.post([{"action": "query", "expression": expression}]).json()[0]["data"]

    assert row["__entity_type__"] == "Task"
    assert row["id"] == show.task
    assert row["bid"] == 8 * 3600
    assert row["parent"]["__entity_type__"] == "Shot"
    assert (row["parent"]["name"], row["parent"]["description"]) == ("SH000", "take 0")
    assert row["parent"]["parent"]["__entity_type__"] == "Sequence"
    assert "full_name" not in row["parent"]["parent"]
    assert row["status"]["state"]["name"] == "In progress"
    assert (row["type"]["__entity_type__"], row["type"]["name"]) == ("Type", "Animation")
    assert row["object_type"]["name"] == "Task"


def test_the_tree_of_contexts_is_walked_in_both_directions(session: Session, show: Show) -> None:
    task = session.get("Task", show.task)
    project = session.get("Project", show.project)

    assert [(each["type"], each["name"]) for each in task["link"]] == [
        ("Project", show.name),
        ("TypedContext", "SQ010"),
        ("TypedContext", "SH000"),
        ("TypedContext", "animation"),
    ]
    assert [each["name"] for each in project["link"]] == [show.name]
    assert names(task["ancestors"]) == ["SQ010", "SH000"]
    assert task["parent"]["parent"]["parent"] is project
    assert project["parent"] is None
    assert project["children"][0]["parent"] is project
    assert names(project["children"]) == ["SQ010"]
    assert set(names(project["descendants"])) == {"SQ010", "SH000", "SH001", "SH002", "animation"}
    assert set(names(session.get("Sequence", show.sequence)["descendants"])) == {
        "SH000",
        "SH001",
        "SH002",
        "animation",
    }


def test_a_base_type_answers_with_concrete_rows(session: Session, show: Show) -> None:
    found = session.query(f'TypedContext where project_id is {show.project} and name like "S%" order by name')

    assert [each.entity_type for each in found] == ["Shot", "Shot", "Shot", "Sequence"]


def test_the_workflow_has_the_statuses_and_types(session: Session) -> None:
    schema = session.query("ProjectSchema").first()

    assert {"Todo", "Done"} <= set(names(schema.get_statuses("Task")))
    shots, versions = names(schema.get_statuses("Shot")), names(schema.get_statuses("AssetVersion"))
    assert ("Complete" in shots, "Complete" in versions, "Viewed" in shots) == (True, False, False)
    assert "Viewed" in versions
    assert not {"Complete", "Viewed"} & set(names(schema.get_statuses("Task")))
    assert "Open" not in names(schema.get_statuses("Task"))
    assert {"Modeling", "Animation"} <= set(names(schema.get_types("Task")))
    assert {"Character", "Prop"} <= set(names(schema.get_types("AssetBuild")))
    assert names(schema.get_types("Shot")) == ["Shot"]
    assert {each["state"]["short"] for each in schema.get_statuses("Task")} == {
        "NOT_STARTED",
        "IN_PROGRESS",
        "DONE",
        "BLOCKED",
    }


def test_the_fixed_rows_have_the_ids_that_clients_know(session: Session) -> None:
    for name, row in OBJECT_TYPES.items():
        assert session.get("ObjectType", row["id"])["name"] == row["name"]
        assert session.types[name].attributes.get("object_type_id").default_value == row["id"]
    assert session.get("Priority", "9661b320-3a0c-11e2-81c1-0800200c9a66")["value"] == 0
    assert session.query('Location where name is "ftrack.server"').one()["id"].startswith("3a372bde")
    setting = session.query(
        'select value from Setting where name is "storage_scenario" and group is "STORAGE"'
    ).one()
    assert json.loads(setting["value"])["scenario"] == "ftrack.automatic"


def test_thousands_of_composite_keys_cost_no_more_each_than_hundreds() -> None:
    """What the client asks to fill attributes of rows that have two keys: `(a is x and b is y) or ...`."""
    assert min(read_and_compiled(3000) for _ in range(3)) < 20 * min(read_and_compiled(300) for _ in range(3))


def read_and_compiled(count: int) -> float:
    """The processor seconds that it takes to read and compile a question for so many keys."""
    keys = (f"(context_id is '{uuid.uuid4()}' and resource_id is '{uuid.uuid4()}')" for _ in range(count))
    began = time.process_time()
    criteria = parse(f"select id from Appointment where {' or '.join(keys)}").where
    wire = wire_type("Appointment")
    assert isinstance(wire, WireType)
    for member in wire.members:
        where = condition(At(wire, member, utc_now()), criteria)
        query = Query(member.facet, Projection((Output("id", "id"),)), where)
        statement_for(query, Spelling(), AnswerShape.ARRAY)
    return time.process_time() - began


def test_three_thousand_composite_keys_are_answered(session: Session, show: Show) -> None:
    keys = [f"(id is '{uuid.uuid4()}' and name is 'SH{number:04}')" for number in range(3000)]
    keys[1234] = f"(id is '{show.shots[1]}' and name is 'SH001')"
    began = time.perf_counter()
    found = session.query(f"select name from Shot where {' or '.join(keys)}").all()
    sys.stderr.write(f"3,000 composite keys answered in {time.perf_counter() - began:.2f} s\n")
    assert names(found) == ["SH001"]
