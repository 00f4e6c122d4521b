"""What 64 people at once get from a big studio, four of them vendors; prints each figure beside its goal.

    python benchmarks/many_users.py --keep DIRECTORY [--seconds 60] [--users 64] [--big-answer]

Everybody asks without thinking in between, over a connection that is kept: mostly single rows, comments and
pages, now and then what a page of Kitsu opens with, seldom all shots with their tasks; each about another
task. Two web processes; clients run on the same machine. With `--big-answer` an administrator asks for all
shots with their tasks, first alone and then beside everybody else, and the ratio of both alone is printed.
Goals are for a quiet machine with two cores and a million tasks.
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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sqlalchemy as sa
from big_studio import Door, Site
from under_load import PROBLEMS, say

from tests.big_studio.questions import QUESTIONS, Keys, Question, Zou
from tests.operations.weather import postmaster_of, web_of
from tests.processes import children_of, processor_seconds_of

VENDORS = 4
WARM = 20.0
"""Seconds that are not counted: each statement is put together once."""
ALONE = 5
"""Times that a big answer is asked for before anybody else asks."""
SETTLED = 5.0
"""Seconds after which everybody asks."""
PROCESSES = 2
_NAMED = {question.name: question for question in QUESTIONS}
COMMENT = Question(
    "a comment posted", Zou("/actions/tasks/{task}/comment", {"comment": "Seen", "task_status_id": "{wip}"})
)
CHANGE = Question(
    "a task changed", Zou("/data/tasks/{task}", {"description": "Layers to be named"}, method="PUT")
)
MIX: tuple[tuple[float, Question], ...] = (
    (20, _NAMED["one task"]),
    (15, _NAMED["comments of a task"]),
    (10, _NAMED["page of 100 tasks by cursor"]),
    (10, _NAMED["shots of a sequence"]),
    (8, COMMENT),
    (5, CHANGE),
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
    return [_about_another(site, keys, index) for index, keys in enumerate((vendors + staff)[:users])]


_TASKS = sa.text("""
SELECT t.id FROM task t WHERE t.project_id = :project AND t.deleted_at IS NULL
   AND (:is_lead OR t.id IN (SELECT task_id FROM assignation WHERE person_id = :person))
ORDER BY EXISTS (SELECT FROM note n WHERE n.object_id = t.id AND n.text = 'Seen'), t.id OFFSET :index LIMIT 1
""")


def _about_another(site: Site, keys: Keys, index: int) -> Keys:
    """The same keys, and a task of their own: who comments on one waits for others that do.

    One that was not commented on by a run before, while there are such: its comments are asked for too.
    """
    places = keys.caller.places
    asked = {"project": places["project"], "person": places["person"], "index": index}
    with site.engine.connect() as connection:
        task = connection.scalar(_TASKS, {**asked, "is_lead": keys is site.keys["manager"]})
    return replace(keys, caller=replace(keys.caller, places={**places, "task": task}))


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


def beside_others(site: Site, users: int, seconds: float) -> None:
    """Print how much longer a big answer takes while everybody else asks, for as long as they do."""
    door, question = Door(site.door.address), _NAMED["shots with their tasks"]

    def once() -> float:
        start = time.perf_counter()
        question.how.ask(site.keys["admin"], door.send)
        return time.perf_counter() - start

    alone = statistics.median([once() for _ in range(ALONE)])
    until = time.time() + seconds
    with ThreadPoolExecutor(1) as others:
        busy = others.submit(load, site, users - 1, seconds)
        time.sleep(SETTLED)
        found = [once()]
        while time.time() + found[-1] < until:
            found.append(once())
        rate = len(busy.result()) / seconds
    ratio = statistics.median(found) / alone
    figures = (
        f"{ratio:.1f}x: {alone:.2f} s alone, {statistics.median(found):.2f} s beside {rate:.0f} answers/s"
    )
    say("a big answer beside everybody else's: within 3x", figures, good=ratio <= 3)


class Processors:
    """What of the processors' time goes into what, from when this is made."""

    def __init__(self, site: Site) -> None:
        self._database, self._web = postmaster_of(site.server), web_of(site.server)[1]
        self._began = self._taken()

    def _taken(self) -> tuple[float, float]:
        database = (self._database, *children_of(self._database))
        taken = (sum(map(processor_seconds_of, pids)) for pids in (database, self._web))
        return next(taken), next(taken)

    def show(self, answers: int) -> None:
        """Print it; connections of the database that have ended since are not counted."""
        names = ("PostgreSQL", "the web processes")
        for who, now, then in zip(names, self._taken(), self._began, strict=True):
            took = now - then
            print(f"     processor time of {who}: {took:.1f} s, {took / answers * 1000:.1f} ms an answer")


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
    parser.add_argument("--big-answer", action="store_true", help="measure a big answer beside the others")
    wanted = parser.parse_args()
    wanted.keep.mkdir(exist_ok=True)
    wanted.keep.chmod(0o711)
    site = Site(wanted.keep / "big", wanted.tasks, workers=2)
    try:
        load(site, wanted.users, WARM)
        if wanted.big_answer:
            beside_others(site, wanted.users, wanted.seconds)
            return
        processors = Processors(site)
        answers = load(site, wanted.users, wanted.seconds)
        processors.show(len(answers))
        report(answers, wanted.seconds)
    finally:
        site.server.stop()
    sys.exit(f"{len(PROBLEMS)} of these figures miss their goal" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
