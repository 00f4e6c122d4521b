"""The main job: one served production, and four unmodified clients that read and change it.

The fixtures are the story, each one going on where the last ended: gazu makes the production,
shotgun_api3, ftrack_api and pyactiveresource change the same shot, a file of shots and assets is
imported. The tests look at what everybody sees of it then.
"""

from __future__ import annotations

import base64
import gc
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gazu
import pytest
import requests
import shotgun_api3
from PIL import Image
from pyactiveresource import connection

from tests import media
from tests.clients.shotrunner.site import classes
from tests.servers import RunningServer
from tests.services.importers.csv_files import ASSETS, SHOTS
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


# -- the server and its clients ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A whole server on an empty database: it makes the studio itself."""
    url = postgres.empty_database()
    data_dir = tmp_path_factory.mktemp("production") / "data"
    with RunningServer(data_dir, workers=2, DATABASE_URL=url) as running:
        yield running
        with warnings.catch_warnings(action="ignore"):
            gc.collect()
    postgres.drop(url)


@pytest.fixture(scope="module")
def keys(server: RunningServer) -> dict[str, str]:
    """What the first start printed."""
    return server.credentials


@pytest.fixture(scope="module")
def zou(server: RunningServer, keys: dict[str, str]) -> Any:
    """gazu, logged in."""
    client = gazu.client.create_client(f"{server.url}/api")
    gazu.log_in(keys["email"], keys["password"], client=client)
    return client


@pytest.fixture(scope="module")
def sg(server: RunningServer, keys: dict[str, str]) -> Iterator[Any]:
    """shotgun_api3 as the studio's script."""
    client = shotgun_api3.Shotgun(server.url, keys["script_name"], keys["script_key"])
    yield client
    client.close()


@pytest.fixture(scope="module")
def new_session(server: RunningServer, keys: dict[str, str]) -> Any:
    """Makes sessions of ftrack_api; each with nothing cached."""
    with warnings.catch_warnings(action="ignore"):
        import ftrack_api  # noqa: PLC0415 - it, or what it needs, warns when it is imported
    options = {"auto_connect_event_hub": False, "plugin_paths": [], "schema_cache_path": False}
    return lambda: ftrack_api.Session(server.url, keys["api_key"], keys["api_user"], **options)


@pytest.fixture(scope="module")
def sr(server: RunningServer, keys: dict[str, str]) -> Any:
    """ActiveResource's classes, in JSON."""
    return classes(server.url, "json", keys["email"], keys["password"])


# -- the story -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(zou: Any) -> SimpleNamespace:
    """With gazu: make a project with a sequence, ten shots, two assets and their tasks."""
    project = gazu.project.new_project("One Production", client=zou)
    steps = {step["name"]: step for step in gazu.task.all_task_types(client=zou)}
    types = gazu.asset.all_asset_types(client=zou)
    descriptor = gazu.project.add_metadata_descriptor(project, "Lens Kit", "Shot", client=zou)
    sequence = gazu.shot.new_sequence(project, "sq010", client=zou)
    shots = [
        gazu.shot.new_shot(project, sequence, f"sh{number:04}", nb_frames=100 + number, client=zou)
        for number in range(10, 110, 10)
    ]
    assets = [
        gazu.asset.new_asset(project, types[index], name, "In every shot", client=zou)
        for index, name in enumerate(("Tree", "House"))
    ]
    tasks = [gazu.task.new_task(shot, steps["Animation"], client=zou) for shot in shots]
    tasks += [gazu.task.new_task(asset, steps["Modeling"], client=zou) for asset in assets]
    return SimpleNamespace(
        project=project, sequence=sequence, shots=shots, assets=assets, tasks=tasks, descriptor=descriptor
    )


