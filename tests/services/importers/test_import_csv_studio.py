"""Files of the studio: people, projects, steps, casting, estimations, and entities of several projects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.services.importers.csv_files import exported, imported, last_event, listed, records, refusal, table
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.services.importers.import_assets import ASSETS, import_assets
from zou_server.services.importers.import_casting import import_casting
from zou_server.services.importers.import_edits import import_edits
from zou_server.services.importers.import_estimations import import_estimations
from zou_server.services.importers.import_persons import import_persons
from zou_server.services.importers.import_projects import import_projects
from zou_server.services.importers.import_shots import SHOTS, import_shots
from zou_server.services.importers.import_studio_entities import import_studio_entities
from zou_server.services.importers.import_task_types import import_task_types
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.read_table import TableFile

# The columns and spellings that Kitsu's own example files have.
PERSONS = """\
"First Name";"Last Name";"Email";"Phone";"Role";"Departments";"Studio";"Country";"Contract Type";"Position";\
"Seniority";"Daily Salary";"Active"
"Ada";"Byron";"ada@persons.example";"+33 6 08";"Artist";"Animation,Juggling";"Lyon";"fr";"Open-ended";"Lead";\
"Senior";"320";"yes"
"Ben";"Nevis";"Ben@Persons.example";"";"supervisor";"Animation";"Lyon";"US";"freelance";"artist";"junior";\
"450";"no"
"""


def person(kit: StudioKit, email: str, *names: str) -> dict[str, object]:
    (found,) = kit.rows("Person", *names, where=Where("email", Op.EQ, email))
    return found


def test_people_of_one_address_are_told_by_their_names_and_refused_where_these_are_unclear(
    kit: StudioKit,
) -> None:
    email, ftrack = f"{uuid.uuid4().hex}@example.com", replace(SYSTEM, client="ftrack")
    people = [
        kit.create("HumanUser", ftrack, email=email, login=uuid.uuid4().hex, first_name=first, last_name=last)
        for first, last in (("Ada", "Byron"), ("Ben", "Nevis"), ("Cy", "Twin"), ("Cy", "Twin"))
    ]
    text = f"Email,First Name,Last Name,Phone\n{email},ben,Nevis,22\n{email},Ada,Byron,11\n"
    for _ in range(2):
        imported(kit, import_persons, text, update=True)
    assert [kit.row("Person", each, "phone") for each in people] == ["11", "22", None, None]
    for name in ("Cy,Twin", "Dan,Other", ","):
        told = refusal(
            kit, import_persons, f"Email,First Name,Last Name,Phone\n{email},{name},33\n", update=True
        )
        assert list(told) == ["line 2, Email"]
        assert email in str(told)
    assert [kit.row("Person", each, "phone") for each in people] == ["11", "22", None, None]


def test_people_arrive_with_their_departments_and_studio(kit: StudioKit) -> None:
    first, second = imported(kit, import_persons, PERSONS)
    names = ("first_name", "phone", "role", "country", "contract_type", "position", "seniority")
    assert person(kit, "ada@persons.example", *names, "daily_salary", "active", "studio.name") == {
        "first_name": "Ada",
        "phone": "+33 6 08",
        "role": "user",
        "country": "FR",
        "contract_type": "open-ended",
        "position": "lead",
        "seniority": "senior",
        "daily_salary": 320,
        "active": True,
        "studio.name": "Lyon",
    }
    assert person(kit, "ben@persons.example", "active", "role") == {"active": False, "role": "supervisor"}
    last = last_event(kit)
    assert imported(kit, import_persons, PERSONS) == [first, second]
    assert imported(kit, import_persons, PERSONS, update=True) == [first, second]
    assert last_event(kit) == last
    row = next(row for row in records(listed(kit, "persons")) if row["Email"] == "ada@persons.example")
    assert (row["Departments"], row["Studio"], row["Active"]) == ("Animation,Juggling", "Lyon", "yes")


def test_with_update_a_person_follows_the_file(kit: StudioKit) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    imported(kit, import_persons, f"Email,First Name,Departments\n{email},Eve,Animation\n")
    imported(kit, import_persons, f"Email,Phone,Departments\n{email},12,Lighting\n", update=True)
    assert person(kit, email, "first_name", "phone") == {"first_name": "Eve", "phone": "12"}
    row = next(row for row in records(listed(kit, "persons")) if row["Email"] == email)
    assert row["Departments"] == "Lighting"


def test_everything_wrong_with_people_is_told(kit: StudioKit) -> None:
    text = (
        "First Name,Email,Role,Country,Daily Salary,Active,Position\n"
        "A,nonsense,king,France,much,perhaps,boss\nB,,,,,,\nC,c@x.example,,,,,\nC,C@X.example,,,,,\n"
    )
    assert refusal(kit, import_persons, text) == {
        "line 2, Email": ["'nonsense' is no e-mail address"],
        "line 2, Role": ["is none of admin, manager, supervisor, user, client, vendor"],
        "line 2, Country": ["'France' is no country code of two letters"],
        "line 2, Daily Salary": ["'much' is not a whole number"],
        "line 2, Active": ["'perhaps' is not yes or no"],
        "line 2, Position": ["is none of supervisor, lead, artist"],
        "line 3, Email": ["is empty"],
        "line 5, Email": ["'C@X.example' is on line 4 already"],
    }


def test_an_unknown_column_of_people_is_refused_by_name(kit: StudioKit) -> None:
    assert refusal(kit, import_persons, "Email,Shoe Size\na@b.example,42\n") == {"Shoe Size": ["is unknown"]}


@pytest.mark.parametrize("importer", [import_persons, import_projects, import_task_types])
def test_only_an_administrator_imports_what_the_studio_is(
    kit: StudioKit, importer: Callable[..., Outcome]
) -> None:
    manager: Actor = kit.person("manager", {kit.project(): None})
    with pytest.raises(Forbidden):
        imported(kit, importer, "not even a table", actor=manager)


def test_projects_arrive_open_or_with_the_status_they_name(kit: StudioKit) -> None:
    names = [unique("Cosmos, “été”") for _ in range(3)]
    text = f'Name,Status\n"{names[0]}",Open\n"{names[1]}",closed\n"{names[2]}",\n'
    ids = imported(kit, import_projects, text)
    assert [kit.row("Project", id_, "project_status.name") for id_ in ids] == ["Open", "Closed", "Open"]
    last = last_event(kit)
    assert imported(kit, import_projects, text, update=True) == ids
    assert last_event(kit) == last
    imported(kit, import_projects, f'Name,Status\n"{names[0]}",Closed\n', update=True)
    assert kit.row("Project", ids[0], "project_status.name") == "Closed"
    assert [names[1], "Closed"] in table(listed(kit, "projects"))


def test_task_types_arrive_with_their_departments(kit: StudioKit) -> None:
    name, department = unique("Cloth"), unique("Tailors")
    text = (
        f"Department,Name,For Entity,Short Name\n{department},{name},shot,clo\n{department},{name},Asset,\n"
    )
    first, second = imported(kit, import_task_types, text)
    assert kit.row("TaskType", first, "for_entity", "short_name", "department.name") == {
        "for_entity": "Shot",
        "short_name": "clo",
        "department.name": department,
    }
    assert imported(kit, import_task_types, text, update=True) == [first, second]
    assert refusal(kit, import_task_types, "Name,For Entity\nx,Planet\n").keys() == {"line 2, For Entity"}
    assert table(listed(kit, "task-types")).count([department, name]) == 2


# -- several projects ----------------------------------------------------------------------------------------


def test_the_rows_of_a_file_go_into_the_projects_they_name(kit: StudioKit) -> None:
    names = [unique("P") for _ in range(2)]
    known = kit.create("Project", name=names[0])
    rows = f"{names[0]},SQ,SH1,5\n{names[1]},SQ,SH1,6\n{names[0].upper()},SQ,SH2,7\n"
    text = f"Project,Sequence,Name,Frames\n{rows}"
    ids = imported(kit, import_studio_entities, text, plan=SHOTS)
    found = [kit.row("Shot", id_, "project.name", "name", "nb_frames") for id_ in ids]
    assert [list(row.values()) for row in found] == [
        [names[0], "SH1", 5],
        [names[1], "SH1", 6],
        [names[0], "SH2", 7],
    ]
    assert kit.row("Shot", ids[2], "project_id") == str(known)
    assert imported(kit, import_studio_entities, text, plan=SHOTS) == ids


def test_the_assets_of_2017_come_in_categories(kit: StudioKit) -> None:
    name = unique("P")
    text = f"Project,Category,Name,Description\n{name},Prop,Cup,old\n"
    (asset,) = imported(kit, import_studio_entities, text, plan=ASSETS)
    assert kit.row("Asset", asset, "entity_type.name", "description") == {
        "entity_type.name": "Prop",
        "description": "old",
    }


def test_wrong_lines_of_all_projects_are_told_together(kit: StudioKit) -> None:
    names = [unique("P") for _ in range(2)]
    text = f"Project,Sequence,Name,Frames\n{names[0]},SQ,SH1,x\n{names[1]},SQ,,6\n{names[0]},SQ,SH1,7\n"
    assert refusal(kit, import_studio_entities, text, plan=SHOTS) == {
        "line 2, Frames": ["'x' is not a whole number"],
        "line 3, Name": ["is empty"],
        "line 4, Name": ["'SH1' is on line 2 already"],
    }
    assert kit.rows("Project", where=Where("name", Op.IN, names)) == []
    assert refusal(kit, import_studio_entities, "Sequence,Name\nSQ,SH\n", plan=SHOTS) == {
        "Project": ["column is missing"]
    }
    assert refusal(kit, import_studio_entities, "Project,Sequence,Name\n,SQ,SH\n", plan=SHOTS) == {
        "line 2, Project": ["is empty"]
    }


def test_a_project_one_may_not_see_is_like_one_that_does_not_exist(kit: StudioKit) -> None:
    hidden, mine = unique("Hidden"), kit.project()
    kit.create("Project", name=hidden)
    manager = kit.person("manager", {mine: None})
    told = set()
    for name in (hidden, unique("Nowhere")):
        with pytest.raises(Forbidden) as refused:
            imported(
                kit,
                import_studio_entities,
                f"Project,Sequence,Name\n{name},SQ,SH\n",
                plan=SHOTS,
                actor=manager,
            )
        told.add(refused.value.message.replace(name, ""))
    assert len(told) == 1


# -- series, edits, what assets are ready for ----------------------------------------------------------------


def test_the_assets_of_a_series_are_for_an_episode_or_for_all(kit: StudioKit) -> None:
    series = kit.project(production_type="tvshow")
    text = "Episode,Type,Name\nE01,Prop,Cup\nMP,Prop,Hat\n,Prop,Bag\n"
    ids = imported(kit, import_assets, text, series)
    assert [kit.row("Asset", id_, "source.name") for id_ in ids] == ["E01", None, None]
    assert imported(kit, import_assets, text, series) == ids
    imported(kit, import_assets, "Episode,Type,Name\nMP,Prop,Cup\nE01,Prop,Hat\n", series, update=True)
    assert [kit.row("Asset", id_, "source.name") for id_ in ids] == [None, "E01", None]


def test_an_episode_in_a_film_is_refused_for_assets(kit: StudioKit) -> None:
    fields = refusal(kit, import_assets, "Episode,Type,Name\nE01,Prop,Cup\n", kit.project())
    assert fields == {"line 2, Episode": ["only a series (production type 'tvshow') has episodes"]}


def test_an_asset_is_ready_for_a_step(kit: StudioKit) -> None:
    project = kit.project()
    (asset,) = imported(kit, import_assets, "Type,Name,Ready for\nProp,Cup,animation\n", project)
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    assert kit.row("Asset", asset, "ready_for") == step["id"]
    fields = refusal(kit, import_assets, "Type,Name,Ready for\nProp,Hat,juggling\n", project)
    assert fields == {"line 2, Ready for": ["'juggling' is no task type"]}


def test_edits_arrive_below_their_episodes(kit: StudioKit) -> None:
    project = kit.project(production_type="tvshow")
    text = "Episode;Name;Description;Edit\nE01;Cut 1;first;wip\n;Teaser;;\nE02;Cut 1;;\n"
    ids = imported(kit, import_edits, text, project)
    assert [kit.row("Edit", id_, "episode.name") for id_ in ids] == ["E01", None, "E02"]
    assert [row["Edit"] for row in records(exported(kit, "Edit", project))] == ["wip", "", ""]
    assert imported(kit, import_edits, text, project) == ids


# -- casting -------------------------------------------------------------------------------------------------


@pytest.fixture
def series(kit: StudioKit) -> uuid.UUID:
    """A series with two episodes that have shots of the same names, and some assets."""
    project = kit.project(production_type="tvshow")
    rows = "".join(
        f"{e},{s},{n}\n" for e in ("E01", "E02") for s in ("SEQ01", "SEQ02") for n in ("SH01", "SH02")
    )
    imported(kit, import_shots, f"Episode,Sequence,Name\n{rows}", project)
    assets = "Character,Victor\nEnvironment,Lake\nEnvironment,Mine\nProp,Boat\nProp,Pool\n"
    imported(kit, import_assets, f"Type,Name\n{assets}", project)
    return project


CASTING = """Episode,Parent,Name,Asset Type,Asset,Occurences,Label
MP,Environment,Lake,Prop,Boat,1,setdress
,environment,Mine,Prop,Pool,3,setdress
E01,SEQ01,SH01,Character,Victor,1,animate
E02,SEQ01,SH01,Environment,Lake,,layout
"""


def links(kit: StudioKit, project: uuid.UUID) -> list[list[object]]:
    rows = kit.rows(
        "EntityLink",
        "entity_in.episode.name",
        "entity_in.name",
        "entity_out.name",
        "nb_occurences",
        "label",
        where=Where("entity_in.project_id", Op.EQ, str(project)),
        order=(Order("created_at"),),
    )
    return [list(row.values()) for row in rows]


def test_casting_arrives_for_assets_and_for_shots_of_the_right_episode(
    kit: StudioKit, series: uuid.UUID
) -> None:
    ids = imported(kit, import_casting, CASTING, series)
    assert links(kit, series) == [
        [None, "Lake", "Boat", 1, "setdress"],
        [None, "Mine", "Pool", 3, "setdress"],
        ["E01", "SH01", "Victor", 1, "animate"],
        ["E02", "SH01", "Lake", 1, "layout"],
    ]
    last = last_event(kit)
    assert imported(kit, import_casting, CASTING, series) == ids
    assert last_event(kit) == last
    imported(kit, import_casting, CASTING.replace("Pool,3,", "Pool,5,"), series, update=False)
    assert last_event(kit) == last
    imported(kit, import_casting, CASTING.replace("Pool,3,", "Pool,5,"), series)
    assert links(kit, series)[1] == [None, "Mine", "Pool", 5, "setdress"]


def test_what_is_not_there_cannot_be_cast(kit: StudioKit, series: uuid.UUID) -> None:
    text = (
        CASTING
        + "E03,SEQ01,SH01,Character,Victor,x,\nE01,SEQ01,SH01,Character,Victor,2,\n,,SH01,Prop,Boat,1,\n"
    )
    assert refusal(kit, import_casting, text, series) == {
        "line 6, Name": ["there is no 'E03/SEQ01/SH01' in the project"],
        "line 6, Occurences": ["'x' is not a whole number"],
        "line 7, Asset": ["'Victor' is on line 4 already"],
        "line 8, Parent": ["is empty"],
    }
    assert links(kit, series) == []


STUDIO = {
    "persons": PERSONS,
    "projects": "Name,Status\nThe Harbour,Open\nNight Ferry: Return,Open\nFirst Tide,Closed\n",
    "shots": (
        "Episode,Sequence,Name,Description,FPS,Frame In,Frame Out,Vendor\n"
        "E01,SE01,S01,The pier,25,0,100,north\nE01,SE01,S02,,25,100,200,south\nE02,SE01,S01,,25,0,50,north\n"
    ),
    "assets": "Type,Name,Description,Vendor\nProp,Radio,Old,north\nCharacter,Victor,,south\n",
    "assets with statuses": "Type,Name,Description,Shading twice\nProp,Radio,Old,\nProp,Rope,New,wip\n",
    "casting": (
        "Episode,Parent,Name,Asset Type,Asset,Occurences,Label\n"
        "MP,Environment,Lake,Prop,Boat,1,fixed\n,Environment,Mine,Prop,Block,2,animate\n"
        "E01,SE01,S01,Prop,Boat,3,animate\n"
    ),
}
"""Files of a whole studio, with the columns and spellings of Kitsu's own examples."""


