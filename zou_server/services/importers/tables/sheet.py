"""A CSV file as the rows of an importer: which column means what, and each cell under its target.

Cells become values only when they are asked for: a cell that says what the row says already is never read,
so that a file comes back unchanged whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from zou_server.models.errors import Invalid
from zou_server.services.importers.problems import Problems
from zou_server.services.importers.tables.columns import IGNORED, ImportColumn, known_columns, refuse_missing
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile, TextTable, read_table
from zou_server.services.importers.tables.turns import in_turns
from zou_server.services.importers.tables.wrong_cell import WrongCell
from zou_server.services.rules.vocabulary import slug

Name = TypeVar("Name")

Meaning = Callable[[int, Sequence[str]], ImportColumn | None]
"""What the heading at a place among all headings means; None for nothing known."""


@dataclass(slots=True)
class SheetRow:
    """One row: the line it begins on, its cells that are not empty by target, its values by attribute.

    `key` is what tells it from others, once that was asked.
    """

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    key: Hashable = None

    def put(self, target: str, value: Any) -> None:
        """Set a value; `data.<key>` goes to the custom fields."""
        if target.startswith("data."):
            self.values.setdefault("data", {})[target.removeprefix("data.")] = value
        else:
            self.values[target] = value


@dataclass(slots=True)
class Sheet:
    """The rows of a file and its columns by target."""

    table: TextTable
    places: Sequence[tuple[int, str]]
    """Where in a row the cells of each target are."""
    columns: dict[str, tuple[str, ImportColumn]]
    """Target -> the heading that the file has for it, and its column."""
    problems: Problems

    @property
    def rows(self) -> Iterator[SheetRow]:
        """The rows as the file has them, made anew each time: none is held."""
        for line, cells in in_turns(self.table.rows):
            yield SheetRow(line, {target: cells[place] for place, target in self.places if cells[place]})

    def keyed(self, key: Callable[[SheetRow], Hashable]) -> Kept[SheetRow]:
        """The rows with what tells each from others."""
        found: Kept[SheetRow] = Kept()
        for row in self.rows:
            row.key = key(row)
            found.append(row)
        return found

    def has(self, target: str) -> bool:
        """True when the file has a column for a target."""
        return target in self.columns

    def wrong(self, row: SheetRow, target: str, why: str) -> None:
        """Note that the value of a row is wrong."""
        heading = self.columns[target][0] if target in self.columns else target.capitalize()
        self.problems.add(row.line, heading, why)

    def read(self, row: SheetRow, targets: Iterable[str]) -> None:
        """Make values of the row's cells under the targets; notes those that are wrong."""
        for target in targets:
            cell = row.cells.get(target)
            if cell is None or isinstance(cell, WrongCell):  # noted when the row was read
                continue
            try:
                row.put(target, self.columns[target][1].read(cell))
            except ValueError as error:
                self.wrong(row, target, str(error))

    def require(self, row: SheetRow, targets: Iterable[str]) -> bool:
        """True when the row has a cell for each target; notes those that are missing."""
        missing = [target for target in targets if target not in row.cells]
        for target in missing:
            self.wrong(row, target, "is empty")
        return not missing


def read_known(file: TableFile, columns: Sequence[ImportColumn], ignored: Sequence[str] = ()) -> Sheet:
    """Read a file whose columns are all known; any other is refused by name."""
    known = known_columns(columns) | {slug(heading): IGNORED for heading in ignored}
    table = read_table(file, lambda heading: slug(heading) in known)
    refuse_missing(known, table.headings)
    unknown = [heading for heading in table.headings if heading and slug(heading) not in known]
    if unknown:
        named = "is no column" if len(unknown) == 1 else "are no columns"
        told = ", ".join(f"'{heading[:40]}'" for heading in unknown[:10])
        raise Invalid(f"{told} {named} of this file.", {each[:40]: ["is unknown"] for each in unknown})
    return sheet_of(table, lambda place, headings: known.get(slug(headings[place])), Problems())


def sheet_of(table: TextTable, meaning: Meaning, problems: Problems) -> Sheet:
    """The rows of a table under the targets of its columns."""
    _refuse_unnamed(table)
    found = ((place, heading, meaning(place, table.headings)) for place, heading in enumerate(table.headings))
    places = [(place, heading, column) for place, heading, column in found if column and column.target]
    columns: dict[str, tuple[str, ImportColumn]] = {}
    for _, heading, column in places:
        if column.target in columns:
            message = f"The columns '{columns[column.target][0]}' and '{heading}' are the same one."
            raise Invalid(message, {heading: ["is there twice"]})
        columns[column.target] = (heading, column)
    targets = [(place, column.target) for place, _, column in places]
    _note_wrong(table, [place for place, _ in targets], problems)
    return Sheet(table, targets, columns, problems)


def _refuse_unnamed(table: TextTable) -> None:
    """A column without a heading must be empty."""
    for place, heading in enumerate(table.headings):
        wrong = None if heading else next((row for row in table.rows if row.cells[place]), None)
        if wrong is not None:
            message = f"Column {place + 1} has no heading, but line {wrong.line} has a value there."
            raise Invalid(message, {f"column {place + 1}": ["has no heading"]})


def _note_wrong(table: TextTable, places: Sequence[int], problems: Problems) -> None:
    """Note cells beyond the last column, and those without a value that anybody could mean."""
    width = len(table.headings)
    for line, cells in in_turns(table.rows):
        if len(cells) > width and any(cells[width:]):
            problems.add(line, f"column {width + 1}", f"the first line names {width} columns only")
        for place in places:
            cell = cells[place]
            if cell.__class__ is WrongCell:
                problems.add(line, table.headings[place], cell.why)


def first_lines(wanted: Iterable[tuple[Name, int]]) -> dict[Name, int]:
    """The names that lines ask for, in the order of the file, each with the first line that does."""
    found: dict[Name, int] = {}
    for name, line in wanted:
        found.setdefault(name, line)
    return found
