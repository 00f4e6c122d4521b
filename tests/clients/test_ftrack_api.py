"""The real ftrack_api, unchanged, makes, reads and changes a production on a served studio."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import arrow
import pytest

from tests.clients.ftrack_site import (
    USER,
    MultipleResultsFoundError,
    ServerError,
    Session,
    Site,
    open_site,
    unique,
)
from zou_server.blueprints.ftrack.constants import OBJECT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served studio for the whole module."""
    with open_site(postgres, tmp_path_factory.mktemp("ftrack")) as site:
        yield site


@pytest.fixture
def session(site: Site) -> Iterator[Session]:
    """A session of the administrator that has cached nothing yet."""
    with site.session() as session:
        yield session


@dataclass(frozen=True)
class Show:
    """A project with one sequence, three shots and a task under the first of them."""

    project: str
    name: str
    sequence: str
    shots: tuple[str, ...]
    task: str


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """A small production, made with one commit."""
    with site.session() as session:
        name = unique("show")
        schema = session.query("ProjectSchema").first()
        project = session.create("Project", {"name": name, "full_name": "The show", "project_schema": schema})
        sequence = session.create("Sequence", {"name": "SQ010", "parent": project})
        shots = [
            session.create(
                "Shot", {"name": f"SH{number:03}", "parent": sequence, "description": f"take {number}"}
            )
            for number in range(3)
        ]
        task = session.create(
            "Task",
            {
                "name": "animation",
                "parent": shots[0],
                "bid": 8 * 3600,
                "type": session.query('Type where name is "Animation"').one(),
                "status": session.query('Status where name is "Work In Progress"').one(),
            },
        )
        session.commit()
        return Show(project["id"], name, sequence["id"], tuple(shot["id"] for shot in shots), task["id"])


def names(found: Any) -> list[str]:
    return [each["name"] for each in found]


# -- the session --------------------------------------------------------------------------------------------


def test_a_session_starts_and_knows_the_types(session: Session) -> None:
    expected = {
        "Project",
        "Context",
        "TypedContext",
        "Sequence",
        "Shot",
        "AssetBuild",
        "Episode",
        "Folder",
        "Milestone",
        "Task",
        "User",
        "Status",
        "State",
        "Type",
        "ObjectType",
        "Priority",
        "ProjectSchema",
        "Location",
        "Setting",
        "Appointment",
        "Note",
    }

    assert expected <= set(session.types)
    assert session.server_information["is_timezone_support_enabled"] is True
    assert session.types["User"].default_projections == ["id"]
    assert session.query("Location").all()


@pytest.mark.parametrize(("user", "key"), [(USER, "not a key"), ("nobody@example.com", "")])
def test_a_wrong_key_or_user_is_refused(site: Site, user: str, key: str) -> None:
    with (
        pytest.raises(ServerError, match="InvalidCredentialsError"),
        site.session(user, key),
    ):
        pass


