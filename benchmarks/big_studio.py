"""The same questions asked of a small and of a big studio, in turns; prints how their cost grows.

    python benchmarks/big_studio.py [--tasks 1000000] [--keep DIRECTORY] [--times 15] [--only WORD]

The small studio is that of `zou-server serve --demo`, the big one is filled by SQL. Both are asked over
connections that are kept. For each question and each who asks: the middle time of both, their ratio beside
its bound, the part of it that PostgreSQL took, and the size of the big answer. Where the answer grows, the
ratio is that of the time for each byte of it.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, make_url, text
from under_load import PROBLEMS

from tests.big_studio.fill import fill
from tests.big_studio.log import LOG
from tests.big_studio.people import ASKERS, settle
from tests.big_studio.questions import QUESTIONS, Keys, Question, log_in
from tests.big_studio.sizes import Size
from tests.operations.weather import web_of
from tests.processes import memory_of
from tests.servers import RunningServer
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.embedded import SUPERUSER, SUPERUSER_SECRET, running_url
from zou_server.settings import Settings

ROWS = ("object", "task", "note", "assignation", "notification", "version", "preview_file", "object_link")
WEIGHT = """
SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint, (SELECT count(*) FROM "{name}")
FROM (SELECT relid FROM pg_partition_tree('{name}') WHERE isleaf UNION SELECT '{name}'::regclass) part
"""
LONG = 3.0
"""Seconds after which a question is asked a few times only."""


@dataclass
class Door:
    """One kept connection, and what the last answer said of the time it took."""

    address: str
    sql: float = 0.0

    def __post_init__(self) -> None:
        """Connect."""
        self._connection = http.client.HTTPConnection(self.address, timeout=600)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
        """Send a request and read its whole answer."""
        answer = self._answer(method, path, headers, body)
        whole = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {whole[:300].decode(errors='replace')}")
        said = answer.getheader("Server-Timing") or ""
        parts = dict(part.partition(";dur=")[::2] for part in said.split(", ") if part)
        self.sql = float(parts.get("run", 0.0))
        return whole

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> http.client.HTTPResponse:
        """The beginning of the answer; a connection that was idle for too long is made anew."""
        for is_last in (False, True):
            try:
                self._connection.request(method, path, body, dict(headers))
                return self._connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.__post_init__()
                if is_last:
                    raise
        raise AssertionError


def marker_of(directory: Path) -> Path:
    """The file that says with how many tasks a kept studio was filled, when that is done."""
    return directory.with_name(f"{directory.name}.filled")


def is_filled(directory: Path, tasks: int) -> bool:
    """Whether a studio of this size is kept there; one of another, or half of one, is asked nothing."""
    if not directory.exists():
        return False
    marker = marker_of(directory)
    had = marker.read_text() if marker.exists() else ""
    if not had:
        sys.exit(f"{directory} was not filled to its end: remove it, or keep the studios elsewhere")
    if had != str(tasks):
        sys.exit(f"{directory} was filled with {had} tasks: ask for as many, or keep the studios elsewhere")
    return True


class Site:
    """A served studio, everybody's keys, and somebody who changes something."""

    def __init__(self, directory: Path, tasks: int, *arguments: str, workers: int = 1) -> None:
        """Start the server, and fill its studio where that was not done before."""
        is_new = not is_filled(directory, tasks)
        self.server = RunningServer(
            directory, *arguments, workers=workers, ZOU_SERVER_SERVER_TIMING="true"
        ).start()
        url = running_url(self.server.data_dir)
        assert url is not None
        settings = Settings.from_env({}, database_url=url, data_dir=directory)
        self.engine: Engine = make_engine(settings, statement_timeout="0")
        if is_new and tasks:
            fill(self._trusted_engine(url, settings), Size(tasks=tasks), print)
        marker_of(directory).write_text(str(tasks))
        self.door = Door(urlsplit(self.server.url).netloc)
        self.keys = {name: log_in(caller, self.door.send) for name, caller in settle(self.engine).items()}

    def _trusted_engine(self, url: str, settings: Settings) -> Engine:
        """An engine of who may say that foreign keys are right without a look at each row."""
        secret = (self.server.data_dir / SUPERUSER_SECRET).read_text().strip()
        trusted = make_url(url).set(username=SUPERUSER, password=secret)
        whole = trusted.render_as_string(hide_password=False)
        return make_engine(replace(settings, database_url=whole), statement_timeout="0")

    def ask(self, question: Question, keys: Keys) -> tuple[float, float, int]:
        """The seconds that an answer took, those of PostgreSQL, and its size."""
        if question.after_change:
            self._change()
        start = time.perf_counter()
        answer = question.how.ask(keys, self.door.send)
        return time.perf_counter() - start, self.door.sql / 1000, len(answer)

    def _change(self) -> None:
        admin = self.keys["admin"]
        headers = {"Authorization": f"Bearer {admin.bearer}", "Content-Type": "application/json"}
        body = b'{"description": "%d"}' % time.perf_counter_ns()
        self.door.send("PUT", f"/data/tasks/{admin.caller.places['task']}", headers, body)


