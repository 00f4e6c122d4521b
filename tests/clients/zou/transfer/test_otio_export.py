"""A cut goes out as OTIO, EDL or Final Cut XML, and comes back as it was."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import opentimelineio as otio
import pytest

from tests.clients.zou.transfer.test_otio_import import Site
from tests.conftest import SuitePostgres
from tests.studio import open_studio
from zou_server.app import create_app

FORMATS = ("otio", "edl", "xml")

CUT = """TITLE: Reel 3
FCM: NON-DROP FRAME

001  BL       V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
002  A001C002 V     C        10:00:00:00 10:00:02:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: {name}A-010.mov
* ASC_SOP (1.1 1 0.95)(0 -0.01 0.02)(1 1 1)
* ASC_SAT 0.9
* LOC: 01:00:01:12 GREEN   paint out the rig
003  A001C002 V     C        10:00:02:00 10:00:02:00 01:00:03:00 01:00:03:00
003  A001C004 V     D    012 11:00:00:00 11:00:02:00 01:00:03:00 01:00:05:00
* FROM CLIP NAME: {name}A-010.mov
* TO CLIP NAME: {name}A-020
004  TAPE_X   V     C        00:10:00:00 00:10:04:00 01:00:05:00 01:00:07:00
M2   TAPE_X   048.0          00:10:00:00
FINAL CUT PRO REEL: Tape X (safety) REPLACED BY: TAPE_X
* FROM CLIP NAME: {name}A-030
* SOURCE FILE: a-030_v012.mov
* FRMC START: 1001 FRMC END: 1048 FRMC DURATION: 48
005  AX       V     C        00:00:00:00 00:00:01:00 01:00:07:00 01:00:08:00
* FROM CLIP NAME: {name}A-010.mov
006  AX       V     C        00:00:01:00 00:00:02:00 01:00:09:00 01:00:10:00
* FROM CLIP NAME: {name}B-010
007  AX       V     C        00:00:10:00 00:00:10:01 01:00:10:00 01:00:12:00
M2   AX       000.0          00:00:10:00
* FROM CLIP NAME: {name}A-040
"""


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_studio(postgres, tmp_path_factory.mktemp("export")) as kit:
        yield Site(kit, create_app(kit.settings), "", kit.settings.work_dir)


@pytest.fixture(scope="module")
def admin(site: Site) -> str:
    return site.token(site.kit.person("admin"))


def take(site: Site, token: str, path: str, content: str | bytes, name: str = "cut.edl") -> dict[str, Any]:
    """A file sent in, and what came of it."""
    answer = site.send(token, path, content if isinstance(content, bytes) else content.encode(), name)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def fetch(site: Site, token: str, path: str, **query: str) -> Any:
    """A file asked for."""
    headers = {"Authorization": f"Bearer {token}"}
    return site.app.test_client().get(f"/export/otio/{path}", headers=headers, query_string=query)


def sequences(site: Site, project: uuid.UUID) -> dict[str, str]:
    """The ids of the sequences of a project."""
    rows = site.kit.rows("Sequence", "id", "name", "project_id")
    return {row["name"]: row["id"] for row in rows if row["project_id"] == str(project)}


def assert_comes_back(site: Site, token: str, path: str, file: Any, extension: str) -> None:
    """A file that went out changes nothing when it is sent in."""
    assert file.status_code == 200, file.text
    found = take(site, token, path, file.data, f"cut.{extension}")
    assert {key: found[key] for key in ("changes", "created_shots", "updated_shots", "cuts")} == {
        "changes": [],
        "created_shots": [],
        "updated_shots": [],
        "cuts": [],
    }


@pytest.mark.parametrize("fps", ["24", "23.976", "59.94"])
@pytest.mark.parametrize("extension", FORMATS)
def test_get_export_otio_sequences_comes_back_as_it_was(
    site: Site, admin: str, extension: str, fps: str
) -> None:
    project = site.project()
    site.kit.update("Project", project, fps=fps)
    path = f"/import/otio/projects/{project}"
    text = CUT.format(name=f"{site.kit.row('Project', project, 'name')}_")
    made = take(site, admin, path, text)
    assert len(made["created_shots"]) == 5
    for name, id_ in sequences(site, project).items():
        file = fetch(site, admin, f"sequences/{id_}", format=extension)
        assert file.headers["Content-Disposition"] == f'attachment; filename="{name}.{extension}"'
        assert_comes_back(site, admin, path, file, extension)


@pytest.mark.parametrize("extension", FORMATS)
def test_get_export_otio_episodes_is_the_cut_of_all_its_sequences(
    site: Site, admin: str, extension: str
) -> None:
    project = site.project()
    site.kit.update("Project", project, fps="24")
    episode = site.kit.create("Episode", name="E1", project_id=project)
    path = f"/import/otio/projects/{project}/episodes/{episode}"
    text = CUT.format(name=f"{site.kit.row('Project', project, 'name')}_E1-")
    take(site, admin, path, text)
    file = fetch(site, admin, f"episodes/{episode}", format=extension)
    assert_comes_back(site, admin, path, file, extension)


def test_sequences_that_were_cut_by_themselves_are_laid_one_after_the_other(site: Site, admin: str) -> None:
    project = site.project()
    name = site.kit.row("Project", project, "name")
    episode = site.kit.create("Episode", name="E1", project_id=project)
    head = "001  AX  V  C  00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: "
    for sequence in ("B", "A"):
        path = f"/import/otio/projects/{project}/episodes/{episode}"
        take(site, admin, path, f"{head}{name}_E1-{sequence}-010\n")
    file = fetch(site, admin, f"episodes/{episode}", format="otio")
    timeline = otio.adapters.read_from_string(file.text, "otio_json")
    assert [
        (clip.name, timeline.range_of_child(clip).start_time.to_frames()) for clip in timeline.find_clips()
    ] == [(f"{name}_E1-A-010", 0), (f"{name}_E1-B-010", 50)]


def test_get_export_otio_playlists_is_its_shots_in_their_order_with_the_takes(site: Site, admin: str) -> None:
    project = site.project()
    name = site.kit.row("Project", project, "name")
    made = take(site, admin, f"/import/otio/projects/{project}", site.edl(project))
    first, second = (uuid.UUID(shot["id"]) for shot in made["created_shots"])
    (step,) = site.kit.rows("TaskType", "id", limit=1)
    task = site.kit.create("Task", project_id=project, entity_id=second, task_type_id=uuid.UUID(step["id"]))
    preview = site.kit.create(
        "PreviewFile", name="x", task_id=task, revision=1, original_name="B_010_anim", extension="mp4"
    )
    empty = site.kit.create("Shot", name="none", project_id=project)
    entries = [
        {"entity_id": str(second), "preview_file_id": str(preview)},
        {"entity_id": str(empty), "preview_file_id": None},
        {"entity_id": str(first), "preview_file_id": None},
    ]
    playlist = site.kit.create(
        "Playlist", name="dailies", project_id=project, for_entity="shot", shots=entries
    )
    for extension in FORMATS:
        file = fetch(site, admin, f"playlists/{playlist}", format=extension)
        assert file.status_code == 200, file.text
        other = site.project()
        convention = f"{name}_${{sequence_name}}-${{shot_name}}"
        answer = site.send(
            admin,
            f"/import/otio/projects/{other}",
            file.data,
            f"x.{extension}",
            naming_convention=convention,
        )
        assert [
            (shot["sequence_name"], shot["name"], shot["nb_frames"], shot["data"]["frame_in"])
            for shot in answer.get_json()["created_shots"]
        ] == [("B", "010", 73, 0), ("A", "010", 130, 73)]
        assert "B_010_anim.mp4" in file.text


LEFT_OUT = {
    "otio": lambda text, name: (
        json.loads(text)["metadata"]["zou_server"]
        == {"left_out": [{"name": name, "reason": "has no length"}]}
    ),
    "edl": lambda text, name: text.splitlines()[2] == f"* LEFT OUT: {name} HAS NO LENGTH",
    "xml": lambda text, name: f"<!-- left out: {name.replace('---', '- - -')} has no length -->" in text,
}


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("kind", ["playlists", "sequences"])
def test_shots_without_a_length_are_told_in_the_file(
    site: Site, admin: str, kind: str, extension: str
) -> None:
    project = site.project()
    sequence = site.kit.create("Sequence", name="A", project_id=project)
    shots = [
        site.kit.create("Shot", name=shot, project_id=project, parent_id=sequence, nb_frames=frames)
        for shot, frames in (("010", 48), ("--020", None))
    ]
    entries = [{"entity_id": str(shot), "preview_file_id": None} for shot in shots]
    playlist = site.kit.create(
        "Playlist", name="dailies", project_id=project, for_entity="shot", shots=entries
    )
    owner = playlist if kind == "playlists" else sequence
    file = fetch(site, admin, f"{kind}/{owner}", format=extension)
    assert file.status_code == 200, file.text
    name = f"{site.kit.row('Project', project, 'name')}_A---020"
    assert LEFT_OUT[extension](file.text, name), file.text
    again = take(site, admin, f"/import/otio/projects/{project}", file.data, f"cut.{extension}")
    assert [change["shot"] for change in again["changes"]] == ["010"]
    assert again["skipped_clips"] == []


def test_a_cut_goes_out_with_the_timecode_that_it_came_with(site: Site, admin: str) -> None:
    project = site.project()
    site.kit.update("Project", project, fps="29.97")
    name = site.kit.row("Project", project, "name")
    text = "FCM: DROP FRAME\n001  BL  V  C  00:00:00;00 00:00:01;00 09:59:59;00 10:00:00;00\n"
    text += "002  T1  V  C  00:00:00;00 00:01:00;02 10:00:00;00 10:01:00;02\n"
    take(site, admin, f"/import/otio/projects/{project}", f"{text}* FROM CLIP NAME: {name}_A-010\n")
    (cut,) = (row["data"] for row in site.kit.rows("Cut", "data") if row["data"]["fps"] == 29.97)
    assert (cut["timecode_start_text"], cut["timecode_end_text"]) == ("10:00:00;00", "10:01:00;02")
    path = f"sequences/{sequences(site, project)['A']}"
    assert "00:00:00;00 00:01:00;02 10:00:00;00 10:01:00;02\n" in fetch(site, admin, path, format="edl").text
    moved = fetch(site, admin, path, format="edl", start="01:00:00:00").text
    assert "01:00:00:00 01:00:01:00\n" in moved
    assert_comes_back(
        site, admin, f"/import/otio/projects/{project}", fetch(site, admin, path, format="otio"), "otio"
    )


def test_shots_without_a_cut_are_written_as_they_say(site: Site, admin: str) -> None:
    project = site.project()
    name = site.kit.row("Project", project, "name")
    sequence = site.kit.create("Sequence", name="A", project_id=project)
    for shot, frames, data in (
        ("020", 24, {}),
        ("010", 48, {"frame_in": 0, "frame_out": "47"}),
        ("030", None, {}),
    ):
        site.kit.create(
            "Shot", name=shot, project_id=project, parent_id=sequence, nb_frames=frames, data=data
        )
    file = fetch(site, admin, f"sequences/{sequence}", format="edl", start="10:00:00:00")
    assert [line for line in file.text.splitlines() if line[:1] == "0" or line[:1] == "*"] == [
        f"* LEFT OUT: {name}_A-030 HAS NO LENGTH",
        "001  AX       V     C        00:00:00:00 00:00:01:23 10:00:00:00 10:00:01:23",
        f"* FROM CLIP NAME: {name}_A-010",
        "002  AX       V     C        00:00:00:00 00:00:00:24 10:00:01:23 10:00:02:22",
        f"* FROM CLIP NAME: {name}_A-020",
    ]


def test_a_shot_that_was_renamed_goes_out_by_its_new_name(site: Site, admin: str) -> None:
    project = site.project()
    name = site.kit.row("Project", project, "name")
    made = take(site, admin, f"/import/otio/projects/{project}", site.edl(project))
    site.kit.update("Shot", uuid.UUID(made["created_shots"][0]["id"]), name="011")
    file = fetch(site, admin, f"sequences/{sequences(site, project)['A']}", format="edl")
    assert f"* FROM CLIP NAME: {name}_A-011\n" in file.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"format": "aaf"}, "format"),
        ({"start": "nonsense"}, "start"),
        ({"start": "01:00:00:99"}, "start"),
        ({"naming_convention": "${boat}"}, "naming_convention"),
        ({"boat": "x"}, "boat"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_name(
    site: Site, admin: str, query: dict[str, str], field: str
) -> None:
    project = site.project()
    take(site, admin, f"/import/otio/projects/{project}", site.edl(project))
    file = fetch(site, admin, f"sequences/{sequences(site, project)['A']}", **query)
    assert file.status_code == 400
    assert [error["field"] for error in file.get_json()["data"]["errors"]] == [field]


def test_a_sequence_without_lengths_and_one_that_there_is_not(site: Site, admin: str) -> None:
    sequence = site.kit.create("Sequence", name="A", project_id=site.project())
    assert fetch(site, admin, f"sequences/{sequence}").status_code == 400
    assert fetch(site, admin, f"sequences/{uuid.uuid4()}").status_code == 404
    assert fetch(site, admin, "sequences/nonsense").status_code == 400


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("user", 200), ("client", 403), ("supervisor", 200)]
)
def test_who_is_in_the_project_exports_its_cuts_and_others_do_not(site: Site, role: str, status: int) -> None:
    project = site.project()
    admin = site.token(site.kit.person("admin"))
    take(site, admin, f"/import/otio/projects/{project}", site.edl(project))
    path = f"sequences/{sequences(site, project)['A']}"
    insider = site.token(site.kit.person(role, {project: None}))
    assert fetch(site, insider, path).status_code == status
    outsider = site.token(site.kit.person(role, {site.project(): None}))
    assert fetch(site, outsider, path).status_code == 404
