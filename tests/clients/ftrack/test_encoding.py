"""ftrack_api, unmodified, has media made playable in browsers by a job of the server."""

from __future__ import annotations

import asyncio
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import PASSWORD, USER, ServerError, Session, Site, unique
from tests.media import movie, picture
from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.storage import LocalStorage
from zou_server.models.review import PreviewFile
from zou_server.settings import Settings

SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"


def work(site: Site, **more: Any) -> None:
    """Let the worker do every job that waits; `more` are settings of it."""
    settings = Settings.from_env(
        {},
        database_url=site.engine.url.render_as_string(hide_password=False),
        data_dir=site.directory,
        **more,
    )
    asyncio.run(run_worker(settings, wait=False))


def version_of(session: Session, show: Show) -> Any:
    """A version of the task of the show."""
    task = session.get("Task", show.task)
    asset = session.create("Asset", {"name": unique("anim"), "parent": task["parent"]})
    version = session.create("AssetVersion", {"asset": asset, "task": task})
    session.commit()
    return version


def components(session: Session, job: Any) -> dict[str, Any]:
    """The components that a job has made, by name."""
    found = session.query(
        "select name, file_type, version_id, metadata, size from FileComponent where id in "
        f"(select component_id from JobComponent where job_id is {job['id']})"
    ).all()
    return {each["name"]: each for each in found}


