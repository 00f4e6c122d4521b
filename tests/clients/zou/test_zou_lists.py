"""Lists of the Zou dialect that are more than a table: cursors, newest events, entities with their tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.install.manage_credentials import create_admin


class Caller:
    """An administrator with a token."""

    def __init__(self, kit: StudioKit, client: FlaskClient) -> None:
        self.kit, self._client = kit, client
        password = create_admin(kit.studio.writes, "boss@example.com")
        said = client.post("/auth/login", json={"email": "boss@example.com", "password": password})
        self._headers = {"Authorization": f"Bearer {said.get_json()['access_token']}"}

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of a GET."""
        answer = self._client.get(path, headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.get_json()


@pytest.fixture(scope="module")
def caller(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with open_studio(postgres, tmp_path_factory.mktemp("lists")) as kit:
        yield Caller(kit, create_app(kit.settings).test_client())


def test_the_newest_events_come_first_and_a_hundred_at_most(caller: Caller) -> None:
    project = caller.kit.project()
    events = caller.get("/data/events/last")
    assert events[0]["name"] == "project:new"
    assert events[0]["data"]["project_id"] == str(project)
    assert len(events) <= 100
    assert len(caller.get("/data/events/last?limit=2")) == 2


@pytest.mark.parametrize("kind", ["Shot", "Asset", "Sequence", "Episode"])
def test_entities_come_with_their_tasks_in_one_statement(caller: Caller, kind: str) -> None:
    kit = caller.kit
    project = kit.project()
    extra = {"entity_type_id": kit.rows("AssetType", "id")[0]["id"]} if kind == "Asset" else {}
    entity = kit.create(kind, name="one", project_id=project, **extra)
    kit.create(kind, name="two", project_id=project, **extra)
    person = kit.person().person_id
    task = kit.create("Task", entity_id=entity, assignees=[person], name="anim")
    rows = caller.get(f"/data/{kind.lower()}s/with-tasks?project_id={project}")
    assert [row["name"] for row in rows] == ["one", "two"]
    assert rows[1]["tasks"] == []
    shown = rows[0]["tasks"][0]
    assert (shown["id"], shown["assignees"], shown["is_subscribed"]) == (str(task), [str(person)], False)
    assert shown["entity_id"] == str(entity)


def test_a_cursor_needs_keys_that_are_never_empty(caller: Caller) -> None:
    shot = caller.kit.shot(caller.kit.project())
    refused = caller.get(f"/data/shots?order_by=nb_frames&cursor={shot}", status=400)
    assert "never empty" in refused["message"]
    assert caller.get(f"/data/shots?order_by=created_at&cursor={shot}")["data"] == []
    event = caller.get("/data/events/last?limit=1")[0]["id"]
    older = caller.get(f"/data/events?cursor={event}&limit=3")
    assert len(older["data"]) == 3


def test_get_data_entities_time_spents_and_those_of_a_step_of_a_project(caller: Caller) -> None:
    kit = caller.kit
    project = kit.project()
    shots = [kit.shot(project) for _ in range(2)]
    (step,) = kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    tasks = [kit.create("Task", entity_id=shot, task_type_id=step["id"]) for shot in shots]
    person = kit.person().person_id
    for task, minutes in zip(tasks, (60.0, 90.0), strict=True):
        kit.create("TimeSpent", task_id=task, person_id=person, date="2026-01-05", duration=minutes)
    (row,) = caller.get(f"/data/entities/{shots[0]}/time-spents")
    assert (row["task_id"], row["person_id"], row["duration"]) == (str(tasks[0]), str(person), 60.0)
    of_step = caller.get(f"/data/projects/{project}/task-types/{step['id']}/time-spents")
    assert list(of_step) == [str(person)]
    assert sorted(row["duration"] for row in of_step[str(person)]) == [60.0, 90.0]
    caller.get(f"/data/entities/{project}/time-spents", 404)
