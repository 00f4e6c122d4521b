"""Importing our own export changes nothing and leaves no event, whatever the cells hold."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.importers.csv_files import exported, imported, last_event, listed, records
from tests.studio import StudioKit, unique
from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.registry import facet
from zou_server.services.importers.import_assets import import_assets
from zou_server.services.importers.import_casting import import_casting
from zou_server.services.importers.import_edits import import_edits
from zou_server.services.importers.import_persons import import_persons
from zou_server.services.importers.import_projects import import_projects
from zou_server.services.importers.import_shots import import_shots
from zou_server.services.importers.import_task_types import import_task_types
from zou_server.services.importers.import_tasks import import_tasks
from zou_server.services.write.operations import Act

NASTY = (
    "plain",
    "Été à Œdenwald — 東京",
    'says "yes"; and, no',
    "two\nlines\r\nand\rmore",
    "=HYPERLINK(1)",
    "'=quoted",
    "''@twice",
    "-5",
    "+33 6 08 08",
    "-cmd|x",
    "@name",
    "  blanks around  ",
    "e\u0301 decomposed",
    "true",
    "1.50",
    "1e5",
    "None",
    '[{"a": 1}]',
    "semi;colon\tand tab",
)
KINDS = {"Shot": import_shots, "Asset": import_assets, "Edit": import_edits}

pytestmark = pytest.mark.usefixtures("small_shares")


@pytest.fixture(scope="module")
def project(kit: StudioKit) -> uuid.UUID:
    """A series full of nasty values: custom fields of all types, tasks with people.

    All tests share it: each compares what comes back with what it exported itself.
    """
    project = kit.project(production_type="tvshow")
    episode = kit.create("Episode", name="E01; “one”", project_id=project)
    sequences = [
        kit.create("Sequence", name=name, project_id=project, parent_id=parent)
        for name, parent in (("SQ 10 ", episode), ("=SQ", None))
    ]
    asset_type = kit.create("AssetType", name=unique("Prop")[:30])
    for kind in KINDS:
        for name, data_type in (
            ("Flag", "boolean"),
            ("Weight", "number"),
            ("Notes", "textarea"),
            ("Name", "string"),  # a heading that is taken
            ("Animation", "string"),  # one that a step has too
            ("List", "checklist"),
        ):
            kit.create(
                "FieldDescriptor", project_id=project, entity_type=kind, name=name, data_type=data_type
            )
    entities = []
    for number, value in enumerate(NASTY):
        data = {"flag": number % 2 == 0, "weight": number / 8, "notes": value, "list": [{"text": value}]}
        data |= {"fps": str(number + 12), "frame_in": f"{number}", "frame_out": number + 0.0, "name": value}
        common: dict[str, Any] = {"project_id": project, "name": value, "description": value, "data": data}
        entities += [
            kit.create("Shot", parent_id=sequences[number % 2], nb_frames=number, **common),
            kit.create("Asset", entity_type_id=asset_type, **common),
            kit.create("Edit", parent_id=episode if number % 2 else None, **common),
        ]
    kit.create("Shot", name="without a sequence", project_id=project)
    _tasks(kit, project, entities)
    return project


def _tasks(kit: StudioKit, project: uuid.UUID, entities: list[uuid.UUID]) -> None:
    people = [kit.person("user", {project: None}).person_id for _ in range(2)]
    twin = kit.create("Person", first_name="Twin", last_name="Doe", email=f"{uuid.uuid4().hex}@example.com")
    kit.create("Person", first_name="Twin", last_name="Doe", email=f"{uuid.uuid4().hex}@example.com")
    kinds = ("Shot", "Asset", "Edit")
    types = {row["for_entity"]: row["id"] for row in kit.rows("TaskType", "id", "for_entity")}
    for number, entity in enumerate(entities):
        task = kit.create(
            "Task",
            project_id=project,
            entity_id=entity,
            task_type_id=types[kinds[number % 3]],
            assignees=[*people, twin][: number % 4],
            duration=number * 7.77,
            estimation=100.0 + number,
            due_date="2030-01-02T10:20:30+00:00" if number % 2 else "2030-01-02",
        )
        if number % 5 == 0:
            status = kit.rows("TaskStatus", "id", where=Where("is_wip", Op.EQ, value=True))[0]["id"]
            kit.execute(Act("comment", facet("Task"), task, {"text": "go", "sets_status_id": status}))


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_a_project_comes_back_and_changes_nothing(
    kit: StudioKit, project: uuid.UUID, kind: str
) -> None:
    text = exported(kit, kind, project)
    order = (Order("created_at"),)
    before = kit.rows(kind, where=Where("project_id", Op.EQ, str(project)), order=order)
    last = last_event(kit)
    for update in (True, False):
        ids = imported(kit, KINDS[kind], text, project, update=update)
        assert sorted(map(str, ids)) == sorted(row["id"] for row in before)
    assert last_event(kit) == last
    assert exported(kit, kind, project) == text
    assert kit.rows(kind, where=Where("project_id", Op.EQ, str(project)), order=order) == before


@pytest.mark.parametrize("kind", ["Shot", "Asset", "Edit"])
def test_one_changed_cell_is_one_changed_row(kit: StudioKit, project: uuid.UUID, kind: str) -> None:
    text = exported(kit, kind, project)
    assert text.count("two\r\nlines") == 0
    changed = text.replace('says ""yes""; and, no', 'says ""no""', 2).replace(
        'says ""no""', 'says ""yes""; and, no', 1
    )
    last = last_event(kit)
    imported(kit, KINDS[kind], changed, project, update=True)
    told = [event for event in kit.events() if event["number"] > last]
    assert [(event["kind"], event["attribute"], event["new"]) for event in told] == [
        (kind, "description", 'says "no"')
    ]


LISTS: dict[str, Callable[..., object]] = {
    "persons": import_persons,
    "projects": import_projects,
    "task-types": import_task_types,
    "tasks": import_tasks,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_studio_comes_back_and_changes_nothing(
    kit: StudioKit, project: uuid.UUID, name: str
) -> None:
    site = kit.create("Studio", name=unique("Lyon"))
    crafts = [row["id"] for row in kit.rows("Department", "id")][:2]
    for value in NASTY:
        email = f"{uuid.uuid4().hex}@example.com"
        person: dict[str, Any] = {
            "first_name": value,
            "last_name": value,
            "email": email,
            "phone": value[:30],
        }
        kit.create("Person", **person, departments=crafts, studio_id=site, daily_salary=320, country="FR")
        kit.create("Project", name=unique(value.strip())[:80])
    kit.create("Person", first_name="No", last_name=unique("Address"), role="supervisor", active=False)
    step = unique("Step")
    for kind in ("Asset", "Shot"):  # two lines of the file that look alike
        kit.create("TaskType", name=step, for_entity=kind)
    kit.create("Task", project_id=project, name="of the project itself", task_type_id=_any_type(kit))
    text = listed(kit, name)
    assert len(records(text)) > 10
    last = last_event(kit)
    for update in (True, False):
        imported(kit, LISTS[name], text, update=update)  # type: ignore[arg-type]
    assert last_event(kit) == last
    assert listed(kit, name) == text


def _any_type(kit: StudioKit) -> str:
    return str(kit.rows("TaskType", "id", limit=1)[0]["id"])


def test_the_casting_of_a_project_comes_back_and_changes_nothing(kit: StudioKit, project: uuid.UUID) -> None:
    where = Where("project_id", Op.EQ, str(project))
    shots, assets = (
        kit.rows(kind, "id", where=where, order=(Order("created_at"),)) for kind in ("Shot", "Asset")
    )
    for number, (shot, asset) in enumerate(zip(shots, assets, strict=False)):
        values = {"entity_out_id": asset["id"], "nb_occurences": number, "label": NASTY[number]}
        kit.create("EntityLink", entity_in_id=shot["id"], **values)
    kit.create("EntityLink", entity_in_id=assets[1]["id"], entity_out_id=assets[0]["id"])
    scope = Where("entity_in.project_id", Op.EQ, str(project))
    text = listed(kit, "casting", where=scope)
    assert len(records(text)) == len(NASTY) + 1
    last = last_event(kit)
    imported(kit, import_casting, text, project)
    assert last_event(kit) == last
    assert listed(kit, "casting", where=scope) == text


def test_somebody_who_sees_less_cannot_empty_what_is_hidden(kit: StudioKit, project: uuid.UUID) -> None:
    kit.create("Person", first_name="Paid", last_name="Well", email="paid@example.com", daily_salary=500)
    supervisor: Actor = kit.person("supervisor", {project: None})
    row = next(row for row in records(listed(kit, "persons", supervisor)) if row["First Name"] == "Paid")
    assert row["Daily Salary"] == ""
    row["Email"] = "paid@example.com"
    text = ";".join(row) + "\n" + ";".join(row.values()) + "\n"
    imported(kit, import_persons, text, update=True)
    where = Where("email", Op.EQ, "paid@example.com")
    assert kit.rows("Person", "daily_salary", where=where) == [{"daily_salary": 500}]
