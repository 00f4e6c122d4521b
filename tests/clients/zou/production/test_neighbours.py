"""A shot is read with those before and after it in the cut."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.zou.review.site import Site, open_site
from tests.conftest import SuitePostgres
from tests.studio import unique


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(postgres, tmp_path_factory.mktemp("beside")) as site:
        yield site


def names(found: dict[str, Any]) -> list[str | None]:
    """The three shots."""
    return [found[key] and found[key]["name"] for key in ("before", "shot", "after")]


def test_a_shot_is_between_those_of_the_cut_with_their_latest_previews(site: Site) -> None:
    kit, token = site.kit, site.person("manager")[1]
    episode = kit.create("Episode", name=unique("EP"), project_id=site.project)
    sequence = kit.create("Sequence", name="SQ", project_id=site.project, parent_id=episode)
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


def placed(site: Site, sequence: uuid.UUID, name: str, first: int, frames: int) -> uuid.UUID:
    """A shot at a place in the cut."""
    return site.kit.create(
        "Shot",
        name=name,
        project_id=site.project,
        parent_id=sequence,
        nb_frames=frames,
        data={"frame_in": first, "frame_out": first + frames - 1},
    )


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({"E": (0, 100), "F": (48,), "G": (200,)}, ["E1", "F1", "E2", "G1"]),
        ({"E": (0, 48), "F": (0,), "G": (0, 48)}, ["E1", "E2", "F1", "G1", "G2"]),
    ],
    ids=["one cut of all", "each cut by itself"],
)
def test_the_cut_goes_on_from_one_sequence_to_the_next(
    site: Site, places: dict[str, tuple[int, ...]], order: list[str]
) -> None:
    token = site.person("manager")[1]
    episode = site.kit.create("Episode", name=unique("EP"), project_id=site.project)
    made = {}
    for name, firsts in places.items():
        sequence = site.kit.create("Sequence", name=name, project_id=site.project, parent_id=episode)
        for number, first in enumerate(firsts, 1):
            made[f"{name}{number}"] = placed(site, sequence, f"{name}{number}", first, 48)
    for before, name, after in zip([None, *order], order, [*order[1:], None], strict=False):
        answer = site.send("GET", f"/data/shots/{made[name]}/neighbours", token)
        assert names(answer.get_json()) == [before, name, after]


def test_each_shot_of_a_playlist_is_between_those_of_the_cut(site: Site) -> None:
    token = site.person("manager")[1]
    episode = site.kit.create("Episode", name=unique("EP"), project_id=site.project)
    sequence = site.kit.create("Sequence", name="SQ", project_id=site.project, parent_id=episode)
    made = [placed(site, sequence, f"P{n}", n * 48, 48) for n in range(5)]
    (step,) = site.kit.rows("TaskType", "id", limit=1)
    task = site.kit.create(
        "Task", project_id=site.project, entity_id=made[2], task_type_id=uuid.UUID(step["id"])
    )
    preview = site.preview(task, status="ready", revision=1)
    asset_type = site.kit.create("EntityType", name=unique("Prop"))
    asset = site.kit.create("Asset", name="A", project_id=site.project, entity_type_id=asset_type)
    entries = [{"entity_id": str(id_), "preview_file_id": None} for id_ in (made[3], asset, made[0])]
    playlist = site.kit.create("Playlist", name="dailies", project_id=site.project, shots=entries)
    answer = site.send("GET", f"/data/playlists/{playlist}/neighbours", token)
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert [names(three) for three in found] == [["P2", "P3", "P4"], [None, "P0", "P1"]]
    assert found[0]["before"]["latest_preview"]["id"] == str(preview)
    assert (found[0]["shot"]["frame_in"], found[0]["shot"]["frame_out"]) == (144, 191)
    assert site.send("GET", f"/data/playlists/{uuid.uuid4()}/neighbours", token).status_code == 404
