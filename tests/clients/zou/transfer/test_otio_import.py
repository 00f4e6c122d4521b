"""gazu sends editorial files to a served studio, and anybody sends what is no such file."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gazu
import pytest
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD, token_of
from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio, unique
from zou_server.app import create_app
from zou_server.models.actor import Actor
from zou_server.services.people.set_password import set_password

EDL = """TITLE: Cut
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:05:05 00:00:00:00 00:00:05:05
* FROM CLIP NAME: {project}_{place}A-010.mp4

002  AX       V     C        00:00:00:00 00:00:02:23 00:00:05:05 00:00:08:03
* FROM CLIP NAME: {project}_{place}B-010.mp4

003  BL       V     C        00:00:00:00 00:00:02:00 00:00:08:03 00:00:10:03
"""


@dataclass
class Site:
    """A served studio."""

    kit: StudioKit
    app: Any
    url: str
    work_dir: Path

    def project(self) -> uuid.UUID:
        """A new project with a name that clips can begin with."""
        return self.kit.create("Project", name=unique("Reel").replace(" ", ""))

    def edl(self, project: uuid.UUID, place: str = "") -> str:
        """An editorial file of a project's."""
        return EDL.format(project=self.kit.row("Project", project, "name"), place=place)

    def token(self, actor: Actor) -> str:
        """Somebody's log-in."""
        return token_of(self.kit, self.app, actor.person_id)

    def send(
        self, token: str, path: str, content: bytes | None, name: str = "cut.edl", **form: str
    ) -> TestResponse:
        """One file sent by somebody."""
        files = {} if content is None else {"file": (io.BytesIO(content), name)}
        answer: TestResponse = self.app.test_client().post(
            path,
            data={**files, **form},
            headers={"Authorization": f"Bearer {token}"},
            content_type="multipart/form-data",
        )
        return answer


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_studio(postgres, tmp_path_factory.mktemp("otio")) as kit:
        settings = replace(kit.settings, max_body_bytes=300_000)
        app = create_app(settings)
        with served(app) as url:
            yield Site(kit, app, f"{url}/api", settings.work_dir)


@pytest.fixture(scope="module")
def admin(site: Site) -> str:
    return site.token(site.kit.person("admin"))


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    found = gazu.client.create_client(site.url)
    person = site.kit.person("admin")
    set_password(site.kit.studio.writes, person.person_id, PASSWORD)
    gazu.log_in(site.kit.row("Person", person.person_id, "email"), PASSWORD, client=found)
    yield found
    found.session.close()


def test_post_import_otio_projects_makes_the_shots_of_gazus_file(
    site: Site, client: Any, tmp_path: Path
) -> None:
    project = site.project()
    path = tmp_path / "cut.edl"
    path.write_text(site.edl(project))
    found = gazu.shot.import_otio(str(project), str(path), client=client)
    assert [(shot["name"], shot["sequence_name"], shot["nb_frames"]) for shot in found["created_shots"]] == [
        ("010", "A", 130),
        ("010", "B", 73),
    ]
    assert found["created_shots"][0]["data"] == {
        "frame_in": 0,
        "frame_out": 129,
        "source_in": 0,
        "source_out": 129,
    }
    assert found["updated_shots"] == []
    again = gazu.shot.import_otio(str(project), str(path), client=client)
    assert (again["created_shots"], again["updated_shots"]) == ([], [])


def test_post_import_otio_projects_episodes_makes_them_in_the_episode(
    site: Site, client: Any, tmp_path: Path
) -> None:
    project = site.project()
    episode = site.kit.create("Episode", name="E1", project_id=project)
    path = tmp_path / "cut.edl"
    path.write_text(site.edl(project, "E1-"))
    found = gazu.shot.import_otio(str(project), str(path), episode=str(episode), client=client)
    assert {shot["episode_name"] for shot in found["created_shots"]} == {"E1"}
    recased = gazu.shot.import_otio(
        str(project),
        str(path),
        episode=str(episode),
        naming_convention="${project_name}_e1-${sequence_name}-${shot_name}",
        match_case=False,
        client=client,
    )
    assert (recased["created_shots"], recased["updated_shots"]) == ([], [])


