"""What a replica brings: reads a second without it and with it, in turns; both run on this machine.

    python benchmarks/replica.py [--tasks 20000] [--clients 12] [--seconds 8] [--rounds 3]

Each database is kept on a processor of its own, the web processes go where they like. Beside the answers a
second stands what they cost each database: where all of it shares two processors, that is the figure to look
at, because it says how many answers a second the busier database could give on a machine of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from under_load import Client, make_tasks

from tests.operations.replicas import SECRET, Pair, catches_up, replicated
from tests.processes import children_of
from tests.servers import RunningServer
from tests.waiting import wait_until
from zou_server.adapters.database import make_engine
from zou_server.settings import Settings

GOAL = 1.6
TICKS = os.sysconf("SC_CLK_TCK")


def keep_on(pid: int, processor: int) -> None:
    """Let a database, and all that it starts from now on, run on one processor."""
    for each in (pid, *children_of(pid)):
        os.sched_setaffinity(each, {processor})


def seconds_of(pid: int) -> float:
    """The processor time of a database so far, with that of connections that have ended."""

    def ticks(each: int, *, ended: bool) -> int:
        try:
            found = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return sum(map(int, found[11 : 15 if ended else 13]))

    return (ticks(pid, ended=True) + sum(ticks(each, ended=False) for each in children_of(pid))) / TICKS


class Load:
    """Clients that ask a server for pages of tasks as fast as they are answered."""

    def __init__(self, client: Client, project: str, clients: int) -> None:
        self._client, self._clients = client, clients
        self._path = f"/data/tasks?project_id={project}&limit=500&page="

    def run(self, seconds: float) -> int:
        """Ask for so long; the number of answers."""
        until, counts = time.monotonic() + seconds, [0] * self._clients

        def ask(number: int) -> None:
            while time.monotonic() < until:
                with self._client.open("GET", f"{self._path}{1 + counts[number] % 20}") as answer:
                    answer.read()
                counts[number] += 1

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(self._clients)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return sum(counts)


def measure(load: Load, pair: Pair, seconds: float) -> tuple[float, float, float]:
    """Answers a second, and the processor time of the primary and of the replica for a thousand of them."""
    pids = [pair.primary.pid or 0, pair.replica.server.pid or 0]
    before, began = [seconds_of(pid) for pid in pids], time.monotonic()
    answers = load.run(seconds)
    took = time.monotonic() - began
    primary, replica = (seconds_of(pid) - was for pid, was in zip(pids, before, strict=True))
    return answers / took, 1000 * primary / answers, 1000 * replica / answers


def main() -> None:
    """Run it all in a directory that is removed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("tasks", 20_000), ("clients", 12), ("seconds", 8), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="zou-replica-"))
    place.chmod(0o711)
    try:
        with ExitStack() as stack:
            compare(stack, place, options)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def compare(stack: ExitStack, place: Path, options: argparse.Namespace) -> None:
    """Ask a server without the replica and one with it in turns."""
    pair = stack.enter_context(replicated(place))
    variables: dict[str, Any] = {"DATABASE_URL": pair.url, "ZOU_SERVER_SECRET_KEY": SECRET}
    with_replica = {**variables, "ZOU_SERVER_READ_DATABASE_URL": pair.replica.url}
    alone = stack.enter_context(RunningServer(place / "alone", "--no-worker", workers=2, **variables))
    both = stack.enter_context(RunningServer(place / "both", "--no-worker", workers=2, **with_replica))
    client = Client(alone.url, alone.credentials["email"], alone.credentials["password"])
    other = Client.__new__(Client)
    other.url, other.token = both.url, client.token
    project = client.call("POST", "/data/projects", {"name": "Measured"})["id"]
    engine = make_engine(Settings.from_env({}, database_url=pair.url, data_dir=place / "unused"))
    make_tasks(engine, project, options.tasks)
    engine.dispose()
    catches_up(pair)
    wait_until(lambda: other.call("GET", "/health/ready")["replica"] == "used", "the replica is used")
    processors = sorted(os.sched_getaffinity(0))
    keep_on(pair.primary.pid or 0, processors[0])
    keep_on(pair.replica.server.pid or 0, processors[-1])
    loads = {"primary alone": Load(client, project, options.clients)}
    loads["with a replica"] = Load(other, project, options.clients)
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in loads}
    for _ in range(options.rounds):
        for name, load in loads.items():
            load.run(1.0)
            found[name].append(measure(load, pair, options.seconds))
            rate, primary, replica = found[name][-1]
            figures = f"{rate:7.1f} answers/s   primary {primary:6.2f} s, replica {replica:6.2f} s for 1,000"
            print(f"{name:16}{figures}", flush=True)
    report(found["primary alone"], found["with a replica"])


def report(alone: list[tuple[float, float, float]], both: list[tuple[float, float, float]]) -> None:
    """Print how many times as much there is with the replica."""
    rates = [sorted(each[0] for each in found)[len(found) // 2] for found in (alone, both)]
    dearest = [sorted(max(each[1:]) for each in found)[len(found) // 2] for found in (alone, both)]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"answers a second: {rates[1] / rates[0]:.2f}x ({load})")
    ratio = dearest[0] / dearest[1]
    print(
        f"{'ok ' if ratio >= GOAL else 'BAD'} by the busier database's processor: {ratio:.2f}x (goal {GOAL})"
    )


if __name__ == "__main__":
    main()
