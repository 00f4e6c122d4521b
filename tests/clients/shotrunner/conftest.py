"""The studio of each file of tests, the client's classes in each format, and a show."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.clients.shotrunner.site import classes, new_show, served
from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A served studio."""
    with served(postgres, tmp_path_factory) as found:
        yield found


@pytest.fixture(params=["json", "xml"])
def sr(site: SimpleNamespace, request: pytest.FixtureRequest) -> SimpleNamespace:
    """The client's classes, in one format."""
    return classes(site.url, request.param)


@pytest.fixture
def show(sr: SimpleNamespace) -> SimpleNamespace:
    """A project of this test's own, with a sequence and a shot."""
    return new_show(sr)
