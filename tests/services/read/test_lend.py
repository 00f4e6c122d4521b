"""Connections lent again as they are: to one user at a time, alive, and never kept from who waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from tests.studio import StudioKit
from zou_server.adapters.database import make_engine
from zou_server.services.read import lend
from zou_server.services.read.lend import Lender, lender_of


@pytest.fixture
def engine(kit: StudioKit) -> Iterator[sa.Engine]:
    """An engine for changes that has one connection, and one more for who is in need."""
    found = make_engine(dataclasses.replace(kit.settings, database_pool_size=1))
    yield found
    found.dispose()


@pytest.fixture
def lender(engine: sa.Engine) -> Lender:
    return lender_of(engine)


def asked(raw: Any, question: str) -> Any:
    with raw.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def process(raw: Any) -> int:
    """The server process behind a connection."""
    found: int = raw.dbapi_connection.get_backend_pid()
    return found


def lent_once(lender: Lender) -> int:
    raw = lender.take()
    found = process(raw)
    lender.give(raw)
    return found


def test_a_connection_that_came_back_is_lent_again_as_it_is(lender: Lender) -> None:
    first = lender.take()
    lender.give(first)
    assert lender.take() is first
    lender.give(first)


def test_two_users_have_two_connections(lender: Lender) -> None:
    lent_once(lender)
    first, second = lender.take(), lender.take()
    assert process(first) != process(second)
    assert lender.in_use() == 2
    lender.give(first)
    lender.give(second)
    assert lender.in_use() == 0


def test_what_was_begun_on_a_connection_is_undone_before_anybody_else_has_it(lender: Lender) -> None:
    raw = lender.take()
    asked(raw, "CREATE TEMPORARY TABLE begun (n integer); SELECT 1")
    lender.give(raw)
    again = lender.take()
    assert asked(again, "SELECT to_regclass('begun')") is None
    again.rollback()
    lender.give(again)


def test_one_whose_statement_failed_is_fit_afterwards(lender: Lender) -> None:
    raw = lender.take()
    with pytest.raises(Exception, match="division"):
        asked(raw, "SELECT 1 / 0")
    lender.give(raw)
    again = lender.take()
    assert asked(again, "SELECT 1") == 1
    again.rollback()
    lender.give(again)


def test_one_that_the_server_ended_meanwhile_is_not_lent(lender: Lender, kit: StudioKit) -> None:
    before = lent_once(lender)
    with kit.studio.writes.connect() as other:
        assert other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": before})
    raw = lender.take()
    assert process(raw) != before
    assert asked(raw, "SELECT 1") == 1
    raw.rollback()
    lender.give(raw)


@pytest.mark.parametrize("limit", ["REST_SECONDS", "OUT_SECONDS"])
def test_one_that_rested_or_was_out_for_long_goes_through_the_pool(
    lender: Lender, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    first = lender.take()
    lender.give(first)
    monkeypatch.setattr(lend, limit, 0.0)
    seen: list[object] = []
    sa.event.listen(engine, "checkout", lambda *_: seen.append(1))
    again = lender.take()
    assert again is not first
    assert seen
    lender.give(again)


def test_whoever_waits_for_the_pool_gets_the_next_that_comes_back(
    lender: Lender, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[object] = []
    first, second = lender.take(), lender.take()
    get = engine.pool._do_get  # noqa: SLF001 - to know that somebody has come to wait

    def noted() -> Any:
        waits.append(1)
        return get()

    monkeypatch.setattr(engine.pool, "_do_get", noted)
    with ThreadPoolExecutor(1) as threads:
        third = threads.submit(engine.raw_connection)
        while not waits:
            pass
        wanted = process(first)
        lender.give(first)
        found = third.result(timeout=20)
    assert process(found) == wanted
    found.close()
    lender.give(second)


def test_a_disposed_engine_keeps_none_of_the_old_connections(lender: Lender, engine: sa.Engine) -> None:
    before = lent_once(lender)
    engine.dispose()
    assert lent_once(lender) != before
