"""Gives damaged files to the readers of cuts and spreadsheets until the time is up.

    python -m tests.fuzz [--seconds 600] [NAME ...]
    python -m tests.fuzz --seed SEED NAME       one of them again

Every file is made from a seed; one that is read wrong is told with its seed, and the run has failed. So
has one that shows nothing: too few files of a kind in its time, or nearly all of them refused. Whoever
ends it (SIGTERM) finds none of its files and none of its processes.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from secrets import randbits

from tests.unit.adapters.editorial import test_fuzz_edl as edl
from tests.unit.adapters.editorial import test_fuzz_timelines as timelines
from tests.unit.services.importers.tables import test_fuzz_tables as tables

FUZZERS: Mapping[str, Callable[[int], bool]] = {
    "edl": edl.check_damaged,
    "otio": partial(timelines.check_damaged, "otio"),
    "xml": partial(timelines.check_damaged, "xml"),
    "csv": partial(tables.check_damaged, "csv"),
    "xlsx": partial(tables.check_damaged, "xlsx"),
}
TURN = 2
"""Seconds that each has before it is the next one's turn: some make a thousand files in the time of one."""

ENOUGH = 3
"""Findings of one kind, after which it is left alone."""

FEWEST = 30
"""Files of each kind, below which a run has shown nothing."""

LEAST_READ = 0.05
"""The share of files, below which too few could be read at all: what is refused at once is not tested."""


@dataclass(slots=True)
class Count:
    """What came of the files of a kind."""

    damaged: int = 0
    read: int = 0
    wrong: int = 0

    def add(self, came_of_it: bool | None) -> None:  # noqa: FBT001 - an outcome, no switch
        """Count a file: read, refused, or (None) read wrong."""
        self.damaged += 1
        self.read += came_of_it is True
        self.wrong += came_of_it is None

    def lack(self, fewest: int) -> str:
        """Why these files show nothing, or nothing."""
        if self.damaged < fewest:
            return f"at least {fewest} are needed"
        if self.read < LEAST_READ * self.damaged:
            return f"at least {LEAST_READ:.0%} must be such that they can be read"
        return ""


def say(sentence: str) -> None:
    """Print behind the traces of what was found."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def attempt(name: str, seed: int) -> bool | None:
    """Whether a file could be read; None when it is read wrong, and how to have it again is printed."""
    try:
        return FUZZERS[name](seed)
    except Exception:  # noqa: BLE001 - whatever a reader raises is what is looked for
        traceback.print_exc()
        say(f"again: python -m tests.fuzz --seed {seed} {name}")
        return None


def run(names: Sequence[str], seconds: float, fewest: int) -> bool:
    """Take turns until the time is up; whether every kind had enough files, and none was read wrong."""
    counts = {name: Count() for name in names}
    last = time.monotonic() + seconds
    while time.monotonic() < last and min(count.wrong for count in counts.values()) < ENOUGH:
        for name, count in counts.items():
            turn = min(last, time.monotonic() + TURN)
            while time.monotonic() < turn and count.wrong < ENOUGH:
                count.add(attempt(name, randbits(32)))
    for name, count in counts.items():
        lack = count.lack(fewest)
        say(f"{name}: {count.damaged} damaged files, {count.read} of them readable, {count.wrong} read wrong")
        if lack:
            say(f"{name}: this shows nothing: {lack}")
    return not any(count.wrong or count.lack(fewest) for count in counts.values())


def end(*_signal: object) -> None:
    """End as an exception does: readers are ended and files removed on the way out."""
    sys.exit(128 + signal.SIGTERM)


def main() -> None:
    """Run all, or those that are named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--fewest", type=int, default=FEWEST, help="files of each kind that a run needs")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FUZZERS)}")
    given = parser.parse_args()
    unknown = set(given.names) - FUZZERS.keys()
    if unknown or (given.seed is not None and not given.names):
        parser.error(f"name some of {', '.join(FUZZERS)}")
    warnings.simplefilter("error")
    names = given.names or list(FUZZERS)
    signal.signal(signal.SIGTERM, end)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        tempfile.tempdir = folder  # what a library leaves lying is removed too
        if given.seed is not None:
            sys.exit(any(attempt(name, given.seed) is None for name in names))
        sys.exit(not run(names, given.seconds, given.fewest))


if __name__ == "__main__":
    main()
