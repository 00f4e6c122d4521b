"""Measure `routes.txt` anew, as `python -m` with this module's name, then read what it changed.

With words only the routes that contain one of them: all of them take twenty minutes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.conftest import SuitePostgres
from tests.contracts.permissions.cast import open_cast
from tests.contracts.permissions.test_who_uses_each_route import TABLE, asked_routes, measured, told
from zou_server.adapters.postgres.embedded import EmbeddedPostgres


def main(words: list[str]) -> None:
    """Write the table, keeping its head."""
    known = told()
    directory = Path(tempfile.mkdtemp(prefix="zou-test-"))
    directory.chmod(0o711)
    server = EmbeddedPostgres(directory, durable=False)
    groups: dict[str, list[str]] = {}
    try:
        with open_cast(SuitePostgres(server.start()), directory / "data") as cast, cast.undone():
            for route in asked_routes(cast):
                if words and str(route) in known and not any(word in str(route) for word in words):
                    groups.setdefault(known[str(route)], []).append(str(route))
                    continue
                try:
                    who = measured(cast, route)
                except (AssertionError, KeyError) as error:
                    who = f"? {type(error).__name__} {str(error)[:300]}"
                groups.setdefault(who, []).append(str(route))
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    titles = {line.partition("]")[0]: line for line in TABLE.read_text().splitlines() if line.startswith("[")}
    head = TABLE.read_text().partition("\n[")[0].rstrip()
    lines = [head]
    for who in sorted(groups, key=lambda each: (-len(groups[each]), each)):
        lines += ["", titles.get(f"[{who}", f"[{who}]"), *(f"    {route}" for route in groups[who])]
    TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
