"""PgBouncer in transaction mode before the suite's PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.servers import free_port
from tests.waiting import wait_until
from zou_server.adapters.postgres.programs import user_for

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
            wait_until(lambda: _answers(own_port, process), "pgbouncer takes no connection")
            yield f"postgresql://{where.username}@127.0.0.1:{own_port}/{where.database}"
        finally:
            process.terminate()
            process.wait(30)


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "pgbouncer ended"
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
