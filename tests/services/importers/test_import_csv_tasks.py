"""What CSV files say of tasks: statuses, comments and people by step; and files of tasks alone."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.services.importers.csv_files import imported, last_event, listed, records, refusal
from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Forbidden
from zou_server.services.importers.import_assets import import_assets
from zou_server.services.importers.import_shots import import_shots
from zou_server.services.importers.import_tasks import import_tasks

pytestmark = pytest.mark.usefixtures("small_shares")


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project of this test's own."""
    return kit.project()


def someone(kit: StudioKit, name: str, address: str = "") -> str:
    """A person's full name."""
    email = address or f"{uuid.uuid4().hex}@example.com"
    kit.create("Person", first_name=name, last_name="Doe", email=email)
    return f"{name} Doe"


def tasks_of(kit: StudioKit, entity: uuid.UUID) -> dict[str, dict[str, Any]]:
    """The tasks of an entity by step: status, people, dates."""
    rows = kit.rows(
        "Task",
        "task_type.name",
        "task_status.code",
        "retake_count",
        "real_start_date",
        "done_date",
        "assignees*",
        where=Where("entity_id", Op.EQ, str(entity)),
    )
    return {str(row.pop("task_type.name")): row for row in rows}


def comments(kit: StudioKit, entity: uuid.UUID) -> list[tuple[str, str]]:
    """(text, status) of the comments on the tasks of an entity, oldest first."""
    rows = kit.rows(
        "Note",
        "text",
        "sets_status.code",
        where=Where("object[Task].entity_id", Op.EQ, str(entity)),
        order=(Order("created_at"),),
    )
    return [(row["text"], row["sets_status.code"]) for row in rows]


def test_a_status_makes_the_task_and_is_given_by_a_comment(kit: StudioKit, project: uuid.UUID) -> None:
    text = "Sequence,Name,Animation,Lighting,Layout\nSQ,SH1,Work In Progress,RETAKE,\nSQ,SH2,todo,,done\n"
    first, second = imported(kit, import_shots, text, project)
    found = tasks_of(kit, first)
    assert found.keys() == {"Animation", "Lighting"}
    assert found["Animation"]["task_status.code"] == "wip"
    assert found["Animation"]["real_start_date"] is not None
    assert (found["Lighting"]["task_status.code"], found["Lighting"]["retake_count"]) == ("retake", 1)
    assert sorted(comments(kit, first)) == [("", "retake"), ("", "wip")]
    found = tasks_of(kit, second)
    assert found["Layout"]["done_date"] is not None
    assert found["Animation"]["task_status.code"] == "todo"
    assert comments(kit, second) == [("", "done")]


def test_a_comment_is_made_and_people_are_assigned(kit: StudioKit, project: uuid.UUID) -> None:
    address = f"{uuid.uuid4().hex}@example.com"
    first, second = unique("Ann"), unique("Bob")
    someone(kit, first), someone(kit, second, address)
    text = (
        "Type;Name;Modeling;Modeling comment;Modeling assignations;Rigging;Assignations\n"
        f"Prop;Cup;wip;Go on;{first} doe, {address.upper()};;{second} Doe\n"
    )
    (asset,) = imported(kit, import_assets, text, project)
    found = tasks_of(kit, asset)
    assert len(found["Modeling"]["assignees*"]) == 2
    assert len(found["Rigging"]["assignees*"]) == 1
    assert comments(kit, asset) == [("Go on", "wip")]


def test_with_update_only_what_differs_is_commented_on(kit: StudioKit, project: uuid.UUID) -> None:
    name = unique("Ann")
    text = f"Sequence,Name,Animation,Animation assignations\nSQ,SH1,wip,{someone(kit, name)}\nSQ,SH2,wip,\n"
    first, second = imported(kit, import_shots, text, project)
    last = last_event(kit)
    imported(kit, import_shots, text.replace("wip", "done"), project)
    assert last_event(kit) == last
    imported(kit, import_shots, text.replace("SH1,wip", "SH1,Done"), project, update=True)
    assert comments(kit, first) == [("", "wip"), ("", "done")]
    assert comments(kit, second) == [("", "wip")]
    other = someone(kit, unique("Bob"))
    imported(
        kit, import_shots, f"Sequence,Name,Animation assignations\nSQ,SH1,{other}\n", project, update=True
    )
    (person,) = tasks_of(kit, first)["Animation"]["assignees*"]
    assert kit.row("Person", uuid.UUID(str(person)), "full_name") == other


def test_wrong_statuses_and_people_are_named_by_line_and_column(kit: StudioKit, project: uuid.UUID) -> None:
    twin = unique("Twin")
    someone(kit, twin), someone(kit, twin)
    text = f"Sequence,Name,Animation,Assignations\nSQ,SH1,finished,Nobody Here\nSQ,SH2,wip,{twin} Doe\n"
    assert refusal(kit, import_shots, text, project) == {
        "line 2, Animation": ["'finished' is no status of tasks"],
        "line 2, Assignations": ["'Nobody Here' is nobody known here"],
        "line 3, Assignations": [f"'{twin} Doe' is the name of 2 people; say the e-mail address"],
    }