def test_the_files_of_a_whole_studio_import_twice_and_the_second_time_without_an_event(
    kit: StudioKit,
) -> None:
    project = kit.project(production_type="tvshow")
    kit.create("TaskType", name="Shading twice", for_entity="Asset")
    casting = _with_what_is_cast(kit, project, STUDIO["casting"])
    runs: list[tuple[Callable[..., Outcome], str, tuple[uuid.UUID, ...]]] = [
        (import_persons, STUDIO["persons"], ()),
        (import_projects, STUDIO["projects"], ()),
        (import_shots, STUDIO["shots"], (project,)),
        (import_assets, STUDIO["assets"], (project,)),
        (import_assets, STUDIO["assets with statuses"], (project,)),
        (import_casting, casting, (project,)),
    ]
    for importer, text, place in runs:
        assert imported(kit, importer, text, *place, update=True)
    last = last_event(kit)
    for importer, text, place in runs:
        assert imported(kit, importer, text, *place, update=True)
    assert last_event(kit) == last


def _with_what_is_cast(kit: StudioKit, project: uuid.UUID, text: str) -> str:
    """Make the shots and assets that the file of casting names."""
    rows = [line.split(",") for line in text.splitlines()[1:]]
    shots = dict.fromkeys(f"{row[0]},{row[1]},{row[2]}" for row in rows if row[0].startswith("E"))
    imported(kit, import_shots, "Episode,Sequence,Name\n" + "\n".join(shots), project)
    types = {row[1] for row in rows if not row[0].startswith("E")}
    assets = {f"{row[1]},{row[2]}" for row in rows if row[1] in types} | {
        f"{row[3]},{row[4]}" for row in rows
    }
    imported(kit, import_assets, "Type,Name\n" + "\n".join(sorted(assets)), project)
    return text


