"""gazu's first hour: the steps of somebody who has just installed it, in order, against a served instance.

Source: docs/protocols/zou.md 18 (a). The steps run once, each with what the ones before it made; a test looks
at each. Events are listened to before the log-out, which ends that too.
"""

from __future__ import annotations

import gc
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gazu
import pytest
from PIL import Image

from tests.servers import RunningServer
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# gazu leaves sockets and files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

STEPS: dict[str, Callable[[Any], None]] = {}
"""Name of a step -> the step, in order."""


def step(do: Callable[[Any], None]) -> Callable[[Any], None]:
    """Add a step to the hour."""
    STEPS[f"{len(STEPS) + 1:02} {do.__name__}"] = do
    return do


# -- log in --------------------------------------------------------------------------------------------------


@step
def see_that_the_host_is_up(h: Any) -> None:
    assert gazu.client.host_is_up(client=h.client)


@step
def see_that_the_host_is_valid(h: Any) -> None:
    assert gazu.client.host_is_valid(client=h.client)


@step
def log_in(h: Any) -> None:
    answer = gazu.log_in(h.keys["email"], h.keys["password"], client=h.client)
    assert answer["login"] is True
    assert {"access_token", "refresh_token", "user"} <= answer.keys()
    with pytest.raises(gazu.exception.AuthFailedException):
        gazu.log_in(h.keys["email"], "a wrong password", client=gazu.client.create_client(h.host))


@step
def ask_for_the_version(h: Any) -> None:
    assert gazu.client.get_api_version(client=h.client)


@step
def ask_who_i_am(h: Any) -> None:
    h.me = gazu.client.get_current_user(client=h.client)
    assert h.me["email"] == h.keys["email"]


# -- set up a production -------------------------------------------------------------------------------------


@step
def list_open_projects(h: Any) -> None:
    assert gazu.project.all_open_projects(client=h.client) == []


@step
def find_no_project_by_name(h: Any) -> None:
    assert gazu.project.get_project_by_name("The First Hour", client=h.client) is None


@step
def make_a_project(h: Any) -> None:
    h.project = gazu.project.new_project("The First Hour", "short", [h.me], client=h.client)
    assert h.project["team"] == [h.me["id"]]
    again = gazu.project.new_project("The First Hour", client=h.client)
    assert again["id"] == h.project["id"]
    assert [row["type"] for row in gazu.project.all_open_projects(client=h.client)] == ["Project"]


@step
def find_an_asset_type(h: Any) -> None:
    assert len(gazu.asset.all_asset_types(client=h.client)) > 1
    h.asset_type = gazu.asset.get_asset_type_by_name("Character", client=h.client)
    assert h.asset_type["name"] == "Character"


@step
def make_an_asset(h: Any) -> None:
    h.asset = gazu.asset.new_asset(h.project, h.asset_type, "Keeper", "Old", {"age": 71}, client=h.client)
    assert (h.asset["type"], h.asset["data"]) == ("Asset", {"age": 71})


@step
def list_the_assets(h: Any) -> None:
    names = [asset["name"] for asset in gazu.asset.all_assets_for_project(h.project, client=h.client)]
    assert names == ["Keeper"]


@step
def find_the_asset_by_name(h: Any) -> None:
    found = gazu.asset.get_asset_by_name(h.project, "Keeper", h.asset_type, client=h.client)
    assert found["id"] == h.asset["id"]


@step
def make_a_sequence(h: Any) -> None:
    h.sequence = gazu.shot.new_sequence(h.project, "SQ01", client=h.client)
    assert h.sequence["name"] == "SQ01"


@step
def make_a_shot(h: Any) -> None:
    h.shot = gazu.shot.new_shot(
        h.project, h.sequence, "SH010", nb_frames=48, frame_in=1001, frame_out=1048, client=h.client
    )
    assert h.shot["data"] == {"frame_in": 1001, "frame_out": 1048}


@step
def list_shots_and_sequences(h: Any) -> None:
    lists = (
        gazu.shot.all_shots_for_project(h.project, client=h.client),
        gazu.shot.all_shots_for_sequence(h.sequence, client=h.client),
        gazu.shot.all_sequences_for_project(h.project, client=h.client),
    )
    assert [[row["name"] for row in rows] for rows in lists] == [["SH010"], ["SH010"], ["SQ01"]]


@step
def cast_the_asset(h: Any) -> None:
    cast: Any = [{"asset_id": h.asset["id"], "nb_occurences": 2, "label": "animate"}]
    gazu.casting.update_shot_casting(h.project, h.shot, cast, client=h.client)
    shot = gazu.shot.get_shot(h.shot["id"], client=h.client)
    line = gazu.casting.get_shot_casting(shot, client=h.client)[0]
    assert (line["asset_id"], line["nb_occurences"], line["label"]) == (h.asset["id"], 2, "animate")
    assert line["asset_type_name"] == "Character"


# -- work ----------------------------------------------------------------------------------------------------


