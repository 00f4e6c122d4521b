"""One database for each test module, seen from two web processes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from tests.services.people.people import authenticator_on
from zou_server.adapters.database import make_engine
from zou_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from zou_server.services.people.authenticate import Authenticator

READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"


@pytest.fixture(scope="module")
def reads(studio_settings: Settings) -> Iterator[Engine]:
    """An autocommit engine of one connection on which every write fails: reading an actor writes nothing."""
    engine = make_engine(dataclasses.replace(studio_settings, database_pool_size=1), autocommit=True)
    raw = engine.raw_connection()
    raw.cursor().execute(READ_ONLY)
    raw.close()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def door(reads: Engine, writes: Engine) -> Authenticator:
    """One web process."""
    return authenticator_on(reads, writes)


@pytest.fixture
def other_door(studio_settings: Settings) -> Iterator[Authenticator]:
    """Another web process: engines and connections of its own."""
    reads, writes = make_engine(studio_settings, autocommit=True), make_engine(studio_settings)
    yield authenticator_on(reads, writes)
    reads.dispose()
    writes.dispose()
