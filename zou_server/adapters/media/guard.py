"""Runs one command with limits, and ends it when whoever asked for it is gone.

    python -I -S guard.py SECONDS BYTES COMMAND ...

A decoder that meets a hostile file may hang, crash or eat all memory: none of that reaches the process
that asked. Our standard input is a pipe that only that process holds: it ends when that process does, be
it killed, and then the command is killed too. This file needs the standard library alone and starts fast.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
import sys
import time

TOO_LONG = 124
ABANDONED = 125
NICE = 10


def main(seconds: float, memory: int, command: list[str]) -> int:
    """Run the command and return its exit status, or TOO_LONG, or ABANDONED."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _limit(memory)
    with subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        command, stdin=subprocess.DEVNULL, start_new_session=True
    ) as child:
        deadline = time.monotonic() + seconds
        while child.poll() is None:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([0, woken], [], [], max(0.0, left))
            if woken in ready:
                os.read(woken, 64)
            elif left <= 0 or (0 in ready and not os.read(0, 64)):
                _kill(child)
                return TOO_LONG if left <= 0 else ABANDONED
        return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _limit(memory: int) -> None:
    """Step back behind the processes that answer requests, and take no more than so much memory."""
    os.nice(NICE)
    with contextlib.suppress(OSError, ValueError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
