"""What other clients uploaded for review is there for ftrack_api, unmodified: components of the version."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import shotgun_api3
from PIL import Image

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import PASSWORD, USER, Session, Site, ftrack_api, unique
from tests.clients.ftrack.test_encoding import work
from tests.media import movie, picture
from zou_server.adapters.storage import LocalStorage
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.settings import Settings

SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"


class Kitsu:
    """The calls by which Kitsu uploads and removes a preview."""

    def __init__(self, site: Site) -> None:
        self.url = f"{site.url}/api"
        login = {"email": USER, "password": PASSWORD}
        token = requests.post(f"{self.url}/auth/login", json=login, timeout=30).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, verb: str, path: str, **options: Any) -> Any:
        """The answer to one request."""
        answer = requests.request(verb, f"{self.url}{path}", headers=self.headers, timeout=30, **options)
        assert answer.ok, answer.text
        return answer

    def upload(self, task: str, file: Path) -> str:
        """A comment with a preview; its id."""
        status = self.call("GET", "/data/task-status").json()[0]["id"]
        said = {"task_status_id": status, "comment": "look"}
        comment = self.call("POST", f"/actions/tasks/{task}/comment", json=said).json()
        path = f"/actions/tasks/{task}/comments/{comment['id']}/add-preview"
        preview = self.call("POST", path, json={}).json()["id"]
        with file.open("rb") as stream:
            self.call("POST", f"/pictures/preview-files/{preview}", files={"file": (file.name, stream)})
        return str(preview)


@pytest.fixture(scope="module")
def kitsu(site: Site) -> Kitsu:
    """Kitsu, logged in."""
    return Kitsu(site)


def new_task(session: Session, show: Show) -> str:
    """A task of its own."""
    task = session.create("Task", {"name": unique("comp"), "parent": session.get("Shot", show.shots[1])})
    session.commit()
    return str(task["id"])


def components(session: Session, task: str) -> Any:
    version = session.query(f"AssetVersion where task_id is {task}").one()
    return session.query(f'Component where version.id is "{version["id"]}"').all()


def test_a_movie_uploaded_in_kitsu_is_found_and_fetched(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    preview = kitsu.upload(task, movie(tmp_path / "take.mov"))
    work(site)
    with site.session() as later:
        (component,) = components(later, task)
        assert isinstance(component, later.types["FileComponent"])
        assert (component["name"], component["file_type"]) == ("ftrackreview-mp4", ".mp4")
        facts = json.loads(component["metadata"]["ftr_meta"])
        assert facts["frameIn"] == 0
        assert facts["frameOut"] > 0
        assert {"frameRate", "width", "height"} <= set(facts)

        server = later.get("Location", SERVER)
        assert later.get_component_availability(component)[SERVER] == 100.0
        assert server.get_resource_identifier(component) == component["id"]
        shown = kitsu.call("GET", f"/movies/originals/preview-files/{preview}.mp4").content
        assert requests.get(server.get_url(component), timeout=30).content == shown
        assert component["size"] == len(shown)
        place = component["component_locations"][0]
        assert (place["location_id"], place["resource_identifier"]) == (SERVER, component["id"])
        assert requests.get(place["url"]["url"], timeout=30).content == shown
        part = requests.get(server.get_url(component), headers={"Range": "bytes=4-7"}, timeout=30)
        assert (part.status_code, part.content) == (206, b"ftyp")
        found = later.query(
            "select component_locations.url, metadata.value from Component where version.task.id is "
            f'"{task}" and name like "ftrackreview-%"'
        ).one()
        assert found["id"] == component["id"]


def test_a_component_of_a_preview_is_transferred_to_a_location_of_the_studio(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.jpg"
    still.write_bytes(picture((320, 200), "JPEG"))
    preview = kitsu.upload(task, still)
    work(site)
    with site.session() as later:
        (component,) = components(later, task)
        assert component["name"] == "ftrackreview-image"
        assert json.loads(component["metadata"]["ftr_meta"]) == {
            "format": "image",
            "width": 320,
            "height": 200,
        }
        place = later.ensure("Location", {"name": "studio.disk"})
        place.accessor = ftrack_api.accessor.disk.DiskAccessor(prefix=str(tmp_path / "disk"))
        place.structure = ftrack_api.structure.standard.StandardStructure()
        later.commit()
        place.add_component(component, later.get("Location", SERVER))
        kept = Path(place.get_filesystem_path(component))
        assert kept.suffix == ".png"
        shown = kitsu.call("GET", f"/pictures/originals/preview-files/{preview}.png").content
        assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(shown).digest()
        assert later.get_component_availability(component)[place["id"]] == 100.0
        small = requests.get(later.get("Location", SERVER).get_thumbnail_url(component, size=50), timeout=30)
        assert small.status_code == 200
        assert len(small.content) < len(shown)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # shotgun_api3 leaves its file to the collector
def test_a_movie_uploaded_as_a_version_of_shotgun_is_there_too(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    version = session.create(
        "AssetVersion",
        {
            "asset": session.create(
                "Asset", {"name": unique("a"), "parent": session.get("Shot", show.shots[2])}
            )
        },
    )
    session.commit()
    _upload_to_shotgun(site, movie(tmp_path / "take.mov"))
    work(site)
    with site.session() as later:
        (component,) = later.query(f'Component where version.id is "{version["id"]}"').all()
        assert component["name"] == "ftrackreview-mp4"
        answer = requests.get(later.get("Location", SERVER).get_url(component), timeout=30)
        assert answer.content[4:8] == b"ftyp"


def _upload_to_shotgun(site: Site, file: Path) -> None:
    """As shotgun_api3 does it: into `sg_uploaded_movie` of the newest version."""
    sg: Any = shotgun_api3.Shotgun(site.url, login=USER, password=PASSWORD)
    try:
        newest = [{"field_name": "id", "direction": "desc"}]
        version = sg.find_one("Version", [], order=newest)
        sg.upload("Version", version["id"], str(file), field_name="sg_uploaded_movie")
    finally:
        sg.close()


def previews(kitsu: Kitsu, task: str) -> list[tuple[str, bool]]:
    found = kitsu.call("GET", f"/data/preview-files?task_id={task}").json()
    return [(each["status"], each["is_movie"]) for each in found]


def test_what_ftrack_publishes_for_review_is_reviewed_in_kitsu(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = session.get("Task", new_task(session, show))
    version = version_of(session, task)
    file = str(movie(tmp_path / "take.mp4"))
    server = session.get("Location", SERVER)
    for name in ("ftrackreview-webm", "ftrackreview-mp4", "main"):
        made = version.create_component(file, {"name": name}, location=server)
        made["metadata"]["ftr_meta"] = json.dumps({"frameIn": 0, "frameOut": 24, "frameRate": 24})
    session.commit()
    work(site)
    work(site)
    assert previews(kitsu, task["id"]) == [("ready", True)]
    with site.session() as later:
        names = sorted(each["name"] for each in components(later, task["id"]))
        assert names == ["ftrackreview-mp4", "ftrackreview-webm", "main"]


def test_bytes_that_come_after_their_rows_are_reviewed_too(
    site: Site, session: Session, show: Show, kitsu: Kitsu
) -> None:
    task = session.get("Task", new_task(session, show))
    version = version_of(session, task)
    component = session.create(
        "FileComponent", {"name": "ftrackreview-image", "file_type": ".png", "version": version}
    )
    session.create(
        "ComponentLocation",
        {"component": component, "location_id": SERVER, "resource_identifier": component["id"]},
    )
    session.commit()
    work(site)
    assert previews(kitsu, task["id"]) == []
    sent = session.get_upload_metadata(component["id"], "still.png", 5)
    assert requests.put(sent["url"], data=picture(), headers=sent["headers"], timeout=30).ok
    work(site)
    work(site)
    assert previews(kitsu, task["id"]) == [("ready", False)]


def test_a_version_that_has_a_preview_keeps_it(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    kitsu.upload(task, still)
    work(site)
    version = session.query(f"AssetVersion where task_id is {task}").one()
    server = session.get("Location", SERVER)
    version.create_component(str(movie(tmp_path / "take.mp4")), {"name": "ftrackreview-mp4"}, location=server)
    session.commit()
    work(site)
    assert previews(kitsu, task) == [("ready", False)]


def version_of(session: Session, task: Any) -> Any:
    """A new version of a task."""
    asset = session.create("Asset", {"name": unique("comp"), "parent": task["parent"]})
    version = session.create("AssetVersion", {"asset": asset, "task": task})
    session.commit()
    return version


def test_components_go_with_the_preview(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    preview = kitsu.upload(task, still)
    work(site)
    with site.session() as later:
        (component,) = components(later, task)
        url = later.get("Location", SERVER).get_url(component)
        assert requests.get(url, timeout=30).status_code == 200
    kitsu.call("DELETE", f"/data/preview-files/{preview}")
    assert requests.get(url, timeout=30).status_code == 404
    with site.session() as later:
        assert later.query(f"Component where id is {component['id']}").first() is None
        assert later.query(f"AssetVersion where task_id is {task}").first() is None


def test_bytes_that_are_removed_or_replaced_here_stay_the_previews(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    preview = kitsu.upload(task, still)
    work(site)
    shown = kitsu.call("GET", f"/pictures/originals/preview-files/{preview}.png").content
    with site.session() as later:
        (component,) = components(later, task)
        server = later.get("Location", SERVER)
        url = server.get_url(component)
        sent = later.get_upload_metadata(component["id"], "other.png", 5)
        assert requests.put(sent["url"], data=b"other", headers=sent["headers"], timeout=30).ok
        assert requests.get(url, timeout=30).content == b"other"
        server.remove_component(component)
        assert requests.get(url, timeout=30).status_code == 404
    assert kitsu.call("GET", f"/pictures/originals/preview-files/{preview}.png").content == shown


def test_encoding_a_component_of_a_preview_leaves_the_preview_its_bytes(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    preview = kitsu.upload(task, movie(tmp_path / "take.mov"))
    work(site)
    with site.session() as later:
        (component,) = components(later, task)
        job = later.encode_media(component, keep_original=False)
        work(site)
    with site.session() as later:
        assert later.get("Job", job["id"])["status"] == "done"
        assert later.query(f"Component where id is {component['id']}").first() is None
    assert kitsu.call("GET", f"/movies/originals/preview-files/{preview}.mp4").content[4:8] == b"ftyp"


def test_a_component_of_a_preview_may_be_the_thumbnail_of_its_shot(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture(colour="red"))
    kitsu.upload(task, still)
    work(site)
    with site.session() as later:
        (component,) = components(later, task)
        row = later.get("Task", task)
        row["thumbnail"] = component
        later.commit()
    with site.session() as later:
        asked = f"select thumbnail_url from Task where id is {task}"
        url = later.query(asked).one()["thumbnail_url"]["url"]
        answer = requests.get(url, timeout=30)
        assert answer.status_code == 200
        (tmp_path / "found").write_bytes(answer.content)
        with Image.open(tmp_path / "found") as image:
            pixel: Any = image.convert("RGB").getpixel((1, 1))
            assert pixel[0] > 200


def test_an_artist_fetches_what_they_see_and_a_stranger_does_not(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    kitsu.upload(task, still)
    work(site)
    found = {}
    for role in ("user", "vendor", "stranger"):
        login = unique(role)
        person = site.create(
            "Person", login=login, email=f"{login}@example.com", role="user" if role == "stranger" else role
        )
        if role != "stranger":
            site.create("Membership", project_id=show.project, person_id=person)
        if role == "vendor":
            site.change("Task", task, assignees=[person])
        key = create_api_key(site.engine, f"{login}@example.com")
        with site.session(login, key) as theirs:
            seen = theirs.query(f'Component where version.task_id is "{task}"').first()
            found[role] = seen is not None
            if seen is not None:
                (signed,) = theirs.call([{"action": "generate_signed_url", "component_id": seen["id"]}])
                assert requests.get(signed["signed_url"], timeout=30).ok
    assert found == {"user": True, "vendor": True, "stranger": False}


def test_hubs_hear_of_a_component_when_its_preview_is_ready(
    site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path
) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    heard: list[Any] = []
    with site.session() as listening:
        listening.event_hub.connect()
        listening.event_hub.subscribe(
            "topic=ftrack.update", lambda event: heard.extend(event["data"]["entities"])
        )
        listening.event_hub.wait(0.5)
        kitsu.upload(task, still)
        work(site)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any(e["entityType"] == "component" for e in heard):
            listening.event_hub.wait(0.2)
    added = [each for each in heard if each["entityType"] == "component"]
    assert [(each["action"], each["changes"]["name"]["new"]) for each in added] == [
        ("add", "ftrackreview-image")
    ]


def test_bytes_are_kept_once(site: Site, session: Session, show: Show, kitsu: Kitsu, tmp_path: Path) -> None:
    task = new_task(session, show)
    still = tmp_path / "still.png"
    still.write_bytes(picture())
    kitsu.upload(task, still)
    work(site)
    with site.session() as later:
        id_ = components(later, task)[0]["id"]
    kept = LocalStorage(Settings.from_env({}, data_dir=site.directory).storage_dir)
    assert not kept.exists(f"components/{id_[:3]}/{id_[3:6]}/{id_}")
