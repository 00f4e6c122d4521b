"""Kitsu's big pages, and single creates and comments, beside another server of the same API.

    python benchmarks/kitsu_pages.py --ours URL/api EMAIL PASSWORD --other URL EMAIL PASSWORD
        [--shots 500] [--comments 3000] [--episodes 40] [--rounds 3] [--seconds 2] [--connections 8]

Both get the same production by the same calls. Every figure is taken in turns on one kept connection each, by
plain HTTP without a client library; printed are the median time of each, and the ratios pair by pair. What a
server says of its stages (ZOU_SERVER_SERVER_TIMING=1) is printed for a create and a comment. With more
connections the pages are asked for by as many at once, by Debian's `wrk`: the time is then that of the server
for one answer while it gives others.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

STEPS = 3
AT_ONCE = 100
CALLS = 40
"""Creates of one kind in a turn."""
_STAGE = re.compile(r"([\w-]+);dur=([\d.]+)")


@dataclass
class Site:
    """A server, and the production that was made on it."""

    url: str
    line: http.client.HTTPConnection
    token: str
    made: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, about: str = "") -> Any:
        """What a request answers, on the kept connection."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        try:
            answer, text = self._answer(method, path, sent, headers)
        except (http.client.RemoteDisconnected, ConnectionError):  # idle for too long, while the other worked
            self.line.close()
            answer, text = self._answer(method, path, sent, headers)
        if answer.status >= http.client.BAD_REQUEST:
            raise SystemExit(f"{self.url}: {method} {path}: {answer.status} {text[:300]!r}")
        timing = answer.getheader("Server-Timing")
        if about and timing:
            found = {name: float(ms) for name, ms in _STAGE.findall(timing)}
            self.stages.setdefault(about, []).append(found)
        return json.loads(text) if text else None

    def _answer(
        self, method: str, path: str, sent: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self.line.request(method, f"{urlsplit(self.url).path}{path}", sent, dict(headers))
        answer = self.line.getresponse()
        return answer, answer.read()


def site(url: str, email: str, password: str) -> Site:
    """Log in at a server."""
    parts = urlsplit(url)
    found = Site(url.rstrip("/"), http.client.HTTPConnection(parts.netloc, timeout=600), "")
    found.token = found.ask("POST", "/auth/login", {"email": email, "password": password})["access_token"]
    return found


def populate(on: Site, sizes: argparse.Namespace) -> None:
    """Make the production that the pages are about."""
    ask, made = on.ask, on.made
    person = made["person"] = ask("GET", "/auth/authenticated")["user"]["id"]
    steps = [each for each in ask("GET", "/data/task-types") if each["for_entity"] == "Shot"][:STEPS]
    statuses = ask("GET", "/data/task-status")
    made["status"] = next(each["id"] for each in statuses if each["short_name"] == "wip")
    values = {"name": f"Beside {time.time_ns()}", "production_type": "tvshow"}
    project = made["project"] = ask("POST", "/data/projects", values)["id"]
    for step in steps:
        body = {"task_type_id": step["id"], "priority": 1}
        ask("POST", f"/data/projects/{project}/settings/task-types", body)
    ask("POST", f"/data/projects/{project}/team", {"person_id": person})
    made["step"], made["shots"], made["tasks"] = steps[0]["id"], [], []
    for number in range(sizes.episodes):
        episode = ask("POST", f"/data/projects/{project}/episodes", {"name": f"E{number:04}"})["id"]
        values = {"name": "SQ010", "episode_id": episode}
        made["sequence"] = ask("POST", f"/data/projects/{project}/sequences", values)["id"]
        for place in range(sizes.shots // sizes.episodes):
            places: dict[str, Any] = {
                "name": f"SH{place:04}",
                "sequence_id": made["sequence"],
                "nb_frames": 100,
            }
            made["shots"].append(ask("POST", f"/data/projects/{project}/shots", places)["id"])
    for step in steps:
        path = f"/actions/projects/{project}/task-types/{step['id']}/shots/create-tasks"
        made["tasks"] += [each["id"] for each in ask("POST", path, [])]
    _talk(on, sizes.comments)
    _takes(on)
    ask("PUT", f"/actions/persons/{person}/assign", {"task_ids": made["tasks"][:AT_ONCE]})
    for number, task in enumerate(made["tasks"][:AT_ONCE]):
        day = dt.date.today() - dt.timedelta(days=number)  # noqa: DTZ011 - any day will do
        ask("POST", f"/actions/tasks/{task}/time-spents/{day}/persons/{person}", {"duration": 60})


def _talk(on: Site, count: int) -> None:
    tasks = on.made["tasks"]
    for first in range(0, count, AT_ONCE):
        body = [
            {"object_id": tasks[number % len(tasks)], "task_status_id": on.made["status"], "comment": "seen"}
            for number in range(first, min(first + AT_ONCE, count))
        ]
        on.ask("POST", f"/actions/projects/{on.made['project']}/tasks/comment-many", body)


def _takes(on: Site) -> None:
    """A take of every shot, and a playlist of them all."""
    entries = []
    for shot, task in zip(on.made["shots"], on.made["tasks"], strict=False):
        body = {"task_status_id": on.made["status"], "comment": "a take"}
        note = on.ask("POST", f"/actions/tasks/{task}/comment", body)["id"]
        take = on.ask("POST", f"/actions/tasks/{task}/comments/{note}/add-preview", {})["id"]
        entries.append({"entity_id": shot, "preview_file_id": take})
    values = {"name": "All", "project_id": on.made["project"], "for_entity": "shot", "shots": entries}
    on.made["playlist"] = on.ask("POST", "/data/playlists/", values)["id"]


def pages(of: Mapping[str, Any]) -> dict[str, str]:
    """The pages, by what they show."""
    project, step, year = of["project"], of["step"], dt.date.today().year  # noqa: DTZ011
    return {
        "task-type page": f"/data/projects/{project}/schedule-items/{step}/sequences",
        "tasks of a step": f"/data/shots/with-tasks?project_id={project}",
        "production schedule": f"/data/projects/{project}/schedule-items/task-types",
        "playlist with all takes": f"/data/projects/{project}/playlists/{of['playlist']}",
        "news, first page": f"/data/projects/{project}/news?page_size=50&page=1",
        "quotas by month": f"/data/projects/{project}/quotas/{step}?detail=month&count_mode=weighted",
        "quotas of a year": f"/data/persons/{of['person']}/time-spents/year/{year}?project_id={project}",
        "statistics of episodes": f"/data/projects/{project}/episodes/stats",
        "retakes of episodes": f"/data/projects/{project}/episodes/retake-stats",
        "a page of 100 tasks": f"/data/tasks?project_id={project}&page=1",
    }


def creates(number: Iterator[int]) -> dict[str, Callable[[Site], None]]:
    """Single changes, each one call."""

    def shot(on: Site) -> None:
        values = {"name": f"New{next(number):05}", "sequence_id": on.made["sequence"]}
        on.ask("POST", f"/data/projects/{on.made['project']}/shots", values, "create a shot")

    def comment(on: Site) -> None:
        task = on.made["tasks"][next(number) % len(on.made["tasks"])]
        body = {"task_status_id": on.made["status"], "comment": "single"}
        on.ask("POST", f"/actions/tasks/{task}/comment", body, "comment")

    return {"create a shot": shot, "comment": comment}


def timed(work: Callable[[], object], seconds: float) -> float:
    """The mean time of a call in milliseconds, over as many as fit."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or not count:
        work()
        count += 1
    return (time.perf_counter() - began) * 1000 / count


def at_once(on: Site, path: str, connections: int) -> Callable[[float], float]:
    """How to take the mean time between two answers, in milliseconds, when many ask for a page at once."""

    def take(seconds: float) -> float:
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s"]
        call = [*wrk, "-H", f"Authorization: Bearer {on.token}", f"{on.url}{path}"]
        said = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if rate is None or "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"{on.url}{path}: {said}")
        return 1000 / float(rate[1])

    return take


def measured(name: str, takes: Sequence[Callable[[float], float]], rounds: int, seconds: float) -> None:
    """Print a figure: both in turns, and the ratio pair by pair."""
    for take in takes:
        take(0)
    pairs = [[take(seconds) for take in takes] for _ in range(rounds)]
    ours, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratios = sorted(there / here for here, there in pairs)
    middle = statistics.median(ratios)
    print(f"{name:28} {ours:10.2f} {other:10.2f} {middle:7.1f}x  {ratios[0]:.1f} to {ratios[-1]:.1f}")


def options_of() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for side in ("ours", "other"):
        parser.add_argument(f"--{side}", nargs=3, metavar=("URL", "EMAIL", "PASSWORD"), required=True)
    for name, usual in (
        ("shots", 500),
        ("comments", 3000),
        ("episodes", 40),
        ("rounds", 3),
        ("connections", 1),
    ):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--seconds", type=float, default=2.0)
    return parser.parse_args()


def main() -> None:
    """Make the productions and print the figures."""
    options = options_of()
    sites = [site(*options.ours), site(*options.other)]
    for each in sites:
        populate(each, options)
    print(f"load {os.getloadavg()[0]:.1f}\n{'milliseconds':28} {'ours':>10} {'other':>10} {'ratio':>8}")
    both = [pages(each.made) for each in sites]
    for name in both[0]:
        asked = [(on, paths[name]) for on, paths in zip(sites, both, strict=True)]
        takes: list[Callable[[float], float]] = [partial(timed, partial(on.ask, "GET", p)) for on, p in asked]
        for on, path in asked:
            on.ask("GET", path)  # the first answer of some pages makes rows
        if options.connections > 1:
            takes = [at_once(on, path, options.connections) for on, path in asked]
        measured(name, takes, options.rounds, options.seconds)
    for name, work in creates(iter(range(10**6))).items():
        takes = [partial(timed, partial(work, on)) for on in sites]
        measured(name, takes, options.rounds, options.seconds)
    for name, found in sites[0].stages.items():
        stages = {key: statistics.median(each.get(key, 0.0) for each in found) for key in found[-1]}
        print(f"{name}: " + ", ".join(f"{key} {value:.2f} ms" for key, value in stages.items()))
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
