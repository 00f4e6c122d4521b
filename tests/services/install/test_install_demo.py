"""The demo production: it installs in a new studio, holds together, and looks like a show in the making."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.adapters.storage import LocalStorage
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.event import BACK
from zou_server.services.install import demo_pictures as pictures
from zou_server.services.install import demo_production as production
from zou_server.services.install.install_demo import install_demo
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.sizes import AVATAR, SIZES, SQUARE, THUMBNAIL


@dataclass(frozen=True)
class Demo:
    """A studio with the demo production, and its file store."""

    kit: StudioKit
    storage: LocalStorage

    def rows(self, kind: str, *paths: str, **query: Any) -> list[dict[str, Any]]:
        return self.kit.rows(kind, *paths, **query)

    def picture(self, size: str, id_: str) -> Image.Image:
        with self.storage.open(picture_key(size, id_)).stream as stream:
            return Image.open(io.BytesIO(stream.read()), formats=("PNG",))


@pytest.fixture(scope="module")
def demo(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """An empty studio in which the demo was installed."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with open_studio(postgres, folder) as kit:
        storage = LocalStorage(folder / "files")
        install_demo(kit.studio.writes, storage)
        yield Demo(kit, storage)


def test_there_is_one_open_project_with_a_team_of_six(demo: Demo) -> None:
    (project,) = demo.rows("Project", "name", "project_status.name", "team*", "task_types*", "start_date")
    assert (project["name"], project["project_status.name"]) == ("Night Ferry", "Open")
    assert len(project["team*"]) == 6 + 1, "and the guest"
    assert len(project["task_types*"]) == 9
    people = demo.rows("Person", "full_name", "role", "departments*", "has_avatar", "login")
    people = [each for each in people if each["login"] != production.GUEST["login"]]
    assert Counter(person["role"] for person in people) == {"user": 4, "supervisor": 1, "manager": 1}
    assert all(person["departments*"] and person["has_avatar"] for person in people)


def test_nobody_of_the_team_can_log_in_but_the_guest_of_shotrunners_document(demo: Demo) -> None:
    engine = demo.kit.studio.reads
    with engine.connect() as connection:
        logins = "SELECT p.login FROM credential c JOIN person p ON p.id = c.person_id"
        assert connection.exec_driver_sql(logins).scalars().all() == ["sam"]
    authenticator = Authenticator(engine, demo.kit.studio.writes, "secret", LoginRules())
    guest = authenticator.by_basic("sam", "sam1")
    assert (guest.role, len(guest.project_roles)) == ("manager", 1)


def test_shots_have_sequences_frames_statuses_and_a_cast(demo: Demo) -> None:
    shots = demo.rows(
        "Shot",
        "id",
        "name",
        "sequence.name",
        "nb_frames",
        "data",
        "status.code",
        "description",
        "entities_out*",
    )
    assert Counter(shot["sequence.name"] for shot in shots) == {"SQ010": 5, "SQ020": 6}
    assert len({shot["status.code"] for shot in shots}) >= 5
    for shot in shots:
        assert shot["nb_frames"] == shot["data"]["frame_out"] - shot["data"]["frame_in"] + 1
        assert shot["data"]["camera_move"] in production.CAMERA_MOVES
        assert shot["description"]
        assert shot["entities_out*"]


def test_assets_are_of_several_types_and_every_one_is_cast(demo: Demo) -> None:
    assets = demo.rows("Asset", "name", "entity_type.name", "entities_in*", "data")
    assert {asset["entity_type.name"] for asset in assets} == {"Character", "Prop", "Environment", "FX"}
    assert all(asset["entities_in*"] for asset in assets)
    links = demo.rows("EntityLink", "nb_occurences")
    assert len(links) > 20
    assert {link["nb_occurences"] for link in links} > {1, 2}


def test_tasks_are_in_mixed_states_with_people_dates_and_estimations(demo: Demo) -> None:
    tasks = demo.rows(
        "Task",
        "task_status.code",
        "entity_id",
        "assignees*",
        "start_date",
        "due_date",
        "done_date",
        "estimation",
        "assigner_id",
        "project.name",
    )
    assert len(tasks) == 80
    statuses = Counter(task["task_status.code"] for task in tasks)
    assert set(statuses) == {"done", "wfa", "retake", "wip", "ready", "todo", "hld"}
    assert max(statuses.values()) < len(tasks) / 2
    for task in tasks:
        assert task["entity_id"]
        assert task["assignees*"]
        assert task["assigner_id"]
        assert task["start_date"] < task["due_date"]
        assert task["estimation"] > 0
        assert (task["task_status.code"] == "done") == (task["done_date"] is not None)
        assert task["project.name"] == "Night Ferry"


