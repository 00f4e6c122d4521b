"""The served studio that the rules of one module are tried in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contracts.rules.site import Site, open_site

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A studio of this module's own, served."""
    with open_site(postgres, tmp_path_factory.mktemp("rules")) as opened:
        yield opened
