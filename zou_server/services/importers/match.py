"""The rows of a file and the rows that exist: which is which, and what the file says anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import Op, Where
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.table import Layout, cells_by_target
from zou_server.services.importers.tables.sheet import Sheet, SheetRow
from zou_server.services.importers.tables.turns import in_turns

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Existing = Mapping[Hashable, Sequence[uuid.UUID]]
"""The rows that exist by what tells them apart, oldest first."""

Matched = tuple[SheetRow, uuid.UUID | None]
"""A row of the file, and the one that it is about when that exists."""

Stands = Mapping[uuid.UUID, Mapping[str, Any]]
"""What an export of rows holds, by id and by target."""


def match(
    sheet: Sheet, keyed: Sequence[tuple[SheetRow, Hashable]], existing: Existing, target: str
) -> list[Matched]:
    """Each row with the one that it is about; notes, under the target, a row that comes again.

    Several rows with one key that exist are those of the file in their order.
    """
    before: dict[Hashable, list[int]] = {}
    found: list[Matched] = []
    for row, key in in_turns(keyed):
        ids, lines = existing.get(key, ()), before.setdefault(key, [])
        if len(lines) >= max(len(ids), 1) and row.cells.get(target):
            sheet.wrong(row, target, f"'{row.cells[target]}' is on line {lines[0]} already")
        found.append((row, ids[len(lines)] if len(lines) < len(ids) else None))
        lines.append(row.line)
    return found


def read_matched(
    sheet: Sheet,
    matched: Sequence[Matched],
    needs: Sequence[str],
    stands: Callable[[list[str]], Stands] | None,
) -> Iterator[tuple[SheetRow, bool]]:
    """Make values of the cells that count, and tell of each row that has some whether it is new.

    Those are all cells of a new row. Of one that exists, they are those that say something else than its
    export, which `stands` gives by ids; without it, existing rows stay as they are.
    """
    ids = [str(existing) for _, existing in matched if existing is not None]
    known = stands(ids) if stands is not None and ids else {}
    for row, existing in in_turns(matched):
        if existing is None:
            sheet.require(row, needs)
            sheet.read(row, row.cells)
        elif stands is not None:
            sheet.read(row, told_anew(row, known.get(existing, {})))
        else:
            continue
        yield row, existing is None


def told_anew(row: SheetRow, stands: Mapping[str, Any]) -> list[str]:
    """The targets whose cells say something else than what stands in the row's export."""
    return [
        target
        for target, cell in row.cells.items()
        if target not in stands or cell != returned(stands[target])
    ]


def exported(work: UnitOfWork, layout: Layout) -> Callable[[list[str]], Stands]:
    """What an export with these columns holds of the rows with some ids."""
    return lambda ids: cells_by_target(work.read, layout, Where("id", Op.IN, ids))
