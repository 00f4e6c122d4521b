"""The studio of each file of tests, and the people in it with gazu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.zou.people.own.site import OwnSite, own_site

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with own_site(postgres, tmp_path_factory.mktemp("own")) as site:
        yield site


@pytest.fixture(scope="module")
def artist(site: OwnSite) -> Iterator[Any]:
    client = site.client(site.made.artist)
    yield client
    client.session.close()


@pytest.fixture(scope="module")
def lead(site: OwnSite) -> Iterator[Any]:
    client = site.client(site.made.lead)
    yield client
    client.session.close()


@pytest.fixture(scope="module")
def outsider(site: OwnSite) -> Iterator[Any]:
    client = site.client(site.made.outsider)
    yield client
    client.session.close()