@pytest.fixture(scope="module")
def directed(sg: Any, made: SimpleNamespace) -> dict[str, Any]:
    """With shotgun_api3: find a shot by code under its sequence and change it, in a batch."""
    found = sg.find_one(
        "Shot",
        [["code", "is", "sh0030"], ["sg_sequence.Sequence.code", "is", made.sequence["name"]]],
        ["code", "sg_cut_duration", "project", "sg_lens_kit"],
    )
    assert (found["sg_cut_duration"], found["project"]["name"]) == (130, "One Production")
    assert found["sg_lens_kit"] is None
    answers = sg.batch(
        [
            {"request_type": "update", "entity_type": "Shot", "entity_id": found["id"], "data": data}
            for data in (
                {"sg_status_list": "ip"},
                {"description": "She turns round", "sg_lens_kit": "anamorphic"},
            )
        ]
    )
    assert [answer["id"] for answer in answers] == [found["id"]] * 2
    return dict(found)


@pytest.fixture(scope="module")
def planned(new_session: Any, directed: dict[str, Any]) -> dict[str, Any]:
    """With ftrack_api: query the same shot through its parent's name and make a task under it."""
    with new_session() as session:
        shot = session.query(f'Shot where parent.name is "sq010" and name is "{directed["code"]}"').one()
        seen = {"id": shot["id"], "description": shot["description"], "status": shot["status"]["name"]}
        step = session.query('Type where name is "Lighting"').first()
        task = session.create("Task", {"name": "light the face", "parent": shot, "type": step})
        session.commit()
        return {**seen, "task": task["id"]}


@pytest.fixture(scope="module")
def titled(sr: Any, directed: dict[str, Any], planned: dict[str, Any]) -> Any:
    """With pyactiveresource: read that shot by number and save a title; an older copy is stale then."""
    assert planned["task"]
    first, second = sr.Shot.find(directed["id"]), sr.Shot.find(directed["id"])
    first.title = "The turn"
    assert first.save()
    second.title = "Too late"
    with pytest.raises(connection.ResourceConflict):
        second.save()
    return first


