"""A CSV file or an XLSX workbook as a table: clean cells, each row with its line number.

Anything that is no such file is Invalid with a sentence for the person who sent it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zou_server.models.errors import Invalid
from zou_server.services.exporters.cells import clean
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_workbook import is_workbook, rows_of_workbook
from zou_server.services.importers.tables.recognise_text import recognised_text
from zou_server.services.importers.tables.turns import in_turns
from zou_server.services.importers.tables.wrong_cell import WrongCell

MAX_COLUMNS = 500
MAX_ROWS = 100_000
"""Rows of one file: as many as are one transaction that nobody waits for too long."""

DELIMITERS = (",", ";", "\t")
NOT_TABLES = (
    (b"PK\x03\x04", "The file is a zip archive and no XLSX workbook: save it as XLSX or CSV first."),
    (b"\xd0\xcf\x11\xe0", "The file is an old spreadsheet: save it as XLSX or CSV first."),
)
"""First bytes of files that people take for CSV, and what to tell them."""

_SEPARATOR = re.compile(r'\s*"?sep=(?P<sign>[^"\r\n])"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line that Excel writes, and obeys, to say what separates cells."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, as files are read."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file as it was sent; `encoding` is what the sender says of it, "" for nothing.

    `without` are lines that are not looked at: those that are wrong, where the others go on without them.
    """

    content: bytes
    encoding: str = ""
    without: frozenset[int] = frozenset()


class TableRow(NamedTuple):
    """One row of the file: the line it begins on, and a cell for each column."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class TextTable:
    """The headings of a file and its rows; blank rows are left out."""

    headings: list[str]
    rows: Kept[TableRow]


def read_table(file: TableFile, is_known: Callable[[str], bool]) -> TextTable:
    """Read a file; `is_known` tells the headings that the importer has a use for.

    Every row has a cell for each heading at least. Raises Invalid when the file is empty, no text, has
    too many rows or columns, or an unclosed quote.
    """
    records = _records_of(file, is_known)
    line, headings = next(records, TableRow(1, []))
    for cell in headings:
        if isinstance(cell, WrongCell):
            raise Invalid(f"Line {line}, {cell}: {cell.why}.", {f"line {line}, {cell}": [cell.why]})
    if not any(headings):
        raise Invalid("The file is empty.")
    if len(headings) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(headings)} columns; at most {MAX_COLUMNS} can be imported.")
    return TextTable(headings, Kept(_filled(records, len(headings), file.without)))


def _records_of(file: TableFile, is_known: Callable[[str], bool]) -> Iterator[TableRow]:
    """The rows of a file that are not blank, of a workbook or of text."""
    if is_workbook(file.content):
        return _cleaned(rows_of_workbook(file.content, is_known))
    for mark, message in NOT_TABLES:
        if file.content.startswith(mark):
            raise Invalid(message)
    text = recognised_text(file.content, file.encoding)
    said = _SEPARATOR.match(text)
    if said is not None:
        return _records(text[said.end() :], said["sign"], first_line=2)
    return _records(text, _delimiter(text, is_known))


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter that makes most headings known ones, else most cells."""
    refusals: list[Invalid] = []

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            headings = next(_records(text, delimiter), TableRow(1, [])).cells
        except Invalid as error:
            refusals.append(error)
            return (0, 0)
        return (sum(is_known(heading) for heading in headings[:MAX_COLUMNS]), len(headings))

    known, best = max(((fitness(each), each) for each in DELIMITERS), key=lambda found: found[0])
    if refusals and known <= (0, 1):
        raise refusals[0]
    return best


def _records(text: str, delimiter: str, first_line: int = 1) -> Iterator[TableRow]:
    """The records that are not blank; `strict`, so that an unclosed quote cannot swallow the rest."""
    return _cleaned(_csv_rows(text, delimiter, first_line))


def _csv_rows(text: str, delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    lines = (found[0] for found in _LINE.finditer(text))  # a file object would hold the text once more
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Invalid(f"Line {line} is not CSV: {error}.", {f"line {line}": [str(error)]}) from None
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + first_line


def _cleaned(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[TableRow]:
    for line, cells in rows:
        cleaned = [clean(cell) if cell.__class__ is str else cell for cell in cells]
        if any(cleaned):
            yield TableRow(line, cleaned)


def _filled(records: Iterator[TableRow], width: int, without: frozenset[int]) -> Iterator[TableRow]:
    for count, (line, cells) in enumerate(in_turns(records), 1):
        if count > MAX_ROWS:
            raise Invalid(f"The file has more than {MAX_ROWS} rows; split it.")
        if line not in without:
            yield TableRow(line, cells + [""] * (width - len(cells)))
