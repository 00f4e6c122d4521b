"""Running a program that reads a file of somebody's: watched, limited, and its complaints kept short."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zou_server.adapters.media.guard import TOO_LONG

GUARD = Path(__file__).with_name("guard.py")
GIBIBYTE = 1024**3
SAID = 64 * 1024
"""As much of what a program complains of as is looked at, from the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a program may run, and how much memory it may take."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class FinishedProgram:
    """How a program ended, and the end of what it said on standard error."""

    status: int
    said: str

    @property
    def is_late(self) -> bool:
        """True when it was stopped because its time was over."""
        return self.status == TOO_LONG


def run_guarded(
    command: Sequence[str | Path], limits: Limits, on_line: Callable[[str], None] = lambda _line: None
) -> FinishedProgram:
    """Run a program to its end; `on_line` gets each line of its standard output.

    When `on_line` raises, the program is stopped and the error goes on.
    """
    words = [sys.executable, "-I", "-S", str(GUARD), f"{limits.seconds:.0f}", str(limits.memory)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            [*words, *map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        # Leaving the block closes our end of its standard input first: the guard kills what still runs.
        with process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            for line in process.stdout:
                on_line(line.decode(errors="replace").rstrip())
            status = process.wait()
        said.seek(max(0, said.seek(0, 2) - SAID))
        return FinishedProgram(status, said.read().decode(errors="replace"))
