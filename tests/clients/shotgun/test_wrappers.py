"""What studios put around shotgun_api3: pyshotgrid, unchanged, and the fields that such tools ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyshotgrid
import pytest

from tests.clients.shotgun.site import Client

Row = dict[str, Any]

pytestmark = pytest.mark.filterwarnings(  # the client leaves what it uploads open
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def studio(sg: Client) -> Any:
    """The studio as pyshotgrid sees it."""
    return pyshotgrid.SGSite(sg)


def test_pyshotgrid_walks_a_production_and_publishes_in_it(
    rows: dict[str, Row], studio: Any, tmp_path: Path
) -> None:
    project = studio.project(rows["project"]["id"])
    assert project in studio.projects()
    shot = studio.create("Shot", {"code": "PY010", "project": project.to_dict()})
    assert shot in project.shots(glob_pattern="PY*")
    shot["description"].set("from an object")
    assert shot.get(["description", "project"]) == {"description": "from an object", "project": project}
    assert shot.all_field_values()["code"] == "PY010"
    task = studio.create("Task", {"content": "anim", "project": project.to_dict(), "entity": shot.to_dict()})
    assert shot.tasks(names=["anim"]) == [task]
    movie = tmp_path / "shown.mov"
    movie.write_bytes(b"what was rendered")
    version = studio.create("Version", {"code": "PY010_v001", "project": project.to_dict()})
    version["entity"].set(shot.to_dict())
    version["sg_uploaded_movie"].upload(str(movie))
    loaded = version["sg_uploaded_movie"].download(str(tmp_path / "loaded") + "/")
    assert Path(loaded).read_bytes() == movie.read_bytes()
    assert shot.versions() == project.versions() == [version]
    about = {"project": project.to_dict(), "entity": shot.to_dict(), "name": "scene"}
    first, second = (
        studio.create("PublishedFile", {**about, "code": "scene.ma", "version_number": n}) for n in (1, 2)
    )
    assert (first.is_latest(), second.is_latest()) == (False, True)
    assert first.get_next_publishes() == [second]
    assert shot.publishes(latest=True) == [second]
    field = shot["description"]
    assert (field.data_type, field.custom_metadata) == ("text", "")
    assert shot.delete()


def test_what_is_published_for_a_row_is_read_and_written_from_its_end(
    sg: Client, rows: dict[str, Row]
) -> None:
    project = {"project": rows["project"]}
    sequence = sg.create("Sequence", {"code": "ENDS", **project})
    shot = sg.create("Shot", {"code": "ENDS010", "sg_sequence": sequence, **project})
    asset = sg.create("Asset", {"code": "Lamp", "sg_asset_type": "Prop", **project})
    for owner in (shot, asset, sequence):
        version = sg.create("Version", {"code": "seen", "entity": owner, **project})
        file = sg.create("PublishedFile", {"code": "file.ma", "entity": owner, **project})
        found = sg.find_one(owner["type"], [["id", "is", owner["id"]]], ["sg_versions", "sg_published_files"])
        assert [each["id"] for each in found["sg_versions"]] == [version["id"]]
        assert [each["id"] for each in found["sg_published_files"]] == [file["id"]]
        by_link = sg.find(
            owner["type"], [["sg_versions.Version.code", "is", "seen"], ["id", "is", owner["id"]]]
        )
        assert len(by_link) == 1
    task = sg.create("Task", {"content": "anim", "entity": shot, **project})
    loose = sg.create("Version", {"code": "loose", **project})
    sg.update("Task", task["id"], {"sg_versions": [loose]})
    assert sg.find_one("Version", [["id", "is", loose["id"]]], ["sg_task"])["sg_task"]["id"] == task["id"]
    sg.update("Task", task["id"], {"task_reviewers": [rows["ann"]]})
    read = sg.find_one("Task", [["id", "is", task["id"]]], ["task_reviewers", "sg_versions"])
    assert [each["id"] for each in read["task_reviewers"]] == [rows["ann"]["id"]]
    assert [each["name"] for each in read["sg_versions"]] == ["loose"]
