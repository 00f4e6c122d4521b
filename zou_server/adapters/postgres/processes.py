"""The PostgreSQL an earlier run left behind: is it there, is it ours, and how it is stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from zou_server.adapters.is_alive import is_alive
from zou_server.adapters.postgres.programs import EmbeddedPostgresError

if TYPE_CHECKING:
    from collections.abc import Callable

STOP_SECONDS = 60.0
PR_SET_PDEATHSIG = 1
PID_LINE, SOCKET_LINE, STATE_LINE = 0, 4, 7


def pid_file_lines(cluster: Path) -> list[str]:
    """Return the lines of the file PostgreSQL describes itself in, or none when there is no such file."""
    with contextlib.suppress(FileNotFoundError):
        return (cluster / "postmaster.pid").read_text().splitlines()
    return []


def ready_socket_dir(cluster: Path, pid: int | None = None) -> Path | None:
    """Return the directory of the socket of a server that takes connections, or None.

    ``pid`` is the process it must be; without it, any that runs on this cluster.
    """
    lines = pid_file_lines(cluster)
    if len(lines) <= STATE_LINE or lines[STATE_LINE].strip() != "ready":
        return None
    found = int(lines[PID_LINE])
    is_right = found == pid if pid is not None else _serves(found, cluster)
    return Path(lines[SOCKET_LINE]) if is_right else None


def stop_left_behind(cluster: Path) -> None:
    """Stop a PostgreSQL of this cluster that outlived the process which started it.

    The caller holds the data directory's lock, so nobody else can want it. It is stopped rather than
    taken over: it may run with other options, and a child of ours ends when we do.
    """
    lines = pid_file_lines(cluster)
    if not lines or not lines[PID_LINE].strip().isdigit():
        return
    pid = int(lines[PID_LINE])
    if not is_alive(pid):
        return  # PostgreSQL sees that by itself
    if not _serves(pid, cluster):
        # After a restart of the machine the number may belong to anything, and PostgreSQL would not start.
        # It takes its parent's number for a stale one, and still looks for orphans by the other lines.
        (cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
        return
    for how in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's "fast" and "immediate" shutdown
        os.kill(pid, how)
        deadline = time.monotonic() + STOP_SECONDS / 2
        while time.monotonic() < deadline:
            if not _serves(pid, cluster):
                return
            time.sleep(0.02)
    message = f"PostgreSQL {pid} of an earlier run does not stop; end it, then start again"
    raise EmbeddedPostgresError(message)


def end_with_parent(signal_number: signal.Signals) -> Callable[[], None]:
    """Return a function for ``preexec_fn``: the child gets the signal when this process dies.

    Linux only; elsewhere the function does nothing and the next start cleans up.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_for_the_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return ask_for_the_signal


def _serves(pid: int, cluster: Path) -> bool:
    """Tell whether the process is a PostgreSQL server that was started on this cluster."""
    if sys.platform.startswith("linux"):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            return False
    else:
        answer = subprocess.run(  # noqa: S603 - a number is the only argument that varies
            ["/bin/ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, check=False
        )
        command = answer.stdout
    return b" -D " + os.fsencode(cluster) + b" " in command
