"""Big answers: a web process keeps its size, and takes few turns for them in the loop that serves all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, text

from tests.operations.weather import Site, web_of
from tests.processes import forget_most_memory, memory_of, most_memory_of
from tests.servers import RunningServer, clean_environment
from zou_server.adapters.postgres.embedded import running_url

COUNT = 4_000
LONG = 12_000
MOST_MEGABYTES = 32

FILL = """
CREATE TEMP TABLE fresh AS SELECT gen_random_uuid() AS id, i FROM generate_series(1, :count) AS i;
INSERT INTO object SELECT made.* FROM object o, fresh f, LATERAL jsonb_populate_record(
    o, jsonb_build_object('id', f.id, 'number', nextval('object_number'), 'name', 'B' || f.i)) AS made
WHERE o.id = :shot;
INSERT INTO entity SELECT made.* FROM entity e, fresh f, LATERAL jsonb_populate_record(
    e, jsonb_build_object('id', f.id, 'name', 'B' || f.i, 'data',
                          jsonb_build_object('said', repeat('long ', :long / 5)))) AS made
WHERE e.id = :shot;
CREATE TEMP TABLE link AS
SELECT gen_random_uuid() AS id, f.id AS shot, row_number() OVER () AS i FROM fresh f;
INSERT INTO object SELECT made.* FROM object o, link f, LATERAL jsonb_populate_record(
    o, jsonb_build_object('id', f.id, 'number', nextval('object_number'))) AS made
WHERE o.id = :link;
INSERT INTO entity_link SELECT made.* FROM entity_link e, link f, LATERAL jsonb_populate_record(
    e, jsonb_build_object('id', f.id, 'entity_in_id', f.shot, 'label', repeat('L', :long / 5))) AS made
WHERE e.id = :link;
ANALYZE
"""


class BigSite:
    """A server whose project has many shots with long descriptions, and many castings."""

    def __init__(self, server: RunningServer) -> None:
        self.server, self.site = server, Site(server)
        self.project = self.site.post("/data/projects", {"name": "Big"}).json()["id"]
        asset_type = self.site.get("/data/asset-types").json()[0]["id"]
        place = f"/data/projects/{self.project}"
        sequence = self.site.post(f"{place}/sequences", {"name": "SQ1"}).json()["id"]
        shot = self.site.post(f"{place}/shots", {"name": "SH1", "sequence_id": sequence}).json()["id"]
        asset = self.site.post(f"{place}/asset-types/{asset_type}/assets/new", {"name": "Lantern"}).json()[
            "id"
        ]
        cast = [{"asset_id": asset, "nb_occurences": 1}]
        requests.put(
            f"{server.url}{place}/entities/{shot}/casting", json=cast, headers=self.site.headers, timeout=60
        )
        engine = create_engine(running_url(server.data_dir) or "")
        with engine.begin() as connection:
            link = connection.scalar(text("SELECT id FROM entity_link LIMIT 1"))
            values = {"count": COUNT, "long": LONG, "shot": shot, "link": link}
            connection.execute(text(FILL), values)
        engine.dispose()

    @property
    def worker(self) -> int:
        """The web process."""
        _, (pid,) = web_of(self.server)
        return pid

    def grown_by(self, path: str, headers: dict[str, str]) -> tuple[int, float]:
        """Bytes of an answer, and the megabytes by which the process was larger at its largest."""
        forget_most_memory(self.worker)
        before = memory_of(self.worker)
        with requests.get(f"{self.server.url}{path}", headers=headers, stream=True, timeout=300) as answer:
            assert answer.status_code == 200, answer.text[:500]
            size = sum(len(block) for block in answer.iter_content(2**20))
        return size, (most_memory_of(self.worker) - before) / 2**20


_TURNS = """
from gevent import monkey
monkey.patch_all()
import json, sys
from zou_server.adapters.postgres import database_wait
database_wait.wait_together()
from zou_server.adapters.database import make_engine
from zou_server.query.statement import Statement
from zou_server.services.read.spool import Spool
from zou_server.settings import Settings

turns = []
wait = database_wait.gevent_wait_callback
database_wait.gevent_wait_callback = lambda connection: (turns.append(1), wait(connection))
engine = make_engine(Settings.from_env({}, database_url=sys.argv[1]), autocommit=True)
raw = engine.raw_connection()
rows = "SELECT repeat('x', 10000) FROM generate_series(1, 2000)"
with raw.cursor() as cursor:
    cursor.execute("SELECT 1")
before = len(turns)
spool = Spool(raw, Statement(rows, {}, (), "rows"), {})
print(json.dumps([spool.size, before, len(turns) - before]))
"""
_SEND = """
import json, socket, threading
from zou_server.adapters import guarded_socket

guarded_socket.PAUSE_MILLISECONDS = 60_000
pushed, push = [], guarded_socket._push
guarded_socket._push = lambda descriptor, data: (pushed.append(len(data)), push(descriptor, data))[1]
ours, theirs = socket.socketpair()
got = []
def read():
    while block := theirs.recv(65536):
        got.append(len(block))
reader = threading.Thread(target=read)
reader.start()
sender = guarded_socket.GuardedSocket(ours.family, ours.type, ours.proto, ours.detach())
sender.sendall(b"x" * 8_000_000)
sender.sendall(b"small")
sender.close()
reader.join()
print(json.dumps([sum(got), pushed]))
"""


def said_by(program: str, *arguments: str) -> Any:
    """What a program of ours prints, as JSON; gevent is in it and not in the tests' process."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        env=clean_environment(),
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_long_result_is_taken_without_a_turn_of_the_loop(database_url: str) -> None:
    size, before, turns = said_by(_TURNS, database_url)
    assert size > 20_000_000
    assert before > 0, "that is how a turn looks"
    assert turns == 0


def test_a_large_block_is_sent_in_one_turn() -> None:
    size, pushed = said_by(_SEND)
    assert (size, pushed) == (8_000_005, [8_000_000])


@pytest.fixture(scope="module")
def big(shared_place: Path) -> Iterator[BigSite]:
    with RunningServer(shared_place / "data", "--no-worker") as server:
        yield BigSite(server)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the largest size of a process")
@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/data/shots/with-tasks?project_id={project}", 40),
        ("/data/shots?project_id={project}", 40),
        ("/data/projects/{project}/sequences/all/casting", 8),
    ],
)
def test_a_web_process_does_not_grow_with_the_answer(big: BigSite, path: str, megabytes: int) -> None:
    warm, headers = f"{big.server.url}/data/projects", big.site.headers
    requests.get(warm, headers=headers, timeout=60)
    big.grown_by(path.format(project=big.project), headers)  # what is made once is no growth
    size, grown = big.grown_by(path.format(project=big.project), headers)
    assert size > megabytes * 10**6
    assert grown < MOST_MEGABYTES, f"{grown:.0f} MB for an answer of {size / 10**6:.0f} MB"
