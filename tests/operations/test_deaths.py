"""Any one process dies and the site goes on: what was acknowledged is kept, what died is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.operations.weather import Site, Writer, jobs_of, postmaster_of, web_of
from tests.processes import command_of
from tests.servers import RunningServer, clean_environment
from tests.waiting import wait_until
from zou_server.adapters.jobs import defer
from zou_server.adapters.postgres.embedded import EmbeddedPostgres, running_url

BUSY = 5
"""So much longer than on a machine of its own a test may take: others work here too."""

WORKERS = "SELECT count(*) FROM procrastinate_workers"


@pytest.fixture(scope="module")
def server(shared_place: Path) -> Iterator[RunningServer]:
    """A whole site with a PostgreSQL of its own."""
    with RunningServer(shared_place / "data", workers=2, ZOU_SERVER_JOB_STALLED_SECONDS="2") as running:
        yield running


@pytest.fixture(scope="module")
def site(server: RunningServer) -> Site:
    return Site(server)


def ask(url: str, statement: str) -> object:
    """One value from the database."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            found: object = connection.scalar(text(statement))
            return found
    finally:
        engine.dispose()


def done(url: str, number: int) -> bool:
    """Whether a job has been done."""
    return ask(url, f"SELECT status::text FROM procrastinate_jobs WHERE id = {number:d}") == "succeeded"


def is_other_postgres(server: RunningServer, dead: int) -> bool:
    return postmaster_of(server) not in (0, dead)


def is_replaced(server: RunningServer, dead: int) -> bool:
    """Whether there is a web process in place of one that died."""
    parent, workers = web_of(server)
    return dead not in (parent, *workers) and len(workers) == 2


def put_job(url: str) -> int:
    """One job in the queue."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return defer(connection, "remove_old_jobs", {"timestamp": 0})
    finally:
        engine.dispose()


def test_postgresql_is_started_again_and_nothing_acknowledged_is_lost(
    server: RunningServer, site: Site
) -> None:
    jobs = jobs_of(server)
    with Writer(site) as writer:
        for _ in range(2):
            before, dead = len(writer.kept), postmaster_of(server)
            os.kill(dead, signal.SIGKILL)
            wait_until(partial(is_other_postgres, server, dead), "PostgreSQL is another process")
            wait_until(partial(writer.goes_on, before), "writes are acknowledged again")
    assert set(writer.refused) <= {503}, server.log
    assert writer.lost() == set()
    assert writer.longest_wait < 10 * BUSY
    assert jobs_of(server) == jobs
    url = running_url(server.data_dir)
    assert url is not None
    number = put_job(url)
    wait_until(lambda: done(url, number), "jobs are done again")


def test_the_site_answers_while_its_job_worker_is_dead_and_another_takes_its_place(
    server: RunningServer, site: Site
) -> None:
    (dead,) = jobs_of(server)
    with Writer(site) as writer:
        os.kill(dead, signal.SIGKILL)
        wait_until(lambda: jobs_of(server) not in ([], [dead]), "there is another job worker")
    assert writer.refused == []
    assert writer.longest_wait < 1 * BUSY
    url = running_url(server.data_dir)
    assert url is not None
    number = put_job(url)
    wait_until(lambda: done(url, number), "jobs are done again")


def test_a_web_process_is_replaced_whether_a_worker_dies_or_their_parent(
    server: RunningServer, site: Site
) -> None:
    with Writer(site) as writer:
        for which in ("worker", "parent"):
            parent, workers = web_of(server)
            dead = parent if which == "parent" else workers[0]
            os.kill(dead, signal.SIGKILL)
            wait_until(partial(is_replaced, server, dead), f"the {which} is replaced")
            before = len(writer.kept)
            wait_until(partial(writer.goes_on, before), "writes are acknowledged again")
    assert writer.lost() == set()
    assert writer.longest_wait < 3 * BUSY


def test_no_orphan_keeps_the_port_when_the_parent_of_the_web_processes_was_killed(place: Path) -> None:
    with RunningServer(place / "data", "--no-worker", workers=2) as server:
        site = Site(server)
        parent, orphans = web_of(server)
        with Writer(site) as writer:
            os.kill(parent, signal.SIGKILL)
            killed = time.monotonic()
            wait_until(partial(is_replaced, server, parent), "there is no other parent")
            took = time.monotonic() - killed
            wait_until(lambda: not any(command_of(pid) for pid in orphans), "the orphans have ended")
            before = len(writer.kept)
            wait_until(partial(writer.goes_on, before), "writes are acknowledged")
        assert writer.lost() == set()
        assert len(writer.refused) <= 1, server.log  # what was in hand when an orphan ended
        assert server.stop() == 0
        port = int(server.url.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", port)):
            pass  # it is free
    sys.stderr.write(f"another parent with its workers after {took:.1f} s\n")


def test_what_ends_whenever_it_is_started_ends_the_server_with_a_sentence(place: Path) -> None:
    server = RunningServer(place / "data", "--no-worker").start()
    postmaster = postmaster_of(server)

    def has_ended() -> bool:
        parent, _ = web_of(server)
        if parent:
            os.kill(parent, signal.SIGKILL)
        return server.has_ended()

    wait_until(has_ended, "the server gives up")
    assert server.wait() == 1
    *_, last = (line for line in server.log.splitlines() if not line.startswith("{"))  # web processes log on
    assert last.startswith("Error: the web process ended with status -9, 6 times in a row"), last
    wait_until(lambda: not command_of(postmaster), "PostgreSQL was stopped with it")


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, also when that fails: else the test would wait for it."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_an_ordinary_restart_of_ones_own_postgresql_costs_no_process(place: Path) -> None:
    (place / "postgres").mkdir(mode=0o711)
    postgres = EmbeddedPostgres(place / "postgres", durable=False)
    url = postgres.start()
    environment = {"DATABASE_URL": url, "ZOU_SERVER_JOB_STALLED_SECONDS": "2"}
    command = [sys.executable, "-P", "-m", "zou_server", "worker", "--data-dir", str(place / "worker")]
    try:
        with RunningServer(place / "data", workers=1, **environment) as server:
            site, jobs = Site(server), jobs_of(server)
            with (
                ended(subprocess.Popen(command, env=clean_environment(**environment))) as alone,
                Writer(site) as writer,
            ):
                wait_until(lambda: ask(url, WORKERS) == 2, "both workers have begun")
                for _ in range(2):
                    postgres.stop()
                    assert site.get("/health/ready").status_code == 503
                    postgres.start()
                    before = len(writer.kept)
                    wait_until(partial(writer.goes_on, before), "writes are acknowledged")
                    wait_until(site.answers, "reads are answered")
                assert alone.poll() is None
                number = put_job(url)
                wait_until(lambda: done(url, number), "jobs are done again")
                alone.send_signal(signal.SIGTERM)
                assert alone.wait(60) == 0
            assert writer.lost() == set()
            assert jobs_of(server) == jobs
            number = put_job(url)
            wait_until(lambda: done(url, number), "the site's own worker does jobs too")
    finally:
        postgres.stop()
