"""Processes of this machine as tests look at them, by what Linux says of them in /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from tests.waiting import wait_until


def processes_below(pid: int) -> list[int]:
    """All processes that descend from a process, each before its own."""
    found: list[int] = []
    for child in children_of(pid):
        found += [child, *processes_below(child)]
    return found


def children_of(pid: int) -> list[int]:
    """The processes that a process started itself."""
    states = Path("/proc").glob("[0-9]*/stat")
    return [child for child in (int(state.parent.name) for state in states) if parent_of(child) == pid]


def parent_of(pid: int) -> int:
    """The parent of a process; 0 when it is gone."""
    return int(_state(pid)[1])


def is_alive(pid: int) -> bool:
    """Whether a process has not ended; one that nobody has waited for has."""
    return _state(pid)[0] not in ("", "Z", "X")


def ended(pids: list[int]) -> bool:
    """Wait until none of the processes lives."""
    return bool(wait_until(lambda: not any(map(is_alive, pids)), f"some of {pids} live"))


def command_of(pid: int) -> bytes:
    """The command line of a process; empty when it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def processor_seconds_of(pid: int) -> float:
    """What a process itself has taken of the processors so far, in seconds; 0 when it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def memory_of(pid: int) -> int:
    """The bytes that a process has in memory."""
    return _bytes(pid, "VmRSS")


def most_memory_of(pid: int) -> int:
    """The most bytes that a process has had in memory at once, since `forget_most_memory`."""
    return _bytes(pid, "VmHWM")


def forget_most_memory(pid: int) -> None:
    """Let what a process has in memory now be the most that it has had."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _bytes(pid: int, key: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(key))) * 1024


def _state(pid: int) -> tuple[str, str]:
    """The letter for what a process does and the number of its parent."""
    with suppress(OSError):
        letter, parent = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
        return letter, parent
    return "", "0"
