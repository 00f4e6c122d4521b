"""A studio with its first vocabulary, one for each test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """The studio of this module's tests; they make rows of their own and never count all of them."""
    with open_studio(postgres, tmp_path_factory.mktemp("studio")) as kit:
        yield kit
