"""What a value looks like in a cell of a CSV file, and what a cell of a file means: each undoes the other.

A text that a spreadsheet would run as a formula (it begins with = + - @ or a tab) is written with an
apostrophe before it, the spreadsheets' own sign for "this is text". So anybody may name a shot
`=HYPERLINK(...)` and nobody's machine runs it. Numbers, dates and telephone numbers cannot call anything and
stay as they are. Reading takes one apostrophe away again, so that a value survives the way out and back.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

DELIMITER = ";"
LISTED = ","
"""What stands between the names in a cell that holds several."""

_STARTS = frozenset("=+-@\t\r'")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_FIGURES = re.compile(r"[+-][\d .,:/()+-]*\Z")
_RISKY = re.compile(r'"(?:[=+@\'-]|\\[tru])')
"""A text in JSON that begins with one of the starts; of an escape the letter is enough."""
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def shown(value: Any) -> Any:
    """A value of a row as the writer takes it: text is guarded, a list is its names."""
    if isinstance(value, str):
        return guarded(value) if value and value[0] in _STARTS else value
    if isinstance(value, list):
        return shown(listed(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def listed(values: Iterable[Any]) -> str:
    """Several values in one cell; links to what has no name leave no trace."""
    return LISTED.join(str(each) for each in values if each is not None)


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) and not _FIGURES.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def clean(cell: str) -> str:
    """A cell of a file as text: without blanks around it, NFC, lines ended by LF."""
    stripped = cell.strip()
    if not stripped.isascii() or "\r" in stripped:
        stripped = unicodedata.normalize("NFC", stripped).replace("\r\n", "\n").replace("\r", "\n")
    return unguarded(stripped)


def returned(value: Any) -> str:
    """The cell that comes back when a value is written into a file and the file is read."""
    found = shown(value)
    return "" if found is None else clean(str(found))


def may_need_guard(answer: str) -> bool:
    """False when no text in a JSON answer can need a guard: one look at all of it instead of one at each."""
    return _RISKY.search(answer) is not None


def lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of shown values as the lines of a file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=DELIMITER).writerows(rows)
    return out.getvalue()
