"""What scripts of ShotRunner wait for; prints each figure beside its goal.

    python benchmarks/shotrunner_client.py [--shots 1000] [--times 15]

* a list of shots as XML beside the same list as JSON in Zou's surface
* small requests with HTTP Basic in each of them, by the processor time that the server takes
* a document of entities that unfold to gigabytes, and the memory of the server before and after

Goals are for a quiet machine with two cores.
"""

from __future__ import annotations

import argparse
import base64
import os
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import orjson
from under_load import PROBLEMS, say

from tests.processes import command_of, memory_of, processes_below, processor_seconds_of
from tests.servers import RunningServer

SECONDS = 5.0
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10))
    + b"]><shot><title>&a9;</title></shot>"
)
HERTZ = os.sysconf("SC_CLK_TCK")


class Site:
    """A served production, and somebody who asks."""

    def __init__(self, server: RunningServer, shots: int) -> None:
        keys = server.credentials
        self.url, self.pid = server.url, server.pid
        proof = base64.b64encode(f"{keys['email']}:{keys['password']}".encode()).decode()
        self.basic = {"Authorization": f"Basic {proof}"}
        login = orjson.dumps({"email": keys["email"], "password": keys["password"]})
        answer = self.ask("/api/auth/login", {"Content-Type": "application/json"}, login)
        self.bearer = {"Authorization": f"Bearer {orjson.loads(answer)['access_token']}"}
        self.project = self.made("project", code="Timed")
        sequence = self.made("sequence", sequence_code="SQ", project_id=self.project)
        for number in range(shots):
            values = {"title": f"Title {number}", "frame_count": 96, "description": "She turns round."}
            self.made("shot", shot_code=f"SH{number:05}", sequence_id=sequence, **values)

    def ask(self, path: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
        """The body of an answer."""
        request = urllib.request.Request(f"{self.url}{path}", body, headers)  # noqa: S310 - our own server
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            found: bytes = answer.read()
        return found

    def made(self, kind: str, **values: Any) -> int:
        """The number of a new object."""
        headers = {**self.basic, "Content-Type": "application/json"}
        answer = self.ask(f"/{kind}s.json", headers, orjson.dumps({kind: values}))
        return int(orjson.loads(answer)[kind]["id"])

    def processes(self) -> list[int]:
        """The server and the processes that it has started, without the database's."""
        below = processes_below(self.pid)
        return [self.pid, *(pid for pid in below if b"postgres" not in command_of(pid).partition(b"\0")[0])]

    def processor_seconds(self) -> float:
        """What the server's processes have taken of the processor so far."""
        return sum(map(processor_seconds_of, self.processes()))

    def memory(self) -> int:
        """The memory of the server's processes, in bytes."""
        return sum(map(memory_of, self.processes()))


def median(times: int, call: Callable[[], Any]) -> float:
    """The median seconds of a call."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def lists(site: Site, shots: int, times: int) -> None:
    """Shots as XML, beside the same as JSON of Zou."""
    (project,) = orjson.loads(site.ask("/api/data/projects", site.bearer))
    asked = {
        "XML": ("/shots.xml", site.basic),
        "JSON here": ("/shots.json", site.basic),
        "of Zou's project": (f"/api/data/projects/{project['id']}/shots", site.bearer),
        "of Zou's entities": (f"/api/data/entities?project_id={project['id']}", site.bearer),
    }
    took = {name: median(times, lambda each=each: site.ask(*each)) for name, each in asked.items()}  # type: ignore[misc]
    sizes = {name: len(site.ask(*each)) for name, each in asked.items()}
    best = min(took[name] for name in took if "Zou" in name)
    figures = ", ".join(f"{name} {1 / took[name]:.0f} ({sizes[name] / 1e3:,.0f} kB)" for name in asked)
    say(
        f"{shots:,} shots a second as XML (goal: half the rate of Zou's JSON)",
        f"{best / took['XML']:.0%}: {figures}",
        good=took["XML"] <= 2 * best,
    )


def basic_requests(site: Site) -> None:
    """Small requests, each with a login."""
    begin, before, count = time.perf_counter(), site.processor_seconds(), 0
    while time.perf_counter() - begin < SECONDS:
        site.ask(f"/projects/{site.project}.json", site.basic)
        count += 1
    taken = max(site.processor_seconds() - before, 1 / HERTZ)
    say(
        "requests with HTTP Basic (goal: 50 a second and core)",
        f"{count / taken:,.0f} a second of the processor, {count / SECONDS:,.0f} a second by one client",
        good=count / taken >= 50,
    )


def laughs(site: Site, times: int) -> None:
    """A document of entities, refused."""
    headers = {**site.basic, "Content-Type": "application/xml"}

    def refused() -> None:
        try:
            site.ask("/shots.xml", headers, LAUGHS)
            status = 200
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        if status != 400:
            sys.exit(f"a document of entities is answered by {status}")

    refused()
    before = site.memory()
    took = median(max(times, 50), refused)
    grown = site.memory() - before
    say(
        "a billion laughs refused (goal: 50 ms, no growth)",
        f"{took * 1000:.1f} ms, {grown / 1e6:+.1f} MB after {max(times, 50)} of them",
        good=took < 0.05 and grown < 8e6,
    )


def main() -> None:
    """Measure everything once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # PostgreSQL is another user's where this one is root
        with RunningServer(Path(directory) / "data") as server:
            site = Site(server, asked.shots)
            lists(site, asked.shots, asked.times)
            basic_requests(site)
            laughs(site, asked.times)
    sys.exit(f"{len(PROBLEMS)} of these figures miss their goal" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
