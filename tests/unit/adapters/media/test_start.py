"""What a process pays that draws one picture."""

from __future__ import annotations

import pytest

from tests.servers import loaded_by


@pytest.mark.parametrize("name", ["render_picture", "render_sequence", "read_frame_header"])
def test_a_process_that_draws_loads_no_rows(name: str) -> None:
    loaded = loaded_by(f"zou_server.adapters.media.{name}")
    assert f"zou_server.adapters.media.{name}" in loaded
    assert {"sqlalchemy", "zou_server.models", "flask"}.isdisjoint(loaded)
