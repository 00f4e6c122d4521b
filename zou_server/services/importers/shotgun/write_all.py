"""Rows into the database: all at once, and where something refuses one, all the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Conflict, Forbidden, Invalid, NotFound
from zou_server.models.production import Entity
from zou_server.models.registry import Facet, facet
from zou_server.schemas.derive import load
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.importers.shotgun.kinds import ImportKind
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.write.operations import Create, Edit, Operation, Result, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

REFUSALS = (Invalid, Conflict, NotFound, Forbidden)
"""What is wrong with a row, and not with the server."""

Refuse = Callable[[SgRow, str], None]


def write_all(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> None:
    """Make or change the rows that nothing speaks against, and note what speaks against the others."""
    of = facet(kind.facet)
    for row in rows:
        _check(of, kind, row)
    good = [row for row in rows if not row.refused]
    numbers = _free_numbers(work, of, good)
    # Held here, so that the pipeline finds all parents in the session instead of one by one in the database.
    parents = _parents(work, good)
    written = write_isolated(
        work, [(row, _operation(of, row, numbers)) for row in good], lambda row, why: row.refuse(why)
    )
    del parents
    for row, result in written:
        row.created, row.changed = row.id is None, result.changed
        row.id = result.id


def _parents(work: UnitOfWork, rows: Sequence[SgRow]) -> Sequence[Entity]:
    ids = {row.values["parent_id"] for row in rows if row.values.get("parent_id") is not None}
    return work.session.scalars(sa.select(Entity).where(among(Entity.id, ids))).all() if ids else ()


def _check(of: Facet, kind: ImportKind, row: SgRow) -> None:
    """What a schema can say against a row, before the database is asked."""
    if row.refused:
        return
    if row.id is not None:
        row.values = {name: value for name, value in row.values.items() if name not in kind.kept}
    row.values["shotgun_id"] = row.number
    if row.data:
        row.values["data"] = row.data
    try:
        load(of, {name: value for name, value in row.values.items() if not isinstance(value, Edit)})
    except Invalid as error:
        row.refuse(said(error))


def _free_numbers(work: UnitOfWork, of: Facet, rows: Sequence[SgRow]) -> set[int]:
    """The ids of Shotgun's that our rows can have as their number too: whoever knows a row by it finds it."""
    wanted = {row.number for row in rows if row.id is None}
    taken = work.session.scalars(
        sa.select(Identity.number).where(Identity.kind == of.kind, among(Identity.number, wanted))
    )
    return wanted - set(taken)


def _operation(of: Facet, row: SgRow, numbers: set[int]) -> Operation:
    if row.id is not None:
        return Update(of, row.id, row.values)
    number = row.number if row.number in numbers else None
    numbers.discard(row.number)
    return Create(of, row.values, number=number, made_at=row.made_at)


def write_isolated(
    work: UnitOfWork, pairs: Sequence[tuple[SgRow, Operation]], refuse: Refuse
) -> list[tuple[SgRow, Result]]:
    """Run the operations; those that cannot be are told of one by one, and all the others are done.

    A list with one bad operation is tried again in halves, so a bad one costs some twenty statements
    in thousands.
    """
    if not pairs:
        return []
    try:
        with work.attempt():
            results = work.execute([operation for _, operation in pairs])
    except REFUSALS as error:
        if len(pairs) == 1:
            refuse(pairs[0][0], said(error))
            return []
        half = len(pairs) // 2
        return [*write_isolated(work, pairs[:half], refuse), *write_isolated(work, pairs[half:], refuse)]
    return list(zip((row for row, _ in pairs), results, strict=True))


def said(error: Exception) -> str:
    """The errors of a row, with the names of the attributes."""
    fields: dict[str, list[str]] = getattr(error, "fields", {})
    reasons = [f"{name.removesuffix('_id')}: {', '.join(why)}" for name, why in fields.items()]
    return "; ".join(reasons) or str(error)
