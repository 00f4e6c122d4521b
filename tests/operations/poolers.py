"""PgBouncer in transaction mode before the suite's PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from zou_server.adapters.postgres_programs import user_for

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
SESSIONS = 3
"""Sessions of the database that all clients share: fewer than a server opens connections."""
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} password={password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 500
"""


@contextmanager
def pooled(url: str, place: Path) -> Iterator[str]:
    """The address of the same database through a pooler, until the block ends."""
    assert PROGRAM is not None
    where, own_port = make_url(url), free_port()
    user = user_for(place)
    file = place / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            host=where.query["host"],
            port=where.query["port"],
            user=where.username,
            password=where.password,
            own_port=own_port,
            sessions=SESSIONS,
        )
    )
    if user is not None:
        os.chown(file, user.uid, user.gid)
    with (place / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, str(file)],
            stdout=log,
            stderr=log,
            user=None if user is None else user.uid,
            group=None if user is None else user.gid,
            extra_groups=None if user is None else [],
        )
        try:
            _wait_for(own_port, process)
            yield f"postgresql://{where.username}@127.0.0.1:{own_port}/{where.database}"
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "pgbouncer ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError
