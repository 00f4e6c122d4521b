"""What the real client publishes with: versions, thumbnails, uploads, downloads, notes, files."""

from __future__ import annotations

import asyncio
import urllib.request
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shotgun_api3
import shotgun_api3.shotgun
import sqlalchemy as sa
from PIL import Image

from tests import media
from tests.clients.shotgun.site import Client, Row, Site, new
from tests.waiting import wait_until
from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.storage import make_storage
from zou_server.models.review import PreviewFile
from zou_server.services.previews.keys import movie_key
from zou_server.services.thumbnails.pictures import picture_key

FaultError = shotgun_api3.Fault
# The client leaves the files that it uploads open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


@pytest.fixture(scope="module")
def sh(sg: Client, p: Row) -> Row:
    return new(sg, "Shot", project=p)


@pytest.fixture(scope="module")
def t(sg: Client, p: Row, sh: Row) -> Row:
    return new(sg, "Task", project=p, entity=sh)


@pytest.fixture(scope="module")
def u(sg: Client) -> Row:
    made = sg.create("HumanUser", {"name": "Ann B", "login": "annb", "email": "annb@x.example"})
    return {"type": "HumanUser", "id": made["id"], "name": "Ann B"}


@pytest.fixture
def png(tmp_path: Path) -> str:
    path = tmp_path / "picture.png"
    Image.new("RGB", (64, 36), "red").save(path)
    return str(path)


def version(sg: Client, p: Row, sh: Row, **values: Any) -> Row:
    return sg.create("Version", {"project": p, "code": "v1", "entity": sh, **values})


def test_a_version_is_linked_to_a_shot_and_a_task(sg: Client, p: Row, sh: Row, t: Row, u: Row) -> None:
    path = "/v1/x.#.jpg"
    made = version(sg, p, sh, sg_task=t, user=u, sg_path_to_frames=path)
    found = sg.find_one(
        "Version",
        [["id", "is", made["id"]]],
        ["entity", "sg_task", "user", "sg_path_to_frames", "sg_status_list"],
    )
    assert (found["entity"], found["sg_task"], found["user"]) == (sh, t, u)
    assert (found["sg_path_to_frames"], found["sg_status_list"]) == (path, "rev")
    assert sg.find_one("Version", [["entity", "is", sh], ["sg_path_to_frames", "ends_with", ".jpg"]])


def test_a_thumbnail_is_pending_and_then_there(sg: Client, sh: Row, png: str) -> None:
    assert isinstance(sg.upload_thumbnail("Shot", sh["id"], png), int)

    def image() -> str:
        found: str = sg.find_one("Shot", [["id", "is", sh["id"]]], ["image"])["image"]
        return found

    assert "images/status/transient" in image()
    wait_until(lambda: "transient" not in image(), "the thumbnail is pending")
    content = sg.download_attachment({"url": image(), "type": "Attachment", "id": 1, "name": "x"})
    assert Image.open(BytesIO(content)).size == (64, 36)
    assert sg.update("Shot", sh["id"], {"image": None}) == {"type": "Shot", "id": sh["id"], "image": None}


def test_one_thumbnail_is_shared(sg: Client, p: Row, png: str) -> None:
    source, target = new(sg, "Shot", project=p), new(sg, "Asset", project=p)
    sg.upload_thumbnail("Shot", source["id"], png)
    assert isinstance(sg.share_thumbnail([target], source_entity=source), int)
    images = [
        sg.find_one(each["type"], [["id", "is", each["id"]]], ["image"])["image"] for each in (source, target)
    ]
    assert images[0].partition("?")[0] == images[1].partition("?")[0]
    assert sg.share_thumbnail([target], source_entity=new(sg, "Shot", project=p)) is None
    assert sg.find_one("Asset", [["id", "is", target["id"]]], ["image"])["image"] is None


