"""What a process pays that draws one picture."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.servers import clean_environment


@pytest.mark.parametrize("name", ["render_picture", "render_sequence", "read_frame_header"])
def test_a_process_that_draws_loads_no_rows(name: str) -> None:
    loaded = f"import sys, zou_server.adapters.media.{name}; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", loaded],
        capture_output=True,
        text=True,
        env=clean_environment(),
        timeout=60,
        check=True,
    )
    assert f"zou_server.adapters.media.{name}" in answer.stdout.split()
    assert {"sqlalchemy", "zou_server.models", "flask"}.isdisjoint(answer.stdout.split())