def test_no_more_retakes_than_the_project_allows_and_the_line_is_named(kit: StudioKit) -> None:
    project = kit.project(max_retakes=1)
    text = "Sequence,Name,Animation\nSQ,SH1,retake\n"
    (shot,) = imported(kit, import_shots, text, project)
    imported(kit, import_shots, text.replace("retake", "wip"), project, update=True)
    fields = refusal(kit, import_shots, text + "SQ,SH2,wip\n", project, update=True)
    assert list(fields) == ["line 2, task_status_id"]
    assert tasks_of(kit, shot)["Animation"]["task_status.code"] == "wip"
    assert len(kit.rows("Shot", where=Where("project_id", Op.EQ, str(project)))) == 1


def test_the_steps_that_a_project_has_chosen_come_first(kit: StudioKit, project: uuid.UUID) -> None:
    name = unique("Cloth")
    mine, _ = (kit.create("TaskType", name=name, for_entity=kind) for kind in ("Shot", "Asset"))
    (shot,) = imported(kit, import_shots, f"Sequence,Name,{name}\nSQ,SH,wip\n", project)
    (task,) = kit.rows("Task", "task_type_id", where=Where("entity_id", Op.EQ, str(shot)))
    assert task["task_type_id"] == str(mine)


def test_the_number_of_statements_does_not_depend_on_the_number_of_tasks(
    kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # shares as they are
    people = [someone(kit, unique("P")) for _ in range(3)]

    def text(shots: int, status: str, person: str) -> str:
        rows = [f'SQ{n % 3},SH{n:03},{status},"{person}",{status},say\n' for n in range(shots)]
        return "Sequence,Name,Animation,Animation assignations,Lighting,Lighting comment\n" + "".join(rows)

    def statements(project: uuid.UUID, file: str) -> int:
        with noted(kit.studio.writes) as found:
            imported(kit, import_shots, file, project, update=True)
        return len(found)

    few, many = kit.project(), kit.project()
    assert statements(few, text(3, "wip", people[0])) == statements(many, text(60, "wip", people[0]))
    few_changed = statements(few, text(3, "done", f"{people[1]},{people[2]}"))
    assert statements(many, text(60, "done", f"{people[1]},{people[2]}")) == few_changed


# -- files of tasks ----------------------------------------------------------------------------------


def test_tasks_are_made_in_several_projects_with_the_columns_of_2017(kit: StudioKit) -> None:
    names = [unique("P") for _ in range(2)]
    projects = [kit.create("Project", name=name) for name in names]
    shot = imported(kit, import_shots, "Sequence,Name\nSQ,SH\nSQ2,SH\n", projects[0])[0]
    (asset,) = imported(kit, import_assets, "Type,Name\nProp,Cup\n", projects[1])
    person = someone(kit, unique("Ann"))
    text = (
        "Project,Department,Task Type,Episode,Sequence,Shot,Asset Type,Asset,Name,Assigner,Assignee,"
        "Duration,Estimation,Start Date,Real Start Date,End Date,Due Date,Task Status\n"
        f"{names[0]},Animation,Animation,,SQ,SH,,,main,{person},{person},1.5,8,2030-01-01,,,2030-01-05,wip\n"
        f"{names[1]},Modeling,Modeling,,,,Prop,Cup,second,,,,,,,,,\n"
    )
    first, second = imported(kit, import_tasks, text)
    assert kit.row("Task", first, "entity_id", "duration", "estimation", "due_date", "task_status.code") == {
        "entity_id": str(shot),
        "duration": 90,
        "estimation": 480,
        "due_date": "2030-01-05T00:00:00+00:00",
        "task_status.code": "wip",
    }
    assert kit.row("Task", first, "assigner.full_name") == person
    assert kit.row("Task", second, "entity_id", "name", "task_status.code") == {
        "entity_id": str(asset),
        "name": "second",
        "task_status.code": "todo",
    }
    assert imported(kit, import_tasks, text) == [first, second]
    row = next(row for row in records(listed(kit, "tasks")) if row["Project"] == names[0])
    assert (row["Duration"], row["Estimation"], row["Assignees"], row["Due date"]) == (
        "1.5",
        "8",
        person,
        "2030-01-05",
    )


def test_what_a_task_hangs_on_must_exist(kit: StudioKit) -> None:
    name = unique("P")
    project = kit.create("Project", name=name)
    imported(kit, import_shots, "Sequence,Name\nSQ,SH\nSQ2,SH\n", project)
    text = (
        "Project,Task Type,Entity Type,Entity\n"
        f"Nowhere,Animation,Shot,SH\n{name},Juggling,Shot,SQ\n{name},Animation,Shot,SH\n,Animation,Shot,SH\n"
        f"{name},Juggling,,\n"
    )
    assert refusal(kit, import_tasks, text) == {
        "line 2, Project": ["there is no project 'Nowhere'"],
        "line 3, Entity": ["there is no 'Shot/SQ' in the project"],
        "line 3, Task Type": ["there is no task type 'Juggling'"],
        "line 4, Entity": ["'Shot/SH' may be 2 of the project; say what it hangs below"],
        "line 5, Project": ["is empty"],
        "line 6, Task Type": ["there is no task type 'Juggling'"],
    }


def test_an_artist_imports_no_tasks(kit: StudioKit) -> None:
    name = unique("P")
    project = kit.create("Project", name=name)
    artist = kit.person("user", {project: None})
    with pytest.raises(Forbidden):
        imported(kit, import_tasks, f"Project,Task Type\n{name},Animation\n", actor=artist)
