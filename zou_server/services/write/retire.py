"""Retiring a row with all that lives and dies with it, and bringing exactly that back.

A cascade follows the columns declared with `owner(...)`. Everything retired at once shares one
`deletion_id`, so reviving restores that set and nothing else.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

from zou_server.models.base import Base, Identity, Row
from zou_server.models.errors import InUse
from zou_server.models.registry import PRIMARY, Facet, facet_of_kind
from zou_server.services.write.record_changes import is_plumbing
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork

_NAMED: Any = PGDialect_psycopg2(paramstyle="named")  # type: ignore[no-untyped-call]

GUARDED = frozenset({"vocabulary"})
"""Policies whose rows may not go while others refer to them."""


def retire(work: UnitOfWork, facet: Facet, row: Row, identity: Identity) -> None:
    """Retire a row and what it owns; InUse when it is vocabulary that others still refer to."""
    work.session.flush()
    if facet.policy in GUARDED:
        _refuse_if_used(work, facet, row)
    retire_all(work, facet, [identity.id])


def retire_all(work: UnitOfWork, facet: Facet, ids: Sequence[uuid.UUID]) -> None:
    """Retire rows of one table, and what they own, in one deletion; nobody may need them any more."""
    work.session.flush()
    gone = _owned(work, facet.table, list(ids))
    _mark(work, gone, uuid.uuid4())
    for table, found in gone.items():
        _forget(work, table, found)
    heads = set(ids)
    _record(work, [*ids, *(i for found in gone.values() for i in found if i not in heads)], "delete")
    _follow(work, gone, "gone")


def drop(context: Context, facet: Facet, row: Row, identity: Identity) -> None:
    """Retire a loaded link row, which owns nothing: written with all else, by no statement of its own.

    What its going means follows when all is written (`follow_dropped`).
    """
    if row.id in context.changes:
        context.session.flush()  # made by the same list of operations
    row.deleted_at = identity.deleted_at = context.work.now
    row.lock_version += 1
    identity.deletion_id = uuid.uuid4()
    context.dropped.setdefault(facet.table, []).append(row.id)


def follow_dropped(context: Context) -> None:
    """Tell of the link rows that were dropped, and run what their going means for others."""
    dropped, context.dropped = context.dropped, {}
    if dropped:
        _record(context.work, [id_ for ids in dropped.values() for id_ in ids], "delete")
        _follow(context.work, dropped, "gone")


def revive(work: UnitOfWork, identity: Identity) -> None:
    """Bring back a retired row and everything that was retired in the same deletion."""
    work.session.flush()
    deletion = identity.deletion_id
    back = work.session.execute(
        sa.update(Identity)
        .where(Identity.deletion_id == deletion)
        .values(deleted_at=None, deletion_id=None)
        .returning(Identity.id, Identity.kind)
        .execution_options(synchronize_session=False)
    ).all()
    by_table: dict[sa.Table, list[uuid.UUID]] = defaultdict(list)
    for id_, kind in back:
        by_table[facet_of_kind(kind).table].append(id_)
    for table, ids in by_table.items():
        work.session.execute(
            sa.update(table)
            .where(table.c.id.in_(ids))
            .values(deleted_at=None, lock_version=table.c.lock_version + 1, updated_at=work.now)
        )
        _forget(work, table, ids)
    _record(work, [identity.id, *(id_ for id_, _ in back if id_ != identity.id)], "revive")
    _follow(work, by_table, "back")


def _follow(
    work: UnitOfWork, rows: Mapping[sa.Table, list[uuid.UUID]], part: Literal["gone", "back"]
) -> None:
    """Run what the rows' going or coming back means for others."""
    together = frozenset(id_ for ids in rows.values() for id_ in ids)
    for table, ids in rows.items():
        rule = work.rulebook.rule(PRIMARY[table.name].model)
        for follow in rule.gone if part == "gone" else rule.back:
            follow(work, ids, together)


def _owned(work: UnitOfWork, start: sa.Table, first: list[uuid.UUID]) -> dict[sa.Table, list[uuid.UUID]]:
    """Every live row to retire, by table, the rows themselves first."""
    found: dict[sa.Table, list[uuid.UUID]] = {start: list(first)}
    seen, level = set(first), {start: list(first)}
    while level:
        below: dict[sa.Table, list[uuid.UUID]] = defaultdict(list)
        for table, ids in level.items():
            for child, column in _owning_some(work, table, ids):
                rows = work.session.scalars(
                    sa.select(child.c.id)
                    .where(column.in_(ids), child.c.deleted_at.is_(None))
                    .order_by(child.c.id)
                    .with_for_update(key_share=True)
                )
                below[child] += _unseen(rows, seen)
            along = work.rulebook.rule(PRIMARY[table.name].model).along
            if along is not None:
                child, taken = along(work, ids)
                below[child] += _unseen(taken, seen)
        level = {table: ids for table, ids in below.items() if ids}
        for table, ids in level.items():
            found.setdefault(table, []).extend(ids)
    return found


