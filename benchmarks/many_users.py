"""What 64 people at once get from a big studio, four of them vendors; prints each figure beside its goal.

    python benchmarks/many_users.py [--tasks 1000000] [--keep DIRECTORY] [--seconds 60] [--users 64]

Everybody asks without thinking in between, over a connection that is kept: mostly single rows, comments and
pages, now and then what a page of Kitsu opens with, seldom all shots with their tasks. Two web processes; the
clients run on the same machine. Goals are for a quiet machine with two cores and a million tasks.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import random
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from big_studio import Door, Site
from under_load import PROBLEMS, say

from tests.big_studio.questions import QUESTIONS, Keys, Question, Zou

VENDORS = 4
WARM = 20.0
"""Seconds that are not counted: each statement is put together once."""
PROCESSES = 2
_NAMED = {question.name: question for question in QUESTIONS}
COMMENT = Question(
    "a comment posted", Zou("/actions/tasks/{task}/comment", {"comment": "Seen", "task_status_id": "{wip}"})
)
MIX: tuple[tuple[float, Question], ...] = (
    (20, _NAMED["one task"]),
    (15, _NAMED["comments of a task"]),
    (10, _NAMED["page of 100 tasks by cursor"]),
    (10, _NAMED["shots of a sequence"]),
    (8, COMMENT),
    (5, _NAMED["last 100 events"]),
    (8, _NAMED["Shotgun: tasks by three links"]),
    (3, _NAMED["user context"]),
    (3, _NAMED["my tasks"]),
    (3, _NAMED["casting of a sequence"]),
    (2, _NAMED["search for a shot"]),
    (0.3, _NAMED["shots with their tasks"]),
)
"""How often each is asked, and what."""


@dataclass(frozen=True)
class Asked:
    """One answer: what was asked, how long it took, and its status (0 for one that never came)."""

    name: str
    seconds: float
    status: int


def _ask_on(door: Door, keys: Keys, until: float, lot: random.Random) -> list[Asked]:
    found: list[Asked] = []
    weights = [weight for weight, _ in MIX]
    questions = [question for _, question in MIX]
    while time.time() < until:
        question = lot.choices(questions, weights)[0]
        start = time.perf_counter()
        try:
            question.how.ask(keys, door.send)
            status = 200
        except (RuntimeError, OSError) as error:
            words = str(error).split()
            status = int(words[2]) if len(words) > 2 and words[2].isdigit() else 0
        found.append(Asked(question.name, time.perf_counter() - start, status))
    return found


def _work(address: str, keys: list[Keys], until: float, seed: int, answers: Any) -> None:
    """Several people in one process, each in a thread."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - of the process that was started

    with ThreadPoolExecutor(len(keys)) as pool:
        asked = [
            pool.submit(_ask_on, Door(address), each, until, random.Random(f"{seed} {index}"))  # noqa: S311
            for index, each in enumerate(keys)
        ]
        answers.put([answer for each in asked for answer in each.result()])


def people(site: Site, users: int) -> list[Keys]:
    """Who asks: artists, a few managers and an administrator, and vendors."""
    vendors = [site.keys[("vendor", "vendor3k")[index % 2]] for index in range(VENDORS)]
    staff = [site.keys[("artist", "artist", "artist", "manager")[index % 4]] for index in range(users)]
    return (vendors + staff)[:users]


def load(site: Site, users: int, seconds: float) -> list[Asked]:
    """Everybody's answers in so many seconds."""
    spawn = multiprocessing.get_context("spawn")
    answers: Any = spawn.Queue()
    everybody = people(site, users)
    until = time.time() + seconds + 3
    workers = [
        spawn.Process(
            target=_work, args=(site.door.address, everybody[part::PROCESSES], until, part, answers)
        )
        for part in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    found = [answer for _ in workers for answer in answers.get()]
    for worker in workers:
        worker.join()
    return found


def report(asked: list[Asked], seconds: float) -> None:
    """Print the figures of all answers, and of each question."""
    good = [each for each in asked if each.status == 200]
    times = sorted(each.seconds * 1000 for each in good)
    p95 = statistics.quantiles(times, n=100)[94]
    rate = len(good) / seconds
    say("answers a second: >= 350", f"{rate:.0f}", good=rate >= 350)
    say(
        "95 of 100 come within 500 ms",
        f"{p95:.0f} ms, median {statistics.median(times):.0f}",
        good=p95 <= 500,
    )
    broken = [each for each in asked if each.status >= 500 or not each.status]
    say("answers that are errors of the server: none", str(len(broken)), good=not broken)
    print("statuses", json.dumps(collections.Counter(each.status for each in asked)))
    for name in dict.fromkeys(question.name for _, question in MIX):
        theirs = sorted(each.seconds * 1000 for each in good if each.name == name)
        if theirs:
            middle, most = statistics.median(theirs), theirs[-1]
            print(f"     {name:40} {len(theirs):6} answers, median {middle:8.1f} ms, at most {most:8.0f} ms")


def main() -> None:
    """Fill the studio, or find it, and ask."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, required=True, help="where the studio is kept, and found again")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--users", type=int, default=64)
    wanted = parser.parse_args()
    wanted.keep.mkdir(exist_ok=True)
    wanted.keep.chmod(0o711)
    site = Site(wanted.keep / "big", wanted.tasks, workers=2)
    try:
        load(site, wanted.users, WARM)
        report(load(site, wanted.users, wanted.seconds), wanted.seconds)
    finally:
        site.server.stop()
    sys.exit(f"{len(PROBLEMS)} of these figures miss their goal" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
