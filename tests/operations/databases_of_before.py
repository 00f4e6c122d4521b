"""Databases of an earlier revision, with rows, for the tests of what becomes of these."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from zou_server.adapters import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.conftest import SuitePostgres


@contextmanager
def upgraded(postgres: SuitePostgres, revision: str, rows: str) -> Iterator[Connection]:
    """A database that was of an old revision when it got these rows, and is of the newest now."""
    old = create_engine(postgres.empty_database())
    migrate.upgrade(old, revision)
    with old.begin() as connection:
        connection.exec_driver_sql(rows, execution_options={"no_parameters": True})
    migrate.upgrade(old)
    with old.connect() as connection:
        yield connection
    old.dispose()
