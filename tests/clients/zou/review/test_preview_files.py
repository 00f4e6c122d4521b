"""The files of previews over plain HTTP: what is taken, what is left when not, how bytes are served."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from tests import media
from tests.clients.zou.review.site import LIMIT, Site, open_site
from tests.conftest import SuitePostgres
from zou_server.adapters.work_folders import LOCK, LocalWorkFolders

JSON_FIRST = {"Accept": "application/json, */*;q=0.1"}


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_site(postgres, tmp_path_factory.mktemp("files")) as site:
        yield site


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """The token of a manager of the project."""
    return site.person("manager")[1]


def state(site: Site, id_: uuid.UUID) -> tuple[str, str]:
    found = site.kit.row("PreviewFile", id_, "status", "problem")
    return found["status"], found["problem"]


# -- sending -------------------------------------------------------------------------------------------------


def test_the_answer_to_an_upload_has_no_word_that_gazu_takes_for_a_failure(site: Site, token: str) -> None:
    answer = site.upload(site.preview(), media.picture(), "a.png", token)
    assert answer.status_code == 201
    assert {"message", "error"}.isdisjoint(answer.get_json())
    assert "source_key" not in answer.get_json()
    assert len(answer.get_json()["checksum"]) == 64


def test_a_file_of_many_pieces_arrives_whole(site: Site, token: str) -> None:
    id_, content = site.preview(), bytes(range(256)) * 9_000
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
    form = {"content_type": "multipart/form-data; boundary=b", "data": head + content + b"\r\n--b--\r\n"}
    assert site.send("POST", f"/pictures/preview-files/{id_}", token, **form).status_code == 201
    kept = site.send("GET", f"/pictures/originals/preview-files/{id_}.zip", token)
    assert kept.data == content


def test_the_file_is_kept_as_it_was_sent_under_a_name_of_ours(site: Site, token: str) -> None:
    id_, content = site.preview(), media.picture(kind="JPEG")
    site.upload(id_, content, "../../etc/passwd.JPG", token)
    assert site.kit.row("PreviewFile", id_, "original_name") == "passwd"
    assert site.send("GET", f"/pictures/originals/preview-files/{id_}.jpg", token).data == content
    kept = [name for name in site.stored() if str(id_) in name]
    assert len(kept) == 1
    assert kept[0].startswith("previews/sources/")
    answer = site.send("GET", f"/pictures/originals/preview-files/{id_}/download", token)
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="passwd.jpg"'


@pytest.mark.parametrize("name", ["script.exe", "noextension", "archive.tar.xz", "", "page.html"])
def test_a_kind_that_is_not_taken_is_refused_and_its_preview_goes(site: Site, token: str, name: str) -> None:
    id_, before = site.preview(), site.stored()
    answer = site.upload(id_, b"content", name, token)
    assert answer.status_code == 400
    if name:
        assert "are not taken" in answer.get_json()["message"]
        assert site.kit.row("PreviewFile", id_, "status") is None
    assert site.stored() == before


def test_an_empty_file_is_refused_and_can_be_sent_again(site: Site, token: str) -> None:
    id_, before = site.preview(), site.stored()
    assert site.upload(id_, b"", "a.png", token).status_code == 400
    assert site.stored() == before
    assert site.upload(id_, media.picture(), "a.png", token).status_code == 201


def test_a_form_without_the_file_or_no_form_at_all_is_refused(site: Site, token: str) -> None:
    path = f"/pictures/preview-files/{site.preview()}"
    options: dict[str, Any]
    for options in (
        {"data": {"picture": (io.BytesIO(b"x"), "a.png")}},
        {"data": {"file": "text"}},
        {"json": {}},
        {"data": b"nonsense", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"nonsense", "content_type": "multipart/form-data"},
    ):
        assert site.send("POST", path, token, **options).status_code == 400


def test_a_second_file_is_refused_unless_the_first_was_broken(site: Site, token: str) -> None:
    id_ = site.preview()
    site.upload(id_, b"I am no picture", "a.png", token)
    refused = site.upload(id_, media.picture(), "a.png", token)
    assert (refused.status_code, refused.get_json()["message"]) == (400, "This preview has its file already.")
    site.work()
    status, problem = state(site, id_)
    assert status == "broken"
    assert "not a picture" in problem
    sources = {name for name in site.stored() if str(id_) in name}
    assert site.upload(id_, media.picture(), "b.png", token).status_code == 201
    assert not sources & site.stored()
    site.work()
    assert state(site, id_) == ("ready", "")
    assert site.upload(id_, media.picture(), "c.png", token).status_code == 400


def test_a_better_file_leaves_the_one_that_a_copy_has_too(site: Site, token: str) -> None:
    id_, copy = site.preview(), site.preview()
    site.upload(id_, b"I am no picture", "a.png", token)
    site.work()
    key = site.kit.row("PreviewFile", id_, "source_key")
    with site.kit.studio.writes.begin() as connection:
        share = "UPDATE preview_file SET source_key = :key WHERE id = :id"
        connection.execute(sa.text(share), {"key": key, "id": copy})
    assert site.upload(id_, media.picture(), "b.png", token).status_code == 201
    assert key in site.stored()
    assert site.kit.row("PreviewFile", id_, "source_key") != key


def test_too_large_a_file_and_one_that_breaks_off_leave_nothing(site: Site, token: str) -> None:
    id_, before = site.preview(), site.stored()
    form = {"content_type": "multipart/form-data; boundary=b"}
    answer = site.send("POST", f"/pictures/preview-files/{id_}", token, data=b"x" * (LIMIT + 1), **form)
    assert answer.status_code == 413
    assert _broken_off(site, f"/api/pictures/preview-files/{id_}", token) == 400
    assert site.stored() == before
    assert site.upload(id_, media.picture(), "a.png", token).status_code == 201


def _broken_off(site: Site, path: str, token: str) -> int:
    """Begin an upload of a megabyte and stop sending after half of it; the status of the answer."""
    address = urlsplit(site.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    connection.putrequest("POST", path)
    connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(head + b"x" * 500_000)
    connection.sock.shutdown(socket.SHUT_WR)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_form_that_ends_too_early_leaves_nothing(site: Site, token: str) -> None:
    id_, before = site.preview(), site.stored()
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    form = {"content_type": "multipart/form-data; boundary=b"}
    answer = site.send("POST", f"/pictures/preview-files/{id_}", token, data=head + media.picture(), **form)
    assert answer.status_code == 400
    assert site.stored() == before
    assert site.kit.row("PreviewFile", id_, "checksum") == ""


def test_of_two_who_send_at_once_one_is_taken(site: Site, token: str) -> None:
    id_ = site.preview()
    answers: list[int] = []
    contents = [media.picture(colour=colour) for colour in ("red", "blue")]

    def send(content: bytes) -> None:
        answers.append(site.upload(id_, content, "a.png", token).status_code)

    threads = [threading.Thread(target=send, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 400]
    assert len([name for name in site.stored() if str(id_) in name]) == 1


@pytest.mark.parametrize(
    ("name", "media_type"), [("scene.blend", "application/octet-stream"), ("a.pdf", "application/pdf")]
)
def test_other_files_are_kept_as_they_are(site: Site, token: str, name: str, media_type: str) -> None:
    id_, extension = site.preview(), name.rpartition(".")[2]
    answer = site.upload(id_, b"%PDF or so", name, token)
    assert (answer.get_json()["status"], answer.get_json()["extension"]) == ("ready", extension)
    found = site.send("GET", f"/pictures/originals/preview-files/{id_}.{extension}", token)
    assert (found.data, found.mimetype) == (b"%PDF or so", media_type)
    assert site.send("GET", f"/pictures/originals/preview-files/{id_}.obj", token).status_code == 404
    assert site.send("GET", f"/pictures/thumbnails/preview-files/{id_}.png", token).status_code == 404


def test_a_picture_of_a_compositor_is_shown_as_png(site: Site, token: str, tmp_path: Path) -> None:
    id_ = site.preview()
    source = media.film_picture(tmp_path / "beauty.exr", media.ramp(300, 20)).read_bytes()
    assert site.upload(id_, source, "beauty.exr", token).get_json()["extension"] == "png"
    site.work()
    shown = site.send("GET", f"/pictures/originals/preview-files/{id_}.png", token).data
    with Image.open(io.BytesIO(shown)) as image:
        assert image.size == (300, 20)
        assert image.getpixel((150, 10)) == (188, 188, 188)
    assert site.send("GET", f"/pictures/originals/preview-files/{id_}.exr", token).data == source


def test_a_project_chooses_the_layers_and_the_colours_of_its_pictures(
    site: Site, token: str, tmp_path: Path
) -> None:
    pixels = np.tile(np.array([1, 0, 0, 0, 0.18, 0], np.float32), (8, 8, 1))
    names = ("comp.R", "comp.G", "comp.B", "R", "G", "B")
    source = media.film_picture(tmp_path / "layers.exr", pixels, names=names).read_bytes()

    def shown(**said: str) -> tuple[int, ...]:
        path = f"/data/projects/{site.project}"
        assert site.send("PUT", path, token, json={"data": said}).status_code == 200
        id_ = site.preview()
        site.upload(id_, source, "layers.exr", token)
        site.work()
        found = site.send("GET", f"/pictures/originals/preview-files/{id_}.png", token).data
        with Image.open(io.BytesIO(found)) as image:
            return tuple(image.convert("RGB").tobytes()[:3])

    try:
        assert shown() == (0, 118, 0)
        assert shown(review_layers="denoised, Comp") == (255, 0, 0)
        aces = shown(ocio_config="ocio://studio-config-v2.1.0_aces-v1.3_ocio-v2.3")
        assert aces not in {(255, 0, 0), (0, 118, 0)}, "red of ACES, with its film look"
        for wrong in ({"review_layers": ","}, {"ocio_config": "../x.ocio"}, {"ocio_view": 5}):
            answer = site.send("PUT", f"/data/projects/{site.project}", token, json={"data": wrong})
            assert (answer.status_code, next(iter(wrong)) in answer.get_data(as_text=True)) == (400, True)
    finally:
        clear = dict.fromkeys(("review_layers", "ocio_config"))
        site.kit.update("Project", site.project, data=clear)


def test_a_movie_takes_the_shape_of_its_shot(site: Site, token: str, tmp_path: Path) -> None:
    _, task = site.shot_task(data={"resolution": "96x54", "fps": "12"})
    id_ = site.preview(task)
    site.upload(id_, media.movie(tmp_path / "a.mov", seconds=0.5).read_bytes(), "a.mov", token)
    site.work()
    found = site.kit.row("PreviewFile", id_, "width", "height", "data")
    assert (found["width"], found["height"], found["data"]["original_width"]) == (96, 54, 64)
    assert found["data"]["movie_prefixes"] == ["source", "previews", "lowdef"]
    tiles = site.send("GET", f"/movies/tiles/preview-files/{id_}.png", token).data
    with Image.open(io.BytesIO(tiles)) as image:
        assert image.size == (178 * 8, 100)  # six frames of half a second
    for path in (f"movies/source/preview-files/{id_}.mp4", f"pictures/originals/preview-files/{id_}.mov"):
        assert site.send("GET", f"/{path}", token).mimetype == "video/quicktime"


def test_set_main_preview_from_a_frame_is_for_movies(site: Site, token: str) -> None:
    shot, task = site.shot_task()
    id_ = site.preview(task)
    site.upload(id_, media.picture(), "a.png", token)
    site.work()
    path = f"/actions/preview-files/{id_}/set-main-preview"
    number: Any
    for number in (3, -1, "x", "²", True, 10**30, {}):
        assert site.send("PUT", path, token, json={"frame_number": number}).status_code == 400
    assert site.kit.row("Shot", shot, "preview_file_id") is None
    assert site.send("PUT", path, token).status_code == 200
    assert site.kit.row("Shot", shot, "preview_file_id") == str(id_)


# -- getting -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def movie(site: Site, token: str, tmp_path_factory: pytest.TempPathFactory) -> uuid.UUID:
    """A movie that is ready."""
    id_ = site.preview()
    content = media.movie(tmp_path_factory.mktemp("movie") / "a.mp4", seconds=0.5).read_bytes()
    site.upload(id_, content, "take.mp4", token)
    site.work()
    return id_


def test_bytes_come_whole_in_parts_or_not_again(site: Site, token: str, movie: uuid.UUID) -> None:
    path = f"/movies/originals/preview-files/{movie}.mp4"
    whole = site.send("GET", path, token)
    assert (whole.status_code, whole.mimetype) == (200, "video/mp4")
    assert whole.headers["Cache-Control"] == "private, max-age=604800"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = site.send("GET", path, token, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    again = site.send("GET", path, token, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    beyond = site.send("GET", path, token, headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    head = site.send("HEAD", path, token)
    assert (head.data, head.content_length) == (b"", len(whole.data))


def test_every_address_of_a_movie_answers(site: Site, token: str, movie: uuid.UUID) -> None:
    for path in (
        "movies/low/preview-files/{}.mp4",
        "movies/source/preview-files/{}.mp4",
        "movies/tiles/preview-files/{}.png",
        "movies/originals/preview-files/{}/download",
        "pictures/originals/preview-files/{}.png",
        "pictures/previews/preview-files/{}.png",
        "pictures/thumbnails/preview-files/{}.png",
        "pictures/thumbnails-square/preview-files/{}.png",
    ):
        assert site.send("GET", f"/{path.format(movie)}", token).status_code == 200, path


def test_whoever_understands_json_is_told_to_come_back(site: Site, token: str) -> None:
    id_ = site.preview()
    path = f"/pictures/thumbnails/preview-files/{id_}.png"
    assert site.send("GET", path, token, headers=JSON_FIRST).status_code == 404  # nothing was sent yet
    site.upload(id_, media.picture(), "a.png", token)
    waiting = site.send("GET", path, token, headers=JSON_FIRST)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "2")
    assert waiting.get_json() == {"id": str(id_), "status": "processing", "progress": 0}
    browser = site.send("GET", path, token, headers={"Accept": "image/avif,image/webp,*/*;q=0.8"})
    assert browser.status_code == 404
    site.work()
    assert site.send("GET", path, token, headers=JSON_FIRST).mimetype == "image/png"


def test_a_broken_preview_says_why_where_its_picture_should_be(site: Site, token: str) -> None:
    id_ = site.preview()
    site.upload(id_, b"I am no movie", "a.mp4", token)
    site.work()
    answer = site.send("GET", f"/movies/low/preview-files/{id_}.mp4", token, headers=JSON_FIRST)
    assert answer.status_code == 404
    assert "not a movie" in answer.get_json()["message"]


def test_bytes_are_for_those_who_may_see_the_preview(site: Site, movie: uuid.UUID) -> None:
    _, outsider = site.person("user", on_team=False)
    _, vendor = site.person("vendor")
    _, member = site.person("user")
    path = f"/movies/low/preview-files/{movie}.mp4"
    assert [site.send("GET", path, each).status_code for each in (outsider, vendor, member)] == [
        404,
        404,
        200,
    ]
    assert site.app.test_client().get(path).status_code == 401
    frame = f"/actions/preview-files/{movie}/extract-frame?frame_number=1"
    assert [site.send("GET", frame, each).status_code for each in (vendor, member)] == [404, 200]


def test_previews_are_taken_home_where_the_project_allows_it(
    site: Site, token: str, movie: uuid.UUID
) -> None:
    _, artist = site.person("user")
    path = f"/movies/originals/preview-files/{movie}/download"
    assert site.send("GET", path, artist).status_code == 403
    assert site.send("GET", path, token).headers["Content-Disposition"] == 'attachment; filename="take.mp4"'
    site.kit.update("Project", site.project, is_preview_download_allowed=True)
    assert site.send("GET", path, artist).status_code == 200
    site.kit.update("Project", site.project, is_preview_download_allowed=False)


def test_the_previews_of_an_entity_are_listed(site: Site, token: str) -> None:
    shot, task = site.shot_task()
    id_ = str(site.preview(task))
    listed = site.send("GET", f"/data/entities/{shot}/preview-files", token)
    assert [each["id"] for each in json.loads(listed.data)] == [id_]
    assert site.send("GET", f"/data/entities/{uuid.uuid4()}/preview-files", token).status_code == 404


# -- what is left --------------------------------------------------------------------------------------------


def test_no_temporary_file_is_left_of_anything(site: Site, token: str) -> None:
    for content, name in (
        (media.picture(), "a.png"),
        (b"", "a.png"),
        (b"x", "a.exe"),
        (b"no picture", "a.exr"),
    ):
        site.upload(site.preview(), content, name, token)
    work = site.kit.settings.work_dir
    assert not work.exists() or not list(work.iterdir())
    incoming = site.kit.settings.storage_dir / ".incoming"
    assert not list(incoming.iterdir())


def test_what_a_killed_process_left_is_removed_and_what_is_in_use_stays(tmp_path: Path) -> None:
    folders = LocalWorkFolders(tmp_path / "work")
    left = folders.root / "left"
    left.mkdir(parents=True)
    (left / LOCK).touch()
    (left / "big.mp4").touch()
    with folders.folder() as used:
        assert folders.remove_abandoned() == 1
        assert used.is_dir()
        assert not left.exists()
    assert not used.exists()


def frames(*numbers: int, name: str = "SH010_comp_v003.{}.png") -> list[tuple[io.BytesIO, str]]:
    """Pictures as a form holds them, one by one."""
    return [(io.BytesIO(media.picture()), name.format(number)) for number in numbers]


def test_numbered_pictures_sent_one_by_one_become_a_movie(site: Site, token: str) -> None:
    id_, before = site.preview(), site.stored()
    path = f"/pictures/preview-files/{id_}"
    sent = [*range(1010, 1120), *range(1001, 1008)]
    answer = site.send("POST", path, token, data={"note": "x", "file": frames(*sent)})
    assert answer.status_code == 201, answer.get_json()
    assert (answer.get_json()["original_name"], answer.get_json()["is_movie"]) == ("SH010_comp_v003", True)
    assert len(site.stored() - before) == 1, "the archive alone is kept"
    site.work()
    found = site.kit.row("PreviewFile", id_, "status", "problem", "data", "duration")
    assert (found["status"], found["problem"], found["duration"]) == ("ready", "", 119 / 25)
    assert (found["data"]["first_frame"], found["data"]["missing_frames"]) == (1001, [1008, 1009])


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([*frames(1, 2), *frames(2)], "is there twice"),
        ([*frames(1, 2), *frames(3, name="other.{}.png")], "not all of one"),
        ([*frames(1, 2), (io.BytesIO(b""), "SH010_comp_v003.3.png")], "one is empty"),
        ([*frames(1, 2), *frames(3, name="notes{}.txt")], "'notes3.txt' has no frame number"),
        ([*frames(1), (io.BytesIO(b"x"), "comp.png")], "'comp.png' has no frame number"),
    ],
)
def test_several_files_that_are_no_sequence_are_refused_and_leave_nothing(
    site: Site, token: str, files: list[tuple[io.BytesIO, str]], reason: str
) -> None:
    id_, before = site.preview(), site.stored()
    answer = site.send("POST", f"/pictures/preview-files/{id_}", token, data={"file": files})
    assert (answer.status_code, reason in answer.get_json()["message"]) == (400, True), answer.get_json()
    assert (site.stored(), site.kit.row("PreviewFile", id_, "source_key")) == (before, None)
    assert site.upload(id_, media.picture(), "SH010.png", token).status_code == 201, "it can be sent again"


def test_an_archive_of_numbered_pictures_becomes_a_movie_with_its_true_frames(site: Site, token: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in (1001, 1002, 1004):
            archive.writestr(f"SH010/SH010.{number}.png", media.picture())
    id_ = site.preview()
    answer = site.upload(id_, out.getvalue(), "SH010.zip", token).get_json()
    assert (answer["status"], answer["extension"], answer["is_movie"]) == ("processing", "mp4", True)
    site.work()
    found = site.kit.row("PreviewFile", id_, "status", "problem", "data", "duration")
    assert (found["status"], found["problem"]) == ("ready", "")
    assert (found["data"]["first_frame"], found["data"]["missing_frames"]) == (1001, [1003])
    movie = site.send("GET", f"/movies/originals/preview-files/{id_}.mp4", token)
    assert (movie.status_code, movie.mimetype) == (200, "video/mp4")
    kept = site.send("GET", f"/pictures/originals/preview-files/{id_}.zip", token)
    assert kept.data == out.getvalue(), "as it was sent"
