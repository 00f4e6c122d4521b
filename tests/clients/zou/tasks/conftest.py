"""The studio of each file of tests, and a manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.clients.zou.tasks.site import Site
from tests.conftest import SuitePostgres
from tests.studio import open_studio
from zou_server.app import create_app


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio and its application."""
    with open_studio(postgres, tmp_path_factory.mktemp("routes")) as kit:
        settings = replace(kit.settings, max_body_bytes=100_000, max_upload_bytes=200_000)
        yield Site(kit, create_app(settings), kit.project())


@pytest.fixture(scope="module")
def manager(site: Site) -> str:
    """The token of a manager of the project."""
    return site.person("manager")[1]
