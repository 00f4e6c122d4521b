"""Routes of tasks that the page of 2017 names, there and where they moved to."""

from __future__ import annotations

import uuid

import pytest

from tests.clients.zou.tasks.site import NOWHERE, TODAY, Site


def test_put_data_tasks_start(site: Site, manager: str) -> None:
    task = site.task()
    for _ in range(2):
        answer = site.send("PUT", f"/data/tasks/{task}/start", manager)
        assert answer.status_code == 200
        assert answer.get_json()["task_status_id"] == site.status("wip")
    assert answer.get_json()["real_start_date"] is not None
    assert len(site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()) == 1


@pytest.mark.parametrize("root", ["/data", "/actions", "/api/actions"])
def test_put_tasks_assign(site: Site, manager: str, root: str) -> None:
    task, (person, _) = site.task(), site.person("user")
    path = f"{root}/tasks/{task}/assign"
    answer = site.send("PUT", path, manager, json={"person_id": person})
    assert (answer.status_code, answer.get_json()["assignees"]) == (200, [person])
    assert site.send("PUT", path, manager, json={"person_id": NOWHERE}).status_code == 400
    assert site.send("PUT", path, manager, json={}).status_code == 400
    assert site.send("PUT", path, manager).status_code == 400
    gone = f"{root}/tasks/{NOWHERE}/assign"
    assert site.send("PUT", gone, manager, json={"person_id": person}).status_code == 404


def test_put_actions_tasks_to_review(site: Site, manager: str) -> None:
    task, statuses = site.task(), len(site.kit.rows("TaskStatus", "id"))
    path = f"/actions/tasks/{task}/to-review"
    answer = site.send("PUT", path, manager, json={"comment": "look", "revision": 2, "name": "main"})
    assert answer.status_code == 200
    assert answer.get_json()["task_status_id"] == site.status("wfa")
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()[0]["text"] == "look"
    assert len(site.kit.rows("TaskStatus", "id")) == statuses
    assert site.send("PUT", path, manager, json={"cmment": "typo"}).get_json()["data"]["errors"] == [
        {"field": "cmment", "message": "unknown field"}
    ]


def test_data_comments_can_be_listed_made_read_changed_and_removed(site: Site, manager: str) -> None:
    task = site.task()
    made = site.send("POST", "/data/comments", manager, json={"object_id": task, "text": "by hand"})
    assert made.status_code == 201
    path = f"/data/comments/{made.get_json()['id']}"
    assert [
        row["id"] for row in site.send("GET", f"/data/comments?object_id={task}", manager).get_json()
    ] == [made.get_json()["id"]]
    assert site.send("PUT", path, manager, json={"text": "new"}).get_json()["text"] == "new"
    found = site.send("GET", path, manager).get_json()
    assert (found["object_type"], found["replies"], found["mentions"]) == ("Task", [], [])
    assert site.send("DELETE", path, manager).status_code == 204
    assert site.send("GET", path, manager).status_code == 404


def test_data_time_spents_can_be_listed_made_read_changed_and_removed(site: Site) -> None:
    person, token = site.person("user")
    task = site.task(person)
    values = {"task_id": task, "person_id": person, "date": TODAY, "duration": 30}
    made = site.send("POST", "/data/time-spents", token, json=values)
    assert made.status_code == 201
    path = f"/data/time-spents/{made.get_json()['id']}"
    assert len(site.send("GET", f"/data/time-spents?task_id={task}", token).get_json()) == 1
    assert site.send("PUT", path, token, json={"duration": 45}).get_json()["duration"] == 45
    assert site.kit.row("Task", uuid.UUID(task), "duration") == 45
    assert site.send("DELETE", path, token).status_code == 204
    assert site.kit.row("Task", uuid.UUID(task), "duration") == 0
    assert site.send("GET", path, token).status_code == 404