def test_the_last_note_of_a_task_gave_it_its_status(demo: Demo) -> None:
    notes = demo.rows("Note", "object_id", "sets_status.code", "text", order=(Order("created_at"),))
    last = {note["object_id"]: note for note in notes}
    tasks = demo.rows("Task", "id", "task_status.code")
    silent = {task["task_status.code"] for task in tasks if task["id"] not in last}
    assert silent == {"todo", "ready"}
    for task in tasks:
        if task["id"] in last:
            assert last[task["id"]]["sets_status.code"] == task["task_status.code"]
    assert len({note["text"] for note in notes}) > 15


def test_the_time_of_a_task_is_the_sum_of_the_time_people_wrote_down(demo: Demo) -> None:
    spent = Counter[str]()
    for row in demo.rows("TimeSpent", "task_id", "duration"):
        spent[row["task_id"]] += row["duration"]
    for task in demo.rows("Task", "id", "duration"):
        assert task["duration"] == spent[task["id"]]


def test_every_take_has_its_picture_in_every_size(demo: Demo) -> None:
    previews = demo.rows("PreviewFile", "id", "file_size", "width", "height", "status", "task_id", "revision")
    assert len(previews) > 40
    assert {preview["revision"] for preview in previews} == {1, 2}
    for preview in previews:
        sizes = {size: demo.picture(size, preview["id"]).size for size in SIZES}
        assert sizes["originals"] == (preview["width"], preview["height"])
        assert sizes["thumbnails"] == THUMBNAIL
        assert sizes["thumbnails-square"] == SQUARE
        with demo.storage.open(picture_key("originals", preview["id"])).stream as stream:
            assert len(stream.read()) == preview["file_size"]


def test_entities_and_tasks_show_their_newest_take(demo: Demo) -> None:
    takes = {row["id"]: row["task_id"] for row in demo.rows("PreviewFile", "id", "task_id")}
    tasks = {row["id"]: row for row in demo.rows("Task", "id", "entity_id", "last_preview_file_id")}
    shown = [row for row in demo.rows("Entity", "id", "preview_file_id", "kind") if row["preview_file_id"]]
    assert len(shown) >= 15
    for row in shown:
        assert tasks[takes[row["preview_file_id"]]]["entity_id"] == row["id"]
    for id_, task in tasks.items():
        assert (task["last_preview_file_id"] is not None) == (id_ in takes.values())


def test_people_and_the_project_have_portraits(demo: Demo) -> None:
    for kind in ("Person", "Project"):
        for row in demo.rows(kind, "id"):
            assert demo.picture("thumbnails", row["id"]).size == AVATAR


def test_the_event_log_names_who_did_what(demo: Demo) -> None:
    people = {row["id"]: row["full_name"] for row in demo.rows("Person", "id", "full_name")}
    events = demo.kit.events()
    authors: dict[str, set[str]] = {}
    for event in events:
        if str(event["attribute"]).startswith(BACK):
            continue  # who hung something on it is no author of the row
        authors.setdefault(event["kind"], set()).add(people.get(event["actor_id"], "the studio"))
    assert authors["Person"] == authors["Project"] == {"the studio"}
    assert authors["EntityLink"] == {"Nadia Okafor"}
    assert authors["PreviewFile"] == {"Elsa Lindqvist", "Yuki Tanaka", "Priya Nair", "Tomás Álvarez"}
    assert authors["Note"] > {"Lucas Ferreira", "Nadia Okafor"}
    assert authors["Task"] == {"Nadia Okafor"}
    assert [event["number"] for event in events] == list(range(events[0]["number"], events[-1]["number"] + 1))


def test_a_studio_with_an_administrator_has_its_project_opened_by_them(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    with open_studio(postgres, tmp_path) as kit:
        admin = kit.create(
            "Person", first_name="Super", last_name="Admin", email="a@example.com", role="admin"
        )
        install_demo(kit.studio.writes, LocalStorage(tmp_path / "files"))
        (project,) = kit.rows("Project", "created_by_id", where=Where("name", Op.EQ, "Night Ferry"))
        assert project["created_by_id"] == str(admin)


def test_the_tables_name_things_that_exist() -> None:
    assets = {asset.name for asset in production.ASSETS}
    keys = {member.key for member in production.TEAM}
    assert {key for step in production.STEPS.values() for key in step.people} <= keys
    for _, _, shots in production.SEQUENCES:
        for shot in shots:
            assert {name for name, _ in shot.cast} <= assets
    assert set(pictures.FIGURES) <= assets
    assert set(pictures.LOOKS) <= set(production.STEPS)
    assert set(production.DELIVERIES) == set(production.REMARKS) == set(production.STEPS)


def test_the_same_names_give_the_same_drawing() -> None:
    first, second = (pictures.draw_shot("SQ010", "SH010", {"Ferry": 1}, "Lighting", 1) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    other = pictures.draw_shot("SQ010", "SH020", {"Ferry": 1}, "Lighting", 1)
    assert first.tobytes() != other.tobytes()