def _owning_some(
    work: UnitOfWork, table: sa.Table, ids: list[uuid.UUID]
) -> Sequence[tuple[sa.Table, sa.Column[Any]]]:
    """Those of `owned_by` with live rows of these, found by one statement: most of dozens have none."""
    children = owned_by(table)
    if not children:
        return ()
    some = set(work.session.scalars(_asks_who_owns(table), {"ids": list(map(str, ids))}))
    return [child for place, child in enumerate(children) if place in some]


@cache
def _asks_who_owns(table: sa.Table) -> sa.TextClause:
    """The places in `owned_by` of what has live rows that live and die with some rows of `table`."""
    ids = sa.cast(sa.bindparam("ids"), postgresql.ARRAY(postgresql.UUID()))
    parts: Iterable[sa.Select[Any]] = (
        sa.select(sa.literal_column(str(place))).where(column == sa.any_(ids), child.c.deleted_at.is_(None))
        for place, (child, column) in enumerate(owned_by(table))
    )
    return sa.text(str(sa.union(*parts).compile(dialect=_NAMED)))


def _unseen(ids: Iterable[uuid.UUID], seen: set[uuid.UUID]) -> list[uuid.UUID]:
    new = [id_ for id_ in ids if id_ not in seen]
    seen.update(new)
    return new


@cache
def owned_by(table: sa.Table) -> tuple[tuple[sa.Table, sa.Column[Any]], ...]:
    """The (table, column) pairs whose rows live and die with rows of `table`."""
    return tuple((child, column) for child, column in _references(table) if column.info.get("owner"))


@cache
def _references(table: sa.Table) -> tuple[tuple[sa.Table, sa.Column[Any]], ...]:
    names = {table.name, Identity.__tablename__}
    return tuple(
        (child, column)
        for child in Base.metadata.sorted_tables
        for column in child.columns
        for key in column.foreign_keys
        if "deleted_at" in child.c and column.name != "id" and key.target_fullname.split(".")[0] in names
    )


def _refuse_if_used(work: UnitOfWork, facet: Facet, row: Row) -> None:
    tests = [
        sa.select(sa.literal(child.name)).where(column == row.id, child.c.deleted_at.is_(None)).limit(1)
        for child, column in _references(facet.table)
        if not column.info.get("owner") and child.name in PRIMARY
    ]
    if not tests:
        return
    users = sorted(set(work.session.scalars(sa.union_all(*(sa.select(t.subquery()) for t in tests)))))
    if users:
        raise InUse(f"The change conflicts with records referencing this one ({', '.join(users)}).")


def _mark(work: UnitOfWork, gone: dict[sa.Table, list[uuid.UUID]], deletion: uuid.UUID) -> None:
    for table, ids in gone.items():
        work.session.execute(
            sa.update(table)
            .where(table.c.id.in_(ids))
            .values(deleted_at=work.now, lock_version=table.c.lock_version + 1)
        )
    everything = [id_ for ids in gone.values() for id_ in ids]
    work.session.execute(
        sa.update(Identity)
        .where(Identity.id.in_(everything))
        .values(deleted_at=work.now, deletion_id=deletion)
        .execution_options(synchronize_session=False)
    )


def _forget(work: UnitOfWork, table: sa.Table, ids: list[uuid.UUID]) -> None:
    """Drop loaded state of rows that a statement changed behind the session's back."""
    mappers = (sa.inspect(PRIMARY[table.name].model), sa.inspect(Identity))
    for id_ in ids:
        for mapper in mappers:
            key = mapper.identity_key_from_primary_key((id_,))
            loaded = work.session.identity_map.get(key)
            if loaded is not None:
                work.session.expire(loaded)


def _record(work: UnitOfWork, ids: list[uuid.UUID], action: str) -> None:
    rows = {
        row.id: row
        for row in work.session.execute(
            sa.select(Identity.id, Identity.kind, Identity.name, Identity.project_id).where(
                Identity.id.in_(ids)
            )
        )
    }
    for id_ in ids:
        row = rows[id_]
        if not is_plumbing(facet_of_kind(row.kind)):
            gone = [("retirement_date", work.now)] if action == "delete" else None
            work.record(Recorded(action, row.kind, id_, row.name, row.project_id, first=True, made=gone))
