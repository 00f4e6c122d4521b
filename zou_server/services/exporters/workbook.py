"""An export as an XLSX workbook: numbers are numbers, days are days, and no text is ever a formula."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import Kind, facet
from zou_server.services.exporters.cells import listed

if TYPE_CHECKING:
    from zou_server.services.exporters.table import CsvText, ExportColumn, Layout

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TURN = 100
"""Rows that are written before others have their turn."""

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?\Z")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_workbook(table: CsvText, title: str, path: Path) -> None:
    """Write the rows of an export into a file, one by one."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import, and few need it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Sheet")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = WriteOnlyCell(sheet, value=_NO_XML.sub(" ", value)[:LONGEST])
        found.data_type = "s"  # "=HYPERLINK(...)" is what somebody called a shot
        return found

    sheet.append([cell(column.heading) for column in table.layout.columns])
    reads = [_reader(table.layout, column) for column in table.layout.columns]
    for number, row in enumerate(table.values()):
        if number % TURN == 0:
            time.sleep(0)  # to whoever waits
        sheet.append([cell(read(value)) for read, value in zip(reads, row, strict=True)])
    book.save(path)


def _reader(layout: Layout, column: ExportColumn) -> Callable[[Any], Any]:
    """What makes a typed value of the cells of a column."""
    if column.data_type:
        return _OF_FIELDS.get(column.data_type, _plain)
    field = facet(layout.facet).fields.get(column.path)
    return _TYPED.get(field.kind, _plain) if field is not None else _plain


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return listed(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _moment(value: Any) -> Any:
    """A day or a moment of one, where it is written as such."""
    if not isinstance(value, str):
        return _plain(value)
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return found.date() if len(value) == len("YYYY-MM-DD") else found.replace(tzinfo=None)


def _number(value: Any) -> Any:
    """A number, where it is written as one; 007 is a name."""
    if not isinstance(value, str) or not _NUMBER.match(value):
        return _plain(value)
    return float(value) if "." in value else int(value)


def _flag(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, _plain(value)) if isinstance(value, str) else value


_OF_FIELDS: Mapping[str, Callable[[Any], Any]] = {"number": _number, "date": _moment, "boolean": _flag}
"""Data type of a custom field -> what makes a typed value of its text."""

_TYPED: Mapping[Kind, Callable[[Any], Any]] = {Kind.DATE: _moment, Kind.DATETIME: _moment}
