"""CSV exports: their columns, what each person gets of them, and that nothing in a cell can do harm."""

from __future__ import annotations

import json
import tracemalloc
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.statements import noted
from tests.services.importers.csv_files import exported, imported, listed, records, table
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.services.exporters.cells import guarded, lines, returned, shown, unguarded
from zou_server.services.exporters.export_entities import export_all_entities, export_entities
from zou_server.services.exporters.export_lists import LAYOUTS, export_list
from zou_server.services.exporters.require_reader import require_reader
from zou_server.services.exporters.table import CsvText
from zou_server.services.importers.import_assets import import_assets
from zou_server.services.importers.import_casting import import_casting
from zou_server.services.importers.import_edits import import_edits
from zou_server.services.importers.import_shots import import_shots
from zou_server.services.importers.tables.read_table import TableFile, read_table
from zou_server.services.read.reader import Reader
from zou_server.services.read.spool import PIECE


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project with two shots, an asset and an edit, and tasks on them."""
    project = kit.project()
    text = (
        "Episode;Sequence;Name;Description;Frame In;Frame Out;FPS;Lens;Animation;Assignations\n"
        "E01;SQ10;SH010;first;101;110;24;wide;wip;\nE01;SQ10;SH020;;;;;;;\n"
    )
    imported(kit, import_shots, text, project)
    imported(kit, import_assets, "Type;Name;Description;Modeling\nProp;Cup;old;done\n", project)
    imported(kit, import_edits, "Name;Edit\nTeaser;todo\n", project)
    return project


def entities_of(kit: StudioKit, kind: str, project: uuid.UUID) -> list[str]:
    where = Where("project_id", Op.EQ, str(project))
    return [row["id"] for row in kit.rows(kind, "id", "name", where=where)]


# -- columns -------------------------------------------------------------------------------------------------


def test_somebody_without_a_name_who_is_assigned_hinders_no_file(kit: StudioKit, project: uuid.UUID) -> None:
    nameless, named = (
        kit.create(
            "Person", first_name=first, last_name="", email=f"{unique('x').replace(' ', '')}@x.example"
        )
        for first in ("", "Ada")
    )
    (task,) = [row["id"] for row in kit.rows("Task", "id", "entity.name") if row["entity.name"] == "SH010"]
    for person in (nameless, named):
        kit.create("Assignation", task_id=task, person_id=person)
    assert kit.row("Person", nameless, "display_name") is None
    assert table(exported(kit, "Shot", project))[1][-2:] == ["wip", "Ada"]


def test_shots_have_the_columns_of_zou_custom_fields_and_two_for_each_step(
    kit: StudioKit, project: uuid.UUID
) -> None:
    name = kit.row("Project", project, "name")
    assert table(exported(kit, "Shot", project)) == [
        [
            *("Project", "Episode", "Sequence", "Name", "Description", "Time Spent"),
            *("Frames", "Frame In", "Frame Out", "FPS", "Lens", "Animation", "Assignations"),
        ],
        [name, "E01", "SQ10", "SH010", "first", "0", "10", "101", "110", "24", "wide", "wip", ""],
        [name, "E01", "SQ10", "SH020", "", "0", "", "", "", "", "", "", ""],
    ]


def test_assets_and_edits_have_the_columns_of_zou(kit: StudioKit, project: uuid.UUID) -> None:
    name = kit.row("Project", project, "name")
    assert table(exported(kit, "Asset", project)) == [
        ["Project", "Type", "Name", "Description", "Time Spent", "Modeling", "Assignations"],
        [name, "Prop", "Cup", "old", "0", "done", ""],
    ]
    assert table(exported(kit, "Edit", project)) == [
        ["Project", "Episode", "Name", "Description", "Time Spent", "Edit", "Assignations"],
        [name, "", "Teaser", "", "0", "todo", ""],
    ]


def test_a_step_that_the_project_has_chosen_has_columns_before_it_has_tasks(kit: StudioKit) -> None:
    project = kit.project()
    for name in ("Layout", "Modeling"):
        (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, name))
        kit.create("ProjectTaskType", project_id=project, task_type_id=step["id"])
    assert table(exported(kit, "Shot", project))[0][-2:] == ["Layout", "Assignations"]
    assert table(exported(kit, "Asset", project))[0][-2:] == ["Modeling", "Assignations"]


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("persons", "Last Name,First Name,Email"),
        ("projects", "Name,Status"),
        ("task-types", "Department,Name"),
        (
            "tasks",
            "Project,Department,Task Type,Entity Type,Entity,Assigner,Assignees,Duration,Estimation",
        ),
        ("time-spents", "Project,Person,Date,Task Type,Entity Type,Entity,Duration"),
        ("casting", "Episode,Parent,Name,Asset Type,Asset,Occurences,Label"),
    ],
)
def test_a_list_begins_with_the_columns_that_its_readers_know(
    kit: StudioKit, name: str, headings: str
) -> None:
    found = table(listed(kit, name))[0]
    assert found[: headings.count(",") + 1] == headings.split(",")


def test_time_spent_is_in_days_of_eight_hours_and_time_entries_in_hours(
    kit: StudioKit, project: uuid.UUID
) -> None:
    (task,) = kit.rows("Task", "id", where=Where("entity_id", Op.IN, entities_of(kit, "Shot", project)))
    person = kit.person("user", {project: None})
    kit.create("TimeSpent", task_id=task["id"], person_id=person.person_id, duration=720, date="2030-01-02")
    kit.update("Task", uuid.UUID(task["id"]), duration=720)
    assert [row["Time Spent"] for row in records(exported(kit, "Shot", project))] == ["1.5", "0"]
    row = next(row for row in records(listed(kit, "time-spents")) if row["Person"] == person.name)
    assert (row["Date"], row["Entity"], row["Task Type"], row["Duration"]) == (
        "2030-01-02",
        "SH010",
        "Animation",
        "12",
    )


def test_days_are_as_long_as_those_of_the_project_else_of_the_studio(
    kit: StudioKit, project: uuid.UUID
) -> None:
    (task,) = kit.rows("Task", "id", where=Where("entity_id", Op.IN, entities_of(kit, "Shot", project)))
    kit.update("Task", uuid.UUID(task["id"]), duration=630)
    (studio,) = kit.rows("Organisation", "id", "hours_by_day")
    name = kit.row("Project", project, "name")

    def spent() -> set[str]:
        """The time of the first shot, in the project's file and in that of the studio."""
        everywhere = "".join(export_all_entities(kit.studio.read(SYSTEM), "Shot"))
        rows = [*records(exported(kit, "Shot", project)), *records(everywhere)]
        return {row["Time Spent"] for row in rows if (row["Project"], row["Name"]) == (name, "SH010")}

    kit.update("Organisation", uuid.UUID(studio["id"]), hours_by_day=7)
    try:
        assert spent() == {"1.5"}
        kit.update("Project", project, data={"hours_by_day": "10,5"})
        assert spent() == {"1"}
    finally:
        kit.update("Organisation", uuid.UUID(studio["id"]), hours_by_day=studio["hours_by_day"])
    for wrong in (0, -8, 25, "many", True):
        with pytest.raises(Invalid) as refused:
            kit.update("Project", project, data={"hours_by_day": wrong})
        assert list(refused.value.fields) == ["hours_by_day"]


