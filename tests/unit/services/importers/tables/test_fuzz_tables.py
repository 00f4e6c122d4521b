"""Spreadsheets that somebody or something has damaged are read as tables or refused with a sentence."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache, partial

import openpyxl
import pytest

from tests.contracts.nasty import examples, try_seeds
from zou_server.models.errors import Invalid
from zou_server.services.importers.tables.read_table import TableFile, read_table
from zou_server.services.importers.tables.wrong_cell import WrongCell

ROWS = (
    ("Sequence", "Name", "Description", "Frames", "Due"),
    ("SQ010", "SH010", 'says "yes"; and, no', 48, "2026-03-04"),
    ("SQ010", "SH020", "Übergröße\nzwei Zeilen", 1.5, ""),
    ("SQ020", "0010", "東京", "1.234,5", "=1+1"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp932")
SIGNS = "0123456789;,\t\n\r\"'\0=é\u2028"


@cache
def _whole(encoding: str) -> bytes:
    rows = (";".join('"{}"'.format(str(cell).replace('"', '""')) for cell in row) for row in ROWS)
    text = "\r\n".join(rows)
    return text.encode(encoding, "ignore")


@cache
def _workbook() -> bytes:
    book, content = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Shots")
    for row in ROWS:
        sheet.append(row)
    book.save(content)
    return content.getvalue()


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes after a few accidents: changed, lost, doubled, moved."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place, size = chance.randrange(len(found) or 1), chance.randint(1, 30)
        accident = chance.randrange(4)
        if accident == 0:
            found[place : place + 1] = bytes([chance.randrange(256)])
        elif accident == 1:
            del found[place : place + size]
        elif accident == 2:
            found[place:place] = found[place : place + size]
        else:
            found[place:place] = chance.choice(SIGNS).encode("utf-8") * chance.choice((1, 1, 3, 40))
    return bytes(found)


def _damaged_workbook(chance: random.Random) -> bytes:
    """A workbook of which a part is damaged, lost or endless; or its archive."""
    if chance.random() < 0.3:
        return _damaged(_workbook(), chance)
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook())) as whole, zipfile.ZipFile(content, "w") as made:
        names = whole.namelist()
        wrong = chance.choice(names)
        for name in names:
            part = whole.read(name)
            if name != wrong:
                made.writestr(name, part)
            elif chance.random() < 0.8:
                made.writestr(name, _damaged(part, chance))
    return content.getvalue()


def check_damaged(kind: str, seed: int) -> bool:
    """Whether it is read, as a table of texts as wide as its headings; all else is refused by a sentence."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    if kind == "csv":
        content = _damaged(_whole(chance.choice(ENCODINGS)), chance)
    else:
        content = _damaged_workbook(chance)
    try:
        table = read_table(TableFile(content), frozenset(ROWS[0]).__contains__)
    except Invalid:
        return False
    rows = list(table.rows)
    for row in rows:
        assert len(row.cells) >= len(table.headings)
        assert all(isinstance(cell, str) for cell in row.cells)
        assert all("\0" not in cell or isinstance(cell, WrongCell) for cell in row.cells)
    return bool(rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_fuzz_damaged_spreadsheets_are_tables_or_refused(kind: str) -> None:
    try_seeds(partial(check_damaged, kind), examples(60))
