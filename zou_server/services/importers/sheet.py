"""A CSV file read for one kind of entity of a project: each row as values, and the custom fields it needs.

A heading that is neither a column of the importer nor a custom field of the project (or studio) makes
a new text field of the project, so that nothing a studio keeps in its tables is lost and every client
sees it. Columns about tasks are refused by name: they are no fields of a shot or an asset.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.task import TaskType
from zou_server.services.components.name_vocabulary import slug
from zou_server.services.importers.columns import (
    Column,
    custom_columns,
    known_columns,
    max_heading,
    new_column,
    refuse_missing,
)
from zou_server.services.importers.problems import Problems
from zou_server.services.importers.read_table import Table, read_table
from zou_server.services.operations import Create

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork

IGNORED: Mapping[str, str] = {
    # columns of Zou's exports that come back in imports: slug of the heading, why it says nothing
    "project": "the project is in the address",
    "time_spent": "summed from time sheets",
}
TASK_COLUMNS = ("", "_comment", "_assignations")
"""What follows the name of a task type in the headings of Zou's task columns."""


@dataclass(slots=True)
class SheetRow:
    """One row: the line it begins on, its values by attribute, custom fields under `data`."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The custom fields of the row, to be added to."""
        found: dict[str, Any] = self.values.setdefault("data", {})
        return found


@dataclass(slots=True)
class Sheet:
    """The rows of a file, and the operations that make the custom fields they use."""

    rows: list[SheetRow]
    new_fields: list[Create]
    problems: Problems
    headings: dict[str, str]
    """The heading that the file has for each target."""

    def wrong(self, row: SheetRow, target: str, why: str) -> None:
        """Note that the value of a row is wrong."""
        self.problems.add(row.line, self.headings.get(target, target.capitalize()), why)


def read_sheet(
    work: UnitOfWork, project_id: uuid.UUID, kind: str, columns: Sequence[Column], content: bytes
) -> Sheet:
    """Read a file of entities of a kind; Invalid when it is no such file."""
    known = known_columns(columns)
    table = read_table(content, lambda heading: slug(heading) in known)
    refuse_missing(known, table.headings)
    custom, new = _custom_columns(work, project_id, kind, _unknown(table, known))
    meant = {**custom, **known}
    places = [
        (heading, meant[slug(heading)]) if slug(heading) in meant else None for heading in table.headings
    ]
    _refuse_repeated(place for place in places if place)
    sheet = Sheet([], new, Problems(), {column.target: name for name, column in filter(None, places)})
    sheet.rows.extend(_rows(table, places, sheet.problems))
    return sheet


def _unknown(table: Table, known: Mapping[str, Column]) -> list[str]:
    """The headings that are no column of the importer; a column without one must be empty."""
    for index, heading in enumerate(table.headings):
        wrong = None if heading else next((row for row in table.rows if row.cells[index]), None)
        if wrong is not None:
            message = f"Column {index + 1} has no heading, but line {wrong.line} has a value there."
            raise Invalid(message, {f"column {index + 1}": ["has no heading"]})
    return [each for each in table.headings if each and slug(each) not in known and slug(each) not in IGNORED]


def _custom_columns(
    work: UnitOfWork, project_id: uuid.UUID, kind: str, headings: Sequence[str]
) -> tuple[dict[str, Column], list[Create]]:
    """The columns of custom fields, and what makes the ones that do not exist yet."""
    if not headings:
        return {}, []
    found = custom_columns(_descriptors(work, project_id, kind))
    missing = [heading for heading in headings if slug(heading) not in found]
    if missing:
        _refuse_task_columns(work, missing)
    new = []
    for heading in missing:
        if len(heading) > max_heading():
            message = f"is longer than {max_heading()} characters"
            raise Invalid(f"The heading '{heading[:40]}...' {message}.", {heading[:40]: [message]})
        found[slug(heading)] = new_column(heading)
        names = {"entity_type": kind, "name": heading, "field_name": slug(heading), "data_type": "string"}
        new.append(Create(facet("FieldDescriptor"), {"project_id": project_id, **names}))
    return found, new


def _descriptors(work: UnitOfWork, project_id: uuid.UUID, kind: str) -> Sequence[FieldDescriptor]:
    """The custom fields offered for a kind in a project; its own before the studio's."""
    mine = FieldDescriptor.project_id == project_id
    return work.session.scalars(
        sa.select(FieldDescriptor)
        .where(
            sa.or_(mine, FieldDescriptor.project_id.is_(None)),
            FieldDescriptor.entity_type == kind,
            FieldDescriptor.task_type_id.is_(None),
            FieldDescriptor.deleted_at.is_(None),
        )
        .order_by(mine.desc().nulls_last(), FieldDescriptor.created_at)
    ).all()


def _refuse_task_columns(work: UnitOfWork, headings: Sequence[str]) -> None:
    names = work.session.scalars(sa.select(TaskType.name).where(TaskType.deleted_at.is_(None)))
    about_tasks = {slug(name) + suffix for name in names for suffix in TASK_COLUMNS}
    refused = [heading for heading in headings if slug(heading) in about_tasks]
    if refused:
        message = f"Columns about tasks cannot be imported: {', '.join(refused)}."
        raise Invalid(message, {heading: ["is about tasks"] for heading in refused})


def _refuse_repeated(places: Iterator[tuple[str, Column]]) -> None:
    seen: dict[str, str] = {}
    for heading, column in places:
        if column.target in seen:
            message = f"The columns '{seen[column.target]}' and '{heading}' are the same one."
            raise Invalid(message, {heading: ["is there twice"]})
        seen[column.target] = heading


def _rows(
    table: Table, places: Sequence[tuple[str, Column] | None], problems: Problems
) -> Iterator[SheetRow]:
    """Each row's values; an empty cell is no value."""
    read = [(index, *place) for index, place in enumerate(places) if place]
    width = len(table.headings)
    for line, cells in table.rows:
        row = SheetRow(line)
        if any(cells[width:]):
            problems.add(line, f"column {width + 1}", f"the first line names {width} columns only")
        for index, heading, column in read:
            cell = cells[index]
            if not cell:
                if column.required:
                    problems.add(line, heading, "is empty")
                continue
            try:
                _put(row, column.target, column.read(cell))
            except ValueError as error:
                problems.add(line, heading, str(error))
        yield row


def _put(row: SheetRow, target: str, value: Any) -> None:
    if target.startswith("data."):
        row.data[target.removeprefix("data.")] = value
    else:
        row.values[target] = value
