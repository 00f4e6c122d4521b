"""A whole server makes renditions: ten movies at once, and a worker that is killed in the middle of one."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import gazu
import pytest

from tests import media
from tests.conftest import SuitePostgres
from tests.processes import children_of, ended
from tests.servers import RunningServer, clean_environment
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def environment(postgres: SuitePostgres) -> Iterator[dict[str, str]]:
    """What the server and its workers agree on; a worker that is silent for two seconds is dead."""
    url = postgres.empty_database()
    yield {"DATABASE_URL": url, "ZOU_SERVER_JOB_STALLED_SECONDS": "2"}
    postgres.drop(url)


@pytest.fixture(scope="module")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A whole server whose jobs are done by workers that the tests start."""
    data_dir = tmp_path_factory.mktemp("media") / "data"
    with RunningServer(data_dir, "--no-worker", workers=1, **environment) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[Any]:
    """An administrator, with gazu."""
    client = gazu.client.create_client(f"{server.url}/api")
    gazu.log_in(server.credentials["email"], server.credentials["password"], client=client)
    yield client
    client.session.close()


@pytest.fixture(scope="module")
def comment(client: Any) -> Any:
    """A comment on a task of a project whose movies are small."""
    project = gazu.project.new_project("Movies", client=client)
    gazu.project.update_project({**project, "resolution": "160x90"}, client=client)
    shot = gazu.shot.new_shot(
        project, gazu.shot.new_sequence(project, "sq1", client=client), "sh1", client=client
    )
    task = gazu.task.new_task(shot, gazu.task.all_task_types(client=client)[0], client=client)
    return gazu.task.add_comment(task, gazu.task.all_task_statuses(client=client)[0], client=client)


@contextmanager
def worker(server: RunningServer, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A job worker beside the server."""
    command = [sys.executable, "-P", "-m", "zou_server", "worker", "--data-dir", str(server.data_dir)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=clean_environment(**environment), **quiet) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def publish(client: Any, comment: Any, path: Path) -> str:
    """Send a movie as one more preview of the comment."""
    preview = gazu.task.create_preview(comment["object_id"], comment, client=client)
    sent: dict[str, str] = gazu.task.upload_preview_file(preview, str(path), client=client)
    return sent["id"]


def wait(client: Any, previews: list[str], wanted: Any) -> list[dict[str, Any]]:
    """Ask again and again, as Kitsu does, until all of the previews are as wanted."""

    def found() -> list[dict[str, Any]] | None:
        seen = [gazu.files.get_preview_file(each, client=client) for each in previews]
        return seen if all(wanted(each) for each in seen) else None

    return cast("list[dict[str, Any]]", wait_until(found, "the previews are not as wanted"))


def is_done(preview: dict[str, Any]) -> bool:
    return preview["status"] in ("ready", "broken")


def test_a_preview_whose_worker_was_killed_is_processed_again_by_the_next(
    server: RunningServer, environment: dict[str, str], client: Any, comment: Any, tmp_path: Path
) -> None:
    noise = ("-vf", "noise=alls=100:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10")
    path = media.movie(tmp_path / "long.mp4", *noise, size="640x360", seconds=5)
    with worker(server, environment) as process:
        preview = publish(client, comment, path)
        (seen,) = wait(client, [preview], lambda each: each["progress"] > 0)
        assert seen["status"] == "processing"
        converting = children_of(process.pid)
        assert converting
        process.kill()
        process.wait()
    assert gazu.files.get_preview_file(preview, client=client)["status"] == "processing"
    with worker(server, environment):
        (found,) = wait(client, [preview], is_done)
    assert (found["status"], found["progress"], found["problem"]) == ("ready", 100, "")
    assert ended(converting)
    assert not list((server.data_dir / "work").iterdir())


def test_ten_movies_sent_at_once_all_end_ready_while_the_server_answers(
    server: RunningServer, environment: dict[str, str], client: Any, comment: Any, tmp_path: Path
) -> None:
    path = media.movie(tmp_path / "take.mov", seconds=0.4)
    previews = [publish(client, comment, path) for _ in range(10)]
    with worker(server, environment):
        found = wait(client, previews, is_done)
    assert {each["status"] for each in found} == {"ready"}
    assert sorted(each["position"] for each in found) == list(range(2, 12))
