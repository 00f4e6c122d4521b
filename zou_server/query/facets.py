"""What a facet says of its rows: its fixed condition as SQL, on columns of one row, and their kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.registry import FACETS, Facet

_TESTS: dict[Op, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    Op.EQ: lambda column, value: (
        column.is_(value) if isinstance(value, bool) else column == sa.literal(value)
    ),
    Op.NULL: lambda column, value: column.is_(None),
    Op.NOT_NULL: lambda column, value: column.is_not(None),
}


def facet_condition(row: FromClause, where: Condition) -> ColumnElement[bool]:
    """Return the condition on `row`; facets are made of equality and null tests only."""
    if isinstance(where, All):
        return sa.and_(sa.true(), *(facet_condition(row, term) for term in where.terms))
    if isinstance(where, AnyOf):
        return sa.or_(sa.false(), *(facet_condition(row, term) for term in where.terms))
    if isinstance(where, Where):
        return _TESTS[where.op](row.c[where.path], where.value)
    message = f"a facet cannot be made of {where!r}"
    raise TypeError(message)


def kinds_of(target: Facet | None) -> frozenset[str]:
    """The kinds that the rows of a facet's model may be of; none where that is not known."""
    found = {each.kind for each in FACETS.values() if target is not None and each.model is target.model}
    kinds = frozenset(kind for kind in found if kind)
    return frozenset() if None in found and len(kinds) == 1 else kinds
