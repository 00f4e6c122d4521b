"""What the server's own PostgreSQL is given of the machine's memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zou_server.adapters.memory import GIBIBYTE, memory_of_machine, memory_of_postgres

WHOLE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("gibibytes", "buffers", "sort"),
    [(0.5, "128MB", "4MB"), (4, "512MB", "4MB"), (24, "3072MB", "24MB"), (512, "8192MB", "32MB")],
)
def test_it_grows_with_the_machine_within_bounds(gibibytes: float, buffers: str, sort: str) -> None:
    found = memory_of_postgres(int(gibibytes * GIBIBYTE))
    assert (found["shared_buffers"], found["work_mem"]) == (buffers, sort)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("max\n", WHOLE), (f"{GIBIBYTE // 4}\n", GIBIBYTE // 4), (f"{WHOLE * 2}\n", WHOLE), (None, WHOLE)],
)
def test_a_container_has_no_more_than_it_may_take(tmp_path: Path, limit: str | None, expected: int) -> None:
    file = tmp_path / "memory.max"
    if limit is not None:
        file.write_text(limit)
    assert memory_of_machine(file) == expected
