"""Files of more rows than run together: what holds of a file holds across its shares."""

from __future__ import annotations

import pytest

from tests.contracts.statements import noted
from tests.services.importers.csv_files import imported, last_event, refusal, tree
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.services.importers.import_persons import import_persons
from zou_server.services.importers.import_shots import SHOTS as PLAN
from zou_server.services.importers.import_shots import import_shots
from zou_server.services.importers.import_studio_entities import import_studio_entities
from zou_server.services.importers.import_tasks import import_tasks
from zou_server.services.importers.tables.read_table import TableFile

pytestmark = pytest.mark.usefixtures("small_shares")

HEAD = "Episode,Sequence,Name,Frames,Lens\n"


def lines(*names: str) -> str:
    return HEAD + "".join(f"E{at % 2},SQ,{name},{at},{at}mm\n" for at, name in enumerate(names))


def test_rows_of_all_shares_hang_in_what_the_first_made(kit: StudioKit) -> None:
    project = kit.project(production_type="tvshow")
    ids = imported(kit, import_shots, lines(*"abcdefg"), project)
    assert tree(kit, project) == [f"E{at % 2}/SQ/{name}" for at, name in enumerate("abcdefg")]
    assert len(set(ids)) == 7
    assert [row["data"] for row in kit.rows("Shot", "data") if row["data"] == {"lens": "6mm"}]
    before = last_event(kit)
    assert imported(kit, import_shots, lines(*"abcdefg"), project, update=True) == ids
    assert last_event(kit) == before


def test_a_row_that_comes_again_in_another_share_is_refused_and_nothing_is_made(kit: StudioKit) -> None:
    project = kit.project(production_type="tvshow")
    text = lines(*"abcde") + "E0,SQ,a,1,\n,SQ,x,many,\n"
    assert refusal(kit, import_shots, text, project) == {
        "line 7, Name": ["'a' is on line 2 already"],
        "line 8, Frames": ["'many' is not a whole number"],
    }
    assert tree(kit, project) == []


def test_what_is_refused_in_the_last_share_undoes_all_before(kit: StudioKit) -> None:
    before, people = last_event(kit), kit.rows("Person", "id")
    good = "".join(f"{name}@example.com\n" for name in "abcde")
    assert refusal(kit, import_persons, f"Email\n{good}at@@example.com\n") == {
        "line 7, email": ["is not an address"]
    }
    assert (last_event(kit), kit.rows("Person", "id")) == (before, people)


def test_rows_of_one_key_that_exist_are_those_of_the_file_in_their_order(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.create("Shot", name="sh", project_id=project)
    step = kit.create("TaskType", name=unique("step"), for_entity="Shot")
    twin = kit.create("TaskType", name=kit.row("TaskType", step, "name"), for_entity="Asset")
    tasks = [
        kit.create("Task", entity_id=shot, task_type_id=each, project_id=project) for each in (step, twin)
    ]
    name, of = kit.row("Project", project, "name"), kit.row("TaskType", step, "name")
    head, line = "Project,Task Type,Shot,Name,Estimation\n", f"{name},{of},sh,main"
    others = "".join(f"{name},{of},sh,other {at},\n" for at in range(3))
    found = imported(kit, import_tasks, f"{head}{line},1\n{others}{line},2\n", update=True)
    assert (found[0], found[-1]) == tuple(tasks)
    assert [kit.row("Task", each, "estimation") for each in tasks] == [60, 120]
    again = f"{head}{line},1\n{others}{line},2\n{line},3\n"
    assert refusal(kit, import_tasks, again, update=True) == {
        "line 7, Task Type": [f"'{of}' is on line 2 already"]
    }


def test_the_projects_of_a_file_take_turns_and_each_gets_its_rows(kit: StudioKit) -> None:
    names = [unique("film") for _ in range(2)]
    rows = "".join(f"{names[at % 2]},SQ,sh{at}\n" for at in range(9))
    made = imported(kit, import_studio_entities, f"Project,Sequence,Name\n{rows}", plan=PLAN)
    shown = [kit.row("Shot", id_, "name") for id_ in made]
    assert shown == [f"sh{at}" for at in range(9)], "in the order of the file"
    for at, name in enumerate(names):
        (project,) = [row["id"] for row in kit.rows("Project", "id", "name") if row["name"] == name]
        shots = [
            row["name"] for row in kit.rows("Shot", "name", "project_id") if row["project_id"] == project
        ]
        assert sorted(shots) == [f"sh{number}" for number in range(at, 9, 2)]


def statements_of_an_import(kit: StudioKit, rows: int) -> int:
    project = kit.project(production_type="tvshow")
    text = lines(*(f"sh{at}" for at in range(rows)))
    with noted(kit.studio.writes) as statements, kit.studio.write(SYSTEM) as work:
        import_shots(work, TableFile(text.encode()), project)
    return len(statements)


def test_the_statements_of_an_import_grow_by_as_many_with_each_share(kit: StudioKit) -> None:
    one, two, three, four = (statements_of_an_import(kit, rows) for rows in (2, 4, 6, 8))
    assert two > one
    assert (three - two, four - three) == (two - one, two - one)


def test_the_statements_of_an_import_do_not_grow_with_the_rows_of_a_share(
    kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # shares of many rows, as studios have them
    assert statements_of_an_import(kit, 4) == statements_of_an_import(kit, 400)
