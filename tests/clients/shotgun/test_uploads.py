"""Files as clients send them: in parts, with nothing in them, cut off in the middle, for what takes none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import shotgun_api3
from PIL import Image

from tests.clients.shotgun.site import SCRIPT, Client, Row, Site, new

# The client leaves the files that it uploads open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
PART = 100_000


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


@pytest.fixture
def version(sg: Client, p: Row) -> Row:
    return new(sg, "Version", project=p)


@pytest.fixture
def in_parts(site: Site) -> Iterator[Client]:
    """The client as it is where a site tells it to send files to an object store."""
    with site.client() as sg:
        sg.server_info["s3_direct_uploads_enabled"] = True
        sg.server_info["s3_enabled_upload_types"] = {"*": "*"}
        sg._MULTIPART_UPLOAD_CHUNK_SIZE = PART  # noqa: SLF001 - or the file would have to be large
        yield sg


def file(directory: Path, size: int, name: str = "scan.bin") -> tuple[str, bytes]:
    said = bytes(range(256)) * (size // 256 + 1)
    place = directory / name
    place.write_bytes(said[:size])
    return str(place), said[:size]


@pytest.mark.parametrize("size", [10, PART, 2 * PART + 7])
def test_a_file_is_sent_in_one_piece_or_in_parts_to_where_the_server_says(
    sg: Client, in_parts: Client, version: Row, tmp_path: Path, size: int
) -> None:
    place, said = file(tmp_path, size)
    number = in_parts.upload("Version", version["id"], place, "sg_uploaded_movie", "Scan")
    found = sg.find_one("Version", [["id", "is", version["id"]]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
    assert (found["id"], found["name"], found["link_type"]) == (number, "Scan", "upload")
    assert sg.download_attachment(found) == said
    assert sg.find_one("Attachment", [["id", "is", number]], ["file_size"])["file_size"] == size


def test_a_picture_is_sent_to_where_the_server_says(
    sg: Client, in_parts: Client, version: Row, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 36), "navy").save(place := tmp_path / "shown.png")
    assert in_parts.upload_thumbnail("Version", version["id"], str(place)) > 0
    assert sg.find_one("Version", [["id", "is", version["id"]]], ["image"])["image"]


def test_a_file_with_nothing_in_it_is_refused_and_leaves_nothing(
    site: Site, sg: Client, version: Row, tmp_path: Path
) -> None:
    place, _ = file(tmp_path, 0)
    before = sg.find("Attachment", [])
    with pytest.raises(shotgun_api3.ShotgunError):
        sg.upload("Version", version["id"], place, "sg_uploaded_movie")
    form = {"entity_type": "Version", "entity_id": version["id"], "field_name": "sg_uploaded_movie"}
    form |= {"script_name": SCRIPT, "script_key": site.key}
    url = f"{site.url}/upload/upload_file"
    answer = requests.post(url, data=form, files={"file": ("empty.mov", b"")}, timeout=30)
    assert (answer.status_code, answer.text) == (200, "0:The file is empty.")
    assert sg.find("Attachment", []) == before


def test_an_upload_that_is_cut_off_leaves_nothing(site: Site, sg: Client, version: Row) -> None:
    before, stored = sg.find("Attachment", []), _stored(site)
    lines = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (
            ("entity_type", "Version"),
            ("entity_id", str(version["id"])),
            ("script_name", SCRIPT),
            ("script_key", site.key),
        )
    ]
    lines.append('--b\r\nContent-Disposition: form-data; name="file"; filename="cut.mov"\r\n\r\n')
    body = "".join(lines).encode() + b"x" * 200_000
    head = f"POST /upload/upload_file HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body) * 2}\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    place = urlsplit(site.url)
    with socket.create_connection((place.hostname or "", place.port or 80), 30) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(65_536)
    assert b" 500 " not in answer
    assert b"\r\n\r\n1:" not in answer
    assert sg.find("Attachment", []) == before
    assert _stored(site) == stored


def _stored(site: Site) -> set[Path]:
    return {each for each in site.settings.data_dir.rglob("*") if each.is_file() and "previews" in each.parts}


def test_a_file_for_a_field_that_holds_none_leaves_nothing(
    site: Site, sg: Client, version: Row, tmp_path: Path
) -> None:
    place, _ = file(tmp_path, 10)
    before, stored = sg.find("Attachment", []), _stored(site)
    for field, number in (("code", version["id"]), ("no_such", version["id"]), ("sg_uploaded_movie", 99_999)):
        with pytest.raises(shotgun_api3.ShotgunError):
            sg.upload("Version", number, place, field)
    assert sg.find("Attachment", []) == before
    assert _stored(site) == stored


def test_a_row_is_made_although_its_picture_is_none(sg: Client, p: Row, tmp_path: Path) -> None:
    """The client makes the row first and sends the picture then: so it is on other sites."""
    (place := tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(shotgun_api3.ShotgunError):
        sg.create("Shot", {"project": p, "code": "without a picture", "image": str(place)})
    found = sg.find_one("Shot", [["code", "is", "without a picture"]], ["image"])
    assert found["image"] is None


def test_many_thumbnails_are_sent_at_once(site: Site, sg: Client, p: Row, tmp_path: Path) -> None:
    Image.new("RGB", (64, 36), "teal").save(place := tmp_path / "shown.png")
    shots = [new(sg, "Shot", project=p) for _ in range(40)]

    def send(mine: list[Row]) -> list[Any]:
        with site.client() as client:
            return [client.upload_thumbnail("Shot", each["id"], str(place)) for each in mine]

    with ThreadPoolExecutor(8) as pool:
        made = [number for each in pool.map(send, [shots[n::8] for n in range(8)]) for number in each]
    assert len(set(made)) == len(shots)
    mine = [["id", "in", [each["id"] for each in shots]]]
    assert all(each["image"] for each in sg.find("Shot", mine, ["image"]))


# -- what is told of files, and how they go ------------------------------------------------------------------


def changes(sg: Client, row: Row, name: str) -> list[Row]:
    """Old and new value of the changes of a field, oldest first."""
    wanted = [["entity", "is", row], ["attribute_name", "is", name], ["event_type", "ends_with", "_Change"]]
    found = sg.find("EventLogEntry", wanted, ["meta"])
    return [
        {key: each["meta"][key] for key in ("old_value", "new_value", "field_data_type")} for each in found
    ]


def test_the_log_tells_which_file_a_field_had_and_has(sg: Client, version: Row, tmp_path: Path) -> None:
    place, said = file(tmp_path, 10, "a.mov")
    number = sg.upload("Version", version["id"], place, "sg_uploaded_movie", "First")
    sg.update("Version", version["id"], {"sg_uploaded_movie": {"url": "http://x.example/y", "name": "web"}})
    sg.update("Version", version["id"], {"sg_uploaded_movie": None})
    sent, linked, gone = changes(sg, version, "sg_uploaded_movie")
    first = sent["new_value"]
    assert (sent["old_value"], sent["field_data_type"]) == (None, "url")
    assert (first["attachment_id"], first["attachment_type"], first["display_name"]) == (
        number,
        "upload",
        "First",
    )
    assert requests.get(first["url"], timeout=30).content == said
    second = linked["new_value"]
    assert linked["old_value"]["attachment_id"] == number
    assert (second["attachment_type"], second["url"]) == ("http_url", "http://x.example/y")
    assert set(second) >= {"attachment_uuid", "icon_url", "icon_class"}
    assert (gone["old_value"]["display_name"], gone["new_value"]) == ("web", None)


def test_the_log_tells_a_thumbnail_by_the_number_of_its_attachment(
    sg: Client, p: Row, tmp_path: Path
) -> None:
    shot = new(sg, "Shot", project=p)
    Image.new("RGB", (64, 36), "navy").save(place := tmp_path / "shown.png")
    number = sg.upload_thumbnail("Shot", shot["id"], str(place))
    sg.update("Shot", shot["id"], {"image": None})
    told = [(each["old_value"], each["new_value"]) for each in changes(sg, shot, "image")]
    assert told == [(None, number), (number, None)]


def test_a_movie_that_is_taken_away_is_gone_though_it_was_reviewed(
    site: Site, sg: Client, p: Row, version: Row
) -> None:
    id_ = site.id_of("Version", version["id"])
    task = new(sg, "Task", project=p)
    sg.update("Version", version["id"], {"sg_task": task})
    said: Row = {
        "name": "take",
        "original_name": "anim",
        "extension": "mp4",
        "status": "ready",
        "is_movie": True,
    }
    preview = site.create("PreviewFile", **said, task_id=site.id_of("Task", task["id"]), version_id=id_)
    site.update("Version", id_, preview_file_id=preview)
    mine = [["id", "is", version["id"]]]
    assert sg.find_one("Version", mine, ["sg_uploaded_movie"])["sg_uploaded_movie"]["name"] == "anim.mp4"
    assert sg.update("Version", version["id"], {"sg_uploaded_movie": None})["sg_uploaded_movie"] is None
    assert sg.find_one("Version", mine, ["sg_uploaded_movie"])["sg_uploaded_movie"] is None
