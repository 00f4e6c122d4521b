"""Floods of connections, of work and of log-ins from one client keep nobody else waiting."""

from __future__ import annotations

import json
import resource
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import shotgun_api3
from sqlalchemy import create_engine, text

from tests.conftest import SuitePostgres
from tests.operations.weather import Site
from tests.servers import ROOT, RunningServer
from tests.waiting import how_many_wait, wait_until

SILENCE, READ_SECONDS = 3, 10
SOCKETS = 4300
HALF_A_HEAD = b"POST /auth/login HTTP/1.1\r\nHost: studio\r\nContent-Le"
HALF_A_BODY = (
    b"POST /auth/login HTTP/1.1\r\nHost: studio\r\nContent-Type: application/json\r\n"
    b'Content-Length: 60000000\r\n\r\n{"emai'
)


@pytest.fixture(scope="module")
def url(postgres: SuitePostgres) -> str:
    """The database of the server."""
    return postgres.migrated_database()


@pytest.fixture(scope="module")
def server(url: str, shared_place: Path) -> Iterator[RunningServer]:
    """A server of two web processes that is patient for three seconds."""
    variables = {
        "DATABASE_URL": url,
        "ZOU_SERVER_SILENCE_SECONDS": str(SILENCE),
        "ZOU_SERVER_READ_SECONDS": str(READ_SECONDS),
    }
    with RunningServer(shared_place / "data", "--no-worker", workers=2, **variables) as running:
        yield running


@pytest.fixture(scope="module")
def site(server: RunningServer) -> Site:
    return Site(server)


def connect(server: RunningServer) -> socket.socket:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=60)


def still_open(sockets: list[socket.socket]) -> int:
    """How many of the connections the server has not ended."""
    poll = select.poll()
    for each in sockets:
        poll.register(each, select.POLLIN | select.POLLRDHUP)
    ended = sum(1 for _, what in poll.poll(0) if what & (select.POLLHUP | select.POLLERR | select.POLLRDHUP))
    return len(sockets) - ended


@pytest.mark.parametrize("beginning", [b"", HALF_A_HEAD, HALF_A_BODY], ids=["silent", "head", "body"])
def test_thousands_of_unfinished_requests_delay_nobody_and_are_gone_soon(
    server: RunningServer, beginning: bytes
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 10_000), hard))
    sockets: list[socket.socket] = []
    try:
        for _ in range(SOCKETS):
            sockets.append(connect(server))
            sockets[-1].sendall(beginning)
        took = []
        for _ in range(40):
            began = time.monotonic()
            assert requests.get(f"{server.url}/health/ready", timeout=30).status_code == 200
            took.append(time.monotonic() - began)
        sys.stderr.write(f"others' requests: p95 {sorted(took)[37]:.3f} s, longest {max(took):.3f} s\n")
        assert sorted(took)[37] < 1
        wait_until(lambda: still_open(sockets) == 0, "the unfinished requests are gone")
    finally:
        for each in sockets:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_is_too_slow_is_told_so(server: RunningServer) -> None:
    with connect(server) as half:
        half.sendall(HALF_A_HEAD)
        assert half.recv(4096).startswith(b"HTTP/1.1 408 ")
    with connect(server) as half:
        half.sendall(HALF_A_BODY)
        assert half.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_a_slow_upload_that_goes_on_is_read_to_its_end(server: RunningServer) -> None:
    body = b" " * 9000 + b'{"email": "nobody@example.com", "password": "wrong password"}'
    with connect(server) as slow:
        slow.sendall(HALF_A_BODY.replace(b"60000000", str(len(body)).encode()).removesuffix(b'{"emai'))
        for start in range(0, len(body), 1500):
            time.sleep(SILENCE / 4)
            slow.sendall(body[start : start + 1500])
        assert slow.recv(4096).startswith(b"HTTP/1.1 400 ")  # read whole: the log-in of nobody


def test_a_client_that_keeps_its_connection_may_pause_between_requests(server: RunningServer) -> None:
    with connect(server) as client:
        for _ in range(2):
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: studio\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}\n"):
                answer += client.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200 ")
            time.sleep(SILENCE * 1.5)


# -- costly reads --------------------------------------------------------------------------------------------

