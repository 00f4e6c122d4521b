"""What ftrack's clients are to get; prints each figure beside its goal, all of one run.

    python benchmarks/ftrack_client.py [--tasks 7200] [--hubs 200] [--crowd 500] [--burst 1000] [--workers 1]

* a query for all tasks of a project: the server's part beside what the real client takes to decode the answer
* a commit of 1,000 rows, and one of a small project with 80: the server's part
* from a commit to a hub that subscribed to it, with many hubs connected
* a burst of events that all of a crowd of hubs subscribed to: none lost, none twice
"""

from __future__ import annotations

import argparse
import json
import selectors
import shutil
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import websocket
from under_load import PROBLEMS, say

from tests.servers import RunningServer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of the pyparsing that the client pins
    import ftrack_api

QUERY = "select id, name, status.name, parent.name, assignments.resource.username from Task"
ROUNDS = 7


class Site:
    """A server, and a session of the real client with its administrator's key."""

    def __init__(self, server: RunningServer) -> None:
        known = server.credentials
        self.url, self.user, self.key = server.url, known["api_user"], known["api_key"]
        self.session = ftrack_api.Session(
            self.url, self.key, self.user, auto_connect_event_hub=False, plugin_paths=[]
        )
        self.types = {row["name"]: row["id"] for row in self.ask("select name from Type")}

    def post(self, actions: list[dict[str, Any]]) -> tuple[bytes, float]:
        """The answer to a list of actions as bytes, and the seconds that it took."""
        headers = {"ftrack-user": self.user, "ftrack-api-key": self.key, "Content-Type": "application/json"}
        body = json.dumps(actions).encode()
        request = urllib.request.Request(f"{self.url}/api", body, headers)  # noqa: S310 - our own server
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310 - our own server
            text = answer.read()
        taken = time.perf_counter() - began
        if text[:1] != b"[":
            raise RuntimeError(text[:300])
        return text, taken

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        found: list[dict[str, Any]] = json.loads(
            self.post([{"action": "query", "expression": expression}])[0]
        )[0]["data"]
        return found

    def project(self) -> str:
        """A new project."""
        schema = self.ask("select id from ProjectSchema")[0]["id"]
        name = f"bench{uuid.uuid4().hex[:8]}"
        made = create("Project", name=name, full_name=name, project_schema_id=schema)
        self.post([made])
        return str(made["entity_key"][0])


def create(type_name: str, **values: Any) -> dict[str, Any]:
    """The operation that makes a row, as the client sends it."""
    id_ = str(uuid.uuid4())
    data = {"__entity_type__": type_name, "id": id_, **values}
    return {"action": "create", "entity_type": type_name, "entity_key": [id_], "entity_data": data}


def small_project(site: Site) -> list[dict[str, Any]]:
    """The operations of the tutorial: a project with sequences, shots and tasks, 80 rows in all."""
    schema = site.ask("select id from ProjectSchema")[0]["id"]
    name = f"tutorial{uuid.uuid4().hex[:8]}"
    project = create("Project", name=name, full_name=name, project_schema_id=schema)
    made = [project]
    for number in range(4):
        sequence = create("Sequence", name=f"sq{number}", parent_id=project["entity_key"][0])
        made.append(sequence)
        for shot_number in range(4):
            shot = create("Shot", name=f"sh{shot_number}", parent_id=sequence["entity_key"][0])
            tasks = [
                create("Task", name=step, parent_id=shot["entity_key"][0], type_id=site.types[step])
                for step in ("Animation", "Lighting", "Compositing", "FX")
                if step in site.types
            ]
            made += [shot, *tasks]
    return made[:80]


def commits(site: Site) -> None:
    """Many rows in one commit, and the tutorial's project."""
    project, taken = site.project(), []
    for turn in range(3):
        rows = [create("Shot", name=f"s{turn}_{n}", parent_id=project) for n in range(1000)]
        taken.append(site.post(rows)[1])
    rate = 1000 / statistics.median(taken)
    say("a commit of 1,000 creates: >= 2,000 rows a second", f"{rate:,.0f} rows/s", good=rate >= 2000)
    rounds = [small_project(site) for _ in range(5)]
    small = statistics.median(site.post(rows)[1] for rows in rounds)
    what = f"the tutorial's project, {len(rounds[0])} rows in one commit: < 0.3 s"
    say(what, f"{small * 1000:.0f} ms", good=small < 0.3)


