"""What the tests of bad weather share: somebody who writes all the time, and a look at the processes."""

from __future__ import annotations

import sys
import threading
import time
from typing import Self

import requests

from tests.processes import command_of, parent_of, processes_below
from tests.servers import RunningServer
from tests.waiting import wait_until

PATIENCE = 180.0


def processes(server: RunningServer, *words: bytes) -> list[int]:
    """The processes of a server whose command line has all of the words."""
    found = processes_below(server.pid)
    return [pid for pid in found if all(word in command_of(pid) for word in words)]


def jobs_of(server: RunningServer) -> list[int]:
    """The job worker's process."""
    return processes(server, b"zou_server\0worker")


def postmaster_of(server: RunningServer) -> int:
    """The embedded PostgreSQL's first process; 0 while there is none."""
    try:
        said = (server.data_dir / "postgres" / "postmaster.pid").read_text().split()
    except FileNotFoundError:
        return 0
    return int(said[0]) if said else 0


def web_of(server: RunningServer) -> tuple[int, list[int]]:
    """Return gunicorn's parent process, 0 when there is none, and its workers."""
    found = processes(server, b"gunicorn")
    parents = [pid for pid in found if parent_of(pid) == server.pid]
    parent = parents[0] if parents else 0
    return parent, [pid for pid in found if parent_of(pid) == parent]


class Site:
    """A client with the first administrator's log-in, as bare HTTP, so that every answer is seen."""

    def __init__(self, server: RunningServer) -> None:
        self.url = server.url
        sent = {"email": server.credentials["email"], "password": server.credentials["password"]}
        answer = requests.post(f"{self.url}/auth/login", json=sent, timeout=30)
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers=self.headers, timeout=30)

    def post(self, path: str, body: object) -> requests.Response:
        return requests.post(f"{self.url}{path}", headers=self.headers, json=body, timeout=30)

    def answers(self) -> bool:
        """Whether a read that needs the database is answered."""
        return self.get("/data/projects").status_code == 200


class Writer(threading.Thread):
    """Makes projects one after the other until the block ends; ``kept`` are those the server acknowledged."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site, self.kept, self.refused = site, set[str](), list[object]()
        self.longest_wait = 0.0
        """Seconds, the longest time without an acknowledged write."""
        self._stopped = threading.Event()

    def run(self) -> None:
        number, last = 0, time.monotonic()
        while not self._stopped.is_set():
            number += 1
            name = f"{self.name} {number}"
            try:
                answer = self.site.post("/data/projects", {"name": name})
            except requests.RequestException as error:
                self.refused.append(type(error).__name__)
                time.sleep(0.02)
                continue
            if answer.status_code == 201:
                self.kept.add(answer.json()["id"])
                self.longest_wait = max(self.longest_wait, time.monotonic() - last)
                last = time.monotonic()
            else:
                self.refused.append(answer.status_code)
                time.sleep(0.02)

    def goes_on(self, before: int) -> bool:
        """Whether some writes more than so many were acknowledged."""
        return len(self.kept) > before + 3

    def lost(self) -> set[str]:
        """What was acknowledged and is not there."""
        return self.kept - {each["id"] for each in self.site.get("/data/projects").json()}

    def __enter__(self) -> Self:
        self.start()
        wait_until(lambda: self.kept, "a first write is acknowledged")
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self.join(PATIENCE)
        sys.stderr.write(f"longest time without an acknowledged write: {self.longest_wait:.1f} s\n")
