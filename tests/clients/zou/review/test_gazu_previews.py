"""gazu, unmodified, publishes previews to a served studio and gets back what was made of them."""

from __future__ import annotations

import io
import json
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
from PIL import Image

from tests import media
from tests.clients.zou.review.site import Site, open_site
from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_site(postgres, tmp_path_factory.mktemp("previews")) as site:
        yield site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Any]:
    """A manager of the project, with gazu."""
    client = site.client()
    yield client
    client.session.close()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("files") / "beauty v1.jpg"
    path.write_bytes(media.picture((640, 480), "JPEG"))
    return str(path)


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(media.movie(tmp_path_factory.mktemp("files") / "playblast.mov", sound=True))


def size_of(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as image:
        return image.size


def test_publish_preview_comments_uploads_and_sets_the_main_preview(
    site: Site, client: Any, picture: str
) -> None:
    shot, task = site.shot_task()
    comment, preview = gazu.task.publish_preview(
        {"id": str(task)}, site.status(), "look", preview_file_path=picture, set_thumbnail=True, client=client
    )
    assert (preview["status"], preview["extension"], preview["revision"]) == ("processing", "png", 1)
    assert preview["original_name"] == "beauty v1"
    assert site.kit.row("Entity", shot, "preview_file_id") == preview["id"]
    site.work()
    ready = gazu.files.wait_for_preview_file(preview, client=client)
    assert (ready["status"], ready["width"], ready["height"], ready["progress"]) == ("ready", 640, 480, 100)
    assert ready["file_size"] > 0
    assert ready["data"]["original_width"] == 640
    assert site.kit.row("Task", task, "last_preview_file_id") == preview["id"]
    assert [each["id"] for each in gazu.task.all_previews_for_task(str(task), client=client)] == [ready["id"]]
    shown = gazu.task.get_comment(comment["id"], client=client)
    assert shown["previews"] == [preview["id"]]


def test_gazu_downloads_the_sizes_of_a_picture(site: Site, client: Any, picture: str, tmp_path: Path) -> None:
    _, task = site.shot_task()
    _, preview = gazu.task.publish_preview(str(task), site.status(), preview_file_path=picture, client=client)
    site.work()
    sizes = {}
    for name, download in {
        "full": gazu.files.download_preview_file,
        "thumbnail": gazu.files.download_preview_file_thumbnail,
        "cover": gazu.files.download_preview_file_cover,
    }.items():
        download(preview, str(tmp_path / name), client=client)
        sizes[name] = size_of((tmp_path / name).read_bytes())
    assert sizes == {"full": (640, 480), "thumbnail": (150, 100), "cover": (640, 480)}


def test_gazu_downloads_the_movies_of_a_movie(site: Site, client: Any, movie: str, tmp_path: Path) -> None:
    _, task = site.shot_task()
    _, preview = gazu.task.publish_preview(str(task), site.status(), preview_file_path=movie, client=client)
    assert (preview["extension"], preview["is_movie"]) == ("mp4", True)
    site.work()
    ready = gazu.files.get_preview_file(preview["id"], client=client)
    assert (ready["status"], ready["width"], ready["height"], ready["duration"]) == ("ready", 128, 72, 1.0)
    gazu.files.download_preview_movie(preview, str(tmp_path / "full.mp4"), client=client)
    gazu.files.download_preview_lowdef_movie(preview, str(tmp_path / "low.mp4"), client=client)
    gazu.files.download_preview_file(preview, str(tmp_path / "file.mp4"), client=client)
    assert (tmp_path / "full.mp4").read_bytes()[4:8] == b"ftyp"
    assert (tmp_path / "file.mp4").read_bytes() == (tmp_path / "full.mp4").read_bytes()
    assert b"moov" in (tmp_path / "low.mp4").read_bytes()[:100]  # a browser starts before it has the rest
    assert size_of(gazu.files.extract_frame_from_preview(preview, 24, client=client).content) == (128, 72)
    tiles = gazu.files.extract_tile_from_preview(preview, client=client).content
    assert size_of(tiles) == (178 * 8, 100 * 4)
    with pytest.raises(gazu.exception.ParameterException):
        gazu.files.extract_frame_from_preview(preview, 25, client=client)


def test_a_download_waits_while_the_preview_is_processed(
    site: Site, client: Any, picture: str, tmp_path: Path
) -> None:
    _, task = site.shot_task()
    _, preview = gazu.task.publish_preview(str(task), site.status(), preview_file_path=picture, client=client)
    worker = threading.Timer(0.5, site.work)
    worker.start()
    gazu.files.download_preview_file(preview, str(tmp_path / "full.png"), client=client)
    worker.join()
    assert size_of((tmp_path / "full.png").read_bytes()) == (640, 480)


def test_gazu_uploads_without_a_job(site: Site, client: Any, picture: str) -> None:
    preview = str(site.preview())
    worker = threading.Timer(0.2, site.work)
    worker.start()
    sent = gazu.task.upload_preview_file(preview, picture, no_job=True, client=client)
    worker.join()
    assert sent["status"] == "ready"


def test_extra_previews_share_the_revision(site: Site, client: Any, picture: str) -> None:
    _, task = site.shot_task()
    comment = gazu.task.add_comment(str(task), site.status(), "two", client=client)
    first = gazu.task.add_preview(str(task), comment, picture, client=client)
    extra = gazu.task.add_extra_preview(str(task), comment, first, picture, client=client)
    again = gazu.task.create_preview(str(task), comment, client=client)
    places = [(each["revision"], each["position"]) for each in (first, extra, again)]
    assert places == [(1, 1), (1, 2), (1, 3)]
    moved, *_ = gazu.files.update_preview_position(again, 1, client=client)
    assert (moved["id"], moved["position"]) == (again["id"], 1)
    found = gazu.task.all_previews_for_task(str(task), client=client)
    assert [each["id"] for each in found] == [again["id"], first["id"], extra["id"]]
    assert [each["position"] for each in found] == [1, 2, 3]
    gazu.task.remove_preview_from_comment(str(task), comment, extra, client=client)
    left = gazu.task.get_comment(comment["id"], client=client)["previews"]
    assert sorted(left) == sorted([first["id"], again["id"]])


def test_set_main_preview_draws_the_thumbnail_of_a_frame(site: Site, client: Any, movie: str) -> None:
    shot, task = site.shot_task()
    _, preview = gazu.task.publish_preview(str(task), site.status(), preview_file_path=movie, client=client)
    site.work()
    path = f"pictures/thumbnails/preview-files/{preview['id']}.png"
    before = gazu.client.get_file_data_from_url(path, client=client)
    entity = gazu.task.set_main_preview(preview, frame_number=20, client=client)
    assert (entity["id"], entity["preview_file_id"]) == (str(shot), preview["id"])
    assert gazu.client.get_file_data_from_url(path, client=client) != before


def test_gazu_annotates_a_preview(site: Site, client: Any) -> None:
    preview = str(site.preview())
    line = {"time": 0.5, "width": 64, "height": 48, "drawing": {"objects": [{"id": "a", "type": "path"}]}}
    gazu.files.update_preview_annotations(preview, additions=[line], client=client)
    changed = {"time": 0.5, "drawing": {"objects": [{"id": "a", "stroke": "red"}]}}
    found = gazu.files.update_preview_annotations(preview, updates=[changed], client=client)
    assert found["annotations"][0]["drawing"]["objects"] == [{"id": "a", "type": "path", "stroke": "red"}]
    note = gazu.files.update_preview_annotations(preview, additions=[{"x": 1, "y": 2}], client=client)
    id_ = next(each["id"] for each in note["annotations"] if "x" in each)
    moved = gazu.files.update_preview_annotations(preview, updates=[{"id": id_, "x": 9}], client=client)
    assert {"id": id_, "x": 9, "y": 2} in moved["annotations"]
    left = gazu.files.update_preview_annotations(preview, deletions=[id_, "a"], client=client)
    assert left["annotations"] == []


def test_gazu_changes_lists_and_removes_previews(site: Site, client: Any) -> None:
    shot, task = site.shot_task()
    preview = str(site.preview(task))
    changed = gazu.files.update_preview(preview, {"validation_status": "validated"}, client=client)
    assert changed["validation_status"] == "validated"
    by_step = gazu.shot.all_previews_for_shot(str(shot), client=client)
    assert [each["id"] for takes in by_step.values() for each in takes] == [preview]
    assert [e["id"] for e in gazu.files.get_all_preview_files_for_task(str(task), client=client)] == [preview]
    in_project = gazu.task.all_preview_files_for_project(str(site.project), client=client)
    assert preview in [each["id"] for each in in_project]
    gazu.files.remove_preview_file(preview, client=client)
    assert gazu.task.all_previews_for_task(str(task), client=client) == []


def test_running_previews_are_for_administrators(site: Site, client: Any, picture: str) -> None:
    preview = str(site.preview())
    gazu.task.upload_preview_file(preview, picture, client=client)
    admin = site.client("admin", on_team=False)
    running = gazu.files.get_running_preview_files(client=admin)
    admin.session.close()
    assert preview in [each["id"] for each in running]
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.files.get_running_preview_files(client=client)
    site.work()


def test_an_artist_publishes_on_the_task_that_is_theirs_and_on_no_other(site: Site, picture: str) -> None:
    _, task = site.shot_task()
    artist = site.client("user", task=task)
    _, preview = gazu.task.publish_preview(str(task), site.status(), preview_file_path=picture, client=artist)
    changed = gazu.files.update_preview(preview, {"description": "mine"}, client=artist)
    assert changed["description"] == "mine"
    stranger = site.client("user")
    for attempt in (
        lambda: gazu.task.upload_preview_file(preview, picture, client=stranger),
        lambda: gazu.task.set_main_preview(preview, client=stranger),
        lambda: gazu.files.update_preview_annotations(preview, additions=[], client=stranger),
        lambda: gazu.files.update_preview_position(preview, 1, client=stranger),
    ):
        with pytest.raises(gazu.exception.NotAllowedException):
            attempt()
    for each in (artist, stranger):
        each.session.close()
    site.work()


def test_backgrounds_are_kept_with_their_thumbnail(site: Site, tmp_path: Path) -> None:
    admin, token = site.person("admin", on_team=False)
    made = site.send(
        "POST", "/data/preview-background-files", token, json={"name": f"sky {uuid.uuid4()}"[:40]}
    )
    id_ = made.get_json()["id"]
    sky = media.film_picture(tmp_path / "sky.hdr", media.ramp(300, 150)).read_bytes()
    path = f"/pictures/preview-background-files/{id_}"
    sent = site.send("POST", path, token, data={"file": (io.BytesIO(sky), "../sky.hdr")})
    assert sent.status_code == 201
    assert (sent.get_json()["extension"], sent.get_json()["original_name"]) == ("hdr", "sky")
    assert site.send("GET", f"{path}.hdr", token).data == sky
    thumbnail = site.send("GET", f"/pictures/thumbnails/preview-background-files/{id_}.png", token)
    assert size_of(thumbnail.data) == (300, 200)
    kept = site.stored()
    refused = site.send("POST", path, token, data={"file": (io.BytesIO(b"nonsense"), "sky.hdr")})
    assert refused.status_code == 400
    assert site.stored() == kept
    _, artist = site.person("user")
    assert site.send("POST", path, artist, data={"file": (io.BytesIO(sky), "sky.hdr")}).status_code == 403
    assert (
        json.loads(site.send("GET", f"/data/preview-background-files/{id_}", artist.strip()).data)["id"]
        == id_
    )
    assert admin