@contextmanager
def sites(tasks: int, kept: Path | None) -> Iterator[tuple[Site, Site]]:
    """The small studio and the big one."""
    directory = kept or Path(tempfile.mkdtemp(prefix="zou-big-"))
    directory.mkdir(exist_ok=True)
    directory.chmod(0o711)
    found: list[Site] = []
    try:
        found.append(Site(directory / "small", 0, "--demo"))
        found.append(Site(directory / "big", tasks))
        yield found[0], found[1]
    finally:
        for site in found:
            site.server.stop()
        if not kept:
            shutil.rmtree(directory, ignore_errors=True)


def compare(question: Question, who: str, small: Site, big: Site, times: int) -> None:
    """Ask both in turns and print a line."""
    try:
        first = big.ask(question, big.keys[who])[0]
    except RuntimeError as error:
        PROBLEMS.append(f"{question.name} ({who}): {error}")
        print(f"BAD  {question.name:42} {who:9} {error}", flush=True)
        return
    small.ask(question, small.keys[who])
    rounds = 1 if first > 5 * LONG else 3 if first > LONG else times
    asked = [(small.ask(question, small.keys[who]), big.ask(question, big.keys[who])) for _ in range(rounds)]
    (little, _, bytes_before), (much, sql, size) = (
        tuple(statistics.median(each[site][part] for each in asked) for part in range(3)) for site in (0, 1)
    )
    ratio = much / little / (max(size / bytes_before, 1) if question.grows else 1)
    is_good = ratio <= question.bound
    if not is_good:
        PROBLEMS.append(f"{question.name} ({who})")
    print(
        f"{'ok  ' if is_good else 'BAD '} {question.name:42} {who:9}"
        f" {little * 1000:8.1f} {much * 1000:9.1f} ms"
        f" {ratio:7.1f}{'/B' if question.grows else '  '} <= {question.bound:5.1f}"
        f"  SQL {sql * 1000:8.1f}  {size / 1024:8.0f} kB",
        flush=True,
    )


def weigh(site: Site) -> None:
    """Print what its database takes on the disk, its log, and one row of the tables that grow most."""
    with site.engine.connect() as connection:
        tasks = connection.scalar(text("SELECT count(*) FROM task"))
        whole = connection.scalar(text("SELECT pg_database_size(current_database())"))
        print(
            f"{tasks} tasks with all that hangs on them: {whole / 1e6:.0f} MB, {whole / tasks:.0f} bytes each"
        )
        for name in (*LOG, *ROWS):
            size, count = connection.execute(text(WEIGHT.format(name=name))).one()
            print(f"{name:16} {count:10} rows {size / 1e6:8.0f} MB, {size / max(count, 1):6.0f} bytes each")


def main() -> None:
    """Weigh the big one, and ask everything of both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="where the studios are kept, and found again")
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--only", default="", help="ask questions with this word alone")
    parser.add_argument("--who", choices=tuple(ASKERS), help="ask as one alone")
    wanted = parser.parse_args()
    with sites(wanted.tasks, wanted.keep) as (small, big):
        weigh(big)
        for question in QUESTIONS:
            if wanted.only.lower() in question.name.lower():
                for who in question.askers:
                    if wanted.who in (None, who):
                        compare(question, who, small, big, wanted.times)
        _, (worker,) = web_of(big.server)
        print(f"the web process that answered has {memory_of(worker) / 1e6:.0f} MB")
    sys.exit("\n".join([f"{len(PROBLEMS)} miss their bound:", *PROBLEMS]) if PROBLEMS else 0)


if __name__ == "__main__":
    main()