@pytest.fixture(scope="module")
def imported(zou: Any, made: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A project whose shots and assets came in two files."""
    assert made.project
    directory: Path = tmp_path_factory.mktemp("files")
    files = {"shots": SHOTS, "assets": ASSETS}
    for name, text in files.items():
        (directory / f"{name}.csv").write_text(text, encoding="utf-8")
    project = gazu.project.new_project("Imported", client=zou)
    gazu.shot.import_shots_with_csv(project, str(directory / "shots.csv"), client=zou)
    gazu.asset.import_assets_with_csv(project, str(directory / "assets.csv"), client=zou)
    return SimpleNamespace(**project)


# -- what everybody sees -------------------------------------------------------------------------------------


def test_the_other_clients_see_what_gazu_made(
    made: SimpleNamespace, sg: Any, sr: Any, new_session: Any
) -> None:
    project = sg.find_one("Project", [["name", "is", "One Production"]])
    assert (
        len(sg.find("Shot", [["project", "is", project], ["sg_sequence.Sequence.code", "is", "sq010"]])) == 10
    )
    assert {row["code"] for row in sg.find("Asset", [["project", "is", project]], ["code"])} == {
        "Tree",
        "House",
    }
    assert len(sg.find("Task", [["project", "is", project], ["step.Step.code", "is", "Animation"]])) == 10
    sequence = sr.Sequence.find(sequence_code="sq010", project_id=project["id"])[0]
    assert len(sr.Shot.find(sequence_id=sequence.id)) == 10
    with new_session() as session:
        names = [row["name"] for row in session.query('AssetBuild where project.name is "One Production"')]
        assert sorted(names) == ["House", "Tree"]
        assert made.project["id"] == session.query('Project where name is "One Production"').one()["id"]


def test_ftrack_saw_what_shotgun_changed(planned: dict[str, Any], made: SimpleNamespace) -> None:
    assert planned["id"] == made.shots[2]["id"]
    assert planned["description"] == "She turns round"
    assert planned["status"] == "Work In Progress"


def test_gazu_sees_all_of_it(zou: Any, made: SimpleNamespace, planned: dict[str, Any], titled: Any) -> None:
    assert titled.title == "The turn"
    shot = gazu.shot.get_shot(made.shots[2]["id"], client=zou)
    assert shot["description"] == "She turns round"
    assert shot["data"][made.descriptor["field_name"]] == "anamorphic"
    assert shot["title"] == "The turn"
    statuses = {row["id"]: row["short_name"] for row in gazu.task.all_task_statuses(client=zou)}
    assert statuses[shot["status_id"]] == "wip"
    tasks = gazu.task.all_tasks_for_shot(shot, client=zou)
    assert {task["name"] for task in tasks} == {"main", "light the face"}
    assert planned["task"] in {task["id"] for task in tasks}


def test_shotgun_sees_the_status_and_the_task_and_no_title(
    sg: Any, directed: dict[str, Any], titled: Any
) -> None:
    assert titled.title == "The turn"
    shot = sg.find_one("Shot", [["id", "is", directed["id"]]], ["title", "sg_status_list", "tasks"])
    # The shots of a Shotgun site have no title.
    assert ("title" in shot, shot["sg_status_list"]) == (False, "ip")
    assert {task["name"] for task in shot["tasks"]} == {"main", "light the face"}


def test_the_event_log_names_each_change_and_its_author(
    sg: Any, keys: dict[str, str], directed: dict[str, Any], titled: Any
) -> None:
    assert titled.title == "The turn"
    fields = ["attribute_name", "user", "meta", "event_type"]
    shot = {"type": "Shot", "id": directed["id"]}
    entries = sg.find("EventLogEntry", [["entity", "is", shot]], fields, order=[{"field_name": "id"}])
    script = {"type": "ApiUser", "name": keys["script_name"]}
    told = [
        (each["attribute_name"], each["user"]["type"], each["meta"].get("new_value"))
        for each in entries
        if each["event_type"] == "Shotgun_Shot_Change"
        and not each["meta"].keys() & {"in_create", "actual_attribute_changed"}
    ]
    assert told == [
        ("sg_status_list", "ApiUser", "ip"),
        ("description", "ApiUser", "She turns round"),
        ("sg_lens_kit", "ApiUser", "anamorphic"),
    ]
    # A title is no field of Shotgun's: that it was changed, and by whom, is all that it tells.
    newer = [["event_type", "is", "Unlisted_Change"], ["id", "greater_than", entries[-1]["id"]]]
    assert "HumanUser" in {each["user"]["type"] for each in sg.find("EventLogEntry", newer, ["user"])}
    by_script = [each["user"] for each in entries if each["user"]["type"] == "ApiUser"]
    assert {(user["type"], user["name"]) for user in by_script} == {(script["type"], script["name"])}
    assert (entries[0]["event_type"], entries[0]["user"]["type"]) == ("Shotgun_Shot_New", "HumanUser")


def test_the_event_log_names_the_task_that_ftrack_made(sg: Any, planned: dict[str, Any]) -> None:
    assert planned["task"]
    task = sg.find_one("Task", [["content", "is", "light the face"]])
    entry = sg.find_one(
        "EventLogEntry",
        [["entity", "is", task], ["event_type", "is", "Shotgun_Task_New"]],
        ["user", "project"],
    )
    assert entry["user"]["type"] == "HumanUser"
    assert entry["project"]["name"] == "One Production"


def test_gazu_reads_the_events_of_the_other_clients(zou: Any, made: SimpleNamespace, titled: Any) -> None:
    assert titled.title == "The turn"
    events = [
        event["name"]
        for event in gazu.client.fetch_all("events", {"project_id": made.project["id"]}, client=zou)
        if made.shots[2]["id"] in event["data"].values()
    ]
    # Made, the batch (which tells of a row once), and the save.
    assert sorted(events) == ["shot:new", "shot:update", "shot:update"]


# -- a file of real shots and assets -------------------------------------------------------------------------


def test_gazu_reads_what_was_imported(zou: Any, imported: SimpleNamespace) -> None:
    shots = gazu.shot.all_shots_for_project(imported.id, client=zou)
    assert sorted((shot["episode_name"], shot["sequence_name"], shot["name"]) for shot in shots) == [
        ("E01", "SE01", "S01"),
        ("E01", "SE01", "S02"),
        ("E01", "SE02", "S01"),
        ("E02", "SE01", "S01"),
    ]
    assets = gazu.asset.all_assets_for_project(imported.id, client=zou)
    assert sorted((asset["asset_type_name"], asset["name"]) for asset in assets) == [
        ("Character", "Victor"),
        ("Prop", "Cassette Player"),
        ("Prop", "Wood Stick"),
    ]


def test_shotgun_reads_what_was_imported(sg: Any, imported: SimpleNamespace) -> None:
    filters = [["project.Project.name", "is", imported.name], ["sg_cut_in", "greater_than", 150]]
    rows = sg.find("Shot", filters, ["code", "sg_cut_out", "sg_contractor", "sg_sequence.Sequence.episode"])
    assert sorted((row["sg_cut_out"], row["sg_contractor"]) for row in rows) == [
        (300, "contractor 2"),
        (400, "contractor 1"),
    ]
    assert {row["sg_sequence.Sequence.episode"]["name"] for row in rows} == {"E01", "E02"}


def test_ftrack_reads_what_was_imported(new_session: Any, imported: SimpleNamespace) -> None:
    with new_session() as session:
        found = session.query(
            'Shot where parent.name is "SE01" '
            f'and parent.parent.name is "E01" and project_id is "{imported.id}"'
        )
        assert sorted((row["name"], row["description"]) for row in found) == [
            ("S01", "Description 01"),
            ("S02", "Description 02"),
        ]
        build = session.query(f'AssetBuild where name is "Victor" and project_id is "{imported.id}"').one()
        assert build["type"]["name"] == "Character"


def test_pyactiveresource_reads_what_was_imported(sr: Any, imported: SimpleNamespace) -> None:
    project = sr.Project.find(code=imported.name)[0]
    assets = sr.Asset.find(project_id=project.id, order="asset_label")
    assert [(asset.asset_type, asset.asset_label) for asset in assets] == [
        ("Prop", "Cassette Player"),
        ("Character", "Victor"),
        ("Prop", "Wood Stick"),
    ]
    sequence = sr.Sequence.find(project_id=project.id, sequence_code="SE02")[0]
    assert [(shot.shot_code, shot.frame_count) for shot in sr.Shot.find(sequence_id=sequence.id)] == [
        ("S01", 101)
    ]


def test_the_same_file_again_makes_nothing_twice(zou: Any, imported: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "shots.csv"
    path.write_text(SHOTS, encoding="utf-8")
    gazu.shot.import_shots_with_csv({"id": imported.id}, str(path), client=zou)
    assert len(gazu.shot.all_shots_for_project(imported.id, client=zou)) == 4


def corner(content: bytes) -> tuple[int, ...]:
    """The colour in the corner of a picture."""
    with Image.open(io.BytesIO(content)) as image:
        return tuple(image.convert("RGB").crop((0, 0, 1, 1)).tobytes())


def test_a_picture_attached_in_one_tool_is_the_thumbnail_in_all_four(
    zou: Any, sg: Any, new_session: Any, sr: Any, made: SimpleNamespace, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 180), (0, 0, 255)).save(buffer, "PNG")
    number = sg.find_one("Shot", [["code", "is", "sh0040"]])["id"]
    values = {"attachment_container_type": "Shot", "attachment_container_id": number}
    data = base64.b64encode(buffer.getvalue()).decode()
    sr.Attachment.create({"title": "slate.png", "data": data, **values}).put("use_as_thumbnail")

    seen: dict[str, bytes] = {}
    shot = gazu.shot.get_shot(made.shots[3]["id"], client=zou)
    place = tmp_path / "zou.png"
    gazu.files.download_preview_file_thumbnail(shot["preview_file_id"], str(place), client=zou)
    seen["zou"] = place.read_bytes()
    address = sg.find_one("Shot", [["id", "is", number]], ["image"])["image"]
    seen["shotgun"] = requests.get(address, timeout=30).content
    with new_session() as session:
        thumbnail = session.get("Shot", shot["id"])["thumbnail"]
        location = session.query('Location where name is "ftrack.server"').one()
        seen["ftrack"] = requests.get(location.get_thumbnail_url(thumbnail, size=200), timeout=30).content
    address = sr.Shot.find(number).thumbnail_loc
    assert address == f"{sr.Shot.site}/shots/{number}/thumb/medium"
    seen["shotrunner"] = requests.get(address, auth=(sr.Shot.user, sr.Shot.password), timeout=30).content
    shown = {name: corner(content) for name, content in seen.items()}
    assert all(red < 20 and blue > 240 for red, _, blue in shown.values()), shown


def test_a_picture_that_another_tool_gives_a_shot_is_at_its_address_in_shotrunner(
    sg: Any, sr: Any, tmp_path: Path
) -> None:
    place = tmp_path / "green.png"
    Image.new("RGB", (320, 180), (0, 255, 0)).save(place)
    number = sg.find_one("Shot", [["code", "is", "sh0050"]])["id"]
    assert sr.Shot.find(number).thumbnail_loc is None
    sg.upload_thumbnail("Shot", number, str(place))
    address = sr.Shot.find(number).thumbnail_loc
    content = requests.get(address, auth=(sr.Shot.user, sr.Shot.password), timeout=30).content
    red, green, _ = corner(content)
    assert red < 20
    assert green > 240


# The client leaves the file open that it uploads.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_movie_that_one_tool_sends_is_reviewed_in_the_others(
    zou: Any, sg: Any, new_session: Any, made: SimpleNamespace, tmp_path: Path
) -> None:
    ours = made.tasks[5]
    shot = sg.find_one("Shot", [["code", "is", "sh0060"]], ["project"])
    task = sg.find_one("Task", [["entity", "is", shot]])
    version = sg.create(
        "Version", {"project": shot["project"], "code": "sh0060_v001", "entity": shot, "sg_task": task}
    )
    sg.upload("Version", version["id"], str(media.movie(tmp_path / "take.mov")), "sg_uploaded_movie")
    names = ["sg_uploaded_movie_mp4", "sg_uploaded_movie_webm", "filmstrip_image", "image"]
    names.append("sg_uploaded_movie_transcoding_status")

    def shown() -> dict[str, Any]:
        found: dict[str, Any] = sg.find_one("Version", [["id", "is", version["id"]]], names)
        return found

    wait_until(lambda: shown()["sg_uploaded_movie_webm"], "the movie is made")
    found = shown()
    assert found["sg_uploaded_movie_transcoding_status"] == 1
    assert all(found[name] for name in names)

    (preview,) = gazu.client.fetch_all("preview-files", {"task_id": ours["id"]}, client=zou)
    assert (preview["status"], preview["is_movie"], preview["extension"]) == ("ready", True, "mp4")
    place = tmp_path / "zou.mp4"
    gazu.files.download_preview_movie(preview["id"], str(place), client=zou)
    movie = requests.get(found["sg_uploaded_movie_mp4"]["url"], timeout=30).content
    assert place.read_bytes() == movie

    with new_session() as session:
        take = session.query(f'AssetVersion where task.id is "{ours["id"]}"').one()
        assert take["asset"]["parent"]["name"] == "sh0060"
        assert take["thumbnail_url"]["url"]


def test_a_label_changed_and_a_type_added_in_one_tool_are_so_in_all_four(
    zou: Any, sg: Any, new_session: Any, sr: Any
) -> None:
    status = sr.Code.find_first(scope="task_status", code="wip")
    status.label = "Under Way"
    assert status.save()
    sr.Code.create({"scope": "asset_type", "code": "Vehicle"})
    gazu.task.new_task_type("Grooming", client=zou)

    names = {each["name"] for each in gazu.task.all_task_statuses(client=zou)}
    types = {each["name"] for each in gazu.asset.all_asset_types(client=zou)}
    assert {"Under Way"} <= names
    assert {"Vehicle"} <= types
    assert sg.find_one("Status", [["name", "is", "Under Way"]], ["name"])["name"] == "Under Way"
    shown = sg.schema_field_read("Asset", "sg_asset_type")["sg_asset_type"]["properties"]
    assert "Vehicle" in shown["valid_values"]["value"]
    assert sg.find_one("Step", [["code", "is", "Grooming"]], ["code"])
    with new_session() as session:
        assert session.query('Status where name is "Under Way"').first()
        found = {each["name"] for each in session.query("select name from Type").all()}
        assert {"Vehicle", "Grooming"} <= found
    assert sr.Code.find(status.id).label == "Under Way"
    assert sr.Code.find_first(scope="skill", label="Grooming").id
