"""What the routes of tasks refuse, and what they keep from outsiders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.zou.tasks.site import NOWHERE, TODAY, Site


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/actions/persons/{person}/assign", {}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": "x"}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": ["x"]}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": [], "more": 1}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": []}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": ["{task}"], "person_id": "x"}),
        ("POST", "/actions/projects/{project}/delete-tasks", {"ids": []}),
        ("POST", "/actions/projects/{project}/delete-tasks", ["x"]),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-30/persons/{person}", {"duration": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/x", {"duration": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}", {"duration": -1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}", {"minutes": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}/add", {}),
        ("GET", "/actions/tasks/{task}/time-spents/yesterday", None),
    ],
)
def test_what_makes_no_sense_is_refused_clearly(
    site: Site, manager: str, method: str, path: str, body: Any
) -> None:
    person, _ = site.person("user")
    place = path.format(person=person, task=site.task(), project=site.project)
    answer = site.send(method, place, manager, **({} if body is None else {"json": body}))
    assert answer.status_code == 400, answer.get_data(as_text=True)
    assert answer.get_json()["error"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"/actions/persons/{NOWHERE}/assign"),
        ("PUT", "/actions/tasks/clear-assignation"),
        ("GET", f"/actions/tasks/{NOWHERE}/time-spents"),
        ("GET", f"/data/tasks/{NOWHERE}/full"),
        ("PUT", f"/data/tasks/{NOWHERE}/start"),
        ("PUT", f"/actions/tasks/{NOWHERE}/to-review"),
        ("GET", f"/data/attachment-files/{NOWHERE}/file/x.txt"),
        ("GET", f"/pictures/thumbnails/attachment-files/{NOWHERE}.png"),
        ("GET", f"/data/tasks/{NOWHERE}/attachment-files"),
        ("GET", f"/data/projects/{NOWHERE}/attachment-files"),
        ("DELETE", f"/actions/projects/{NOWHERE}/task-types/{NOWHERE}/delete-tasks"),
        ("DELETE", f"/actions/tasks/{NOWHERE}/time-spents/2024-02-01/persons/{NOWHERE}"),
    ],
)
def test_what_is_not_there_is_not_found(site: Site, manager: str, method: str, path: str) -> None:
    body = {"json": {"task_ids": [NOWHERE]}} if "assign" in path else {}
    assert site.send(method, path, manager, **body).status_code == 404


def test_an_outsider_learns_nothing_of_a_task(site: Site) -> None:
    person, outsider = site.person("manager", on_team=False)
    task = site.task()
    for method, path, body in (
        ("PUT", f"/actions/tasks/{task}/assign", {"person_id": person}),
        ("PUT", f"/actions/persons/{person}/assign", {"task_ids": [task]}),
        ("PUT", f"/data/tasks/{task}/start", {}),
        ("GET", f"/actions/tasks/{task}/time-spents", None),
        ("POST", f"/actions/tasks/{task}/time-spents/{TODAY}/persons/{person}", {"duration": 5}),
        ("POST", f"/actions/projects/{site.project}/delete-tasks", [task]),
        ("GET", f"/data/tasks/{task}/full", None),
    ):
        answer = site.send(method, path, outsider, **({} if body is None else {"json": body}))
        assert answer.status_code == 404, path
