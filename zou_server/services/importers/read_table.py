"""A CSV file as a table: encoding and delimiter recognised, clean cells, each row with its line number.

Anything that is no such file is Invalid with a sentence for the person who sent it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zou_server.models.errors import Invalid
from zou_server.services.exporters.cells import clean
from zou_server.services.importers.turns import in_turns

MAX_COLUMNS = 500
MAX_ROWS = 100_000
"""Rows of one file: as many as fit in one transaction with memory to spare."""

DELIMITERS = (",", ";", "\t")
NOT_TABLES = (
    (b"PK\x03\x04", "The file is a spreadsheet or a zip archive: save it as CSV first."),
    (b"\xd0\xcf\x11\xe0", "The file is an old spreadsheet: save it as CSV first."),
)
"""First bytes of files that people take for CSV, and what to tell them."""

_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNMARKED = ("utf-8", "cp1252", "latin-1")
"""Tried in order: cp1252 is latin-1 with the quotes and dashes of Windows, which not every byte is."""

_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What a file that is no text holds, read in an encoding in which every byte is a letter."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent; `encoding` is what the sender says of it, "" for nothing."""

    content: bytes
    encoding: str = ""


class Row(NamedTuple):
    """One row of the file: the line it begins on, and a cell for each column."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a file and its rows; blank rows are left out."""

    headings: list[str]
    rows: list[Row]


def read_table(file: File, is_known: Callable[[str], bool]) -> Table:
    """Read a file; `is_known` tells the headings that the importer has a use for.

    Every row has a cell for each heading at least. Raises Invalid when the file is empty, no text, has
    too many rows or columns, or an unclosed quote.
    """
    text = _decoded(file)
    records = _records(text, _delimiter(text, is_known))
    headings = next(records, Row(1, [])).cells
    if not any(headings):
        raise Invalid("The file is empty.")
    if len(headings) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(headings)} columns; at most {MAX_COLUMNS} can be imported.")
    return Table(headings, list(_filled(records, len(headings))))


def _decoded(file: File) -> str:
    content = file.content
    for mark, message in NOT_TABLES:
        if content.startswith(mark):
            raise Invalid(message)
    encodings = _encodings(file)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeError:
            continue
    else:
        raise Invalid(f"The file begins like {encodings[0]} text and goes on as something else.")
    if "\0" in text:
        raise Invalid("The file is not a CSV file: it holds NUL characters.")
    if encoding in _UNMARKED[1:] and _NO_LETTERS.search(text):
        raise Invalid("The file is not a CSV file: it is no text in an encoding that is known here.")
    return text


def _encodings(file: File) -> tuple[str, ...]:
    """The encodings to try: by the mark that the file begins with, else the sender's word, else the usual."""
    marked = tuple(encoding for mark, encoding in _MARKED if file.content.startswith(mark))
    if marked or not file.encoding:
        return marked or _UNMARKED
    try:
        found = codecs.lookup(file.encoding)
    except LookupError:
        found = None
    if found is None or not getattr(found, "_is_text_encoding", True):
        message = f"The encoding '{file.encoding[:40]}' is not known here; send the file in UTF-8."
        raise Invalid(message, {"charset": ["is not known"]})
    # Many programs say utf-8 whatever they send; a file says better what it is.
    return (found.name, *_UNMARKED) if found.name == "utf-8" else (found.name,)


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter that makes most headings known ones, else most cells."""
    refusals: list[Invalid] = []

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            headings = next(_records(text, delimiter), Row(1, [])).cells
        except Invalid as error:
            refusals.append(error)
            return (0, 0)
        return (sum(is_known(heading) for heading in headings[:MAX_COLUMNS]), len(headings))

    known, best = max(((fitness(each), each) for each in DELIMITERS), key=lambda found: found[0])
    if refusals and known <= (0, 1):
        raise refusals[0]
    return best


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """The records that are not blank; `strict`, so that an unclosed quote cannot swallow the rest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Invalid(f"Line {line} is not CSV: {error}.", {f"line {line}": [str(error)]}) from None
        if cells is None:
            return
        cleaned = [clean(cell) for cell in cells]
        if any(cleaned):
            yield Row(line, cleaned)
        line = reader.line_num + 1


def _filled(records: Iterator[Row], width: int) -> Iterator[Row]:
    for count, (line, cells) in enumerate(in_turns(records), 1):
        if count > MAX_ROWS:
            raise Invalid(f"The file has more than {MAX_ROWS} rows; split it.")
        yield Row(line, cells + [""] * (width - len(cells)))