def test_casting_says_where_each_thing_is(kit: StudioKit) -> None:
    project = kit.project(production_type="tvshow")
    imported(kit, import_shots, "Episode,Sequence,Name\nE01,SQ,SH\n", project)
    imported(kit, import_assets, "Episode,Type,Name\nE01,Prop,Cup\nMP,Environment,Lake\n", project)
    text = "Episode,Parent,Name,Asset Type,Asset,Occurences,Label\n"
    text += "E01,SQ,SH,Prop,Cup,2,held\nMP,Environment,Lake,Prop,Cup,1,\n"
    imported(kit, import_casting, text, project)
    found = listed(kit, "casting", where=Where("entity_in.project_id", Op.EQ, str(project)))
    assert sorted(table(found)[1:]) == [
        ["E01", "SQ", "SH", "Prop", "Cup", "2", "held"],
        ["MP", "Environment", "Lake", "Prop", "Cup", "1", ""],
    ]


def test_custom_values_of_any_json_type_are_cells(kit: StudioKit, project: uuid.UUID) -> None:
    (shot, *_) = entities_of(kit, "Shot", project)
    for name, data_type in (("Flag", "boolean"), ("Steps", "checklist"), ("Weight", "number")):
        kit.create("FieldDescriptor", project_id=project, entity_type="Shot", name=name, data_type=data_type)
    values = {"flag": True, "steps": [{"text": "a", "checked": False}], "weight": 1.5}
    kit.update("Shot", uuid.UUID(shot), data=values)
    row = next(row for row in records(exported(kit, "Shot", project)) if row["Flag"])
    assert (row["Flag"], row["Weight"], json.loads(row["Steps"])) == ("true", "1.5", values["steps"])


# -- whoever asks --------------------------------------------------------------------------------------------


def test_everybody_gets_the_rows_that_they_may_see(kit: StudioKit, project: uuid.UUID) -> None:
    other = kit.project()
    imported(kit, import_shots, "Sequence,Name\nSQ,SH\n", other)
    vendor = kit.person("vendor", {project: None})
    manager = kit.person("manager", {project: None})
    (task,) = kit.rows("Task", "id", where=Where("entity_id", Op.IN, entities_of(kit, "Shot", project)))
    kit.update("Task", uuid.UUID(task["id"]), assignees=[vendor.person_id])
    assert [row["Name"] for row in records(exported(kit, "Shot", project, vendor))] == ["SH010"]
    assert records(exported(kit, "Shot", other, manager)) == []
    for name in ("tasks", "projects"):
        mine = {row[0] for row in table(listed(kit, name, manager))[1:]}
        assert mine == {kit.row("Project", project, "name")}
    everywhere = "".join(export_all_entities(kit.studio.read(manager), "Shot"))
    assert {row["Project"] for row in records(everywhere)} == {kit.row("Project", project, "name")}


