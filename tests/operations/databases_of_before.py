"""Databases of an earlier revision, with rows, for the tests of what becomes of these."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zou_server.adapters import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

OfRevision = Callable[[str], "Engine"]
"""What makes a new database of a revision: the fixture `of_revision`."""


@contextmanager
def upgraded(of_revision: OfRevision, revision: str, rows: str) -> Iterator[Connection]:
    """A database that was of an old revision when it got these rows, and is of the newest now."""
    old = of_revision(revision)
    with old.begin() as connection:
        connection.exec_driver_sql(rows, execution_options={"no_parameters": True})
    migrate.upgrade(old)
    with old.connect() as connection:
        yield connection