def test_the_schemas_are_fetched_once_while_they_stay_the_same(site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        with site.session(schema_cache_path=str(tmp_path)) as session:
            assert session.server_information["schema_hash"]
    kept = (tmp_path / "ftrack_api_schema_cache.json").read_text()

    with site.session(schema_cache_path=str(tmp_path)) as session:
        cached, hash_ = session._read_schemas_from_cache(str(tmp_path / "ftrack_api_schema_cache.json"))  # noqa: SLF001

    assert hash_ == session.server_information["schema_hash"]
    assert json.loads(kept) == cached


def test_every_attribute_of_every_row_can_be_read(session: Session, show: Show) -> None:
    assert show.task
    for name in session.types:
        for row in session.query(name).all()[:2]:
            assert set(row.keys()) == {key for key, _ in row.items()}


# -- reading ------------------------------------------------------------------------------------------------


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
        ("status is none and nb_frames is None", {"SH000", "SH001", "SH002"}),
        ("status is_not none", set()),
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
    assert names(schema.get_statuses("Shot")) == names(schema.get_statuses("Task"))
    assert "Open" not in names(schema.get_statuses("Task"))
    assert {"Modeling", "Animation"} <= set(names(schema.get_types("Task")))
    assert {"Character", "Prop"} <= set(names(schema.get_types("AssetBuild")))
    assert {each["state"]["short"] for each in schema.get_statuses("Task")} == {
        "NOT_STARTED",
        "IN_PROGRESS",
        "DONE",
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


# -- writing ------------------------------------------------------------------------------------------------


def test_a_task_is_made_under_a_shot_changed_and_deleted(site: Site, show: Show) -> None:
    with site.session() as session:
        shot = session.get("Shot", show.shots[1])
        task = session.create("Task", {"name": "lighting", "parent": shot})
        session.commit()
        assert task["project"]["name"] == show.name
        assert task["status"]["name"] == "Todo"
        task["description"] = "from below"
        task["status"] = session.query('Status where name is "Done"').one()
        task["start_date"] = arrow.get("2026-03-01T10:11:12.345678+01:00")
        session.commit()
        assert task["status"]["state"]["short"] == "DONE"
    with site.session() as session:
        (found,) = session.query(f"Task where parent_id is {show.shots[1]}").all()
        assert (found["description"], found["status"]["name"]) == ("from below", "Done")
        assert found["start_date"] == arrow.get("2026-03-01T09:11:12.345678Z")
        assert (
            session.query('Task where start_date is "2026-03-01T09:11:12" and name is lighting').one()
            is found
        )
        session.delete(found)
        session.commit()
        assert session.query(f"Task where parent_id is {show.shots[1]}").first() is None


def test_rows_may_be_put_into_a_collection_instead_of_getting_a_parent(site: Site) -> None:
    with site.session() as session:
        project = session.create("Project", {"name": unique("collected")})
        session.commit()
        folder = session.create("Folder", {"name": "reel"})
        project["children"].append(folder)
        shot = session.create("Shot", {"name": "SH1"})
        folder["children"].append(shot)
        task = session.create("Task", {"name": "review"})
        project["children"].append(task)
        session.commit()
        ids = (project["id"], folder["id"], shot["id"])
    with site.session() as session:
        project = session.get("Project", ids[0])
        assert set(names(project["children"])) == {"reel", "review"}
        assert session.get("Shot", ids[2])["parent"]["id"] == ids[1]
        assert [each["name"] for each in session.get("Shot", ids[2])["link"]][1:] == ["reel", "SH1"]


def test_a_row_may_name_a_parent_that_comes_later_in_the_same_commit(site: Site, show: Show) -> None:
    task, shot = str(uuid.uuid4()), str(uuid.uuid4())
    with site.session() as session:
        parent = session.get("Shot", show.shots[1])["parent_id"]
        session.call(
            [
                {
                    "action": "create",
                    "entity_type": kind,
                    "entity_key": [id_],
                    "entity_data": {
                        "__entity_type__": kind,
                        "id": id_,
                        "name": unique(kind),
                        "parent_id": above,
                    },
                }
                for kind, id_, above in (("Task", task, shot), ("Shot", shot, parent))
            ]
        )
        assert session.get("Task", task)["parent"]["id"] == shot


def test_a_row_is_moved_by_changing_its_parent(site: Site, show: Show) -> None:
    with site.session() as session:
        sequence = session.create(
            "Sequence", {"name": "SQ020", "parent": session.get("Project", show.project)}
        )
        shot = session.create("Shot", {"name": "SH900", "parent": session.get("Sequence", show.sequence)})
        session.commit()
        shot["parent"] = sequence
        session.commit()
        assert [each["name"] for each in session.get("Shot", shot["id"])["link"]][1] == "SQ020"
    with site.session() as session:
        shot = session.get("Shot", shot["id"])
        assert shot["parent"]["name"] == "SQ020"
        shot["parent"] = session.get("Project", show.project)
        session.commit()
    with site.session() as session:
        assert [each["name"] for each in session.get("Shot", shot["id"])["link"]] == [show.name, "SH900"]
        session.delete(session.get("Shot", shot["id"]))
        session.delete(session.get("Sequence", sequence["id"]))
        session.commit()


def test_a_commit_that_fails_leaves_nothing(site: Site, show: Show) -> None:
    with site.session() as session:
        kept = session.create("Task", {"name": "first", "parent": session.get("Shot", show.shots[2])})
        session.create("Shot", {"name": "orphan"})
        with pytest.raises(ServerError, match="project_id"):
            session.commit()
        session.rollback()
        assert session.query(f"Task where id is {kept['id']}").first() is None
        session.create("Task", {"name": "second", "parent": session.get("Shot", show.shots[2])})
        session.commit()
    with site.session() as session:
        assert names(session.query(f"Task where parent_id is {show.shots[2]}")) == ["second"]


def test_ensure_finds_what_is_there_and_makes_what_is_not(site: Site, show: Show) -> None:
    with site.session() as session:
        data = {"name": "ensured", "project_id": show.project, "start_date": dt.datetime(2026, 1, 2, 3, 4, 5)}  # noqa: DTZ001
        made = session.ensure("Task", data, ["name", "project_id"])
    with site.session() as session:
        found = session.ensure("Task", {**data, "description": "again"}, ["name", "project_id"])
        assert found["id"] == made["id"]
        assert session.get("Task", made["id"])["description"] == "again"


def test_people_are_assigned_to_tasks(site: Site, show: Show) -> None:
    with site.session() as session:
        user = session.create(
            "User", {"username": unique("mia"), "first_name": "Mia", "email": f"{unique('m')}@a.io"}
        )
        task = session.get("Task", show.task)
        session.create("Appointment", {"context": task, "resource": user, "type": "assignment"})
        session.commit()
        name = user["username"]
    with site.session() as session:
        task = session.query(f'Task where assignments any (resource.username = "{name}")').one()
        assert task["id"] == show.task
        (appointment,) = task["assignments"]
        assert (appointment["resource"]["first_name"], appointment["resource"].entity_type) == ("Mia", "User")
        assert names(each["context"] for each in appointment["resource"]["assignments"]) == ["animation"]
        session.delete(appointment)
        session.commit()
    with site.session() as session:
        assert session.get("Task", show.task)["assignments"][:] == []


def test_notes_are_written_and_answered(site: Site, show: Show) -> None:
    with site.session() as session:
        author = session.query(f'User where username is "{USER}"').one()
        for type_, id_ in (("Task", show.task), ("Shot", show.shots[0])):
            note = session.get(type_, id_).create_note("Slower, please.", author)
            session.commit()
            note.create_reply("Done.", author)
            session.commit()
    with site.session() as session:
        for type_, id_ in (("Task", show.task), ("Shot", show.shots[0])):
            (note,) = session.get(type_, id_)["notes"]
            assert (note["content"], note["author"]["username"], note["parent_id"]) == (
                "Slower, please.",
                USER,
                id_,
            )
            assert [reply["content"] for reply in note["replies"]] == ["Done."]


def test_an_asset_build_has_a_type_of_asset(site: Site, show: Show) -> None:
    with site.session() as session:
        character = session.query('Type where name is "Character"').one()
        build = session.create(
            "AssetBuild",
            {
                "name": "Hero",
                "parent": session.get("Project", show.project),
                "type": character,
            },
        )
        session.commit()
    with site.session() as session:
        assert session.query('AssetBuild where type.name is "character"').one()["id"] == build["id"]
        assert session.get("AssetBuild", build["id"])["object_type"]["name"] == "Asset Build"


def test_vocabulary_is_made_changed_and_deleted(site: Site) -> None:
    with site.session() as session:
        status = session.create("Status", {"name": unique("Frozen"), "color": "#aabbcc", "is_active": True})
        type_ = session.create("Type", {"name": unique("Grooming")})
        session.commit()
        assert status in session.query("ProjectSchema").first().get_statuses("Task")
        status["is_active"] = False
        type_["color"] = "#112233"
        session.commit()
    with site.session() as session:
        assert session.get("Status", status["id"])["archived"] is True
        assert session.get("Type", type_["id"])["color"] == "#112233"
        session.delete(session.get("Type", type_["id"]))
        session.commit()
        assert session.query(f"Type where id is {type_['id']}").first() is None


def test_a_project_can_be_hidden(site: Site) -> None:
    with site.session() as session:
        project = session.create("Project", {"name": unique("old"), "status": "hidden"})
        session.commit()
    with site.session() as session:
        assert session.get("Project", project["id"])["status"] == "hidden"
        hidden = session.query("Project where status is hidden and status like 'hid%'").all()
        assert project["id"] in {each["id"] for each in hidden}


def test_names_are_unique_among_siblings(site: Site, show: Show) -> None:
    with site.session() as session:
        session.create("Shot", {"name": "SH000", "parent": session.get("Sequence", show.sequence)})
        with pytest.raises(ServerError, match="IntegrityError"):
            session.commit()


# -- what the client does not send --------------------------------------------------------------------------


def test_queries_see_what_was_written_before_them_in_the_same_request(site: Site, show: Show) -> None:
    id_ = str(uuid.uuid4())
    parent = {"__entity_type__": "Shot", "id": show.shots[0]}
    answers = site.post(
        [
            {
                "action": "create",
                "entity_type": "Task",
                "entity_data": {"id": id_, "name": "mixed", "parent": parent},
            },
            {"action": "query", "expression": f"select name, parent.name from Task where id is {id_}"},
            {
                "action": "update",
                "entity_type": "TypedContext",
                "entity_key": id_,
                "entity_data": {"name": "renamed"},
            },
            {"action": "delete", "entity_type": "Context", "entity_key": {"id": id_}},
            {"action": "query", "expression": f"Task where id is {id_}"},
        ]
    ).json()

    assert answers[0]["data"]["project_id"] == show.project
    assert answers[1]["data"] == [
        {
            "__entity_type__": "Task",
            "id": id_,
            "name": "mixed",
            "parent": {"__entity_type__": "Shot", "id": show.shots[0], "name": "SH000"},
        }
    ]
    assert (answers[2]["data"]["__entity_type__"], answers[2]["data"]["name"]) == ("Task", "renamed")
    assert answers[3] == {"action": "delete", "data": True}
    assert answers[4]["data"] == []


def test_an_id_that_is_left_out_is_made(site: Site, show: Show) -> None:
    data = {"name": "anonymous", "parent_id": show.project}
    (answer,) = site.post([{"action": "create", "entity_type": "Folder", "entity_data": data}]).json()

    assert uuid.UUID(answer["data"]["id"])
    assert answer["data"]["parent_id"] == answer["data"]["project_id"] == show.project


@pytest.mark.parametrize(
    ("action", "exception", "status", "content"),
    [
        ({"action": "fly"}, "ServerError", 400, "Invalid action u'fly'"),
        ({"action": "query", "expression": "Task where name is ("}, "ParseError", 400, "Failed to parse"),
        (
            {"action": "query", "expression": "Tusk"},
            "ValidationError",
            422,
            "There is no entity type 'Tusk'.",
        ),
        ({"action": "query", "expression": "select a(b) from Task"}, "ParseError", 400, "near '(b)"),
        (
            {"action": "query", "expression": "Task where foo is 1"},
            "ValidationError",
            422,
            "no attribute 'foo'",
        ),
        (
            {"action": "query", "expression": "Task where id.x is 1"},
            "ValidationError",
            422,
            "no relation 'id'",
        ),
        ({"action": "query", "expression": 'Task where name is "{0}" order by {}'}, "ParseError", 400, "(0)"),
        (
            {"action": "update", "entity_type": "Task", "entity_key": [str(uuid.uuid4())], "entity_data": {}},
            "NotFoundError",
            404,
            "There is no Task",
        ),
        (
            {"action": "update", "entity_type": "Task", "entity_key": "x", "entity_data": {}},
            "ValidationError",
            422,
            "'x' is not an id",
        ),
        (
            {"action": "create", "entity_type": "Context", "entity_data": {}},
            "ValidationError",
            422,
            "Context",
        ),
        (
            {"action": "create", "entity_type": "Location", "entity_data": {}},
            "ValidationError",
            422,
            "Location",
        ),
        (
            {"action": "create", "entity_type": "Task", "entity_data": {"foo": 1}},
            "ValidationError",
            422,
            "'foo'",
        ),
        (
            {"action": "create", "entity_type": "Task", "entity_data": {"link": []}},
            "ValidationError",
            422,
            "link",
        ),
        (
            {"action": "create", "entity_type": "Task", "entity_data": {"type_id": str(uuid.uuid4())}},
            "ValidationError",
            422,
            "Task: type_id does not exist.",
        ),
    ],
)
def test_errors_say_what_is_wrong_with_and_without_strictness(
    site: Site, action: dict[str, Any], exception: str, status: int, content: str
) -> None:
    for strict in (False, True):
        answer = site.post([action], strict=strict)
        body = answer.json()
        assert answer.status_code == (status if strict else 200)
        assert body["exception"] == exception
        assert content in body["content"]
        assert "{" not in body["content"]


def test_a_wrong_key_has_its_status_when_asked_for(site: Site) -> None:
    answer = site.post([{"action": "query_server_information"}], strict=True, **{"ftrack-api-key": "wrong"})

    assert answer.status_code == 401
    assert answer.json()["error_code"] == "api_credentials_invalid"


def test_only_exactly_api_is_ours(site: Site) -> None:
    client = site.app.test_client()

    assert client.get("/api").status_code == 200
    assert client.post("/api/auth/login", json={"email": "nobody", "password": "x"}).status_code == 400


def test_an_artist_sees_the_projects_of_the_team(site: Site, show: Show) -> None:
    from zou_server.services.manage_credentials import create_api_key  # noqa: PLC0415

    email = f"{unique('artist')}@example.com"
    person = site.create("Person", first_name="Ada", last_name="", email=email, role="user")
    other = site.create("Project", name=unique("other"))
    site.create("Shot", name="secret", project_id=other)
    site.create("Membership", project_id=show.project, person_id=person)
    key = create_api_key(site.engine, email)

    with site.session(email, key) as session:
        assert names(session.query("Project")) == [show.name]
        assert "secret" not in names(session.query("Context"))
        assert session.query("Shot where parent.name is SQ010 and ancestors any (name is SQ010)").first()
        session.get("Shot", show.shots[0])["name"] = "taken over"
        with pytest.raises(ServerError, match="PermissionError"):
            session.commit()
