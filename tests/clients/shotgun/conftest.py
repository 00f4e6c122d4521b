"""The studio of each file of tests, and the administrator's script connected to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.shotgun.site import Client, Site, open_site, small_production

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served studio."""
    with open_site(postgres, tmp_path_factory.mktemp("shotgun")) as site:
        yield site


@pytest.fixture(scope="module")
def sg(site: Site) -> Iterator[Client]:
    """The administrator's script, connected."""
    with site.client() as sg:
        yield sg


@pytest.fixture(scope="module")
def rows(sg: Client) -> dict[str, dict[str, Any]]:
    """Three shots, their tasks, and whatever they link to, by short names."""
    return small_production(sg)
