"""The demo series: episodes, sequences, shots and assets of a TV show, and movies that are made of frames."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.jobs import JobQueue
from zou_server.adapters.storage import make_storage
from zou_server.models.conditions import Op, Where
from zou_server.services.install.demo_series import FRAMES, install_series
from zou_server.services.install.install_demo import install_demo
from zou_server.services.ports import Storage
from zou_server.services.previews.keys import movie_key

SERIES = Where("project.name", Op.EQ, "Lamplighters")
TAKES = Where("task.project.name", Op.EQ, "Lamplighters")


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """A studio with both demos."""
    with open_studio(postgres, tmp_path_factory.mktemp("demo")) as kit:
        install_series(install_demo(kit.studio.writes, make_storage(kit.settings), JobQueue()))
        yield kit


def rows(kit: StudioKit, kind: str, *paths: str, where: Where = SERIES) -> list[dict[str, Any]]:
    return kit.rows(kind, *paths, where=where)


def test_a_series_has_episodes_with_sequences_of_shots(kit: StudioKit) -> None:
    (project,) = kit.rows("Project", "production_type", "team*", where=Where("name", Op.EQ, "Lamplighters"))
    assert (project["production_type"], len(project["team*"])) == ("tvshow", 6)
    assert {row["name"] for row in rows(kit, "Episode", "name")} == {"E01", "E02"}
    shots = rows(kit, "Shot", "parent.name", "parent.parent.name", "nb_frames")
    assert Counter((row["parent.parent.name"], row["parent.name"]) for row in shots) == {
        ("E01", "SQ010"): 2,
        ("E01", "SQ020"): 2,
        ("E02", "SQ010"): 2,
        ("E02", "SQ020"): 2,
    }
    assert {row["nb_frames"] for row in shots} == {FRAMES}


def test_an_asset_is_of_the_main_pack_or_of_its_episode(kit: StudioKit) -> None:
    found = {row["name"]: row["source.name"] for row in rows(kit, "Asset", "name", "source.name")}
    assert found == {"Keeper": None, "Gull": None, "Lighthouse": None, "Storm Lamp": "E01"}


def test_the_takes_become_movies_with_film_strips(kit: StudioKit) -> None:
    asyncio.run(run_worker(kit.settings, wait=False))
    takes = rows(
        kit,
        "PreviewFile",
        "id",
        "status",
        "extension",
        "task.entity[Shot].parent.parent.name",
        "duration",
        where=TAKES,
    )
    assert [(row["status"], row["extension"]) for row in takes] == [("ready", "mp4")] * 4
    assert {row["task.entity[Shot].parent.parent.name"] for row in takes} == {"E01"}
    assert {row["duration"] for row in takes} == {FRAMES / 24}
    storage: Storage = make_storage(kit.settings)
    assert all(storage.exists(movie_key(size, row["id"])) for row in takes for size in ("originals", "tiles"))


def test_shown_animation_waits_for_approval(kit: StudioKit) -> None:
    tasks = rows(kit, "Task", "task_type.name", "task_status.code", "entity[Shot].parent.parent.name")
    found = Counter(tuple(row.values()) for row in tasks)
    assert found == {
        ("Storyboard", "done", "E01"): 4,
        ("Animation", "wfa", "E01"): 4,
        ("Storyboard", "ready", "E02"): 4,
        ("Animation", "todo", "E02"): 4,
    }