@step
def find_steps_and_statuses(h: Any) -> None:
    h.animation = gazu.task.get_task_type_by_name("Animation", client=h.client)
    h.modeling = gazu.task.get_task_type_by_name("Modeling", client=h.client)
    h.wip = gazu.task.get_task_status_by_short_name("wip", client=h.client)
    assert len(gazu.task.all_task_types(client=h.client)) > 2
    assert len(gazu.task.all_task_statuses(client=h.client)) > 2
    assert gazu.task.get_default_task_status(client=h.client)["is_default"] is True


@step
def make_a_task(h: Any) -> None:
    h.task = gazu.task.new_task(h.shot, h.animation, assignees=[h.me], client=h.client)
    assert h.task["assignees"] == [h.me["id"]]
    h.asset_task = gazu.task.new_task(h.asset, h.modeling, client=h.client)


@step
def list_the_tasks(h: Any) -> None:
    of_shot = gazu.task.all_tasks_for_shot(h.shot, client=h.client)
    of_asset = gazu.task.all_tasks_for_asset(h.asset, client=h.client)
    assert [row["task_type_name"] for row in (*of_shot, *of_asset)] == ["Animation", "Modeling"]


@step
def find_a_person_by_mail(h: Any) -> None:
    found = gazu.person.get_person_by_email(h.keys["email"], client=h.client)
    assert found["id"] == h.me["id"]


@step
def assign_the_task(h: Any) -> None:
    answer = gazu.task.assign_task(h.asset_task, h.me, client=h.client)
    assert [task["id"] for task in answer] == [h.asset_task["id"]]


@step
def list_what_is_to_do(h: Any) -> None:
    tasks = gazu.user.all_tasks_to_do(client=h.client)
    shown = {(task["project_name"], task["entity_name"], task["task_type_name"]) for task in tasks}
    assert shown == {
        ("The First Hour", "SH010", "Animation"),
        ("The First Hour", "Keeper", "Modeling"),
    }


@step
def start_and_comment(h: Any) -> None:
    started = gazu.task.start_task(h.task, client=h.client)
    assert started["task_status"]["short_name"] == "wip"
    said = gazu.task.add_comment(h.task, h.wip, "The stairs first.", client=h.client)
    assert (said["text"], said["person"]["id"]) == ("The stairs first.", h.me["id"])
    with_file = gazu.task.add_comment(h.task, h.wip, "See", attachments=[h.picture], client=h.client)
    assert with_file["id"] != said["id"]


@step
def publish_a_preview(h: Any) -> None:
    review = gazu.task.get_task_status_by_short_name("wfa", client=h.client)
    _, h.preview = gazu.task.publish_preview(
        h.task, review, "Done?", preview_file_path=h.picture, set_thumbnail=True, client=h.client
    )
    assert (h.preview["extension"], h.preview["revision"]) == ("png", 1)
    shot = gazu.shot.get_shot(h.shot["id"], client=h.client)
    assert shot["preview_file_id"] == h.preview["id"]


@step
def download_the_preview(h: Any) -> None:
    original, small = h.directory / "original.png", h.directory / "small.png"
    gazu.files.download_preview_file(h.preview, str(original), client=h.client)
    gazu.files.download_preview_file_thumbnail(h.preview, str(small), client=h.client)
    with Image.open(original) as first, Image.open(small) as second:
        assert first.size == (320, 180)
        assert second.width < first.width


@step
def read_the_comments(h: Any) -> None:
    texts = [comment["text"] for comment in gazu.task.all_comments_for_task(h.task, client=h.client)]
    assert {"The stairs first.", "See", "Done?"} <= set(texts)


@step
def spend_time(h: Any) -> None:
    gazu.task.set_time_spent(h.task, h.me, "2030-01-09", 120, client=h.client)
    spent = gazu.task.get_time_spent(h.task, "2030-01-09", client=h.client)
    assert spent["total"] == 120
    assert [entry["duration"] for entry in spent[h.me["id"]]] == [120]


# -- files ---------------------------------------------------------------------------------------------------


@step
def choose_a_file_tree(h: Any) -> None:
    path = f"actions/projects/{h.project['id']}/set-file-tree"
    project = gazu.client.post(path, {"tree_name": "simple"}, client=h.client)
    assert project["id"] == h.project["id"]


@step
def save_a_working_file(h: Any) -> None:
    path = gazu.files.build_working_file_path(h.task, client=h.client)
    assert "sh010" in path.lower()
    h.working_file = gazu.files.new_working_file(h.task, "scene", client=h.client)
    assert h.working_file["revision"] == 1
    last = gazu.files.get_last_working_files(h.task, client=h.client)
    assert last["scene"]["path"] == h.working_file["path"]


@step
def make_softwares_and_output_types(h: Any) -> None:
    h.software = gazu.files.new_software("Stairmaker", "stm", "stm", client=h.client)
    h.output_type = gazu.files.new_output_type("Steps", "stp", client=h.client)
    assert gazu.files.new_output_type("Steps", "stp", client=h.client)["id"] == h.output_type["id"]


