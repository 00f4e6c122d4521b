"""The rows of a file and the rows that exist: which is which, and what the file says anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import Op, Where
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.table import Layout, cells_by_target
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.sheet import Sheet, SheetRow
from zou_server.services.importers.tables.turns import TURN, in_turns

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Existing = Iterable[tuple[Hashable, uuid.UUID]]
"""The rows that exist with what tells them apart, oldest first; looked at once, one by one."""

Matched = tuple[SheetRow, uuid.UUID | None]
"""A row of the file, and the one that it is about when that exists."""

Stands = Mapping[uuid.UUID, Mapping[str, Any]]
"""What an export of rows holds, by id and by target."""

Complete = Callable[[SheetRow, bool], None]
"""Adds what follows from the values of a row; is told whether the row is new."""

_KEY = 16
_ID = 16
"""Bytes of what stands for a key, and of an id."""


def match(sheet: Sheet, rows: Kept[SheetRow], existing: Existing, target: str) -> Iterator[Matched]:
    """Each row with the one that it is about; notes, under the target, a row that comes again.

    Several rows with one key that exist are those of the file in their order.
    """
    first: dict[bytes, int] = {}
    for row in in_turns(rows):
        first.setdefault(_digest(row.key), row.line)
    ids: dict[bytes, bytes] = {}
    for key, id_ in in_turns(existing):
        digest = _digest(key)
        if digest in first:
            ids[digest] = ids.get(digest, b"") + id_.bytes
    again: dict[bytes, int] = {}
    for row in rows:
        digest = _digest(row.key)
        before = 0
        if first[digest] != row.line:
            before = again[digest] = again.get(digest, 0) + 1
        known = ids.get(digest, b"")
        if before >= max(len(known) // _ID, 1) and row.cells.get(target):
            sheet.wrong(row, target, f"'{row.cells[target]}' is on line {first[digest]} already")
        found = known[before * _ID : (before + 1) * _ID]
        yield row, uuid.UUID(bytes=found) if found else None


def _digest(key: Hashable) -> bytes:
    """What stands for a key: keys of texts and ids are told apart by how they are written."""
    return blake2b(repr(key).encode(errors="surrogatepass"), digest_size=_KEY).digest()


def read_matched(
    sheet: Sheet,
    matched: Iterable[Matched],
    needs: Sequence[str],
    stands: Callable[[list[str]], Stands] | None,
    complete: Complete,
) -> Kept[Matched]:
    """The rows with the values of the cells that count, completed.

    Those are all cells of a new row. Of one that exists, they are those that say something else than its
    export, which `stands` gives by ids; without it, existing rows stay as they are.
    """
    found: Kept[Matched] = Kept()
    rows = in_turns(matched)
    while share := list(islice(rows, TURN)):
        ids = [str(existing) for _, existing in share if existing is not None]
        known = stands(ids) if stands is not None and ids else {}
        for row, existing in share:
            if existing is None:
                sheet.require(row, needs)
                sheet.read(row, row.cells)
                complete(row, True)  # noqa: FBT003 - what a row is completed with
            elif stands is not None:
                sheet.read(row, told_anew(row, known.get(existing, {})))
                complete(row, False)  # noqa: FBT003 - the same
        found.extend(share)
    return found


def told_anew(row: SheetRow, stands: Mapping[str, Any]) -> list[str]:
    """The targets whose cells say something else than what stands in the row's export."""
    return [
        target
        for target, cell in row.cells.items()
        if target not in stands or cell != returned(stands[target])
    ]


def exported(work: UnitOfWork, layout: Layout) -> Callable[[list[str]], Stands]:
    """The rows with some ids, as an export with these columns holds them."""
    return lambda ids: cells_by_target(work.read, layout, Where("id", Op.IN, ids))
