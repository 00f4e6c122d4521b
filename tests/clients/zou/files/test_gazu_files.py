"""gazu and plain HTTP send CSV files and pictures to a served application, and get pictures back."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gazu
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD, request_of, token_of
from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio, unique
from zou_server.adapters.storage import LocalStorage
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.thumbnails.pictures import store_picture
from zou_server.services.thumbnails.set_avatar import noted_avatar

SHOTS = """Episode,Sequence,Name,Description,FPS,Frame In,Frame Out,Contractor
E01,SE01,S01,Description 01,25,0,100,contractor 1
E01,SE02,S01,Description 03,25,200,300,contractor 2
"""


@dataclass
class Site:
    """A served studio with one project."""

    kit: StudioKit
    app: Any
    url: str
    project: uuid.UUID

    def person(self, role: str, *, on_team: bool = True) -> tuple[uuid.UUID, str]:
        """Somebody who can log in: their id and a token."""
        teams = {self.project: None} if on_team else {}
        actor = self.kit.person(role, teams)
        return actor.person_id, token_of(self.kit, self.app, actor.person_id)

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        return request_of(self.app, token, method, path, **options)

    def shots(self) -> list[str]:
        """The ids of all shots of the project."""
        return [
            row["id"]
            for row in self.kit.rows("Shot", "id", where=Where("project_id", Op.EQ, str(self.project)))
        ]


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_studio(postgres, tmp_path_factory.mktemp("files")) as kit:
        app = create_app(replace(kit.settings, max_body_bytes=300_000))
        with served(app) as url:
            yield Site(kit, app, f"{url}/api", kit.project())


@pytest.fixture
def manager(site: Site) -> str:
    """The token of a manager of the project."""
    return site.person("manager")[1]


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    """A gazu client of an administrator."""
    person, _ = site.person("admin", on_team=False)
    client = gazu.client.create_client(site.url)
    gazu.log_in(site.kit.row("Person", person, "email"), PASSWORD, client=client)
    yield client
    client.session.close()


def csv(text: str | bytes, name: str = "shots.csv") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"data": {"file": (io.BytesIO(content), name)}, "content_type": "multipart/form-data"}


def picture(size: tuple[int, int] = (640, 480), format_: str = "PNG") -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, format_)
    return csv(buffer.getvalue(), "portrait.txt")


# -- CSV ---------------------------------------------------------------------------------------------


def test_gazu_imports_shots_and_assets_and_reads_them(site: Site, client: Any, tmp_path: Path) -> None:
    project = {"id": str(site.kit.project())}
    shots, assets = tmp_path / "shots.csv", tmp_path / "assets.csv"
    shots.write_text(SHOTS)
    assets.write_text("Type;Name;Description;Contractor\nProp;Cassette Player;Old;contractor 1\n")

    made = gazu.shot.import_shots_with_csv(project, str(shots), client=client)
    found = gazu.asset.import_assets_with_csv(project, str(assets), client=client)

    assert [(shot["sequence_name"], shot["name"], shot["nb_frames"]) for shot in made] == [
        ("SE01", "S01", 101),
        ("SE02", "S01", 101),
    ]
    assert made == gazu.shot.all_shots_for_project(project, client=client)
    assert found[0]["asset_type_name"] == "Prop"
    fields = gazu.project.all_metadata_descriptors(project, client=client)
    assert {(field["entity_type"], field["field_name"]) for field in fields} == {
        ("Shot", "contractor"),
        ("Asset", "contractor"),
    }


def test_a_file_comes_in_a_form_or_as_the_body(site: Site, manager: str) -> None:
    path = f"/import/csv/projects/{site.kit.create('Project', name=unique('Other'))}/shots"
    assert site.send("POST", path, manager, data="Sequence,Name\n").status_code == 404
    path = f"/import/csv/projects/{site.project}/shots"
    name = unique("SH")
    for options in (
        {"data": f"Sequence,Name\nSQ,{name} a\n".encode(), "content_type": "text/csv"},
        {
            "data": f"Sequence,Name\nSQ,{name} b\n".encode(),
            "content_type": "application/x-www-form-urlencoded",
        },
        csv(f"Sequence,Name\nSQ,{name} c\n"),
    ):
        answer = site.send("POST", f"/api{path}", manager, **options)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        assert [row["type"] for row in answer.get_json()] == ["Shot"]


def test_every_wrong_line_is_in_one_answer(site: Site, manager: str) -> None:
    before = site.shots()
    text = "Sequence,Name,Frames\nSQ,wrong 1,x\nSQ,,1\nSQ,wrong 3,1\n"
    answer = site.send("POST", f"/import/csv/projects/{site.project}/shots", manager, **csv(text))
    assert answer.status_code == 400
    found = answer.get_json()
    assert found["error"] is True
    assert found["data"]["errors"] == [
        {"field": "line 2, Frames", "message": "'x' is not a whole number"},
        {"field": "line 3, Name", "message": "is empty"},
    ]
    assert "line 2, Frames: 'x' is not a whole number; line 3, Name: is empty" in found["message"]
    assert site.shots() == before


@pytest.mark.parametrize(
    ("options", "status", "word"),
    [
        (csv(""), 400, "empty"),
        (csv("Name\nx\n"), 400, "Sequence"),
        (csv(b"\x89PNG\r\n\x1a\n\0\0"), 400, "NUL"),
        (csv("Sequence,Name\nSQ,a\0b\n"), 400, "NUL"),
        (csv(",".join(f"c{n}" for n in range(50_000))[:290_000]), 400, "columns"),
        (csv("x" * 400_000), 413, ""),
        ({"data": b"x" * 400_000, "content_type": "text/csv"}, 413, ""),
        (
            {"data": {"other": (io.BytesIO(b"x"), "x.csv")}, "content_type": "multipart/form-data"},
            400,
            "file",
        ),
        ({"data": b"nonsense", "content_type": "multipart/form-data; boundary=x"}, 400, "file"),
        ({"data": b"nonsense", "content_type": "multipart/form-data"}, 400, "file"),
        ({"json": {"name": "SH010"}}, 400, "Sequence"),
        ({"query_string": "update=perhaps", **csv("Sequence,Name\n")}, 400, "update"),
    ],
)
def test_what_cannot_be_imported_is_refused_clearly(
    site: Site, manager: str, options: dict[str, Any], status: int, word: str
) -> None:
    options = dict(options)
    data = options.get("data")
    if isinstance(data, dict):  # a stream is read once, and parameters are shared by all runs
        options["data"] = {name: (io.BytesIO(stream.getvalue()), to) for name, (stream, to) in data.items()}
    answer = site.send("POST", f"/import/csv/projects/{site.project}/shots", manager, **options)
    assert answer.status_code == status
    assert word in answer.get_json()["message"]


def test_who_may_not_is_told_so_and_outsiders_learn_nothing(site: Site) -> None:
    path = f"/import/csv/projects/{site.project}/shots"
    _, artist = site.person("user")
    _, outsider = site.person("manager", on_team=False)
    assert site.send("POST", path, artist, **csv("Sequence,Name\nSQ,SH\n")).status_code == 403
    assert site.send("POST", path, outsider, **csv("Sequence,Name\nSQ,SH\n")).status_code == 404
    assert site.app.test_client().post(path, **csv("Sequence,Name\n")).status_code == 401
    assert site.send("POST", "/import/csv/projects/nonsense/shots", artist, **csv("a")).status_code == 400


def test_the_same_import_sent_twice_with_one_key_is_done_once(site: Site, manager: str) -> None:
    path, name = f"/import/csv/projects/{site.project}/shots", unique("SH")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"data": f"Sequence,Name\nSQ,{name}\n".encode(), "content_type": "text/csv"}
    first = site.send("POST", path, manager, headers=key, **body)
    again = site.send("POST", path, manager, headers=key, **body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.data == first.data
    other = {**body, "data": b"Sequence,Name\nSQ,other\n"}
    assert site.send("POST", path, manager, headers=key, **other).status_code == 422


# -- pictures ----------------------------------------------------------------------------------------


def test_gazu_sends_and_gets_portraits(site: Site, client: Any, tmp_path: Path) -> None:
    person, _ = site.person("user")
    sent, got = tmp_path / "me.jpg", tmp_path / "me.png"
    Image.new("RGB", (900, 500), "red").save(sent)

    answer = gazu.files.upload_person_avatar({"id": str(person)}, str(sent), client=client)
    assert answer["thumbnail_path"] == f"/pictures/thumbnails/persons/{person}.png"
    assert gazu.person.get_person(str(person), client=client)["has_avatar"] is True
    gazu.files.download_person_avatar({"id": str(person)}, str(got), client=client)
    with Image.open(got, formats=("PNG",)) as image:
        assert image.size == (400, 400)

    gazu.files.upload_project_avatar({"id": str(site.project)}, str(sent), client=client)
    gazu.files.download_project_avatar({"id": str(site.project)}, str(got), client=client)


def test_gazu_gets_the_pictures_of_a_preview(site: Site, client: Any, tmp_path: Path) -> None:
    task = site.kit.create("Task", project_id=site.project)
    preview = site.kit.create("PreviewFile", name="take", task_id=task, extension="png", status="ready")
    store_picture(LocalStorage(site.kit.settings.storage_dir), preview, Image.new("RGB", (960, 540), "navy"))
    got = tmp_path / "got.png"
    for download, size in (
        (gazu.files.download_preview_file, (960, 540)),
        (gazu.files.download_preview_file_thumbnail, (150, 100)),
    ):
        download({"id": str(preview)}, str(got), client=client)
        with Image.open(got, formats=("PNG",)) as image:
            assert image.size == size


def test_a_picture_is_for_those_who_may_see_its_row(site: Site) -> None:
    task = site.kit.create("Task", project_id=site.project)
    preview = site.kit.create("PreviewFile", name="secret", task_id=task)
    store_picture(LocalStorage(site.kit.settings.storage_dir), preview, Image.new("RGB", (30, 20)))
    _, artist = site.person("user")
    _, outsider = site.person("user", on_team=False)
    for path in (
        f"/pictures/thumbnails/preview-files/{preview}.png",
        f"/api/pictures/thumbnails/preview_files/{preview}.png",
    ):
        assert site.send("GET", path, artist).status_code == 200
        assert site.send("GET", path, outsider).status_code == 404
        assert site.app.test_client().get(path).status_code == 401


def test_a_browser_that_has_a_picture_is_not_sent_it_again(site: Site) -> None:
    me, token = site.person("user")
    path = f"/pictures/thumbnails/persons/{me}"
    assert site.send("POST", path, token, **picture()).status_code == 201
    first = site.send("GET", f"{path}.png", token)
    assert first.mimetype == "image/png"
    assert first.content_length == len(first.data)
    assert "private" in first.headers["Cache-Control"]
    assert "public" not in first.headers["Cache-Control"]
    same = {"If-None-Match": first.headers["ETag"]}
    assert site.send("GET", f"{path}.png", token, headers=same).status_code == 304
    assert site.send("GET", f"{path}.png", token, headers={"Range": "bytes=0-7"}).data == first.data[:8]
    beyond = site.send("GET", f"{path}.png", token, headers={"Range": "bytes=9999999-"})
    assert (beyond.status_code, beyond.get_json()["error"]) == (416, True)
    assert site.send("HEAD", f"{path}.png", token).content_length == len(first.data)
    site.send("POST", path, token, **picture((50, 50), "JPEG"))
    assert site.send("GET", f"{path}.png", token, headers=same).status_code == 200


def test_where_there_is_no_picture_the_answer_is_not_found(site: Site) -> None:
    me, token = site.person("admin")
    task = site.kit.create("Task", project_id=site.project)
    preview = site.kit.create("PreviewFile", name="no picture", task_id=task)
    for path in (
        f"thumbnails/persons/{me}.png",
        f"thumbnails/preview-files/{preview}.png",
        f"originals/preview-files/{uuid.uuid4()}.png",
    ):
        assert site.send("GET", f"/pictures/{path}", token).status_code == 404
    assert site.send("GET", "/pictures/thumbnails/persons/nonsense.png", token).status_code == 400


def test_a_portrait_that_is_removed_is_not_shown(site: Site) -> None:
    me, token = site.person("user")
    site.send("POST", f"/pictures/thumbnails/persons/{me}", token, **picture())
    site.kit.execute(noted_avatar(facet("Person"), me, there=False))
    assert site.send("GET", f"/pictures/thumbnails/persons/{me}.png", token).status_code == 404


def test_only_pictures_are_taken_and_a_refused_one_changes_nothing(site: Site) -> None:
    me, token = site.person("user")
    path = f"/pictures/thumbnails/persons/{me}"
    for options in (csv("not a picture", "me.png"), csv("", "me.png")):
        answer = site.send("POST", path, token, **options)
        assert answer.status_code == 400
        assert "is not a picture" in answer.get_json()["message"]
    assert site.send("POST", path, token, json={}).status_code == 400
    assert site.kit.row("Person", me, "has_avatar") is False
    assert (
        site.send("POST", f"/pictures/thumbnails/persons/{uuid.uuid4()}", token, **picture()).status_code
        == 404
    )


def test_one_may_change_ones_own_portrait_and_a_manager_that_of_the_project(site: Site, manager: str) -> None:
    _, artist = site.person("user")
    other, _ = site.person("user")
    project = f"/pictures/thumbnails/projects/{site.project}"
    assert site.send("POST", f"/pictures/thumbnails/persons/{other}", artist, **picture()).status_code == 403
    assert site.send("POST", project, artist, **picture()).status_code == 403
    assert site.send("POST", project, manager, **picture()).status_code == 201


def test_a_body_does_not_say_that_there_is_a_picture(site: Site, client: Any) -> None:
    project = gazu.project.new_project(unique("Bare"), client=client)
    sent = {**project, "has_avatar": True}
    assert gazu.project.update_project(sent, client=client)["has_avatar"] is False
    assert site.kit.row("Project", project["id"], "has_avatar") is False
