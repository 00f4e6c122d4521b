"""What must hold when a studio is big and busy; prints each figure beside its bound.

    python benchmarks/under_load.py [--tasks 200000] [--writers 8] [--shots 500]

* page 1 by filter and the last page by cursor, of 200,000 tasks
* the worker's memory while it sends all of them
* eight processes that create 500 shots each, and a reader of the event log that polls by last id
* how long other writers wait while 10,000 rows are imported in one transaction
* what is left when a worker is killed in the middle of writes
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sqlalchemy as sa

from tests.processes import children_of, command_of, memory_of
from tests.servers import RunningServer
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.embedded import running_url
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create
from zou_server.settings import Settings

PROBLEMS: list[str] = []


def say(what: str, value: str, *, good: bool) -> None:
    """Print one figure; a bad one makes the whole run fail."""
    print(f"{'ok  ' if good else 'BAD '} {what:62} {value}", flush=True)
    if not good:
        PROBLEMS.append(what)


class Client:
    """JSON over HTTP with a token."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url, self.token = url, ""
        self.token = self.call("POST", "/auth/login", {"email": email, "password": password})["access_token"]

    def open(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return the open answer."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        return urllib.request.urlopen(request, timeout=300)  # noqa: S310

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return the JSON answer."""
        with self.open(method, path, body) as answer:
            return json.loads(answer.read())

    def timed(self, path: str, times: int = 15) -> float:
        """The median seconds of a GET."""
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            self.call("GET", path)
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)


def make_tasks(engine: sa.Engine, project: str, count: int) -> None:
    """Rows behind the pipeline's back: this is about reading them."""
    with engine.begin() as connection:
        for statement in (
            "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, :count) n",
            """INSERT INTO object (id, kind, name, project_id)
               SELECT id, 'Task', 'task ' || n, :project FROM made""",
            """INSERT INTO task (
                   id, name, project_id, priority, difficulty, task_status_id, created_at, updated_at)
               SELECT m.id, 'task ' || n, :project, n % 4, 3,
                      (SELECT id FROM status WHERE code = CASE WHEN n % 50 = 0 THEN 'wip' ELSE 'todo' END),
                      now() - n * interval '1 second', now() - n * interval '1 second'
               FROM made m""",
        ):
            connection.execute(sa.text(statement), {"count": count, "project": project})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def pages(client: Client, project: str, count: int) -> None:
    """Page 1 by filter, and the last page by cursor."""
    wip = client.call("GET", "/data/task-status?short_name=wip")[0]["id"]
    first = client.timed(f"/data/tasks?project_id={project}&task_status_id={wip}&cursor=&page=1&limit=100")
    oldest = client.call("GET", f"/data/tasks?project_id={project}&order_by=updated_at&page=1&limit=102")[
        "data"
    ]
    last = client.timed(f"/data/tasks?project_id={project}&cursor={oldest[101]['id']}&limit=100")
    ratio = max(first, last) / min(first, last)
    figures = f"{first * 1000:.1f} ms, {last * 1000:.1f} ms, {ratio:.1f}x"
    say(f"page 1 by filter and last page by cursor of {count}: within 3x", figures, good=ratio < 3)


def workers_of(server: RunningServer) -> list[int]:
    """The web processes: children of the server's children that run gunicorn."""
    masters = [pid for pid in children_of(server.pid) if b"gunicorn" in command_of(pid)]
    return [pid for master in masters for pid in children_of(master) if b"gunicorn" in command_of(pid)]


def stream(client: Client, server: RunningServer, project: str, count: int) -> None:
    """The unpaged list: how far the worker grows while it is sent."""
    pids = workers_of(server)
    before, peak, size = {pid: memory_of(pid) for pid in pids}, dict.fromkeys(pids, 0), 0
    with client.open("GET", f"/data/tasks?project_id={project}") as answer:
        while block := answer.read(1 << 20):
            size += len(block)
            peak = {pid: max(peak[pid], memory_of(pid)) for pid in pids}
    grown = max(peak[pid] - before[pid] for pid in pids) / 2**20
    say(
        f"memory grown while {count} tasks ({size / 2**20:.0f} MB) were sent: < 64 MB",
        f"{grown:.0f} MB",
        good=grown < 64,
    )


def _write(url: str, token: str, project: str, writer: int, count: int) -> None:
    client = Client.__new__(Client)
    client.url, client.token = url, token
    for number in range(count):
        client.call("POST", f"/data/projects/{project}/shots", {"name": f"W{writer} {number:05}"})


def storm(client: Client, engine: sa.Engine, writers: int, shots: int) -> None:
    """Many writers at once, and a reader that polls the log by the last number it saw."""
    project = client.call("POST", "/data/projects", {"name": "Storm"})["id"]
    log = sa.text(
        "SELECT c.base + e.ordinal AS n, e.kind, e.action, e.attribute FROM event e"
        " JOIN change_set c ON c.base = e.base WHERE c.last > :last AND c.base + e.ordinal > :last"
        " ORDER BY c.base, e.ordinal LIMIT 500"
    )
    with engine.connect() as connection:
        start = connection.scalar(sa.text("SELECT coalesce(max(last), 0) FROM change_set"))
    seen: list[Any] = []
    done = threading.Event()

    def poll() -> None:
        last = start
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while True:
                finished = done.is_set()
                rows = connection.execute(log, {"last": last}).all()
                seen.extend(rows)
                last = rows[-1].n if rows else last
                if finished and not rows:
                    return

    reader = threading.Thread(target=poll)
    reader.start()
    began = time.perf_counter()
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=_write, args=(client.url, client.token, project, n, shots))
        for n in range(writers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    taken = time.perf_counter() - began
    done.set()
    reader.join()
    rows = len(client.call("GET", f"/data/projects/{project}/shots"))
    numbers = [row.n for row in seen]
    new = sum(row.kind == "Shot" and row.action == "create" and row.attribute is None for row in seen)
    say(
        f"{writers} processes x {shots} shots: all there",
        f"{rows} rows in {taken:.1f} s",
        good=rows == writers * shots,
    )
    gapless = numbers == list(range(start + 1, start + 1 + len(numbers)))
    say("the polling reader saw every event once, without a gap", f"{len(numbers)} events", good=gapless)
    say("one 'new' event for each shot", str(new), good=new == writers * shots)


def big_import(client: Client, studio: Studio) -> None:
    """How long one-row writers wait while 10,000 rows are imported in one transaction."""
    project = client.call("POST", "/data/projects", {"name": "Import"})["id"]
    waits: list[float] = []
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            start = time.perf_counter()
            client.call("POST", f"/data/projects/{project}/sequences", {"name": f"SQ {number}"})
            waits.append(time.perf_counter() - start)

    def load() -> None:
        with studio.write(SYSTEM) as work:
            work.execute(
                [Create(facet("Shot"), {"name": f"I{i:05}", "project_id": project}) for i in range(10_000)]
            )
            work.commit()

    spawn = multiprocessing.get_context("fork")
    alone: list[float] = []
    for number in range(30):
        start = time.perf_counter()
        client.call("POST", f"/data/projects/{project}/sequences", {"name": f"alone {number}"})
        alone.append(time.perf_counter() - start)
    studio.writes.dispose()
    importer = spawn.Process(target=load)
    writer = threading.Thread(target=write)
    writer.start()
    began = time.perf_counter()
    importer.start()
    importer.join()
    taken = time.perf_counter() - began
    done.set()
    writer.join()
    usual, worst = statistics.median(alone) * 1000, max(waits) * 1000
    figures = f"{worst:.0f} ms at worst, {usual:.0f} ms when alone, {len(waits)} writes in {taken:.1f} s"
    say(
        "another writer's wait during an import of 10,000 rows: < 100 ms more",
        figures,
        good=worst - usual < 100,
    )


def kill(client: Client, server: RunningServer) -> None:
    """A worker is killed in the middle of writes: what was answered is there, the rest whole or absent."""
    project = client.call("POST", "/data/projects", {"name": "Killed"})["id"]
    answered: list[str] = []
    stop = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                body = {"name": f"K{writer} {number}", "data": {"frame_in": number}}
                answered.append(client.call("POST", f"/data/projects/{project}/shots", body)["id"])
            except (urllib.error.URLError, ConnectionError, OSError):
                time.sleep(0.2)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(1.0)
        os.kill(workers_of(server)[0], signal.SIGKILL)
    time.sleep(3.0)
    stop.set()
    for thread in threads:
        thread.join()
    rows = client.call("GET", f"/data/projects/{project}/shots")
    there = {row["id"] for row in rows}
    whole = all(row["data"] and row["entity_type_id"] for row in rows)
    lost = [id_ for id_ in answered if id_ not in there]
    figures = f"{len(answered)} answered, {len(rows)} rows, {len(lost)} lost"
    say("three workers killed: what was answered is there, the rest whole", figures, good=not lost and whole)


def main() -> None:
    """Run everything on a server of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=200_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--shots", type=int, default=500)
    wanted = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="zou-load-"))
    directory.chmod(0o711)
    server = RunningServer(directory / "data", workers=2).start()
    try:
        client = Client(server.url, server.credentials["email"], server.credentials["password"])
        url = running_url(server.data_dir)
        assert url is not None
        settings = Settings.from_env({}, database_url=url, data_dir=server.data_dir)
        engine = make_engine(settings, statement_timeout="0")
        project = client.call("POST", "/data/projects", {"name": "Big"})["id"]
        make_tasks(engine, project, wanted.tasks)
        pages(client, project, wanted.tasks)
        stream(client, server, project, wanted.tasks)
        storm(client, engine, wanted.writers, wanted.shots)
        kill(client, server)
        big_import(client, Studio(make_engine(settings, autocommit=True), make_engine(settings), RULEBOOK))
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.exit(f"{len(PROBLEMS)} of these figures miss their bound" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