@pytest.mark.parametrize(
    ("name", "role", "may"),
    [
        ("persons", "manager", True),
        ("persons", "supervisor", False),
        ("time-spents", "supervisor", False),
        ("tasks", "supervisor", True),
        ("tasks", "user", False),
        ("projects", "user", True),
        ("projects", "client", False),
        ("shots", "client", False),
        ("shots", "vendor", True),
    ],
)
def test_lists_of_the_staff_are_for_those_who_lead_it(
    kit: StudioKit, project: uuid.UUID, name: str, role: str, *, may: bool
) -> None:
    actor: Actor = kit.person(role, {project: None})
    place = project if name == "shots" else None
    if may:
        require_reader(actor, name, place)
        return
    with pytest.raises(Forbidden):
        require_reader(actor, name, place)


# -- cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-SUM(A1)", "'-SUM(A1)"),
        ("@here", "'@here"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("+33 6 08 08", "+33 6 08 08"),
        ("it's", "it's"),
        ("'quoted'", "'quoted'"),
        (["=a", "b"], "'=a,b"),
        (True, "true"),
        (None, None),
        (1.5, 1.5),
    ],
)
def test_what_a_spreadsheet_would_run_is_written_as_text(value: object, cell: object) -> None:
    assert shown(value) == cell


@given(st.text(alphabet="=+-@'\t\r\n a1;\",é"))
def test_a_text_survives_the_way_out_and_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    written = lines([["Name", "Other"], [shown(text), "x"]])
    found = read_table(TableFile(written.encode()), "Name".__eq__)
    assert next(iter(found.rows)).cells == [returned(text), "x"]
    assert returned(returned(text)) == returned(text)


# -- many rows -----------------------------------------------------------------------------------------------


def many_shots(kit: StudioKit, project: uuid.UUID, count: int) -> None:
    """Shots behind the pipeline's back: this is about reading them."""
    statements = (
        """CREATE TEMP TABLE made ON COMMIT DROP AS
           SELECT gen_random_uuid() id, n FROM generate_series(1, :c) n""",
        "INSERT INTO object (id, kind, name, project_id) SELECT id, 'Shot', 'SH' || n, :p FROM made",
        """INSERT INTO entity (id, kind, name, project_id, canceled, is_casting_standby, is_shared,
                               created_at, updated_at, data)
           SELECT id, 'Shot', 'SH' || n, :p, false, false, false, now(), now(), '{"fps": 24}' FROM made""",
    )
    with kit.studio.writes.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement), {"c": count, "p": project})


def test_a_big_file_comes_in_pieces_and_is_whole(kit: StudioKit) -> None:
    project = kit.project()
    many_shots(kit, project, 12_000)
    file = export_entities(kit.studio.read(SYSTEM), "Shot", project)
    assert not file.is_small
    pieces = list(file)
    assert len(pieces) > 2
    assert max(map(len, pieces)) < PIECE
    found = records("".join(pieces))
    assert {row["Name"] for row in found} == {f"SH{number}" for number in range(1, 12_001)}
    assert {row["FPS"] for row in found} == {"24"}


def test_memory_does_not_grow_with_the_rows(kit: StudioKit) -> None:
    def peak(count: int) -> int:
        project = kit.project()
        many_shots(kit, project, count)
        tracemalloc.start()
        for _ in export_entities(kit.studio.read(SYSTEM), "Shot", project):
            pass
        _, found = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found

    peak(11_000)
    assert peak(33_000) < 1.5 * peak(11_000)


KINDS = ("Shot", "Asset", "Edit")


def made(reader: Reader, name: str, project: uuid.UUID) -> CsvText:
    """A file by the name of its list, or the kind of a project's entities."""
    return export_entities(reader, name, project) if name in KINDS else export_list(reader, name)


@pytest.mark.parametrize("name", [*KINDS, *LAYOUTS])
def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    kit: StudioKit, project: uuid.UUID, name: str
) -> None:
    def statements() -> int:
        with noted(kit.studio.reads) as found:
            "".join(made(kit.studio.read(SYSTEM), name, project))
        return len(found)

    before = statements()
    rows = "".join(f"SQ,{unique('SH')},wip\n" for _ in range(10))
    imported(kit, import_shots, f"Sequence,Name,Animation\n{rows}", project)
    assert statements() == before <= 4
