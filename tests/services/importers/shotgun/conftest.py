"""A site that is imported once for each file of tests, and a project."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.importers.shotgun.rows import numbers, run
from tests.shotgun_rows import ROWS, link
from tests.studio import StudioKit, unique


@pytest.fixture(scope="module")
def harbour(kit: StudioKit) -> StudioKit:
    """The studio with all of the example in it."""
    for kind, rows in ROWS.items():
        assert run(kit, kind, *rows).errors == 0, kind
    return kit


@pytest.fixture
def project(kit: StudioKit) -> dict[str, Any]:
    """A new project, as a link of Shotgun's."""
    number = next(numbers)
    run(kit, "projects", {"id": number, "name": unique("Show")})
    return link("Project", number)
