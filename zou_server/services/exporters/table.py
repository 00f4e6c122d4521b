"""A CSV file to be: its columns, where their cells come from, and its text in pieces.

The rows come from one statement, and big answers through a file (`services/read/spool.py`), so that memory
does not grow with the number of rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import EVERYTHING, All, Condition, Form, Order, Output, Projection, Query
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import lines, may_need_guard, shown
from zou_server.services.exporters.spelling import CSV
from zou_server.services.read.reader import Page, rows_of

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader
    from zou_server.services.read.spool import Spool

Record = Mapping[str, Any]
"""One row of the answer: the values of the columns by their place, `id`, and what the export asks beside."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its heading, the path of its values, and the target of the importer's column.

    Without a path the layout's `complete` fills the cell. `target` is the path unless said. `data_type` is
    what a custom field holds, which is kept as JSON.
    """

    heading: str
    path: str = ""
    target: str = ""
    style: str = ""
    form: Form = Form.VALUE
    data_type: str = ""

    @property
    def aim(self) -> str:
        """Where the importer puts the cells of this column."""
        return self.target or self.path


Complete = Callable[[list[Any], Record], None]
"""Fills the cells that come from no path: gets the row's cells and the record."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a file: rows of a facet, columns, their order, and what else is asked of each row."""

    facet: str
    columns: tuple[ExportColumn, ...]
    order: tuple[Order, ...] = ()
    where: Condition = EVERYTHING
    beside: tuple[Output, ...] = ()
    complete: Complete | None = None

    def query(self, where: Condition) -> Query:
        """The query of the rows that satisfy a condition."""
        projection = _projection(self.columns, self.beside)
        return Query(facet(self.facet), projection, All((self.where, where)), self.order)

    def cells(self, records: Iterable[Record]) -> Iterator[list[Any]]:
        """The cells of each record, as values."""
        keys = [f"c{place}" for place in range(len(self.columns))]
        complete = self.complete
        for record in records:
            cells = list(map(record.get, keys))
            if complete is not None:
                complete(cells, record)
            yield cells

    @property
    def is_plain(self) -> bool:
        """True when no path leads to many: then all values are texts and numbers."""
        return all(column.form is Form.VALUE for column in self.columns)


@lru_cache(maxsize=512)
def _projection(columns: tuple[ExportColumn, ...], beside: tuple[Output, ...]) -> Projection:
    """One for the same columns: statements are kept by their projection."""
    cells = (
        Output(f"c{place}", column.path, column.form, style=column.style)
        for place, column in enumerate(columns)
        if column.path
    )
    return Projection((Output("id", "id"), *cells, *beside))


@dataclass(frozen=True, slots=True)
class CsvText:
    """The text of a file in pieces; iterate once, or close it."""

    layout: Layout
    listed: Page | Spool

    @property
    def is_small(self) -> bool:
        """True when one piece holds all of it."""
        return isinstance(self.listed, Page)

    def __iter__(self) -> Iterator[str]:
        """The headings, then the rows."""
        yield lines([[shown(column.heading) for column in self.layout.columns]])
        pieces: Iterable[str] = (self.listed.text,) if isinstance(self.listed, Page) else self.listed
        for piece in pieces:
            yield lines(self._rows(piece))

    def _rows(self, piece: str) -> Iterable[list[Any]]:
        rows = self.layout.cells(rows_of(piece.removeprefix(",")))
        if self.layout.is_plain and not may_need_guard(piece):
            return rows
        return ([shown(cell) for cell in cells] for cells in rows)

    def values(self) -> Iterator[list[Any]]:
        """The cells of each row, as values."""
        pieces: Iterable[str] = (self.listed.text,) if isinstance(self.listed, Page) else self.listed
        for piece in pieces:
            yield from self.layout.cells(rows_of(piece.removeprefix(",")))

    def close(self) -> None:
        """Let the rows go that nobody asked for."""
        if not isinstance(self.listed, Page):
            self.listed.close()


def csv_text(reader: Reader, layout: Layout, where: Condition) -> CsvText:
    """The file of the rows that satisfy a condition and that the reader's actor may see."""
    return CsvText(layout, reader.listed(layout.query(where), CSV))


def cells_by_target(reader: Reader, layout: Layout, where: Condition) -> dict[uuid.UUID, dict[str, Any]]:
    """The values of each row's cells by the importer's targets: what an import would say again."""
    records: Sequence[Record] = reader.rows(layout.query(where), CSV)
    targets = [column.aim for column in layout.columns]
    return {
        uuid.UUID(record["id"]): dict(zip(targets, cells, strict=True))
        for record, cells in zip(records, layout.cells(records), strict=True)
    }
