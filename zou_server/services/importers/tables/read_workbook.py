"""The first sheet of an XLSX workbook as cells: each typed value in the spelling that importers read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

from zou_server.models.errors import Invalid

MOST_BYTES = 512 * 1024**2
"""How much a workbook may be when it is unpacked: a small file can be endless."""

BIG = 10**15
"""Beyond, a float no longer says which whole number it is."""

ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NULL!", "#NUM!"})


def is_workbook(content: bytes) -> bool:
    """True for a zip archive that holds a workbook."""
    return content.startswith(b"PK\x03\x04") and b"xl/" in content


def rows_of_workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, one by one; Invalid, with the reason, for a file that is no workbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and few need it

    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 - whatever the library says of a broken archive
        raise Invalid("The file is not an XLSX workbook that can be read, or it is damaged.") from None
    with closing(book):
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise Invalid("The workbook has no sheet of cells.")
        sheet = sheets[0]
        sheet.reset_dimensions()  # what programs write there is often wrong
        yield from _rows(sheet)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.iter_rows(values_only=True)
    line = 0
    while True:
        line += 1
        try:
            values = next(rows, None)
        except Exception:  # noqa: BLE001 - the same
            raise Invalid(f"Row {line} of the workbook cannot be read: it is damaged.") from None
        if values is None:
            return
        cells = [_cell(value, line, column) for column, value in enumerate(values, 1)]
        while cells and not cells[-1]:
            cells.pop()  # sheets are as wide as their widest row
        yield line, cells


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile:
        raise Invalid("The file is not an XLSX workbook that can be read, or it is damaged.") from None
    if size > MOST_BYTES:
        raise Invalid(f"The workbook is {size} bytes unpacked; at most {MOST_BYTES} can be imported.")


def _cell(value: Any, line: int, column: int) -> str:
    """A value as text: a whole number without a point, a day without its midnight."""
    if value in ERRORS:
        where = f"line {line}, column {column}"
        raise Invalid(f"The cell in {where} holds the error {value}.", {where: ["is an error"]})
    return _SPELLED.get(type(value), str)(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < BIG else repr(value)


def _moment(value: dt.datetime) -> str:
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")


_SPELLED: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    float: _number,
    dt.datetime: _moment,
    dt.timedelta: lambda value: repr(value.total_seconds() / 3600),  # durations are in hours here
}
"""How values that are no text are written."""
