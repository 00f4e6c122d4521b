"""A new type is one class and one table: every dialect lists, shows, takes, filters and describes it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT, clean_environment

QUIET = [
    option
    for category in ("DeprecationWarning", "ResourceWarning")  # the clients' own, on newer Pythons
    for option in ("-W", f"ignore::{category}")
]


@pytest.fixture(scope="module")
def gadgets(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process with one more type saw of it."""
    return seen_by("gadget_studio", ROOT, postgres, tmp_path_factory.mktemp("gadgets"))


@pytest.fixture(scope="module")
def cameras(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the four real clients saw of a type of a shot, in a checkout with one more model file."""
    checkout = tmp_path_factory.mktemp("checkout")
    half = shutil.ignore_patterns("*.pyc.*")  # what another process compiles at this moment
    for folder in ("zou_server", "migrations", "config", "tests"):  # with what Python has compiled of them
        shutil.copytree(ROOT / folder, checkout / folder, ignore=half)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    shutil.copy(ROOT / "tests" / "contracts" / "camera_rig.py", checkout / "zou_server" / "models")
    return seen_by("camera_studio", checkout, postgres, tmp_path_factory.mktemp("cameras"))


def seen_by(program: str, checkout: Path, postgres: Any, directory: Path) -> Any:
    url = postgres.migrated_database()
    finished = subprocess.run(
        [sys.executable, "-W", "error", *QUIET, "-m", f"tests.contracts.{program}", url, str(directory)],
        capture_output=True,
        text=True,
        cwd=checkout,
        env=clean_environment(PYTHONPATH=str(checkout)),
        timeout=300,
        check=False,
    )
    postgres.drop(url)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("dialect", "keys"),
    [
        ("zou", {"id", "type", "name", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper_id"}),
        ("shotgun", {"id", "type", "code", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper"}),
        ("ftrack", {"id", "name", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper_id"}),
        ("shotrunner", {"id", "name", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper_id"}),
    ],
)
def test_a_dialect_shows_every_column_of_a_type_it_was_never_told_about(
    gadgets: Any, dialect: str, keys: set[str]
) -> None:
    assert keys <= set(gadgets["seen"][dialect])


def test_the_event_log_tells_which_client_changed_it(gadgets: Any) -> None:
    assert {"zou", "shotgun", "ftrack", "shotrunner"} <= set(gadgets["clients"])


# -- a camera: one model file, and the migration that is written for it --------------------------------------


def test_its_migration_is_written_formatted_and_complete(cameras: Any) -> None:
    made = cameras["migration"]
    assert made["file"].endswith("_add_cameras.py")
    assert (made["lint"], made["left"]) == ([0, 0], [])


def test_a_migration_for_no_difference_is_not_written(cameras: Any) -> None:
    assert cameras["migration"]["again"] is None


def test_gazu_makes_and_lists_them_below_the_shot_and_by_project(cameras: Any) -> None:
    seen = cameras["by_gazu"]
    assert {"id", "type", "name", "focal_length", "shot_id"} <= set(seen["keys"])
    assert seen["of project"] == seen["below the shot"] == ["gazu's", "left eye"]
    assert (seen["changed"], seen["left"]) == (85, ["left eye"])


def test_shotgun_api3_finds_them_by_project_and_code(cameras: Any) -> None:
    seen = cameras["by_shotgun"]
    assert {"code", "focal_length", "project", "shot"} <= set(seen["fields"])
    assert "name" not in seen["fields"]
    assert seen["of project"] == ["left eye", "sg's"]
    assert all(seen["its project"] + seen["its shot"])
    assert (seen["changed"], seen["left"]) == (85.0, ["left eye"])


def test_ftrack_api_finds_them_along_their_shot(cameras: Any) -> None:
    seen = cameras["by_ftrack"]
    assert seen["of shot"] == ["ftrack's", "left eye"]
    assert all(seen["its shot"])
    assert (seen["changed"], seen["left"]) == (85.0, ["left eye"])


def test_pyactiveresource_finds_them_by_the_number_of_their_shot(cameras: Any) -> None:
    seen = cameras["by_activeresource"]
    assert {"id", "name", "focal_length", "shot_id"} <= set(seen["keys"])
    assert seen["of shot"] == ["left eye", "rails'"]
    assert (seen["changed"], seen["left"]) == (85.0, ["left eye"])


def test_who_comes_from_outside_sees_them_like_the_shot(cameras: Any) -> None:
    assert cameras["outside"] == {
        "with task": ["left eye"],
        "without": [],
        "client": ["left eye"],
        "artist": ["left eye"],
    }