@step
def publish_an_output_file(h: Any) -> None:
    made = gazu.files.new_entity_output_file(
        h.shot, h.output_type, h.animation, "First", working_file=h.working_file, client=h.client
    )
    assert {"path", "revision", "folder_path", "file_name"} <= made.keys()
    path = gazu.files.build_entity_output_file_path(h.shot, h.output_type, h.animation, client=h.client)
    assert "sh010" in path.lower()
    following = gazu.files.get_next_entity_output_revision(
        h.shot, h.output_type, h.animation, client=h.client
    )
    assert following == made["revision"] + 1
    last = gazu.files.get_last_output_files_for_entity(h.shot, client=h.client)
    assert made["id"] in str(last)


# -- around --------------------------------------------------------------------------------------------------


@step
def make_a_playlist(h: Any) -> None:
    playlist = gazu.playlist.new_playlist(h.project, "Dailies", client=h.client)
    assert playlist["shots"] == []
    filled = gazu.playlist.add_entity_to_playlist(playlist, h.shot, client=h.client)
    wanted = [{"entity_id": h.shot["id"], "preview_file_id": h.preview["id"]}]
    assert filled["shots"] == wanted
    assert gazu.playlist.get_playlist(playlist, client=h.client)["shots"] == wanted


@step
def add_a_custom_field(h: Any) -> None:
    made = gazu.project.add_metadata_descriptor(h.project, "Eye Colour", "Asset", client=h.client)
    assert made["field_name"] == "eye_colour"
    assert len(gazu.project.all_metadata_descriptors(h.project, client=h.client)) == 1
    asset = gazu.asset.update_asset_data(h.asset, {"eye_colour": "green"}, client=h.client)
    assert asset["data"] == {"age": 71, "eye_colour": "green"}


@step
def export_and_import_spreadsheets(h: Any) -> None:
    assets, shots = h.directory / "assets.csv", h.directory / "shots.csv"
    gazu.asset.export_assets_with_csv(h.project, str(assets), client=h.client)
    gazu.shot.export_shots_with_csv(h.project, str(shots), client=h.client)
    assert "Keeper" in assets.read_text(encoding="utf-8-sig")
    assert "SH010" in shots.read_text(encoding="utf-8-sig")
    more = h.directory / "more.csv"
    more.write_text("Sequence,Name,Nb Frames\nSQ01,SH020,24\n", encoding="utf-8")
    made = gazu.shot.import_shots_with_csv(h.project, str(more), client=h.client)
    assert [shot["name"] for shot in made] == ["SH020"]


@step
def remove_the_asset(h: Any) -> None:
    gazu.asset.remove_asset(h.asset, client=h.client)
    canceled = gazu.client.fetch_one("assets", h.asset["id"], client=h.client)
    assert canceled["canceled"] is True
    gazu.asset.remove_asset(h.asset, force=True, client=h.client)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.fetch_one("assets", h.asset["id"], client=h.client)


@step
def listen_to_events(h: Any) -> None:
    heard: list[Any] = []
    news = threading.Event()

    def hear(data: Any) -> None:
        heard.append(data)
        news.set()

    event_client = gazu.events.init(client=h.client)
    gazu.events.add_listener(event_client, "asset:new", hear)
    listening = threading.Thread(target=gazu.events.run_client, args=(event_client,), daemon=True)
    listening.start()
    asset = gazu.asset.new_asset(h.project, h.asset_type, "Visitor", client=h.client)
    assert news.wait(PATIENCE)
    told = {"asset_id": asset["id"], "asset_type": h.asset_type["id"], "project_id": h.project["id"]}
    assert heard == [told]
    event_client.disconnect()
    listening.join(30)
    event_client.shutdown()


@step
def log_out(h: Any) -> None:
    token = dict(h.client.tokens)
    gazu.log_out(client=h.client)
    gazu.client.set_tokens(token, client=h.client)
    with pytest.raises(gazu.exception.NotAuthenticatedException):
        gazu.client.get_current_user(client=h.client)


# -- the hour ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hour(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Every step done once, in order: its name -> what it raised, None when it went well."""
    url = postgres.empty_database()
    directory: Path = tmp_path_factory.mktemp("hour")
    picture = directory / "take.png"
    Image.new("RGB", (320, 180), "teal").save(picture)
    with RunningServer(directory / "data", workers=2, DATABASE_URL=url) as running:
        host = f"{running.url}/api"
        known = SimpleNamespace(
            host=host,
            keys=running.credentials,
            client=gazu.client.create_client(host),
            directory=directory,
            picture=str(picture),
        )
        yield {name: _outcome(do, known) for name, do in STEPS.items()}
        with warnings.catch_warnings(action="ignore"):
            gc.collect()
    postgres.drop(url)


def _outcome(do: Callable[[Any], None], known: Any) -> BaseException | None:
    try:
        do(known)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - each step's own test shows its own
        return error
    return None


def test_the_hour_has_every_step() -> None:
    assert len(STEPS) == 37


@pytest.mark.parametrize("name", STEPS)
def test_step(hour: dict[str, Any], name: str) -> None:
    error = hour[name]
    if error is not None:
        raise error
