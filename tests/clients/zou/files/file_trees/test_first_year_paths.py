"""The routes about files that the page of 2017 names."""

from __future__ import annotations

import uuid

import pytest

from tests.clients.zou.files.file_trees.site import NAME, SHOT, Site
from zou_server.models.conditions import Op, Where


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_project_tree_folder_and_file(site: Site, artist: tuple[uuid.UUID, str], prefix: str) -> None:
    """POST /project/tree/folder and POST /project/tree/file."""
    body = {"mode": "working", "task_id": str(site.names["task"])}
    folder = site.send("POST", f"{prefix}/project/tree/folder", artist[1], json=body)
    assert (folder.status_code, folder.get_json()) == (200, {"path": f"{SHOT}/work"})
    more = {**body, "version": 3, "comment": "New rig!", "sep": "/"}
    file = site.send("POST", f"{prefix}/project/tree/file", artist[1], json=more)
    assert file.get_json() == {"path": f"{SHOT}/work", "name": f"{NAME}_main_v003_new_rig"}
    for wrong in ({"mode": "sculpting"}, {"task_id": str(uuid.uuid4())}, {"sep": "|"}, {"foo": 1}):
        answer = site.send("POST", f"{prefix}/project/tree/folder", artist[1], json={**body, **wrong})
        assert answer.status_code == 400
        assert answer.get_json()["received_data"] == {**body, **wrong}
        assert isinstance(answer.get_json()["error"], str)


@pytest.mark.parametrize("word", ["working-files", "working_files"])
def test_publish(site: Site, word: str) -> None:
    """POST /project/files/working-files/publish."""
    me, token = site.person("user")
    shot, task = site.new_shot()
    path = f"/project/files/{word}/publish"
    body = {"task_id": str(task), "person_id": str(me), "comment": "Please look", "separator": "/"}
    first = site.send("POST", path, token, json=body)
    assert first.status_code == 201, first.get_data(as_text=True)
    found = first.get_json()
    assert set(found) == {"working_file", "output_file", "preview_path"}
    assert all({"folder_path", "file_name"} <= set(part) for part in found.values())
    assert found["output_file"]["source_file_id"] == found["working_file"]["id"]
    assert (found["working_file"]["revision"], found["output_file"]["revision"]) == (1, 1)
    assert found["preview_path"]["file_name"].endswith("_animation_main_v001")
    row = site.kit.row("Task", task, "task_status.is_feedback_request", "end_date")
    assert row["task_status.is_feedback_request"] is True
    assert row["end_date"] is not None
    again = site.send("POST", f"/api{path}", token, json={**body, "working_file_revision": 5}).get_json()
    assert (again["working_file"]["revision"], again["output_file"]["revision"]) == (5, 2)
    taken = site.send("POST", path, token, json={**body, "working_file_revision": 5})
    assert (taken.status_code, taken.get_json()["error"]) == (400, "The given working file already exists.")
    assert len(site.kit.rows("OutputFile", "id", where=Where("entity_id", Op.EQ, str(shot)))) == 2