SIX_LINKS = "project.Project.created_by.HumanUser.projects.Project.tasks.Task.content"


@contextmanager
def nobody_may_read(postgres_url: str, table: str = "project") -> Iterator[Callable[[], int]]:
    """Hold a table, so that a read of it takes as long as the block; how many wait."""
    engine = create_engine(postgres_url)
    with engine.connect() as holder:
        holder.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield lambda: how_many_wait(engine, table)
        holder.rollback()
    engine.dispose()


def test_a_filter_that_would_hold_the_database_is_refused_before_it_is_asked(
    server: RunningServer, url: str
) -> None:
    sg = shotgun_api3.Shotgun(server.url, server.credentials["script_name"], server.credentials["script_key"])
    sg.find_one("Shot", [])  # it is logged in
    with nobody_may_read(url, "task"), pytest.raises(shotgun_api3.Fault, match="asks too much at once"):
        sg.find("Shot", [[SIX_LINKS, "contains", f"x{number}"] for number in range(999)])
    assert sg.find("Shot", [[SIX_LINKS, "contains", f"x{number}"] for number in range(10)]) == []
    sg.close()


def test_a_read_for_a_client_that_hung_up_is_cancelled(server: RunningServer, site: Site, url: str) -> None:
    with nobody_may_read(url) as waiting, connect(server) as client:
        proof = site.headers["Authorization"]
        client.sendall(f"GET /data/projects HTTP/1.1\r\nHost: s\r\nAuthorization: {proof}\r\n\r\n".encode())
        wait_until(lambda: waiting() == 1, "the read waits in the database")
        client.close()
        wait_until(lambda: waiting() == 0, "the read goes on", seconds=READ_SECONDS / 2)
    assert site.answers()


def test_a_read_that_takes_too_long_is_given_up(site: Site, url: str) -> None:
    with nobody_may_read(url):
        assert site.get("/data/projects").status_code == 503
    assert site.answers()


# -- log-ins -------------------------------------------------------------------------------------------------


GUESSERS = 300
CALM_SECONDS = 0.1
"""What a log-in takes, hash and all, when the machine has nothing else to do."""


@contextmanager
def guessing(server: RunningServer) -> Iterator[Callable[[], dict[str, int]]]:
    """So many who guess passwords from four addresses; what they were answered so far."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    command = [sys.executable, "-m", "tests.operations.guessers", host, port, str(GUESSERS)]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as flood:
        assert flood.stdout is not None
        listener = threading.Thread(target=lambda: said.extend(flood.stdout or ()), daemon=True)
        listener.start()
        try:
            yield lambda: json.loads(said[-1]) if said else {}
        finally:
            flood.kill()
            listener.join(10)


def took(call: Callable[[], requests.Response]) -> float:
    """How long a request takes that must be answered well."""
    began = time.monotonic()
    answer = call()
    assert answer.status_code == 200, answer.text
    return time.monotonic() - began


def test_a_flood_of_log_ins_delays_neither_a_real_one_nor_anything_else(
    server: RunningServer, site: Site
) -> None:
    real = {"email": server.credentials["email"], "password": server.credentials["password"]}
    home = {"X-Forwarded-For": "198.51.100.7"}

    def log_in() -> requests.Response:
        return requests.post(f"{server.url}/auth/login", json=real, headers=home, timeout=60)

    calm = sorted(took(log_in) for _ in range(5))[2]
    with guessing(server) as answers:
        wait_until(lambda: answers().get("503", 0) > GUESSERS, "guesses are refused")
        log_ins = sorted(took(log_in) for _ in range(10))
        reads = sorted(took(lambda: site.get("/data/projects")) for _ in range(20))
        found = answers()
    sys.stderr.write(
        f"in a flood of {GUESSERS} log-ins ({found}): a real one took {log_ins[5]:.2f} s, at most "
        f"{log_ins[-1]:.2f} s; a read {reads[10]:.3f} s, at most {reads[-1]:.3f} s\n"
    )
    assert set(found) <= {"400", "503"}, found
    # Other programs on the machine make both longer.
    assert log_ins[5] < 2 * max(1, calm / CALM_SECONDS), (calm, log_ins)