# -- estimations ---------------------------------------------------------------------------------------------


def test_estimations_and_dates_reach_the_tasks_of_a_step(kit: StudioKit, series: uuid.UUID) -> None:
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    episodes = kit.rows("Episode", "id", "name", where=Where("project_id", Op.EQ, str(series)))
    text = "Episode,Sequence,Name,Animation\nE01,SEQ01,SH01,todo\nE01,SEQ02,SH01,todo\nE02,SEQ01,SH01,todo\n"
    imported(kit, import_shots, text, series, update=True)
    place = (series, uuid.UUID(step["id"]))
    first = next(uuid.UUID(row["id"]) for row in episodes if row["name"] == "E01")
    text = (
        "Parent,Entity,Estimation,Drawings,Start date,Due date,Difficulty\n"
        "SEQ01,SH01,1.5,12,2030-01-01,2030-01-05,4\nSEQ02,SH01,2,,,,\n"
    )
    assert refusal(kit, import_estimations, text, *place) == {
        "line 2, Entity": ["'SEQ01/SH01' may be 2 of the project; say what it hangs below"]
    }
    task, other = imported(kit, import_estimations, text, *place, first)
    assert kit.row("Task", task, "estimation", "nb_drawings", "start_date", "due_date", "difficulty") == {
        "estimation": 720,
        "nb_drawings": 12,
        "start_date": "2030-01-01T00:00:00+00:00",
        "due_date": "2030-01-05T00:00:00+00:00",
        "difficulty": 4,
    }
    assert kit.row("Task", other, "estimation") == 960
    last = last_event(kit)
    assert imported(kit, import_estimations, text, *place, first) == [task, other]
    assert last_event(kit) == last


