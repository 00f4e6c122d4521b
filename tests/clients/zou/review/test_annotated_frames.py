"""Frames with the drawings of reviewers on them, over HTTP; and a task's last preview as its picture."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests import media
from tests.clients.zou.review.site import Site, open_site
from tests.conftest import SuitePostgres

SET_MAIN = "/actions/tasks/{}/set-main-preview"
FRAME = "/actions/preview-files/{}/extract-annotated-frame"
FRAMES = "/actions/preview-files/{}/extract-annotated-frames"


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served studio."""
    with open_site(postgres, tmp_path_factory.mktemp("drawn")) as site:
        yield site


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """A manager's."""
    return site.person("manager")[1]


@pytest.fixture(scope="module")
def movie(site: Site, token: str, tmp_path_factory: pytest.TempPathFactory) -> uuid.UUID:
    """A movie of 25 frames, 128 by 72."""
    path = media.movie(tmp_path_factory.mktemp("film") / "a.mp4", size="128x72", rate="25")
    return sent(site, token, path.read_bytes(), "take one.mp4")


def sent(site: Site, token: str, content: bytes, name: str, task: uuid.UUID | None = None) -> uuid.UUID:
    """A preview that is ready."""
    id_ = site.preview(task)
    assert site.upload(id_, content, name, token).status_code == 201
    site.work()
    assert site.kit.row("PreviewFile", id_, "status") == "ready"
    return id_


def bar(time: float) -> dict[str, Any]:
    """A red bar over a whole canvas of 1280 by 720."""
    box = {"type": "rect", "width": 1280, "height": 720, "fill": "#ff0000", "left": 0, "top": 0}
    return {"time": time, "width": 1280, "height": 720, "drawing": {"objects": [box]}}


def draw(site: Site, token: str, id_: uuid.UUID, *times: float) -> None:
    body = {"additions": [bar(time) for time in times]}
    path = f"/actions/preview-files/{id_}/update-annotations"
    assert site.send("PUT", path, token, json=body).status_code == 200


def is_red(content: bytes) -> bool:
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    return pixel == (255, 0, 0)


def test_get_actions_preview_files_extract_annotated_frame(site: Site, token: str, movie: uuid.UUID) -> None:
    draw(site, token, movie, 0.4)
    with_it = site.send("GET", f"{FRAME.format(movie)}?frame_number=10", token)
    assert (with_it.status_code, with_it.mimetype) == (200, "image/png")
    assert is_red(with_it.data)
    with Image.open(io.BytesIO(with_it.data)) as image:
        assert image.size == (128, 72)
    without = site.send("GET", f"{FRAME.format(movie)}?frame_number=11", token)
    assert not is_red(without.data)


def test_get_actions_preview_files_extract_annotated_frames(site: Site, token: str, movie: uuid.UUID) -> None:
    draw(site, token, movie, 0.2, 99)
    answer = site.send("GET", FRAMES.format(movie), token)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert 'filename="take one_annotations.zip"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        # What is drawn behind the last frame is on none.
        assert (
            {"take one_00005.png"}
            <= set(archive.namelist())
            <= {
                "take one_00005.png",
                "take one_00010.png",
            }
        )
        assert all(is_red(archive.read(name)) for name in archive.namelist())


def test_a_picture_is_its_only_frame(site: Site, token: str) -> None:
    id_ = sent(site, token, media.picture((128, 72)), "plate.png")
    assert site.send("GET", FRAMES.format(id_), token).status_code == 404
    assert not is_red(site.send("GET", FRAME.format(id_), token).data)
    draw(site, token, id_, 0)
    assert is_red(site.send("GET", FRAME.format(id_), token).data)
    with zipfile.ZipFile(io.BytesIO(site.send("GET", FRAMES.format(id_), token).data)) as archive:
        assert archive.namelist() == ["plate_00000.png"]
    assert site.send("GET", f"{FRAME.format(id_)}?frame_number=3", token).status_code == 400


EXTRACT = "/actions/preview-files/{}/extract-frame"


def test_drawings_and_frames_go_by_the_numbers_of_production(site: Site, token: str, tmp_path: Any) -> None:
    path = media.movie(tmp_path / "a.mov", "-timecode", "00:00:40:01", size="128x72", rate="25")
    id_ = sent(site, token, path.read_bytes(), "SH010.mov")
    drawing = {name: value for name, value in bar(0).items() if name != "time"}
    body = {"additions": [{"true_frame": 1011, **drawing}, bar(0.6)]}
    drawn = site.send("PUT", f"/actions/preview-files/{id_}/update-annotations", token, json=body).get_json()
    assert [(each["time"], each["true_frame"]) for each in drawn["annotations"]] == [(0.4, 1011), (0.6, 1016)]
    frame = site.send("GET", f"{FRAME.format(id_)}?true_frame=1011", token).data
    assert (is_red(frame), frame) == (
        True,
        site.send("GET", f"{FRAME.format(id_)}?frame_number=10", token).data,
    )
    plain = [
        site.send("GET", f"{EXTRACT.format(id_)}?{asked}", token).data
        for asked in ("true_frame=1001", "frame_number=0", "true_frame=1002")
    ]
    assert plain[0] == plain[1] != plain[2]
    with zipfile.ZipFile(io.BytesIO(site.send("GET", FRAMES.format(id_), token).data)) as archive:
        assert archive.namelist() == ["SH010_01011.png", "SH010_01016.png"]
    for wrong in ("true_frame=1000", "true_frame=1026", "true_frame=x", "true_frame=1001&frame_number=0"):
        assert site.send("GET", f"{EXTRACT.format(id_)}?{wrong}", token).status_code == 400, wrong


