"""A pooler that gives each transaction another session of the database: PgBouncer in transaction mode."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gazu
import psycopg2
import pytest
import requests
import sqlalchemy as sa

from tests.operations.poolers import PROGRAM, SESSIONS, pooled
from tests.operations.replicas import Clients
from tests.operations.stories import STORIES, Story, with_gazu
from tests.servers import RunningServer
from tests.waiting import wait_until
from zou_server.adapters.database import make_engine
from zou_server.query.statement import Statement
from zou_server.services.people.load_actor import ActorQuery
from zou_server.services.read.run_statement import WORTH_PREPARING, run
from zou_server.services.read.spool import MOST_ROWS, Spool
from zou_server.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# The clients leave sockets to the garbage collector.
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed on this machine"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def direct_url(postgres: SuitePostgres) -> Iterator[str]:
    url = postgres.migrated_database()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def url(direct_url: str, shared_place: Path) -> Iterator[str]:
    with pooled(direct_url, shared_place) as url:
        yield url


def reading(url: str, data_dir: Path, seconds: int) -> sa.Engine:
    """An engine that reads through the pooler and gives up after so many seconds."""
    settings = Settings.from_env({}, database_url=url, data_dir=data_dir)
    return make_engine(settings, autocommit=True, statement_timeout=f"{seconds}s")


@pytest.fixture
def reads(url: str, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = reading(url, tmp_path, 41)
    yield engine
    engine.dispose()


@pytest.fixture
def writes(url: str, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = make_engine(Settings.from_env({}, database_url=url, data_dir=tmp_path), statement_timeout="7s")
    yield engine
    engine.dispose()


def at_once(ask: Any, engine: sa.Engine) -> list[Any]:
    """What many are answered who ask at the same time, each on a connection of its own."""

    def asked(_number: int) -> Any:
        raw: Any = engine.raw_connection()
        try:
            return ask(raw)
        finally:
            raw.close()

    with ThreadPoolExecutor(3 * SESSIONS) as threads:
        return list(threads.map(asked, range(20 * SESSIONS)))


def test_statements_that_come_often_are_answered_by_whatever_session_is_free(reads: sa.Engine) -> None:
    statement = Statement("SELECT 41 + 1", {}, (), "zou_plus_one")
    statement.uses = WORTH_PREPARING

    def ask(raw: Any) -> Any:
        with raw.cursor() as cursor:
            run(cursor, raw.info, statement, {})
            return cursor.fetchone()[0]

    assert set(at_once(ask, reads)) == {42}


def test_who_asks_is_found_without_a_prepared_statement(reads: sa.Engine) -> None:
    query = ActorQuery("pooled", "person p", "lower(p.email) = lower($1) OR p.email LIKE '%' || $1")
    with ThreadPoolExecutor(3 * SESSIONS) as threads:
        found = threads.map(lambda _: query.first(reads, "nobody@example.com"), range(20 * SESSIONS))
        assert set(found) == {None}


def test_settings_hold_in_each_transaction_and_are_not_left_behind(
    reads: sa.Engine, writes: sa.Engine, url: str
) -> None:
    question = "SELECT current_setting('statement_timeout'), current_setting('timezone')"

    def ask(raw: Any) -> Any:
        with raw.cursor() as cursor:
            cursor.execute(question)
            found = cursor.fetchone()
        raw.rollback()
        return found

    assert set(at_once(ask, reads)) == {("41s", "UTC")}
    assert set(at_once(ask, writes)) == {("7s", "UTC")}
    other = psycopg2.connect(url)
    try:
        with other.cursor() as cursor:
            for _ in range(2 * SESSIONS):
                cursor.execute(question)
                assert cursor.fetchall()[0][0] == "0"
                other.rollback()
    finally:
        other.close()


def test_a_read_that_takes_too_long_is_ended(url: str, tmp_path: Path) -> None:
    reads = reading(url, tmp_path, 1)
    with pytest.raises(sa.exc.OperationalError, match="statement timeout"), reads.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(20)"))
    reads.dispose()


def test_an_answer_without_end_comes_through_a_cursor(reads: sa.Engine) -> None:
    rows = 3 * MOST_ROWS
    statement = Statement(f"SELECT n::text FROM generate_series(1, {rows}) n", {}, (), "zou_many")
    raw: Any = reads.raw_connection()
    try:
        pieces = list(Spool(raw, statement, {}))
    finally:
        raw.close()
    assert "".join(pieces).count(",") == rows - 1


# -- a whole server ------------------------------------------------


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, url: str, direct_url: str, shared_place: Path) -> Iterator[RunningServer]:
    """A server that reaches its database through the pooler, and is woken by a way of its own."""
    assert direct_url
    empty = postgres.empty_database()
    name = sa.make_url(empty).database
    pooled_url = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    variables: dict[str, Any] = {"DATABASE_URL": pooled_url, "ZOU_SERVER_DIRECT_DATABASE_URL": empty}
    with RunningServer(shared_place / "data", workers=2, **variables) as server:
        yield server
        assert server.complaints("behind a pooler") == []
    with warnings.catch_warnings(action="ignore"):
        gc.collect()
    postgres.drop(empty)


@pytest.fixture(scope="module")
def clients(server: RunningServer) -> Iterator[Clients]:
    found = Clients(server.url, server.credentials)
    yield found
    found.close()


@pytest.fixture(scope="module")
def project(clients: Clients) -> Any:
    return gazu.project.new_project("Pooled", client=clients.zou)


@pytest.mark.parametrize("story", STORIES)
def test_each_client_writes_and_reads_through_the_pooler(
    story: Story, clients: Clients, project: Any
) -> None:
    for _ in range(4):
        story(clients, clients, project)


def test_who_listens_hears_of_changes(clients: Clients, project: Any) -> None:
    heard: list[Any] = []
    listener = gazu.events.init(client=clients.zou)
    try:
        gazu.events.add_listener(listener, "project:update", heard.append)
        with_gazu(clients, clients, project)
        wait_until(lambda: heard, "the change is told")
    finally:
        listener.disconnect()


def test_jobs_are_done(server: RunningServer) -> None:
    sent = {"email": server.credentials["email"]}
    assert requests.post(f"{server.url}/auth/reset-password", json=sent, timeout=30).status_code == 200
    mails = server.data_dir / "mail"
    wait_until(lambda: mails.is_dir() and any(mails.iterdir()), "the mail is sent")
