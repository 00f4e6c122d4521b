"""The tasks of a step, made all at once at each of the addresses that Kitsu knows."""

from __future__ import annotations

import pytest

from tests.clients.zou.tasks.site import Site
from tests.studio import unique
from zou_server.models.conditions import Op, Where


@pytest.mark.parametrize("path", ["create-tasks/{}", "{}/create-tasks"])
@pytest.mark.parametrize(("kind", "word"), [("Sequence", "sequence"), ("Episode", "episode")])
def test_post_actions_create_tasks_of_sequences_and_episodes(
    site: Site, manager: str, kind: str, word: str, path: str
) -> None:
    entities = [str(site.kit.create(kind, name=unique(kind), project_id=site.project)) for _ in range(2)]
    (step,) = site.kit.rows("TaskType", "id", where=Where("name", Op.EQ, "Animation"))
    address = f"/actions/projects/{site.project}/task-types/{step['id']}/{path.format(word)}"
    made = site.send("POST", address, manager, json=entities)
    assert made.status_code == 201
    assert sorted(row["entity_id"] for row in made.get_json()) == sorted(entities)
    again = site.send("POST", address, manager, json=entities)
    assert (again.status_code, again.get_json()) == (201, [])
    assert site.send("POST", address.replace(word, "spoon"), manager, json=[]).status_code == 404
