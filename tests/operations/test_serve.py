"""``zou-server serve`` from the first start to the last signal, as somebody at a terminal meets it."""

from __future__ import annotations

import json
import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.processes import ended, processes_below
from tests.servers import RunningServer, run_command
from zou_server.adapters.postgres.embedded import running_url

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

pytestmark = pytest.mark.usefixtures("whole_server")
TOKEN = "metrics-token"


def test_a_first_start_serves_prints_credentials_once_and_stops_without_a_trace(data_dir: Path) -> None:
    server = RunningServer(data_dir, workers=2, ZOU_SERVER_METRICS_TOKEN=TOKEN).start()
    assert requests.get(f"{server.url}/health/live", timeout=60).json() == {"status": "alive"}
    assert requests.get(f"{server.url}/health/ready", timeout=60).json() == {"status": "ready"}
    assert len(server.credentials) == 6
    port = server.url.rpartition(":")[2]
    ready = run_command("is-ready", "--port", port, "--data-dir", str(data_dir))
    assert (ready.returncode, json.loads(ready.stdout)) == (0, {"status": "ready"})
    family = processes_below(server.pid)
    assert len(family) > 4
    assert server.stop(signal.SIGTERM) == 0
    assert ended(family)
    assert running_url(data_dir) is None
    secret = server.credentials["password"]
    assert secret not in server.log

    with RunningServer(data_dir) as again:
        assert again.credentials == {}
        assert again.stop(signal.SIGINT) == 0


def test_metrics_count_the_requests_of_all_processes_for_whoever_has_the_token(
    data_dir: Path, postgres: SuitePostgres
) -> None:
    url = postgres.migrated_database()
    variables = {"DATABASE_URL": url, "ZOU_SERVER_METRICS_TOKEN": TOKEN}
    with RunningServer(data_dir, "--no-worker", workers=2, **variables) as server:
        for _ in range(20):
            requests.get(f"{server.url}/no-such-page", timeout=60)
        assert requests.get(f"{server.url}/metrics", timeout=60).status_code == 401
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        for _ in range(3):
            text = requests.get(f"{server.url}/metrics", headers=bearer, timeout=60).text
            counted = [line for line in text.splitlines() if 'method="GET",status="404"' in line]
            assert sum(float(line.split()[-1]) for line in counted) == 20


def test_no_answer_tells_which_program_it_comes_from(running: RunningServer) -> None:
    host, _, port = running.url.removeprefix("http://").partition(":")
    for beginning in (
        b"GET /health/live HTTP/1.1",
        b"GET /no-such-page HTTP/1.1",
        b"GET /data/persons HTTP/1.1",
        b"POST /api3/json HTTP/1.1",
        b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1",
        b"GET / HTTP/9.9",
        b"nonsense",
    ):
        with socket.create_connection((host, int(port)), timeout=30) as client:
            client.sendall(beginning + b"\r\nHost: studio\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1."), beginning
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"\nserver:" not in head.lower(), head
        assert b"gunicorn" not in answer.lower(), body


def test_each_request_has_an_id_and_a_line_in_the_log_without_secrets(
    data_dir: Path, postgres: SuitePostgres
) -> None:
    url = postgres.migrated_database()
    with RunningServer(data_dir, "--no-worker", DATABASE_URL=url) as server:
        headers = {"X-Request-Id": "shot-42", "Authorization": "Bearer hush"}
        answer = requests.get(f"{server.url}/no-such-page?token=hush", headers=headers, timeout=60)
        assert answer.headers["X-Request-Id"] == "shot-42"
        forged = requests.get(f"{server.url}/x", headers={"X-Request-Id": 'a"b c'}, timeout=60)
        assert len(forged.headers["X-Request-Id"]) == 16
    assert "hush" not in server.log
    said = server.log.splitlines()
    assert [line for line in said if not line.startswith("{")] == []
    line = next(line for line in map(json.loads, said) if line.get("request_id") == "shot-42")
    assert (line["event"], line["method"], line["path"], line["status"]) == (
        "request",
        "GET",
        "/no-such-page",
        answer.status_code,
    )


def test_a_killed_server_takes_its_processes_along_and_starts_again(data_dir: Path) -> None:
    server = RunningServer(data_dir, "--no-worker").start()
    family = processes_below(server.pid)
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    with RunningServer(data_dir, "--no-worker") as again:
        assert requests.get(f"{again.url}/health/ready", timeout=60).status_code == 200
        assert again.credentials == {}
    assert ended(family)


def test_a_port_in_use_is_told_before_anything_starts(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        answer = run_command("serve", "--port", port, "--data-dir", str(data_dir))
    assert answer.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (data_dir / "postgres").exists()


def test_a_data_directory_in_use_is_told_naming_the_process(running: RunningServer) -> None:
    answer = run_command("serve", "--port", "0", "--data-dir", str(running.data_dir))
    assert answer.returncode == 1
    assert f"data directory {running.data_dir} is in use by pid {running.pid}" in answer.stderr


def test_the_credential_commands_work_beside_a_running_server(data_dir: Path) -> None:
    with RunningServer(data_dir, "--no-worker"):
        where = ("--data-dir", str(data_dir))
        admin = run_command("create-admin", "second@example.com", *where)
        assert (admin.returncode, "password" in admin.stdout) == (0, True), admin.stderr
        script = run_command("create-script", "renamer", "--key", "k" * 24, *where)
        assert (script.returncode, "(as given)" in script.stdout) == (0, True), script.stderr
        key = run_command("create-api-key", "second@example.com", *where)
        assert (key.returncode, "api_key" in key.stdout) == (0, True), key.stderr


def test_the_description_and_the_routes_need_no_database(data_dir: Path) -> None:
    routes = run_command("routes", "--data-dir", str(data_dir))
    assert "GET                    /health/live  ->  meta.live" in routes.stdout, routes.stderr
    openapi = run_command("openapi", "--data-dir", str(data_dir))
    assert json.loads(openapi.stdout)["openapi"].startswith("3."), openapi.stderr


def test_a_connection_that_a_client_keeps_open_does_not_delay_the_stop(
    data_dir: Path, postgres: SuitePostgres
) -> None:
    url = postgres.migrated_database()
    server = RunningServer(data_dir, "--no-worker", DATABASE_URL=url).start()
    with requests.Session() as client:
        assert client.get(f"{server.url}/health/live", timeout=60).ok
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