def test_a_true_frame_of_a_movie_that_has_no_numbers_is_refused(
    site: Site, token: str, movie: uuid.UUID
) -> None:
    for path in (FRAME, EXTRACT):
        answer = site.send("GET", f"{path.format(movie)}?true_frame=1001", token)
        assert (answer.status_code, "true_frame" in answer.get_data(as_text=True)) == (400, True)
    body = {"additions": [{**bar(0), "time": None, "true_frame": 1001}]}
    path = f"/actions/preview-files/{movie}/update-annotations"
    assert site.send("PUT", path, token, json=body).status_code == 400


@pytest.mark.parametrize(
    ("counts", "frame_in", "first", "start"),
    [
        (True, "1001", 1001, "00:00:40:01"),
        (True, 86400, 86400, "00:57:36:00"),
        (False, "1001", None, None),
        (True, "first", None, None),
        (True, None, None, None),
    ],
)
def test_a_movie_without_a_timecode_is_counted_from_the_first_frame_of_its_shot(
    site: Site, token: str, tmp_path: Any, *, counts: bool, frame_in: Any, first: Any, start: Any
) -> None:
    _, task = site.shot_task(data={"frame_in": frame_in, "resolution": "64x48"})
    site.kit.update("Project", site.project, is_frame_in_numbering=counts)
    try:
        path = media.movie(tmp_path / "a.mov", rate="25", seconds=0.2)
        id_ = sent(site, token, path.read_bytes(), "a.mov", task)
    finally:
        site.kit.update("Project", site.project, is_frame_in_numbering=False)
    data = site.kit.row("PreviewFile", id_, "data")
    assert (data.get("first_frame"), data.get("start_timecode"), data["frame_rate"]) == (first, start, "25")


@pytest.mark.parametrize("number", ["x", "-1", "100000", "1e3"])
def test_a_frame_that_is_none_is_refused(site: Site, token: str, movie: uuid.UUID, number: str) -> None:
    answer = site.send("GET", f"{FRAME.format(movie)}?frame_number={number}", token)
    assert (answer.status_code, "frame_number" in answer.text) == (400, True)


@pytest.mark.parametrize("path", [FRAME, FRAMES])
def test_drawings_are_for_those_who_see_the_preview(
    site: Site, token: str, movie: uuid.UUID, path: str
) -> None:
    _, outsider = site.person("manager", on_team=False)
    assert site.send("GET", path.format(movie), outsider).status_code == 404
    assert site.send("GET", path.format(uuid.uuid4()), token).status_code == 404
    assert site.send("GET", path.format(site.preview()), token).status_code == 404, "no file yet"
    assert site.app.test_client().get(path.format(movie)).status_code == 401


def test_put_actions_tasks_set_main_preview(site: Site, token: str) -> None:
    shot, task = site.shot_task()
    path = SET_MAIN.format(task)
    none = site.send("PUT", path, token)
    assert (none.status_code, none.get_json()["message"]) == (400, "This task has no preview.")
    site.preview(task, revision=1, position=1)
    site.preview(task, revision=2, position=2)
    last = site.preview(task, revision=2, position=1)
    answer = site.send("PUT", path, token)
    assert answer.status_code == 200
    assert (answer.get_json()["id"], answer.get_json()["preview_file_id"]) == (str(shot), str(last))
    assert site.kit.row("Shot", shot, "preview_file_id") == str(last)
    assert "set-main" in {event["action"] for event in site.kit.events(last)}
    assert site.send("PUT", path, token, json={"frame": 1}).status_code == 400


def test_who_does_not_work_on_a_task_does_not_choose_its_picture(site: Site) -> None:
    _, task = site.shot_task()
    site.preview(task, revision=1)
    artist, idle, outsider = (
        site.person("user", task=task)[1],
        site.person("user")[1],
        site.person("manager", on_team=False)[1],
    )
    statuses = [
        site.send("PUT", SET_MAIN.format(task), each).status_code for each in (artist, idle, outsider)
    ]
    assert statuses == [200, 403, 404]
