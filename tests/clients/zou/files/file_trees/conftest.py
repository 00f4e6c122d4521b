"""The studio of each file of tests, and its people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.zou.files.file_trees.site import Site
from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import open_studio
from zou_server.app import create_app


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served."""
    with open_studio(postgres, tmp_path_factory.mktemp("trees")) as kit:
        app = create_app(kit.settings)
        with served(app) as url:
            yield Site(kit, app, f"{url}/api")


@pytest.fixture(scope="module")
def artist(site: Site) -> tuple[uuid.UUID, str]:
    """An artist on the team."""
    return site.person("user")


@pytest.fixture(scope="module")
def manager(site: Site) -> tuple[uuid.UUID, str]:
    """A manager of the project."""
    return site.person("manager")


@pytest.fixture(scope="module")
def admin(site: Site) -> tuple[uuid.UUID, str]:
    """Somebody who may do anything."""
    return site.person("admin", on_team=False)


@pytest.fixture
def client(site: Site, artist: tuple[uuid.UUID, str]) -> Iterator[Any]:
    """Gazu of the artist."""
    client = site.client(artist[0])
    yield client
    client.session.close()


@pytest.fixture
def admins_client(site: Site, admin: tuple[uuid.UUID, str]) -> Iterator[Any]:
    """Gazu of an administrator."""
    client = site.client(admin[0])
    yield client
    client.session.close()