def reading(site: Site, count: int) -> None:
    """All tasks of a project: who waits for whom."""
    project = site.project()
    me = site.session.query(f'User where username is "{site.user}"').one()["id"]
    shots = [create("Shot", name=f"sh{n:04}", parent_id=project) for n in range(count // 4)]
    step = site.types["Animation"]
    tasks = [
        create("Task", name=f"task{n}", parent_id=shot["entity_key"][0], type_id=step)
        for shot in shots
        for n in range(4)
    ]
    assigned = [
        create("Appointment", type="assignment", context_id=task["entity_key"][0], resource_id=me)
        for task in tasks
    ]
    for rows in (shots, tasks, assigned):
        for first in range(0, len(rows), 1000):
            site.post(rows[first : first + 1000])
    asked = [{"action": "query", "expression": f"{QUERY} where project.id is {project}"}]
    text, _ = site.post(asked)
    served, decoded = [], []
    for _ in range(ROUNDS):
        served.append(site.post(asked)[1])
        site.session.reset()
        began = time.perf_counter()
        site.session.decode(text.decode())
        decoded.append(time.perf_counter() - began)
    server, client = statistics.median(served), statistics.median(decoded)
    figures = f"{server * 1000:.0f} ms of {client * 1000:.0f} ms ({server / client:.2f})"
    what = f"{len(tasks)} tasks: the server's part <= half of the client's"
    say(what, figures, good=server <= client / 2)


class Hubs:
    """Many event hubs in one thread, as Socket.IO 0.9 speaks, and what each of them heard."""

    def __init__(self, site: Site) -> None:
        self._site, self._selector = site, selectors.DefaultSelector()
        self.lines: list[Any] = []
        self.heard: dict[Any, list[tuple[float, Any]]] = {}
        self._is_over = False
        self._thread = threading.Thread(target=self._listen)

    def open(self, count: int, expression: str) -> None:
        """Connect so many more hubs, each with one subscription."""
        for _ in range(count):
            headers = {"ftrack-user": self._site.user, "ftrack-api-key": self._site.key}
            asked = urllib.request.Request(f"{self._site.url}/socket.io/1/", headers=headers)  # noqa: S310
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
                session = answer.read().decode().partition(":")[0]
            address = self._site.url.replace("http", "ws", 1)
            line = websocket.create_connection(f"{address}/socket.io/1/websocket/{session}", timeout=60)
            self.heard[line] = []
            self.lines.append(line)
            self.publish(
                "ftrack.meta.subscribe",
                {"subscriber": {"id": uuid.uuid4().hex}, "subscription": expression},
                line,
            )

    def publish(self, topic: str, data: Any, line: Any = None) -> None:
        """Publish an event by one of the hubs."""
        event = {
            "id": uuid.uuid4().hex,
            "topic": topic,
            "data": data,
            "source": {"id": "bench", "user": {"username": self._site.user}},
            "target": "",
            "inReplyToEvent": None,
            "sent": None,
        }
        (line or self.lines[0]).send("5:::" + json.dumps({"name": "ftrack.event", "args": [event]}))

    def start(self) -> None:
        """Begin to listen."""
        for line in self.lines:
            self._selector.register(line.sock, selectors.EVENT_READ, line)
        self._thread.start()

    def _listen(self) -> None:
        while not self._is_over:
            for key, _ in self._selector.select(0.2):
                said = key.data.recv()
                if said.startswith("2"):
                    key.data.send("2::")
                elif said.startswith("5"):
                    event = json.loads(said.split(":", 3)[3])["args"][0]
                    self.heard[key.data].append((time.monotonic(), event))

    def wait(self, count: int, seconds: float) -> None:
        """Wait until every hub heard so many events."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(len(each) < count for each in self.heard.values()):
            time.sleep(0.05)

    def close(self) -> None:
        """Close them all."""
        self._is_over = True
        self._thread.join()
        for line in self.lines:
            line.close()


def from_commit_to_hub(site: Site, count: int) -> None:
    """Commits one after the other, and hubs that all hear of each."""
    shot = create("Shot", name="told", parent_id=site.project())
    site.post([shot])
    hubs = Hubs(site)
    hubs.open(count, "topic=ftrack.update")
    hubs.start()
    time.sleep(2.0)
    for each in hubs.heard.values():
        each.clear()
    commits_at = []
    for number in range(30):
        data = {"__entity_type__": "Shot", "description": f"take {number}"}
        key = shot["entity_key"]
        site.post([{"action": "update", "entity_type": "Shot", "entity_key": key, "entity_data": data}])
        commits_at.append(time.monotonic())
        time.sleep(0.3)
    hubs.wait(len(commits_at), 10.0)
    delays = [
        moment - commit
        for heard in hubs.heard.values()
        for (moment, _), commit in zip(heard, commits_at, strict=False)
    ]
    hubs.close()
    median = statistics.median(delays) * 1000
    missing = count * len(commits_at) - len(delays)
    figures = f"{median:.0f} ms, {missing} missing"
    what = f"from commit to each of {count} hubs, at the median: < 50 ms"
    say(what, figures, good=median < 50 and not missing)


def burst(site: Site, crowd: int, events: int) -> None:
    """All events at once, to everybody."""
    hubs = Hubs(site)
    hubs.open(crowd, "topic=bench.burst")
    hubs.start()
    time.sleep(2.0)
    began = time.monotonic()
    for number in range(events):
        hubs.publish("bench.burst", {"number": number})
    hubs.wait(events, 120.0)
    taken = time.monotonic() - began
    time.sleep(1.0)
    numbers = [[event["data"]["number"] for _, event in heard] for heard in hubs.heard.values()]
    hubs.close()
    lost = sum(events - len(set(each)) for each in numbers)
    twice = sum(len(each) - len(set(each)) for each in numbers)
    figures = f"{lost} lost, {twice} twice, {taken:.1f} s"
    say(f"a burst of {events} events to {crowd} hubs: none lost, none twice", figures, good=not lost + twice)


def main() -> None:
    """Run everything on a server of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=7200)
    parser.add_argument("--hubs", type=int, default=200)
    parser.add_argument("--crowd", type=int, default=500)
    parser.add_argument("--burst", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    wanted = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="zou-ftrack-"))
    directory.chmod(0o711)
    server = RunningServer(directory / "data", "--no-worker", workers=wanted.workers).start()
    try:
        site = Site(server)
        commits(site)
        reading(site, wanted.tasks)
        from_commit_to_hub(site, wanted.hubs)
        burst(site, wanted.crowd, wanted.burst)
        site.session.close()
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.exit(f"{len(PROBLEMS)} of these figures miss their goal" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
