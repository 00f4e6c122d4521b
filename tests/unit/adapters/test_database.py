"""The pool of connections: nobody is given one that the database has ended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from zou_server.adapters.database import make_engine
from zou_server.settings import Settings

ITSELF = sa.text("SELECT pg_backend_pid()")
END = sa.text("SELECT pg_terminate_backend(:pid, 60000)")
"""Ends a connection's server process and waits until it has ended."""


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_connection_that_the_server_ended_a_moment_ago_is_replaced_unnoticed(
    settings: Settings, engine: sa.Engine, *, autocommit: bool
) -> None:
    pool = make_engine(settings, autocommit=autocommit)
    try:
        with pool.connect() as connection:
            before = connection.scalar(ITSELF)
        with engine.connect() as other:
            assert other.scalar(END, {"pid": before})
        with pool.connect() as connection:
            assert connection.scalar(ITSELF) != before
    finally:
        pool.dispose()


def test_a_connection_on_which_the_server_said_something_else_is_kept(settings: Settings) -> None:
    pool = make_engine(settings, autocommit=True)
    try:
        with pool.connect() as connection:
            before = connection.scalar(ITSELF)
            connection.execute(sa.text("LISTEN somebody"))
        with pool.connect() as first, pool.connect() as second:
            assert first.scalar(ITSELF) == before
            second.execute(sa.text("NOTIFY somebody"))
            first.close()
            with pool.connect() as again:
                assert again.scalar(ITSELF) == before
    finally:
        pool.dispose()
