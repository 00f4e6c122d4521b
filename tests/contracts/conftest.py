"""The world that the contracts of one module are asked of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contracts.world import World, open_world

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def world(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An application on a studio of this module's own."""
    with open_world(postgres, tmp_path_factory.mktemp("world")) as opened:
        yield opened