def test_a_movie_is_encoded_for_its_version_and_reviewed_by_everybody(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    version = version_of(session, show)
    source = movie(tmp_path / "take.mov")
    job = session.encode_media(str(source), version_id=version["id"])
    data = json.loads(job["data"])
    assert job["status"] == "queued"
    assert [each["format"] for each in data["output"]] == ["video/mp4", "video/webm", "image/png"]
    assert data["keep_original"] is False
    work(site)

    with site.session() as later:
        done = later.get("Job", job["id"])
        assert (done["status"], json.loads(done["data"])["progress"]) == ("done", 100)
        assert done["finished_at"] is not None
        found = components(later, done)
        assert set(found) == {"ftrackreview-mp4", "ftrackreview-webm", "thumbnail"}
        assert {each["id"] for each in found.values()} == {each["component_id"] for each in data["output"]}
        assert {each["version_id"] for each in found.values()} == {version["id"]}
        facts = json.loads(found["ftrackreview-mp4"]["metadata"]["ftr_meta"])
        assert facts["frameIn"] == 0
        assert facts["frameOut"] > 0
        assert {"frameRate", "width", "height"} <= set(facts)
        assert json.loads(found["thumbnail"]["metadata"]["ftr_meta"])["format"] == "image"
        seen = later.query(f"select thumbnail_id from AssetVersion where id is {version['id']}").one()
        assert seen["thumbnail_id"] == found["thumbnail"]["id"]
        server = later.get("Location", SERVER)
        first = requests.get(server.get_url(found["ftrackreview-mp4"]), timeout=30)
        assert first.content[4:8] == b"ftyp"
        webm = requests.get(server.get_url(found["ftrackreview-webm"]), timeout=30)
        assert webm.content[:4] == b"\x1aE\xdf\xa3"
        assert requests.get(server.get_url(found["thumbnail"]), timeout=30).content[:4] == b"\x89PNG"
        assert later.query(f"Component where id is {data['source_component_id']}").first() is None
    work(site)  # the preview of the same file is made by a job of its own
    headers = {"Authorization": f"Bearer {_zou_token(site)}"}
    previews = requests.get(
        f"{site.url}/api/data/preview-files?task_id={show.task}", headers=headers, timeout=30
    ).json()
    assert [(each["status"], each["is_movie"]) for each in previews] == [("ready", True)]


def _zou_token(site: Site) -> str:
    sent = {"email": USER, "password": PASSWORD}
    answer = requests.post(f"{site.url}/api/auth/login", json=sent, timeout=30)
    return str(answer.json()["access_token"])


def test_no_transaction_waits_for_bytes_that_are_copied(
    site: Site, session: Session, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    put = LocalStorage.put

    def noted(self: LocalStorage, key: str, stream: Any) -> Any:
        open_ones = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE :s"
        )
        with site.engine.connect() as connection:
            count = connection.scalar(sa.text(open_ones), {"s": "idle in transaction%"})
        waiting.append(count or 0)
        return put(self, key, stream)

    version = version_of(session, show)
    session.encode_media(str(movie(tmp_path / "take.mov")), version_id=version["id"])
    monkeypatch.setattr(LocalStorage, "put", noted)
    work(site)
    assert len(waiting) > 3
    assert set(waiting) == {0}


def frames_in(path: Path, first: int, count: int) -> Path:
    """An archive of numbered pictures."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(first, first + count):
            archive.writestr(f"sh010_comp.{number}.png", picture((320, 180)))
    return path


def test_an_archive_of_frames_is_encoded_as_the_movie_that_they_are(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    version = version_of(session, show)
    source = frames_in(tmp_path / "take.zip", 1001, 10)
    job = session.encode_media(str(source), version_id=version["id"])
    assert [each["format"] for each in json.loads(job["data"])["output"]][:1] == ["video/mp4"]
    work(site)
    with site.session() as later:
        done = later.get("Job", job["id"])
        assert done["status"] == "done"
        found = components(later, done)
        assert set(found) == {"ftrackreview-mp4", "ftrackreview-webm", "thumbnail"}
        assert json.loads(found["ftrackreview-mp4"]["metadata"]["ftr_meta"])["frameOut"] == 9
    work(site)
    of_version = PreviewFile.version_id == uuid.UUID(version["id"])
    wanted = sa.select(PreviewFile.status, PreviewFile.is_movie, PreviewFile.data["first_frame"].astext)
    with site.engine.connect() as connection:
        assert tuple(connection.execute(wanted.where(of_version)).one()) == ("ready", True, "1001")


def test_an_archive_of_something_else_is_not_encoded(session: Session, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "scripts.zip", "w") as archive:
        archive.writestr("readme.txt", "no frames")
    with pytest.raises(ServerError, match="no sequence of numbered pictures"):
        session.encode_media(str(tmp_path / "scripts.zip"))


def test_a_picture_is_encoded_and_its_original_kept(site: Site, session: Session, tmp_path: Path) -> None:
    source = tmp_path / "still.jpg"
    source.write_bytes(picture((320, 200), "JPEG"))
    component = session.create_component(str(source), location=session.get("Location", SERVER))
    session.commit()
    job = session.encode_media(component)
    work(site)
    with site.session() as later:
        found = components(later, later.get("Job", job["id"]))
        assert set(found) == {"ftrackreview-image", "thumbnail"}
        assert json.loads(found["ftrackreview-image"]["metadata"]["ftr_meta"])["width"] == 320
        assert later.get("FileComponent", component["id"]) is not None


def test_what_is_no_media_is_refused_and_what_is_broken_fails(
    site: Site, session: Session, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no movie")
    before = len(session.query("Job").all())
    with pytest.raises(ServerError, match="neither movies nor pictures"):
        session.encode_media(str(text))
    assert len(session.query("Job").all()) == before
    session.reset()
    broken = tmp_path / "broken.mov"
    broken.write_bytes(b"no movie at all")
    job = session.encode_media(str(broken))
    work(site)
    with site.session() as later:
        failed = later.get("Job", job["id"])
        assert failed["status"] == "failed"
        assert "movie" in json.loads(failed["data"])["message"]
        assert components(later, failed) == {}
    kept = LocalStorage(Settings.from_env({}, data_dir=site.directory).storage_dir)
    announced = [each["component_id"] for each in json.loads(job["data"])["output"]]
    assert not any(kept.exists(f"components/{id_[:3]}/{id_[3:6]}/{id_}") for id_ in announced)


def test_a_job_that_somebody_ended_makes_nothing(site: Site, session: Session, tmp_path: Path) -> None:
    source = tmp_path / "still.png"
    source.write_bytes(picture())
    job = session.encode_media(str(source))
    job["status"] = "killed"
    session.commit()
    work(site)
    with site.session() as later:
        assert later.get("Job", job["id"])["status"] == "killed"
        assert components(later, job) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"component_id": "no id"},
        {"component_id": "3a372bde-05bc-11e4-8908-20c9d081909b"},
        {"component_id": None, "version_id": 3},
        {"component_id": "3a372bde-05bc-11e4-8908-20c9d081909b", "keep_original": "perhaps"},
    ],
)
def test_what_makes_no_sense_is_refused(site: Site, sent: dict[str, object]) -> None:
    answer = site.post([{"action": "encode_media", **sent}])
    assert answer.status_code == 200
    assert answer.json()["exception"] in ("ValidationError", "NotFoundError")
