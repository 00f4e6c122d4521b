"""Which of our rows an imported one is: the one that has its id, else one that was made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.services.importers.shotgun.find_references import among, live
from zou_server.services.importers.shotgun.kinds import ImportKind, Natural
from zou_server.services.importers.shotgun.rows import SgRow

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

FOLDED = frozenset({"email", "login"})
"""Attributes that are compared without case."""

EMPTY = frozenset({"parent_id", "entity_type_id", "task_type_id"})
"""Attributes that may be empty in a natural key."""

Found = Mapping[tuple[Any, ...], Any]


def match_rows(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> list[SgRow]:
    """Give every row the id of the one that it is; one whose name somebody else has is refused.

    Of rows that a natural key alone tells apart, those that say the same twice are dropped.
    """
    if kind.by_natural:
        rows = _without_repeated(kind.naturals[0], rows)
    else:
        _match_numbers(work, kind, [row for row in rows if not row.refused])
    for natural in kind.naturals:
        _match_natural(work, kind, natural, [r for r in rows if r.id is None and not r.refused])
        if not kind.by_natural:
            _refuse_shared(rows)
    return list(rows)


def _refuse_shared(rows: Sequence[SgRow]) -> None:
    """Two rows of Shotgun's cannot become the same one of ours (`fin` by its code, `done` by ours for it)."""
    first: dict[object, SgRow] = {}
    for row in rows:
        if row.id is not None and not row.refused:
            earlier = first.setdefault((row.id, row.values.get("object_id")), row)
            if earlier is not row:
                row.refuse(f"is the same as another row of the list, with the id {earlier.number}")


def _without_repeated(natural: Natural, rows: Sequence[SgRow]) -> list[SgRow]:
    first: dict[object, SgRow] = {}
    return [row for row in rows if row.refused or first.setdefault(_key(natural, row), row) is row]


def _match_numbers(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> None:
    table = facet(kind.facet).table
    also = [table.c[kind.copies]] if kind.copies else []
    found = work.session.execute(
        sa.select(table.c.id, table.c.shotgun_id, *also)
        .where(among(table.c.shotgun_id, {row.number for row in rows}), live(facet(kind.facet)))
        .order_by(table.c.created_at.desc(), table.c.id)
    )
    ids = {tuple(row[1:]): row[0] for row in found}
    for row in rows:
        row.id = ids.get((row.number, row.values[kind.copies]) if kind.copies else (row.number,))


def _match_natural(work: UnitOfWork, kind: ImportKind, natural: Natural, rows: Sequence[SgRow]) -> None:
    keys = {id(row): _key(natural, row) for row in rows}
    mine = [row for row in rows if keys[id(row)] is not None]
    if not mine:
        return
    found = _candidates(work, kind, natural, [row.values[natural.attributes[-1]] for row in mine])
    first: dict[Any, SgRow] = {}
    for row in mine:
        key = keys[id(row)]
        existing = found.get(key) if key else None
        if kind.by_natural:
            row.id = existing and existing.id
        elif existing is not None and existing.shotgun_id not in (None, row.number):
            row.refuse(f"{_said(natural)} is that of another row, with the id {existing.shotgun_id}")
        elif existing is not None:
            row.id = existing.id
        earlier = first.setdefault(key, row)
        if earlier is not row:
            row.refuse(f"{_said(natural)} is that of another row of the list, with the id {earlier.number}")


def _said(natural: Natural) -> str:
    return f"its {natural.attributes[-1].removesuffix('_id').replace('_', ' ')}"


def _key(natural: Natural, row: SgRow) -> tuple[Any, ...] | None:
    """What tells the row apart, None when it does not say all of it."""
    if natural.unless and row.values.get(natural.unless) is not None:
        return None
    key = tuple(_folded(name, row.values.get(name)) for name in natural.attributes)
    complete = all(
        value is not None or name in EMPTY for name, value in zip(natural.attributes, key, strict=True)
    )
    return key if complete else None


def _folded(name: str, value: Any) -> Any:
    return value.lower() if name in FOLDED and value is not None else value


def _candidates(work: UnitOfWork, kind: ImportKind, natural: Natural, values: Sequence[Any]) -> Found:
    """The live rows by natural key, of those that have one of the values in its last attribute."""
    of = facet(kind.facet)
    columns = [of.table.c[name] for name in natural.attributes]
    last: Any = columns[-1]
    if natural.attributes[-1] in FOLDED:
        last, values = sa.func.lower(last, type_=sa.Text()), [value.lower() for value in values]
    rows = work.session.execute(
        sa.select(of.table.c.id, of.table.c.shotgun_id, *columns)
        .where(among(last, set(values)), live(of), *_narrowed(kind))
        .order_by(of.table.c.shotgun_id.desc().nulls_last(), of.table.c.created_at.desc())
    ).all()
    return {_found_key(natural, row): row for row in rows}


def _found_key(natural: Natural, row: Any) -> tuple[Any, ...]:
    return tuple(_folded(name, value) for name, value in zip(natural.attributes, row[2:], strict=True))


def _narrowed(kind: ImportKind) -> list[sa.ColumnElement[bool]]:
    """Statuses for concepts are none that tasks could take over."""
    table = facet(kind.facet).table
    return [sa.not_(table.c.for_concept)] if "for_concept" in table.c else []
