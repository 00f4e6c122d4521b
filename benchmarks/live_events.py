"""What it costs to tell people of events as they happen; prints each figure beside its bound.

    python benchmarks/live_events.py [--listeners 1000] [--sockets 500] [--seconds 30] [--rate 10]

* the time from a comment to its arrival at each of so many listeners of one project
* the memory of the web processes for each open web socket
* their processor time while nothing happens, and with so many commits a second that everybody hears of
* the time from a commit to the arrival at each client

Administrators are one group, and so are people with the same projects; each vendor is a group of their own.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests
import sqlalchemy as sa
from crowd import Crowd
from under_load import PROBLEMS, say, workers_of

from tests.processes import memory_of, processor_seconds_of
from tests.servers import RunningServer
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.embedded import running_url
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.registry import facet
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update
from zou_server.settings import Settings

TOLD = "task:update"
COMMENTS = 20


class Site:
    """A server, its database, and tokens of people."""

    def __init__(self, server: RunningServer) -> None:
        url = running_url(server.data_dir)
        assert url is not None
        settings = Settings.from_env({}, database_url=url, data_dir=server.data_dir)
        self.server, self.settings = server, settings
        self.studio = Studio(make_engine(settings, autocommit=True), make_engine(settings), RULEBOOK)
        (self.project,) = self.make(Create(facet("Project"), {"name": "Live"}))
        (shot,) = self.make(Create(facet("Shot"), {"name": "sh010", "project_id": self.project}))
        (self.task,) = self.make(Create(facet("Task"), {"entity_id": shot, "name": "main"}))
        with self.studio.writes.connect() as connection:
            statement = sa.text("SELECT id FROM status WHERE for_task ORDER BY priority, id LIMIT 1")
            self.status = connection.scalar(statement)

    def make(self, *operations: Create | Update) -> list[uuid.UUID]:
        """Make or change rows in one transaction."""
        with self.studio.write(SYSTEM) as work:
            found = [row.id for row in work.execute(list(operations))]
            work.commit()
        return found

    def tokens(self, role: str, count: int, *, assigned: bool = True) -> list[str]:
        """Log-ins of as many new people of a role in the project, each on its task if they are assigned."""
        from flask_jwt_extended import create_access_token  # noqa: PLC0415 - needs the application below

        from zou_server.app import create_app  # noqa: PLC0415 - the same

        people = self.make(
            *(
                Create(
                    facet("Person"),
                    {
                        "first_name": f"{n}",
                        "last_name": role,
                        "email": f"{uuid.uuid4()}@x.example",
                        "role": role,
                    },
                )
                for n in range(count)
            )
        )
        member = ({"project_id": self.project, "person_id": person} for person in people)
        self.make(*(Create(facet("Membership"), values) for values in member))
        given = ({"task_id": self.task, "person_id": person} for person in people if assigned)
        self.make(*(Create(facet("Assignation"), values) for values in given))
        app = create_app(self.settings)
        sessions = app.extensions["zou-tokens"].authenticator
        with app.app_context():
            return [
                create_access_token(
                    str(person),
                    additional_claims={"jti": str(sessions.open_session(Actor(person, "", role))[0])},
                    expires_delta=timedelta(days=1),
                )
                for person in people
            ]


def processor_seconds(pids: list[int]) -> float:
    """The processor time of processes so far."""
    return sum(map(processor_seconds_of, pids))


def memory(pids: list[int]) -> float:
    """Their memory in MB."""
    return sum(map(memory_of, pids)) / 2**20


def tell(site: Site, crowd: Crowd, seconds: float, rate: float) -> tuple[list[float], float, int]:
    """Commit so often for so long: the delays, the share of a processor, and what did not arrive."""
    pids = workers_of(site.server)
    commits: list[float] = []
    crowd.arrivals()
    began, used = time.monotonic(), processor_seconds(pids)
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        site.make(Update(facet("Task"), site.task, {"priority": 1 + number % 2}))
        commits.append(time.monotonic())
    share = (processor_seconds(pids) - used) / (time.monotonic() - began)
    time.sleep(5.0)
    delays = delays_of(crowd, commits)
    return delays, share, len(commits) * crowd.count - len(delays)


def delays_of(crowd: Crowd, moments: list[float]) -> list[float]:
    """From each moment to that in which each listener heard."""
    return [
        arrival - moment
        for arrivals in crowd.arrivals()
        for arrival, moment in zip(arrivals, moments, strict=False)
    ]


def comment(site: Site, wanted: argparse.Namespace) -> None:
    """Comment on the task once a second, and see when everybody in the project hears of it."""
    pids = workers_of(site.server)
    tokens = site.tokens("user", wanted.listeners, assigned=False)
    crowd = Crowd(site.server.url, tokens, ["comment:new"])
    writer = requests.Session()
    writer.headers["Authorization"] = f"Bearer {site.tokens('admin', 1)[0]}"
    said = {"task_status_id": str(site.status), "comment": "look"}
    sent, answered, used = [], [], 0.0
    for number in range(COMMENTS + 1):
        time.sleep(1.0)
        sent.append(time.monotonic())
        writer.post(f"{site.server.url}/api/actions/tasks/{site.task}/comment", json=said).raise_for_status()
        answered.append(time.monotonic())
        if number == 0:  # everybody is at a place of their own in the log before the first one
            time.sleep(3.0)
            crowd.arrivals()
            used = processor_seconds(pids)
    time.sleep(5.0)
    used = (processor_seconds(pids) - used) / COMMENTS
    delays = delays_of(crowd, sent[1:])
    took = statistics.median(b - a for a, b in zip(sent, answered, strict=True)) * 1000
    median, last = statistics.median(delays) * 1000, statistics.quantiles(delays, n=100)[98] * 1000
    say(
        f"{wanted.listeners} listeners hear of a comment, counted from its sending: < 100 ms",
        f"median {median:.0f} ms, 99 % {last:.0f} ms (the writer's answer {took:.0f} ms)",
        good=median < 100,
    )
    say("processor time of a comment that all hear of", f"{used * 1000:.0f} ms", good=True)
    say(
        "every comment at everybody",
        f"{(lost := COMMENTS * crowd.count - len(delays))} missing",
        good=not lost,
    )
    crowd.leave()


def measure(site: Site, role: str, wanted: argparse.Namespace) -> None:
    """Open the sockets of people of a role, wait, then let things happen."""
    pids = workers_of(site.server)
    before, tokens = memory(pids), site.tokens(role, wanted.sockets)
    began = time.monotonic()
    crowd = Crowd(site.server.url, tokens, [TOLD])
    joined = time.monotonic() - began
    time.sleep(3.0)
    each = (memory(pids) - before) / wanted.sockets * 1024
    say(
        f"{role}: memory for each of {wanted.sockets} web sockets: < 200 kB",
        f"{each:.0f} kB",
        good=each < 200,
    )
    used = processor_seconds(pids)
    time.sleep(15.0)
    idle = (processor_seconds(pids) - used) / 15.0
    say(f"{role}: processor while nothing happens: < 5 %", f"{idle * 100:.1f} %", good=idle < 0.05)
    delays, share, lost = tell(site, crowd, wanted.seconds, wanted.rate)
    figures = (
        f"median {statistics.median(delays) * 1000:.0f} ms, 99 % "
        f"{statistics.quantiles(delays, n=100)[98] * 1000:.0f} ms"
    )
    is_soon = statistics.median(delays) < 0.25
    say(f"{role}: from commit to arrival, {wanted.rate:g} commits a second: < 250 ms", figures, good=is_soon)
    say(f"{role}: processor meanwhile: < 60 %", f"{share * 100:.0f} %", good=share < 0.6)
    say(f"{role}: memory at the end", f"{memory(pids):.0f} MB, {joined:.1f} s to open them", good=True)
    say(f"{role}: every event at everybody", f"{lost} missing", good=lost == 0)
    crowd.leave()


def main() -> None:
    """Run everything on a server of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--roles", nargs="*", default=["admin", "user"])
    parser.add_argument("--listeners", type=int, default=1000)
    wanted = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="zou-live-"))
    directory.chmod(0o711)
    server = RunningServer(directory / "data", "--no-worker", workers=wanted.workers).start()
    try:
        site = Site(server)
        comment(site, wanted)
        for role in wanted.roles:
            measure(site, role, wanted)
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.exit(f"{len(PROBLEMS)} of these figures miss their bound" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
