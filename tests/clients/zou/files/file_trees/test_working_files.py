"""Working files of tasks and their content, with gazu."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import gazu
import pytest

from tests.clients.zou.files.file_trees.site import Site, ids


def test_new_working_file(site: Site, client: Any, artist: tuple[uuid.UUID, str]) -> None:
    """POST /data/tasks/<task_id>/working-files/new, the lists, and last-revisions."""
    shot, task_id = site.new_shot()
    task = str(task_id)
    first = gazu.files.new_working_file(task, comment="blocking", client=client)
    second = gazu.files.new_working_file(task, client=client)
    other = gazu.files.new_working_file(task, name="fx", client=client)

    assert (first["type"], first["revision"], first["comment"]) == ("WorkingFile", 1, "blocking")
    assert (second["revision"], other["revision"]) == (2, 1)
    assert (first["person_id"], first["task_id"], first["entity_id"]) == (str(artist[0]), task, str(shot))
    assert first["software_id"] == str(site.named("Software", "Blender"))
    assert first["path"] == gazu.files.build_working_file_path(task, client=client)
    assert second["path"] == gazu.files.build_working_file_path(task, revision=2, client=client)
    assert gazu.files.get_working_files_for_task(task, client=client) == [
        {k: v for k, v in row.items() if k != "outputs"} for row in (first, second, other)
    ]
    found = gazu.files.get_all_working_files_for_entity(
        str(shot), task={"id": task}, name="fx", client=client
    )
    assert ids(*found) == ids(other)
    last = gazu.files.get_last_working_files(task, client=client)
    assert {name: row["id"] for name, row in last.items()} == {"main": second["id"], "fx": other["id"]}
    assert gazu.files.get_last_working_file_revision(task, client=client)["revision"] == 2
    assert gazu.files.get_working_file(first["id"], client=client)["id"] == first["id"]
    assert gazu.client.get(f"data/tasks/{task}", client=client)["assignees"] == [str(artist[0])]


def test_a_revision_that_is_taken_is_refused_as_zou_does(site: Site, client: Any) -> None:
    _, task = site.new_shot()
    gazu.files.new_working_file(str(task), revision=7, client=client)
    with pytest.raises(gazu.exception.ParameterException, match="given working file already exists"):
        gazu.files.new_working_file(str(task), revision=7, client=client)
    assert gazu.files.new_working_file(str(task), client=client)["revision"] == 8


def test_update_comment_and_modification_date(site: Site, client: Any) -> None:
    """PUT /actions/working-files/<id>/comment and /modified."""
    _, task = site.new_shot()
    made = gazu.files.new_working_file(str(task), client=client)
    assert gazu.files.update_comment(made, "done", client=client)["comment"] == "done"
    before = site.kit.row("WorkingFile", made["id"], "updated_at")
    assert gazu.files.update_modification_date(made, client=client)["id"] == made["id"]
    assert site.kit.row("WorkingFile", made["id"], "updated_at") > before
    assert gazu.client.get(f"data/files/{made['id']}", client=client)["type"] == "WorkingFile"


def test_upload_and_download_working_file(site: Site, client: Any, tmp_path: Path) -> None:
    """POST and GET /data/working-files/<id>/file."""
    _, task = site.new_shot()
    made = gazu.files.new_working_file(str(task), client=client)
    content = b"BLENDER-v300" + bytes(range(256)) * 5000
    (tmp_path / "scene.blend").write_bytes(content)
    kept = gazu.files.upload_working_file(made, str(tmp_path / "scene.blend"), client=client)
    assert (kept["id"], kept["size"]) == (made["id"], len(content))
    gazu.files.download_working_file(made, str(tmp_path / "back.blend"), client=client)
    assert (tmp_path / "back.blend").read_bytes() == content


def test_a_working_file_comes_in_parts_and_not_twice(site: Site, artist: tuple[uuid.UUID, str]) -> None:
    _, task = site.new_shot()
    token = artist[1]
    made = site.send("POST", f"/data/tasks/{task}/working-files/new", token, json={}).get_json()
    path = f"/data/working-files/{made['id']}/file"
    assert site.send("GET", path, token).status_code == 404
    assert site.send("POST", path, token, data={}).status_code == 400
    sent = {"file": (io.BytesIO(b"0123456789"), "..\\evil.ma")}
    assert site.send("POST", path, token, data=sent, content_type="multipart/form-data").status_code == 201
    whole = site.send("GET", path, token)
    assert (whole.status_code, whole.data) == (200, b"0123456789")
    assert "attachment" in whole.headers["Content-Disposition"]
    part = site.send("GET", path, token, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data) == (206, b"234")
    again = site.send("GET", path, token, headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    _, outsider = site.person("user", on_team=False)
    assert site.send("GET", path, outsider).status_code == 404
    _, colleague = site.person("user")
    other = {"file": (io.BytesIO(b"x"), "x.ma")}
    answer = site.send("POST", path, colleague, data=other, content_type="multipart/form-data")
    assert answer.status_code == 403
    assert site.send("GET", path, token).data == b"0123456789"
