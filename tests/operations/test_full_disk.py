"""A full disk refuses what it cannot keep and nothing else, and tells nobody what was in it."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
import requests

from tests.conftest import SuitePostgres
from tests.operations.weather import Site, web_of
from tests.servers import RunningServer

SENTENCE = b"The pier from above. "


@pytest.fixture(scope="module")
def small_disk(shared_place: Path) -> Iterator[Path]:
    """A disk of its own, which only root may mount."""
    disk = shared_place / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["/bin/umount", "--lazy", str(disk)], check=True)


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, small_disk: Path) -> Iterator[RunningServer]:
    """A server that keeps its files on the small disk, and its log elsewhere."""
    variables = {"DATABASE_URL": postgres.migrated_database(), "ZOU_SERVER_METRICS_TOKEN": "metrics-token"}
    running = RunningServer(small_disk / "data", "--no-worker", workers=2, **variables)
    running.logs_in(small_disk.parent)
    with running:
        yield running


@pytest.fixture(scope="module")
def preview(server: RunningServer) -> dict[str, Any]:
    """A preview that waits for its file."""
    client = gazu.client.create_client(f"{server.url}/api")
    gazu.log_in(server.credentials["email"], server.credentials["password"], client=client)
    project = gazu.project.new_project("Movies", client=client)
    shot = gazu.shot.new_shot(
        project, gazu.shot.new_sequence(project, "sq", client=client), "sh", client=client
    )
    task = gazu.task.new_task(shot, gazu.task.all_task_types(client=client)[0], client=client)
    status = gazu.task.all_task_statuses(client=client)[0]
    comment = gazu.task.add_comment(task, status, client=client)
    found: dict[str, Any] = gazu.task.create_preview(task, comment, client=client)
    client.session.close()
    return found


def send(site: Site, preview: dict[str, Any], size: int) -> requests.Response:
    """Send a file for the preview."""
    content = io.BytesIO(SENTENCE * (size // len(SENTENCE)))
    path = f"{site.url}/pictures/preview-files/{preview['id']}"
    return requests.post(path, headers=site.headers, files={"file": ("take.blend", content)}, timeout=120)


def fill(disk: Path) -> Path:
    """Leave no byte on a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        free = os.statvfs(disk)
        try:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
            while True:
                file.seek(0, os.SEEK_END)
                file.write(bytes(4096))
        except OSError:
            pass
    return filler


def test_a_full_disk_refuses_uploads_and_nothing_else(
    server: RunningServer, small_disk: Path, preview: dict[str, Any]
) -> None:
    site, before = Site(server), web_of(server)
    filler = fill(small_disk)
    for _ in range(3):
        refused = send(site, preview, 8_000_000)
        assert (refused.status_code, "There is no room on disk" in refused.text) == (507, True), refused.text
        assert site.answers()
        assert site.post("/data/projects", {"name": os.urandom(4).hex()}).status_code == 201
        assert Site(server).answers()
    bearer = {"Authorization": "Bearer metrics-token"}
    assert requests.get(f"{server.url}/metrics", headers=bearer, timeout=30).status_code == 200
    filler.unlink()
    sent = send(site, preview, 1_000_000)
    assert sent.status_code == 201, sent.text
    assert web_of(server) == before, "a web process died"
    assert SENTENCE.decode() not in server.log
    assert max(map(len, server.log.splitlines())) < 20_000
