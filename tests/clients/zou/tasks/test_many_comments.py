"""Comments on many tasks in one request: all of them or none."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.clients.zou.tasks.site import NOWHERE, Site, form


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"comment": "x", "txt": "y"}, 400),
        ({"comment": "x", "task_id": None}, 400),
        ({"comment": "x", "task_id": "nonsense"}, 400),
        ({"comment": "x", "task_id": NOWHERE}, 404),
        ({"comment": "x", "checklist": "y"}, 400),
        ("x", 400),
    ],
)
def test_one_bad_comment_refuses_all_of_them(site: Site, manager: str, wrong: Any, status: int) -> None:
    task, before = site.task(), site.files()
    if isinstance(wrong, dict):
        wrong = {"task_id": site.task(), **wrong}
    comments = orjson.dumps([{"task_id": task, "comment": "good"}, wrong]).decode()
    body = form(("attachment_file-0-0", b"x", "x.txt"), comments=comments)
    assert site.send("POST", "/actions/tasks/batch-comment", manager, **body).status_code == status
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json() == []
    assert site.files() == before


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"json": {}}, "comments"),
        ({"json": {"comments": [], "more": 1}}, "more"),
        (form(comments="["), "comments"),
        (form(), "comments"),
        (form(("attachment_file-7-0", b"x", "x.txt"), comments="[]"), "attachment_file-7-0"),
        (form(("file", b"x", "x.txt"), comments="[]"), "belongs to no comment"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(
    site: Site, manager: str, options: dict[str, Any], word: str
) -> None:
    before = site.files()
    answer = site.send("POST", "/actions/tasks/batch-comment", manager, **options)
    assert answer.status_code == 400
    assert word in answer.get_data(as_text=True)
    assert site.files() == before


def test_a_batch_refuses_a_preview_of_a_kind_that_is_not_taken(site: Site, manager: str) -> None:
    task, before = site.task(), site.files()
    comments = orjson.dumps([{"comment": "x"}]).decode()
    for content, name in ((b"x", "x.exe"), (b"", "x.png")):
        body = form(("preview_file-0-0", content, name), comments=comments)
        path = f"/actions/tasks/{task}/batch-comment"
        assert site.send("POST", path, manager, **body).status_code == 400
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json() == []
    assert site.files() == before


def test_comment_many_is_about_the_tasks_of_the_project(site: Site, manager: str) -> None:
    other = site.kit.create("Task", project_id=site.kit.project())
    path = f"/actions/projects/{site.project}/tasks/comment-many"
    task = site.task()
    for body, status in (
        ([{"task_id": task, "comment": "x"}], 201),
        ([{"task_id": task, "comment": "x"}, {"task_id": str(other), "comment": "x"}], 400),
        ([], 201),
    ):
        assert site.send("POST", path, manager, json=body).status_code == status
    gone = f"/actions/projects/{NOWHERE}/tasks/comment-many"
    assert site.send("POST", gone, manager, json=[]).status_code == 404
