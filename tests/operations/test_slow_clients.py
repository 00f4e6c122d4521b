"""Thousands of connections that ask for nothing, or for half of something, keep nobody else waiting."""

from __future__ import annotations

import resource
import select
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import SuitePostgres
from tests.operations.weather import wait_until
from tests.servers import RunningServer

SILENCE = 3
SOCKETS = 4300
HALF_A_HEAD = b"POST /auth/login HTTP/1.1\r\nHost: studio\r\nContent-Le"
HALF_A_BODY = (
    b"POST /auth/login HTTP/1.1\r\nHost: studio\r\nContent-Type: application/json\r\n"
    b'Content-Length: 60000000\r\n\r\n{"emai'
)


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, shared_place: Path) -> Iterator[RunningServer]:
    """A server of two web processes that is patient for three seconds."""
    url = postgres.migrated_database()
    variables = {"DATABASE_URL": url, "ZOU_SERVER_SILENCE_SECONDS": str(SILENCE)}
    with RunningServer(shared_place / "data", "--no-worker", workers=2, **variables) as running:
        yield running


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
