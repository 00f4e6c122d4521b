"""A new type is one class and one table: every dialect lists, shows, takes, filters and describes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT, clean_environment


@pytest.fixture(scope="module")
def gadgets(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process with one more type saw of it."""
    url = postgres.migrated_database()
    finished = run(url, tmp_path_factory.mktemp("gadgets"))
    postgres.drop(url)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout.splitlines()[-1])


def run(url: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.contracts.gadget_studio", url, str(directory)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean_environment(),
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize(
    ("dialect", "keys"),
    [
        ("zou", {"id", "type", "name", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper_id"}),
        ("shotgun", {"id", "type", "name", "shelf", "weight", "count", "is_fragile", "bought_on", "keeper"}),
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
