"""The cast of these tests, once for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contracts.permissions.cast import Cast, open_cast

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def cast(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The studio with its cast."""
    with open_cast(postgres, tmp_path_factory.mktemp("cast")) as opened:
        yield opened