def test_a_spreadsheet_of_places_is_a_cut_too(site: Site, admin: str) -> None:
    project = site.project()
    path = f"/import/otio/projects/{project}"
    first = "Sequence;Name;Frame In;Frame Out\nA;010;0;129\nB;010;130;202\n"
    site.send(admin, path, first.encode(), "cut.csv")
    told = site.send(admin, f"{path}?validate=true", site.edl(project).encode())
    assert told.get_json()["changes"] == [], "the list says the same of places"
    longer = site.send(admin, f"{path}?validate=true", first.replace("202", "210").encode(), "cut.csv")
    assert [(change["kinds"], change["sequence"]) for change in longer.get_json()["changes"]] == [
        (["longer"], "B")
    ]
    wrong = site.send(admin, path, f"{first}B;020;9;3\n".encode(), "cut.csv")
    assert (wrong.status_code, wrong.get_json()["data"]["errors"][0]["field"]) == (400, "line 4, Frame Out")


@pytest.mark.parametrize(
    ("name", "content", "form", "said"),
    [
        ("cut.edl", None, {}, "no field 'file'"),
        ("cut.edl", b"", {}, "No clip of the file"),
        ("cut.edl", b"\x00\xff" * 500, {}, "cannot be read"),
        ("cut", b"TITLE: x", {}, "edl, otio, xml, aaf"),
        ("../../cut.sh", b"TITLE: x", {}, "edl, otio, xml, aaf"),
        ("cut.otio", b"[" * 200_000, {}, "cannot be read"),
        ("cut.aaf", b"TITLE: x", {}, "cannot be read"),
        ("cut.xml", b"<xmeml>", {}, "cannot be read"),
        ("cut.edl", EDL.encode(), {"naming_convention": "${boat}"}, "There is no variable 'boat'"),
        ("cut.edl", EDL.encode(), {"match_case": "maybe"}, "neither true nor false"),
        ("cut.edl", EDL.encode(), {"rate": "25"}, "Validation error."),
    ],
)
def test_what_is_no_editorial_file_gets_a_reason_and_leaves_nothing(
    site: Site, admin: str, name: str, content: bytes | None, form: dict[str, str], said: str
) -> None:
    project = site.project()
    answer = site.send(admin, f"/import/otio/projects/{project}", content, name, **form)
    assert answer.status_code == 400
    assert said in answer.get_json()["message"]
    assert [path for path in site.work_dir.glob("*") if path.is_dir()] == []


def test_a_file_that_is_too_large_is_refused(site: Site, admin: str) -> None:
    answer = site.send(admin, f"/import/otio/projects/{site.project()}", b"x" * 400_000)
    assert answer.status_code == 413


def test_a_project_or_episode_that_there_is_not_is_not_found(site: Site, admin: str) -> None:
    project, nothing = site.project(), uuid.uuid4()
    episode = site.kit.create("Episode", name="E", project_id=site.project())
    for path, status in (
        (f"{nothing}", 404),
        (f"{project}/episodes/{nothing}", 404),
        (f"{project}/episodes/{episode}", 404),
        ("nonsense", 400),
    ):
        answer = site.send(admin, f"/import/otio/projects/{path}", site.edl(project).encode())
        assert answer.status_code == status, path


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("user", 403), ("client", 403), ("vendor", 403)]
)
def test_managers_of_the_project_import_and_others_do_not(site: Site, role: str, status: int) -> None:
    project = site.project()
    content = site.edl(project).encode()
    insider = site.token(site.kit.person(role, {project: None}))
    assert site.send(insider, f"/import/otio/projects/{project}", content).status_code == status
    outsider = site.token(site.kit.person(role, {site.project(): None}))
    assert site.send(outsider, f"/import/otio/projects/{project}", content).status_code == 404
