"""A primary and its streaming replica on this machine, and the four clients of one server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gazu
import psycopg2
import requests
import shotgun_api3
from sqlalchemy import make_url

from tests.clients.shotrunner.site import classes
from tests.processes import children_of, command_of
from tests.waiting import wait_until
from zou_server.adapters.postgres.embedded import SUPERUSER, SUPERUSER_SECRET, EmbeddedPostgres
from zou_server.adapters.postgres.programs import find_programs, reachable_programs, user_for

TOKEN = "metrics-token"
SECRET = "one key for all machines, long enough to sign with"


class Replica:
    """A copy of a cluster that follows it."""

    def __init__(self, data_dir: Path) -> None:
        self.server = EmbeddedPostgres(data_dir, durable=False)
        self.url = self.server.start()

    def ask(self, statement: str) -> Any:
        """The first value that its superuser is answered."""
        return ask_as_superuser(self.url, self.server.data_dir.parent / "primary", statement)

    def pause(self) -> None:
        """Show nothing newer than now, and go on answering."""
        self.ask("SELECT pg_wal_replay_pause()")
        paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
        wait_until(lambda: self.ask(paused), "the replay is paused")

    def resume(self) -> None:
        """Catch up."""
        self.ask("SELECT pg_wal_replay_resume()")

    def freeze(self) -> None:
        """Keep the connections and say nothing any more."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def _processes(self) -> list[int]:
        pid = self.server.pid
        assert pid is not None
        below = children_of(pid)
        return [pid, *(each for each in below if b"postgres" in command_of(each))]


class Pair:
    """A primary and its replica; `replicas` are all that were made."""

    def __init__(self, place: Path) -> None:
        self._place = place
        (place / "primary").mkdir(mode=0o711)
        self.primary = EmbeddedPostgres(place / "primary", durable=False)
        self.url = self.primary.start()
        # An acknowledged commit is in the log that replicas get, as in any studio.
        self.ask("ALTER ROLE zou_server SET synchronous_commit = on")
        self._copy()
        self.replica = Replica(place / "replica")

    def ask(self, statement: str) -> Any:
        """The first value that the primary's superuser is answered."""
        return ask_as_superuser(self.url, self._place / "primary", statement)

    def stop(self) -> None:
        """Stop both."""
        self.replica.server.stop()
        self.primary.stop()

    def _copy(self) -> None:
        """Take a base backup that follows the primary when it is started."""
        target = self._place / "replica"
        target.mkdir(mode=0o711)
        shutil.copy(self._place / "primary" / "postgres.password", target)
        user = user_for(self._place / "primary")
        programs = reachable_programs(find_programs(), user, self._place / "primary")
        if user is not None:
            os.chown(target, user.uid, user.gid)
        where = make_url(self.url)
        subprocess.run(
            [
                programs.path("pg_basebackup"),
                *("--pgdata", str(target / "postgres"), "--write-recovery-conf", "--checkpoint=fast"),
                *("--host", str(where.query["host"]), "--port", str(where.query["port"])),
                *("--username", SUPERUSER, "--wal-method=stream", "--no-sync"),
            ],
            env={"PATH": os.defpath, "PGPASSWORD": _secret(self._place / "primary")},
            cwd="/",
            check=True,
            capture_output=True,
            user=None if user is None else user.uid,
            group=None if user is None else user.gid,
            extra_groups=None if user is None else [],
        )
        if user is not None:
            os.chown(target, 0, 0)


@contextmanager
def replicated(place: Path) -> Iterator[Pair]:
    """A primary and its replica, gone when the block ends."""
    pair = Pair(place)
    try:
        yield pair
    finally:
        pair.stop()


class Clients:
    """The four clients of one server, each logged in as it does by itself."""

    def __init__(self, url: str, keys: dict[str, str]) -> None:
        self.url, self._keys = url, keys
        self.zou = gazu.client.create_client(f"{url}/api")
        gazu.log_in(keys["email"], keys["password"], client=self.zou)
        self._sg: Any = shotgun_api3.Shotgun(url, keys["script_name"], keys["script_key"])
        self.sr = classes(url, "json", keys["email"], keys["password"])

    @property
    def sg(self) -> Any:
        """shotgun_api3, with a connection that no server has closed because nothing came."""
        self._sg.close()
        return self._sg

    def session(self) -> Any:
        """A session of ftrack_api with nothing cached."""
        return session_at(self.url, self._keys)

    def close(self) -> None:
        """Let go of the connections."""
        self._sg.close()
        self.zou.session.close()


def session_at(url: str, keys: dict[str, str]) -> Any:
    """A session of ftrack_api with nothing cached."""
    with warnings.catch_warnings(action="ignore"):
        import ftrack_api  # noqa: PLC0415 - it, or what it needs, warns when it is imported
    options = {"auto_connect_event_hub": False, "plugin_paths": [], "schema_cache_path": False}
    return ftrack_api.Session(url, keys["api_key"], keys["api_user"], **options)


def ask_as_superuser(url: str, data_dir: Path, statement: str) -> Any:
    """The first value that a superuser is answered; None for nothing."""
    where = make_url(url)
    connection = psycopg2.connect(
        host=where.query["host"],
        port=where.query["port"],
        user=SUPERUSER,
        password=_secret(data_dir),
        dbname=where.database,
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            return rows[0][0] if rows else None
    finally:
        connection.close()


def metric(url: str, name: str) -> float:
    """The value of a metric, 0 when there is none."""
    answer = requests.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
    found = [line.split()[-1] for line in answer.text.splitlines() if line.startswith(name + " ")]
    return float(found[0]) if found else 0.0


def replica_of(url: str) -> str:
    """What a server says of its replica."""
    answer: dict[str, str] = requests.get(f"{url}/health/ready", timeout=30).json()
    return answer.get("replica", "none")


def catches_up(pair: Pair) -> None:
    """Wait until the replica shows all that the primary has."""
    position = pair.ask("SELECT pg_current_wal_insert_lsn()")
    shows = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    wait_until(lambda: pair.replica.ask(shows), "the replica has caught up")


def _secret(data_dir: Path) -> str:
    return (data_dir / SUPERUSER_SECRET).read_text().strip()
