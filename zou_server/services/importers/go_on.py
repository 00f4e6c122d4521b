"""Imports what can be of a file whose lines are not all right, and tells which were left out and why.

Each try is a transaction of its own, of all lines or none; the lines that it names are left out of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from zou_server.services.exporters.cells import lines as csv_lines
from zou_server.services.exporters.cells import shown
from zou_server.services.importers.problems import WrongLines
from zou_server.services.importers.tables.read_table import TableFile, read_table

Result = TypeVar("Result")
Left = Mapping[int, Mapping[str, Sequence[str]]]
"""The lines that were left out: for each, why, by heading."""

MOST_TRIES = 100
"""How often a file is tried: most wrong lines are found at once, those that the studio refuses one by one."""


def import_what_can_be(file: TableFile, attempt: Callable[[TableFile, Left], Result]) -> Result:
    """The result of the first try that no line stops; the error of the last when there are too many."""
    left: dict[int, Mapping[str, Sequence[str]]] = {}
    for _ in range(MOST_TRIES):
        try:
            return attempt(replace(file, without=frozenset(left)), left)
        except WrongLines as error:
            if set(error.lines) <= set(left):
                raise
            left.update(error.lines)
    return attempt(replace(file, without=frozenset(left)), left)


def rest_of(file: TableFile, left: Left, is_known: Callable[[str], bool]) -> str:
    """The lines that were left out, as a file of their own: to be put right and sent again."""
    if not left:
        return ""
    table = read_table(replace(file, without=frozenset()), is_known)
    rows = [row.cells for row in table.rows if row.line in left]
    return csv_lines([[shown(cell) for cell in cells] for cells in (table.headings, *rows)])
