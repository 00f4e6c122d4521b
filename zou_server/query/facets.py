"""What facets say of rows: fixed conditions as SQL, on columns of one row; kinds; where links lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.registry import FACETS, Facet, Field

if TYPE_CHECKING:
    from zou_server.query.frame import Step

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


@cache
def kinds_of(target: Facet | None) -> frozenset[str]:
    """The kinds that the rows of a facet may be of; none where that may be anything."""
    if target is None:
        return frozenset()
    if target.kind:
        return frozenset({target.kind})
    return frozenset(each.kind for each in FACETS.values() if each.model is target.model and each.kind)


def leads_to(link: Field | None) -> Facet | None:
    """The facet of all that a link leads to; None where that is anything."""
    return None if link is None else FACETS.get(link.many.target if link.many else link.target)


def end_of(start: Facet, hops: Iterable[Step], *, along_many: bool) -> Facet | None:
    """The facet at the end of hops; None where it is anything, or behind a link to many not gone along."""
    target: Facet | None = start
    for step in hops:
        link = target.hops.get(step.name) if target is not None else None
        if link is None or (link.many is not None and not along_many):
            return None
        target = FACETS[step.cast] if step.cast else leads_to(link)
    return target
