"""What the tests of importers share."""

from __future__ import annotations

import pytest

from zou_server.services.importers import match
from zou_server.services.importers.tables import kept


@pytest.fixture
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of three rows is a long one: its rows are on disk, and looked up and written two at a time."""
    monkeypatch.setattr(kept, "TURN", 2)
    monkeypatch.setattr(match, "TURN", 2)
