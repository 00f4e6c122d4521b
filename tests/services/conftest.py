"""A studio with its first vocabulary, one for each test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.adapters.database import make_engine
from zou_server.settings import Settings


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """The studio of this module's tests; they make rows of their own and never count all of them."""
    with open_studio(postgres, tmp_path_factory.mktemp("studio")) as kit:
        yield kit


@pytest.fixture(scope="module")
def studio_settings(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of one database for the whole module; each test hires people of its own."""
    url = postgres.migrated_database()
    yield Settings.from_env({}, database_url=url, data_dir=tmp_path_factory.mktemp("studio"))
    postgres.drop(url)


@pytest.fixture(scope="module")
def writes(studio_settings: Settings) -> Iterator[Engine]:
    """The engine that opens transactions."""
    engine = make_engine(studio_settings)
    yield engine
    engine.dispose()
