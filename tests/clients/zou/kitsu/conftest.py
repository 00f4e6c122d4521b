"""A studio for each module, and its people at Kitsu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.clients.zou.kitsu.page import Page, kitsu_site, page_of

if TYPE_CHECKING:
    from tests.clients.zou.people.own.site import OwnSite
    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    with kitsu_site(postgres, tmp_path_factory.mktemp("kitsu")) as site:
        yield site


@pytest.fixture(scope="module")
def admin(site: OwnSite) -> Page:
    return page_of(site, site.made.admin)


@pytest.fixture(scope="module")
def lead(site: OwnSite) -> Page:
    return page_of(site, site.made.lead)


@pytest.fixture(scope="module")
def artist(site: OwnSite) -> Page:
    return page_of(site, site.made.artist)


@pytest.fixture
def project(site: OwnSite) -> str:
    return str(site.made.project)
