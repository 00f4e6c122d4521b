"""The rows that a list of operations touches: locked, once, in one order, within what the actor may see."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

from zou_server.models.actor import Actor
from zou_server.models.base import Identity, Row
from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.registry import Facet
from zou_server.services.write.prepared import ONE_PLAN, Prepared
from zou_server.services.write.visible_ids import visible_ids
from zou_server.services.write.write_rows import WritingSession, blank

Model = TypeVar("Model", bound=Row)

_DIALECT: Any = PGDialect_psycopg2()  # type: ignore[no-untyped-call]


class Rows:
    """Rows by id, loaded FOR NO KEY UPDATE in (table, id) order so that two writers never deadlock."""

    def __init__(self, session: WritingSession, actor: Actor) -> None:
        self._session, self._actor = session, actor
        self._rows: dict[uuid.UUID, Row] = {}
        self.identities: dict[uuid.UUID, Identity] = {}
        """Every identity known so far."""
        self._hidden: set[uuid.UUID] = set()

    def load(self, wanted: Iterable[tuple[Facet, uuid.UUID]]) -> None:
        """Lock and load rows, and note those outside the actor's row scope."""
        by_facet: dict[Facet, set[uuid.UUID]] = {}
        for facet, id_ in wanted:
            by_facet.setdefault(facet, set()).add(id_)
        by_table: dict[str, tuple[type[Row], set[uuid.UUID]]] = {}
        for facet, ids in by_facet.items():
            model: Any = facet.model
            by_table.setdefault(model.__table__.name, (model, set()))[1].update(ids)
        for _, (model, ids) in sorted(by_table.items()):
            self._lock(model, ids)
        if not self._actor.is_admin:
            for facet, ids in by_facet.items():
                self._hidden |= ids - visible_ids(self._session, self._actor, facet, ids)

    def _lock(self, model: type[Row], ids: set[uuid.UUID]) -> None:
        locking, wanted = _locking(model), list(map(str, ids))
        raw = self._session.pooled_connection()
        if self._session.identity_map:
            # The mapper knows what to do about rows that are here already.
            statement = locking.execute if locking.prepared.ready(raw) else locking.plain
            found = [(row, identity) for row, identity in self._session.execute(statement, {"ids": wanted})]
        else:
            found = self._first(raw, locking, wanted)
        for row, identity in found:
            self._rows[row.id] = row
            self.identities[row.id] = identity

    def _first(self, raw: Any, locking: Locking, wanted: list[str]) -> list[tuple[Any, Identity]]:
        """Load rows into a session that knows none: the mapper would take longer than the database."""
        with closing(raw.cursor()) as cursor:
            cursor.execute(ONE_PLAN + locking.prepared.said(raw, "%(ids)s"), {"ids": wanted})
            rows = cursor.fetchall()
        count, known = len(locking.names), list[Any]()
        pairs: list[tuple[Any, Identity]] = []
        for found in rows:
            row = blank(locking.model, zip(locking.names, found[:count], strict=True))
            identity = blank(Identity, zip(_OF_IDENTITY, found[count:], strict=True))
            pairs.append((row, identity))
            known += (row, identity)
        self._session.know(known)
        return pairs

    def add(self, row: Row, identity: Identity) -> None:
        """Know a new row, so that later operations of the same list can change it."""
        self._rows[row.id] = row
        self.identities[row.id] = identity
        self._hidden.discard(row.id)

    def find(self, facet: Facet, id_: uuid.UUID) -> Row | None:
        """The row as this facet, retired or not; None when absent, hidden or of another facet."""
        row = self._rows.get(id_)
        if row is None or id_ in self._hidden or not isinstance(row, facet.model):
            return None
        return row if belongs(row, facet.where) else None

    def any(self, id_: uuid.UUID) -> Row | None:
        """The row with this id whatever it is."""
        return self._rows.get(id_)

    def of(self, model: type[Model]) -> list[Model]:
        """Every row of a model that this list of operations has to do with."""
        return [row for row in self._rows.values() if isinstance(row, model)]

    def identity(self, id_: uuid.UUID) -> Identity:
        """The identity of a loaded row."""
        return self.identities[id_]


@dataclass(frozen=True, slots=True)
class Locking:
    """The statement that loads rows with their identities and locks the rows, in one order for everybody.

    `execute` is for a connection that knows it, `plain` for one that does not; both take `ids`. `names` are
    the columns of the model, which come before those of the identity.
    """

    model: type[Row]
    names: tuple[str, ...]
    prepared: Prepared
    execute: sa.Executable
    plain: sa.Executable


@cache
def _locking(model: type[Row]) -> Locking:
    rows = sa.select(model, Identity)
    locking = (
        rows.join(Identity, Identity.id == model.id)
        .where(model.id == sa.any_(sa.literal_column("$1", ARRAY(sa.Uuid))))
        .order_by(model.id)
        .with_for_update(key_share=True, of=model)
    )
    sql = str(locking.compile(dialect=_DIALECT))
    prepared = Prepared(f"lock_{model.__tablename__}", ("uuid[]",), sql)
    columns = (*model.__table__.columns, *Identity.__table__.columns)
    said, plain = (
        rows.from_statement(sa.text(text).columns(*columns))
        for text in (ONE_PLAN + prepared.prepared([":ids"]), prepared.plain([":ids"]))
    )
    return Locking(model, tuple(model.__table__.columns.keys()), prepared, said, plain)


_OF_IDENTITY = tuple(Identity.__table__.columns.keys())


_TESTS: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq,
    Op.NULL: lambda value, _: value is None,
    Op.NOT_NULL: lambda value, _: value is not None,
}


def belongs(row: Row, where: Condition) -> bool:
    """True when a row satisfies a facet's own condition."""
    if isinstance(where, All):
        return all(belongs(row, term) for term in where.terms)
    if isinstance(where, AnyOf):
        return any(belongs(row, term) for term in where.terms)
    assert isinstance(where, Where)  # noqa: S101 - facets are made of these alone
    return _TESTS[where.op](getattr(row, where.path), where.value)
