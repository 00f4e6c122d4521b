"""What a command pays before it does anything."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.servers import clean_environment, loaded_by, run_command_here
from zou_server.garbage import COLLECT_AFTER


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The suite's own thresholds again."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_the_command_line_loads_neither_the_database_nor_the_web_until_it_is_needed() -> None:
    loaded = loaded_by("zou_server.cli")
    assert "zou_server.cli" in loaded
    assert {"sqlalchemy", "flask", "asyncio", "gevent", "numpy"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("before", "after"),
    [((700, 10, 10), COLLECT_AFTER), ((50_000, 5, 5), (50_000, 5, 5)), ((0, 10, 10), (0, 10, 10))],
    ids=["by itself", "more seldom", "never"],
)
def test_a_command_looks_for_garbage_seldom(
    before: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    gc.set_threshold(*before)
    assert run_command_here("version").returncode == 0
    assert gc.get_threshold() == after


def said_by(program: str) -> list[str]:
    """The words that a new process prints."""
    answer = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        env=clean_environment(),
        timeout=60,
        check=True,
    )
    return answer.stdout.split()


def test_a_process_that_ends_looks_through_nothing_once_more() -> None:
    frozen, looked_through, at_the_end = said_by(
        "import atexit, gc\n"
        "atexit.register(lambda: print(len(gc.get_objects()), gc.get_freeze_count() > 0))\n"
        "from zou_server.garbage import collect_seldom\n"
        "collect_seldom()\n"
        "print(gc.get_freeze_count())"
    )
    assert (frozen, at_the_end) == ("0", "True")
    assert int(looked_through) < 100


def test_nothing_is_looked_for_in_what_is_loaded_but_in_what_comes_later() -> None:
    said = said_by(
        "import gc\n"
        "from zou_server.garbage import loading\n"
        "with loading():\n"
        "    loaded = [[] for _ in range(1000)]\n"
        "    print(gc.isenabled())\n"
        "print(gc.isenabled(), gc.get_threshold()[0])\n"
        "print(gc.get_freeze_count() > 1000, len(gc.get_objects()) < 100)"
    )
    assert said == ["False", "True", str(COLLECT_AFTER[0]), "True", "True"]
