"""A shot is read with those before and after it in the cut."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.zou.review.site import Site, open_site
from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(postgres, tmp_path_factory.mktemp("beside")) as site:
        yield site


def names(found: dict[str, Any]) -> list[str | None]:
    """The three shots."""
    return [found[key] and found[key]["name"] for key in ("before", "shot", "after")]


def test_a_shot_is_between_those_of_the_cut_with_their_latest_previews(site: Site) -> None:
    kit, token = site.kit, site.person("manager")[1]
    sequence = kit.create("Sequence", name="SQ", project_id=site.project)
    made = {
        name: kit.create(
            "Shot",
            name=name,
            project_id=site.project,
            parent_id=sequence,
            data={"frame_in": first, "frame_out": 9},
        )
        for name, first in (("C", 96), ("A", 0), ("B", 48), ("D", 120))
    }
    kit.create("Shot", name="unplaced", project_id=site.project, parent_id=sequence)
    kit.update("Shot", made["D"], production_state="canceled")

    def beside(shot: uuid.UUID) -> dict[str, Any]:
        answer = site.send("GET", f"/data/shots/{shot}/neighbours", token)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    assert names(beside(made["B"])) == ["A", "B", "C"]
    assert names(beside(made["A"])) == [None, "A", "B"]
    assert names(beside(made["C"])) == ["B", "C", "unplaced"]
    assert beside(made["B"])["shot"]["frame_in"] == 48
    (step,) = kit.rows("TaskType", "id", limit=1)
    task = kit.create(
        "Task", project_id=site.project, entity_id=made["A"], task_type_id=uuid.UUID(step["id"])
    )
    site.preview(task, status="ready", revision=1)
    second = site.preview(task, status="ready", revision=2)
    assert beside(made["B"])["before"]["latest_preview"]["id"] == str(second)
    assert beside(made["B"])["after"]["latest_preview"] is None
    alone = kit.create("Shot", name="alone", project_id=site.project)
    assert names(beside(alone)) == [None, "alone", None]
    assert site.send("GET", f"/data/shots/{uuid.uuid4()}/neighbours", token).status_code == 404
