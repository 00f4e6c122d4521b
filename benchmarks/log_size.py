"""What the log and a comment cost on the disk: bytes of a row of the log, and of all that a comment leaves.

    python benchmarks/log_size.py [--rows 100000]

A studio at work on a PostgreSQL of its own: shots with tasks are made, a lead talks about them and gives them
statuses, shots and tasks are changed. Sizes are those of the tables with their indexes, when it is done.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.conftest import suite_postgres
from tests.log_at_work import StudioAtWork, size_of_log, sizes
from tests.studio import open_studio


def main() -> None:
    """Work until the log has enough rows, then weigh it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args().rows
    with suite_postgres() as postgres, open_studio(postgres, Path(tempfile.mkdtemp())) as kit:
        studio, before = StudioAtWork(kit), size_of_log(kit)
        while (now := size_of_log(kit)).rows - before.rows < wanted:
            studio.work()
        print(f"{now.rows - before.rows} rows of the log: {now.less(before)}")
        start, count = sizes(kit), 5_000
        studio.comment(count)
        grown = {name: size - start[name] for name, size in sizes(kit).items()}
        print(f"a comment with its consequences: {sum(grown.values()) / count:.0f} bytes")
        for name, size in sorted(grown.items()):
            if size >= count:
                print(f"  {name}: {size / count:.0f}")


if __name__ == "__main__":
    main()