def test_a_day_of_an_estimation_is_as_long_as_those_of_the_project(kit: StudioKit, series: uuid.UUID) -> None:
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    imported(kit, import_shots, "Episode,Sequence,Name,Animation\nE01,SEQ01,SH01,todo\n", series, update=True)
    kit.update("Project", series, data={"hours_by_day": 10})
    text = "Parent,Entity,Estimation,Start date\nSEQ01,SH01,2,2030-01-01\n"
    (task,) = imported(kit, import_estimations, text, series, uuid.UUID(step["id"]))
    assert kit.row("Task", task, "estimation") == 1200
    kit.update("Task", task, start_date="2030-01-01", due_date="2030-01-03")
    assert kit.row("Task", task, "planned_duration") == 1800


def test_wrong_estimations_are_told_by_line(kit: StudioKit, series: uuid.UUID) -> None:
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    imported(kit, import_shots, "Episode,Sequence,Name,Animation\nE01,SEQ01,SH01,todo\n", series, update=True)
    text = (
        "Parent,Entity,Estimation,Start date,Due date,Difficulty\n"
        "SEQ01,SH01,-1,2030-01-05,2030-01-01,9\nSEQ01,SH02,1,,,\nSEQ01,SH01,1,,,\n"
    )
    assert refusal(kit, import_estimations, text, series, uuid.UUID(step["id"])) == {
        "line 2, Estimation": ["'-1' is below 0"],
        "line 2, Due date": ["comes before the start"],
        "line 2, Difficulty": ["is out of range"],
        "line 3, Entity": ["there is no 'SEQ01/SH02' in the project"],
        "line 4, Entity": ["'SH01' is on line 2 already"],
    }