def test_a_movie_is_uploaded_and_downloaded(sg: Client, p: Row, sh: Row, t: Row, tmp_path: Path) -> None:
    path = tmp_path / "take.mov"
    path.write_bytes(b"not really a movie")
    made = version(sg, p, sh, sg_task=t)
    number = sg.upload("Version", made["id"], str(path), "sg_uploaded_movie")
    file = sg.find_one("Version", [["id", "is", made["id"]]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
    assert (file["id"], file["link_type"], file["type"], file["name"]) == (
        number,
        "upload",
        "Attachment",
        "take.mov",
    )
    assert sg.download_attachment(file) == b"not really a movie"


def test_the_movies_that_are_made_of_an_upload_have_fields(
    site: Site, sg: Client, p: Row, sh: Row, t: Row, tmp_path: Path
) -> None:
    movie = media.movie(tmp_path / "take.mov")
    made = version(sg, p, sh, code="movie", sg_task=t)
    number = sg.upload("Version", made["id"], str(movie), "sg_uploaded_movie")
    names = [f"sg_uploaded_movie_{name}" for name in ("mp4", "webm", "transcoding_status")]
    names += ["filmstrip_image", "image"]
    mine = ["id", "is", made["id"]]

    def shown() -> list[Any]:
        found = sg.find_one("Version", [mine], names)
        return [found[name] for name in names]

    assert shown()[:4] == [None, None, 0, None]
    assert sg.find("Version", [mine, ["sg_uploaded_movie_transcoding_status", "is", 0]])
    assert sg.find("Version", [mine, ["filmstrip_image", "is", None]])
    for _ in range(3):  # the second job is asked for by the first
        asyncio.run(run_worker(site.settings, wait=False))
    mp4, webm, far, strip, image = shown()
    assert far == 1
    assert [(file["id"], file["name"], file["content_type"]) for file in (mp4, webm)] == [
        (number, "take.mp4", "video/mp4"),
        (number, "take.webm", "video/webm"),
    ]
    assert sg.download_attachment(mp4)[4:8] == b"ftyp"
    assert sg.download_attachment(webm)[:4] == b"\x1aE\xdf\xa3"
    frames = Image.open(BytesIO(fetched(strip)))
    assert (frames.format, frames.width % 240, frames.width > 240) == ("JPEG", 0, True)
    assert Image.open(BytesIO(fetched(image))).format == "PNG"
    assert sg.find("Version", [mine, ["filmstrip_image", "is_not", None]])


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own
        content: bytes = answer.read()
    return content


def test_movies_that_a_studio_makes_itself_are_kept(
    sg: Client, p: Row, sh: Row, t: Row, tmp_path: Path
) -> None:
    made = version(sg, p, sh, code="own", sg_task=t)
    path = tmp_path / "own.webm"
    path.write_bytes(b"made elsewhere")
    sg.upload("Version", made["id"], str(path), "sg_uploaded_movie_webm")
    sg.update("Version", made["id"], {"sg_uploaded_movie_transcoding_status": 1})
    names = ["sg_uploaded_movie_webm", "sg_uploaded_movie_transcoding_status"]
    found = sg.find_one("Version", [["id", "is", made["id"]]], names)
    assert found["sg_uploaded_movie_transcoding_status"] == 1
    assert found["sg_uploaded_movie_webm"]["name"] == "own.webm"
    assert sg.download_attachment(found["sg_uploaded_movie_webm"]) == b"made elsewhere"
    sg.update("Version", made["id"], {"sg_uploaded_movie_webm": None})
    assert sg.find_one("Version", [["id", "is", made["id"]]], names)["sg_uploaded_movie_webm"] is None


def test_a_version_knows_the_frame_rate_of_its_movie(
    site: Site, sg: Client, p: Row, sh: Row, t: Row, tmp_path: Path
) -> None:
    movie = media.movie(tmp_path / "rate.mov", rate="24000/1001")
    made = version(sg, p, sh, code="rate", sg_task=t)
    sg.upload("Version", made["id"], str(movie), "sg_uploaded_movie")
    mine, rate = ["id", "is", made["id"]], "sg_uploaded_movie_frame_rate"
    assert sg.find_one("Version", [mine], [rate])[rate] is None
    asyncio.run(run_worker(site.settings, wait=False))
    assert sg.find_one("Version", [mine], [rate])[rate] == pytest.approx(23.976)
    assert sg.find("Version", [mine, [rate, "between", 23.9, 24.0]]) == [
        {"type": "Version", "id": made["id"]}
    ]
    assert sg.find("Version", [mine, [rate, "is", 25]]) == []
    assert sg.update("Version", made["id"], {rate: 48.5})[rate] == 48.5
    sg.update("Version", made["id"], {rate: None})
    assert sg.find_one("Version", [mine], [rate])[rate] == pytest.approx(23.976)


def test_frames_in_an_archive_are_the_movie_of_a_version(
    site: Site, sg: Client, p: Row, sh: Row, t: Row, tmp_path: Path
) -> None:
    path = tmp_path / "SH010.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1001, 1002):
            archive.writestr(f"SH010.{number}.png", media.picture())
    made = version(sg, p, sh, code="frames", sg_task=t)
    sg.upload("Version", made["id"], str(path), "sg_uploaded_movie")
    with site.engine.connect() as connection:
        wanted = PreviewFile.version_id == site.id_of("Version", made["id"])
        found = connection.execute(
            sa.select(PreviewFile.is_movie, PreviewFile.extension, PreviewFile.status).where(wanted)
        ).one()
    assert tuple(found) == (True, "mp4", "processing")


def test_downloads_by_number(sg: Client, sh: Row, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("text")
    number = sg.upload("Shot", sh["id"], str(path))
    assert sg.download_attachment(number) == b"text"
    with pytest.raises(shotgun_api3.ShotgunFileDownloadError):
        sg.download_attachment(99999999)


def test_a_shot_is_made_with_its_picture(sg: Client, p: Row, png: str) -> None:
    made = sg.create("Shot", {"project": p, "code": "i", "image": png}, ["image"])
    assert made["image"].startswith("http")


def test_an_upload_without_credentials_is_told_why(site: Site) -> None:
    body = b"entity_type=Shot&entity_id=1&script_name=x&script_key=y"
    with urllib.request.urlopen(f"{site.url}/upload/upload_file", body) as answer:  # noqa: S310 - our own
        assert answer.status == 200
        assert answer.read().startswith(b"0:")


def test_a_form_that_there_is_not_is_told_at_once(
    sg: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_again(seconds: float) -> None:
        raise AssertionError(f"the client waits for {seconds} s and asks again")

    monkeypatch.setattr(shotgun_api3.shotgun, "time", SimpleNamespace(sleep=asked_again))
    said = sg._send_form(f"{site.url}/upload/upload_hologram", {"entity_id": 1})  # noqa: SLF001 - its own way
    assert said == "0:There is no form 'upload_hologram' here."


def test_a_note_with_many_links(sg: Client, p: Row, sh: Row, t: Row, u: Row) -> None:
    other = new(sg, "Shot", project=p)
    made = sg.create(
        "Note",
        {
            "project": p,
            "subject": "S",
            "content": "c",
            "note_links": [sh, other],
            "tasks": [t],
            "addressings_to": [u],
            "sg_note_type": "Internal",
        },
        ["sg_status_list"],
    )
    assert made["sg_status_list"] == "opn"
    found = sg.find_one(
        "Note", [["id", "is", made["id"]]], ["note_links", "tasks", "addressings_to", "sg_note_type"]
    )
    assert {each["id"] for each in found["note_links"]} == {sh["id"], other["id"]}
    assert (found["tasks"], found["addressings_to"], found["sg_note_type"]) == ([t], [u], "Internal")
    shot = sg.find_one("Shot", [["id", "is", other["id"]]], ["notes", "open_notes_count"])
    assert [each["id"] for each in shot["notes"]] == [made["id"]]
    assert shot["open_notes_count"] == 1
    reply = sg.create("Reply", {"entity": {"type": "Note", "id": made["id"]}, "content": "r"})
    thread = sg.note_thread_read(made["id"])
    assert [(each["type"], each["id"]) for each in thread] == [("Note", made["id"]), ("Reply", reply["id"])]
    assert [
        each["type"] for each in sg.find_one("Note", [["id", "is", made["id"]]], ["replies"])["replies"]
    ] == ["Reply"]


def test_files_on_a_local_storage(sg: Client, p: Row, sh: Row, t: Row) -> None:
    storage = sg.create("LocalStorage", {"code": "primary", "linux_path": "/mnt/p", "windows_path": "P:\\"})
    assert sg.find_one("LocalStorage", [["id", "is", storage["id"]]], ["uuid"])["uuid"]
    kind = sg.create("PublishedFileType", {"code": "Maya Scene"})
    made = sg.create(
        "PublishedFile",
        {
            "code": "a.ma",
            "name": "a",
            "project": p,
            "entity": sh,
            "task": t,
            "version_number": 1,
            "published_file_type": kind,
            "path": {"local_path": "/mnt/p/show/a.ma"},
            "path_cache": "show/a.ma",
        },
    )
    file = sg.find_one("PublishedFile", [["id", "is", made["id"]]], ["path", "version_number"])["path"]
    assert file["local_path_linux"] == "/mnt/p/show/a.ma"
    assert file["local_path_windows"] == "P:\\show\\a.ma"
    assert file["local_storage"] == {"type": "LocalStorage", "id": storage["id"], "name": "primary"}
    with pytest.raises(FaultError, match="doesn't match any defined Local Storage"):
        sg.create("PublishedFile", {"code": "b", "project": p, "path": {"local_path": "/nowhere/b"}})


def test_web_links(sg: Client, p: Row, u: Row) -> None:
    made = sg.create("Attachment", {"this_file": {"url": "http://x/", "name": "n"}, "project": p})
    assert made["this_file"]["link_type"] == "web"
    revision = sg.create(
        "Revision",
        {
            "project": p,
            "code": "r1",
            "attachment": {"content_type": "http_url", "url": "http://svn/1", "name": "1"},
            "created_by": u,
        },
    )
    assert (revision["attachment"]["url"], revision["created_by"]) == ("http://svn/1", u)


def test_folders_of_toolkit_are_made_in_one_batch(sg: Client, p: Row, sh: Row) -> None:
    if not sg.find_one("LocalStorage", [["code", "is", "primary"]]):
        sg.create("LocalStorage", {"code": "primary", "linux_path": "/mnt/p"})
    data = {"code": "sh", "project": p, "entity": sh, "is_primary": True, "path": {"local_path": "/mnt/p/sh"}}
    (made,) = sg.batch([{"request_type": "create", "entity_type": "FilesystemLocation", "data": data}])
    assert made["path"]["local_path_linux"] == "/mnt/p/sh"
    assert (
        sg.find("PipelineConfiguration", [["project", "is", p]], ["code", "plugin_ids", "sg_plugin_ids"])
        == []
    )


@pytest.mark.parametrize(("extension", "media_type"), [("mp4", "video/mp4"), ("png", "image/png")])
def test_what_another_client_shows_for_a_version_is_its_uploaded_movie(
    site: Site, sg: Client, p: Row, sh: Row, extension: str, media_type: str
) -> None:
    task = new(sg, "Task", project=p, entity=sh)
    said = {"task_id": site.id_of("Task", task["id"]), "name": "take", "original_name": "anim"}
    form = {"revision": 1, "extension": extension, "status": "ready", "is_movie": extension == "mp4"}
    preview = site.create("PreviewFile", **said, **form)
    key = movie_key("originals", preview) if extension == "mp4" else picture_key("originals", preview)
    make_storage(site.settings).put(key, BytesIO(b"what was rendered"))
    found = sg.find_one("Version", [["sg_task", "is", task]], ["code", "sg_uploaded_movie"])
    assert found["code"] == f"{sh['name'].replace(' ', '_')}_v001"
    file = found["sg_uploaded_movie"]
    assert (file["name"], file["content_type"]) == (f"anim.{extension}", media_type)
    assert (file["link_type"], file["type"]) == ("upload", "Attachment")
    assert sg.download_attachment(file) == b"what was rendered"
