"""Gives damaged files to the readers of cuts and spreadsheets until the time is up.

    python -m tests.fuzz [--seconds 600] [NAME ...]
    python -m tests.fuzz --seed SEED NAME       one of them again

Every file is made from a seed; one that is read wrong is told with its seed, and the run has failed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from secrets import randbits

from tests.unit.adapters.editorial import test_fuzz_edl as edl
from tests.unit.adapters.editorial import test_fuzz_timelines as timelines
from tests.unit.services.importers.tables import test_fuzz_tables as tables

FUZZERS: Mapping[str, Callable[[int], None]] = {
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


def say(sentence: str) -> None:
    """Print behind the traces of what was found."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def attempt(name: str, seed: int) -> bool:
    """Whether a file is read right; how to have it again is printed where it is not."""
    try:
        FUZZERS[name](seed)
    except Exception:  # noqa: BLE001 - whatever a reader raises is what is looked for
        traceback.print_exc()
        say(f"again: python -m tests.fuzz --seed {seed} {name}")
        return False
    return True


def run(names: Sequence[str], seconds: float) -> int:
    """Take turns until the time is up; how many files were read wrong."""
    counts, wrong = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    end = time.monotonic() + seconds
    while time.monotonic() < end and min(wrong.values()) < ENOUGH:
        for name in names:
            turn = min(end, time.monotonic() + TURN)
            while time.monotonic() < turn and wrong[name] < ENOUGH:
                counts[name] += 1
                wrong[name] += not attempt(name, randbits(32))
    for name in names:
        say(f"{name}: {counts[name]} damaged files, {wrong[name]} read wrong")
    return sum(wrong.values())


def main() -> None:
    """Run all, or those that are named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FUZZERS)}")
    given = parser.parse_args()
    unknown = set(given.names) - FUZZERS.keys()
    if unknown or (given.seed is not None and not given.names):
        parser.error(f"name some of {', '.join(FUZZERS)}")
    warnings.simplefilter("error")
    names = given.names or list(FUZZERS)
    if given.seed is not None:
        sys.exit(not all(attempt(name, given.seed) for name in names))
    sys.exit(run(names, given.seconds) > 0)


if __name__ == "__main__":
    main()