# -- trying without doing ------------------------------------------------------------------------------------


def test_an_outcome_tells_line_by_line_what_was_made_and_changed(kit: StudioKit) -> None:
    project = kit.project()
    imported(kit, import_shots, "Sequence,Name,Frames\nSQ,SH1,5\nSQ,SH2,5\n", project)
    text = "Sequence,Name,Frames,Animation\nSQ,SH1,7,\nSQ,SH2,5,\nSQ2,SH3,1,wip\n"
    with kit.studio.write(kit.person("admin")) as work:
        outcome = import_shots(work, TableFile(text.encode()), project, update=True)
    assert [(told.line, told.kind) for told in outcome.made] == [
        (4, "Sequence"),
        (4, "Shot"),
        (4, "Task"),
        (4, "Note"),
    ]
    assert [(told.line, told.kind, dict(told.values)) for told in outcome.changed] == [
        (2, "Shot", {"nb_frames": 7})
    ]
    assert len(kit.rows("Shot", where=Where("project_id", Op.EQ, str(project)))) == 2


def test_a_file_larger_than_a_share_is_one_transaction(kit: StudioKit) -> None:
    project = kit.project()
    rows = "".join(f"SQ{n // 100},SH{n}\n" for n in range(1_100))
    ids = imported(kit, import_shots, f"Sequence,Name\n{rows}", project)
    assert len(set(ids)) == 1_100
    shots = [
        uuid.UUID(row["id"])
        for row in kit.rows("Shot", "id", where=Where("id", Op.IN, [str(i) for i in ids]))
    ]
    of_shots = sa.text("SELECT count(DISTINCT base) FROM event WHERE object_id = ANY(:ids)")
    with kit.studio.reads.connect() as connection:
        assert connection.execute(of_shots, {"ids": shots}).scalar_one() == 1


def test_a_project_that_does_not_exist_takes_no_file(kit: StudioKit) -> None:
    with pytest.raises(NotFound):
        imported(kit, import_shots, "Sequence,Name\nSQ,SH\n", uuid.uuid4())


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none_is_refused_by_name(kit: StudioKit, encoding: str) -> None:
    admin = kit.person("admin")
    with kit.studio.write(admin) as work, pytest.raises(Invalid, match=f"'{encoding}'"):
        import_persons(work, TableFile(b"Email\na@b.example\n", encoding))


def test_a_file_is_read_in_the_encoding_that_its_sender_says(kit: StudioKit) -> None:
    project = kit.project()
    with kit.studio.write(kit.person("admin")) as work:
        ids = import_shots(
            work, TableFile("Sequence,Name\nSQ,東京\n".encode("shift-jis"), "shift_jis"), project
        ).ids
        work.commit()
    assert [kit.row("Shot", id_, "name") for id_ in ids] == ["東京"]
