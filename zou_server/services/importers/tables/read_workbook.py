"""The sheet of an XLSX workbook that holds the rows, as cells: each typed value as importers read it.

A cell says what people see in it: a number that is shown as 0010 is 0010. What nobody can see, the value of a
formula that no program has calculated, is told apart from an empty cell.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import repeat
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.services.importers.tables.wrong_cell import WrongCell

MOST_BYTES = 512 * 1024**2
"""How much a workbook may be when it is unpacked: a small file can be endless."""

BIG = 10**15
"""Beyond, a float no longer says which whole number it is."""

ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NULL!", "#NUM!"})
DAMAGED = "The file is not an XLSX workbook that can be read, or it is damaged."
NOT_CALCULATED = "holds a formula that was never calculated: open the workbook, save it and send it again"

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_TO_BE_CALCULATED = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)""")
_PIECE = 1024**2
_PADDED = re.compile(r'(?P<head>(?:"[^"]*"|\\.)*)(?P<zeros>00+)(?P<tail>(?:"[^"]*"|\\.)*)(?:;.*)?\Z')
"""Number formats that show a number as a name: 0000, or "SH"000."""


def is_workbook(content: bytes) -> bool:
    """True for a zip archive that holds a workbook."""
    return content.startswith(b"PK\x03\x04") and b"xl/" in content


def rows_of_workbook(
    content: bytes, is_known: Callable[[str], bool]
) -> Iterator[tuple[int, Sequence[str | WrongCell]]]:
    """The rows with their numbers, one by one; Invalid, with the reason, for a file that is no workbook."""
    _refuse_bomb(content)
    with closing(_opened(content, values=True)) as book:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise Invalid("The workbook has no sheet of cells.")
        for sheet in sheets:
            sheet.reset_dimensions()  # what programs write there is often wrong
        sheet = _sheet_of_rows(sheets, is_known)
        if not _has_formulas(content):
            yield from _rows(sheet, repeat(()))
            return
        with closing(_opened(content, values=False)) as formulas:
            beside = formulas[sheet.title]
            beside.reset_dimensions()
            yield from _rows(sheet, beside.iter_rows(), stale=_is_to_be_calculated(content))


def _opened(content: bytes, *, values: bool) -> Any:
    """The workbook, to be read cell by cell: the values of its formulas, or the formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and few need it

    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    except Exception:  # noqa: BLE001 - whatever the library says of a broken archive
        raise Invalid(DAMAGED) from None


@contextmanager
def _unpacked(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive of a workbook; Invalid, with the reason, when it or a part that is read is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except Exception:  # noqa: BLE001 - among them those of versions, ciphers and packings that are not known
        raise Invalid(DAMAGED) from None


def _sheet_of_rows(sheets: Sequence[Any], is_known: Callable[[str], bool]) -> Any:
    """The sheet whose headings are known, else the first; Invalid when that may be any of several."""
    if len(sheets) == 1:
        return sheets[0]
    known = {sheet.title: _known_headings(sheet, is_known) for sheet in sheets}
    best = [sheet for sheet in sheets if known[sheet.title] == max(known.values())]
    if len(best) > 1 and known[best[0].title]:
        named = ", ".join(f"'{sheet.title}'" for sheet in best)
        message = f"The sheets {named} hold such rows: leave one of them visible, or send each alone."
        raise Invalid(message, {sheet.title: ["may be meant"] for sheet in best})
    return best[0]


def _known_headings(sheet: Any, is_known: Callable[[str], bool]) -> int:
    for _, cells in _rows(sheet, repeat(())):
        if any(cells):
            return sum(is_known(str(cell).strip()) for cell in cells if cell)
    return 0


def _rows(
    sheet: Any, beside: Iterator[Sequence[Any]], *, stale: bool = False
) -> Iterator[tuple[int, Sequence[str | WrongCell]]]:
    """The cells of each row, beside those of its formulas; what these came to says nothing when `stale`."""
    rows = sheet.iter_rows()
    line = 0
    while True:
        line += 1
        try:
            found, formulas = next(rows, None), next(beside, ())
        except Exception:  # noqa: BLE001 - the same
            raise Invalid(f"Row {line} of the workbook cannot be read: it is damaged.") from None
        if found is None:
            return
        cells = [_cell(cell) for cell in found]
        for place, formula in enumerate(formulas):
            if formula.data_type == "f" and (stale or _is_missing(found[place])):
                cells[place] = WrongCell(_formula(formula.value), NOT_CALCULATED)
        while cells and not cells[-1]:
            cells.pop()  # sheets are as wide as their widest row
        yield line, cells


def _is_missing(cell: Any) -> bool:
    """True for a formula without a value; an empty text is one."""
    return cell.value is None and cell.data_type != "str"


def _formula(value: Any) -> str:
    return str(getattr(value, "text", value) or "=")


def _has_formulas(content: bytes) -> bool:
    """True when a sheet holds a formula."""
    with _unpacked(content) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as file:
                last = b""
                while piece := file.read(_PIECE):
                    if _FORMULA.search(last + piece):
                        return True
                    last = piece[-32:]
    return False


def _is_to_be_calculated(content: bytes) -> bool:
    """True when who wrote the workbook calculated nothing, and asks whoever opens it to do so."""
    with _unpacked(content) as archive:
        try:
            return _TO_BE_CALCULATED.search(archive.read("xl/workbook.xml")) is not None
        except KeyError:
            return False


def _refuse_bomb(content: bytes) -> None:
    with _unpacked(content) as archive:
        size = sum(each.file_size for each in archive.infolist())
    if size > MOST_BYTES:
        raise Invalid(f"The workbook is {size} bytes unpacked; at most {MOST_BYTES} can be imported.")


def _cell(cell: Any) -> str | WrongCell:
    """A value as text: a whole number without a point, a day without its midnight."""
    value = cell.value
    if value is None:
        return ""
    if value.__class__ is str:
        return value if value not in ERRORS else WrongCell(value, f"holds the error {value}")
    written = _SPELLED.get(type(value), str)(value)
    return _as_shown(written, cell.number_format) if written.isdigit() else written


def _as_shown(figures: str, number_format: str) -> str:
    """A whole number with the zeros and the letters that its cell shows."""
    shown = _padding(number_format)
    return figures if shown is None else f"{shown[0]}{figures.zfill(shown[1])}{shown[2]}"


@lru_cache(maxsize=1024)
def _padding(number_format: str) -> tuple[str, int, str] | None:
    found = _PADDED.match(number_format)
    if found is None:
        return None
    head, tail = (re.sub(r'"([^"]*)"|\\(.)', r"\1\2", found[part]) for part in ("head", "tail"))
    return head, len(found["zeros"]), tail


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < BIG else repr(value)


def _moment(value: dt.datetime) -> str:
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")


_SPELLED: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    float: _number,
    dt.datetime: _moment,
    dt.timedelta: lambda value: repr(value.total_seconds() / 3600),  # durations are in hours here
}
"""How values that are no text are written."""
