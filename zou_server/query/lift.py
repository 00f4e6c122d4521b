"""Take the values out of a query, so that its shape can be compiled once and kept.

Two requests that ask the same question about other values have equal shapes. `lift` replaces each
value by a numbered `Slot` and returns the values beside it, in slot order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from zou_server.models.conditions import (
    EVERYTHING,
    WHOLE_VIEW,
    All,
    AnyOf,
    Bundle,
    Condition,
    Fixed,
    InQuery,
    Live,
    Not,
    Order,
    Query,
    Some,
    Tally,
    View,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.visibility import KeptLimits
from zou_server.query.cost import FEW_OUTPUTS, refuse_costly
from zou_server.query.gather import OneOf, gather
from zou_server.query.operators import LISTS, WITHOUT_VALUE

MAX_DEPTH = 60
"""Deeper trees are refused: no client makes them, and they would exhaust the stack."""

STREAM_FROM = 10_000
"""Answers with more rows than this come through a server-side cursor and a file."""

USUAL_LIMITS = frozenset({1, 2, 3, 30, 50, 100, 500, 501, STREAM_FROM + 1})
"""Limits that are part of a shape: a plan that is kept knows how few rows are wanted, so it is a good one.

They are those of one row and of the pages that clients ask for by themselves, some with a row ahead.
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of value number `index`."""

    index: int


class Values(list[Any]):
    """The values in the order of their slots, and what was lifted of a view's limits.

    All queries within a question have the limits of its reader: those of the first are those of all.
    """

    limits: Any = ()
    lifted: Any = ()


class HashedOnce(tuple[Any, ...]):  # noqa: SLOT001 - a tuple has no room for a slot
    """A tuple of much that many shapes have in common; its hash is made once."""

    _hash: int

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def of(cls, items: Iterable[Any]) -> HashedOnce:
        """The tuple of these."""
        made = cls(items)
        made._hash = tuple.__hash__(made)
        return made


def lift(query: Any) -> tuple[Any, list[Any]]:
    """Return the query (of whatever sort) with slots for values, and the values."""
    values = Values()
    if isinstance(query, Query | Tally):
        return _rows(query, values), values
    if isinstance(query, Bundle):
        return Bundle(tuple(_rows(each, values) for each in query.queries)), values
    members = tuple(_query(member, values, 0) for member in query.members)
    return replace(
        query, members=members, limit=_number(query.limit, values), offset=_number(query.offset, values)
    ), values


def _rows(query: Query | Tally, values: Values) -> Query | Tally:
    if isinstance(query, Tally):
        return replace(query, query=_query(query.query, values, 0))
    return _query(query, values, 0)


def _query(query: Query, values: Values, depth: int) -> Query:
    where = query.where
    is_small = isinstance(where, Where) and "." not in where.path
    if depth == 0 and not (is_small and len(query.projection.outputs) <= FEW_OUTPUTS):
        query = gather(query)
        refuse_costly(query)
    # First of all, since what is kept of the limits has the first slots.
    view = query.seen_by
    limits = _limits(view.limits, values, depth) if view.limits else ()
    return Query(
        query.facet,
        query.projection,
        _condition(query.where, values, depth),
        _order(query.order, values) if query.order else (),
        query.limit if query.limit is None or query.limit in USUAL_LIMITS else _number(query.limit, values),
        _number(query.offset, values) if query.offset else None,
        None if query.after is None else _number(query.after, values),
        query.retired,
        view if view is WHOLE_VIEW else _view(view, limits, values, depth),
        query.first_of,
    )


def _view(view: View, limits: Any, values: Values, depth: int) -> View:
    return View(
        _number(view.reader, values),
        view.scope if view.scope is EVERYTHING else _condition(view.scope, values, depth),
        None if view.projects is None else _number(view.projects, values),
        view.masked,
        limits,
        tuple((fields, _condition(each, values, depth)) for fields, each in view.veils) if view.veils else (),
    )


def _limits(limits: Any, values: Values, depth: int) -> Any:
    """The limits of a view with slots; those of vendors and clients are many, and lifted once for each."""
    if limits is values.limits:
        return values.lifted
    if values or not isinstance(limits, KeptLimits):
        return tuple((model, _condition(each, values, depth)) for model, each in limits)
    values.limits = limits
    values.lifted, known = _lifted_limits(limits)
    values += known
    return values.lifted


@lru_cache(maxsize=64)
def _lifted_limits(limits: KeptLimits) -> tuple[HashedOnce, Values]:
    values = Values()
    lifted = ((model, _condition(each, values, 0)) for model, each in limits)
    return _same(HashedOnce.of(lifted)), values


@lru_cache(maxsize=64)
def _same(lifted: HashedOnce) -> HashedOnce:
    """The first of equal limits: two of one role have the same but for the values."""
    return lifted


def _order(order: tuple[Order, ...], values: Values) -> tuple[Order, ...]:
    if all(key.like is None for key in order):
        return order
    return tuple(replace(key, like=_number(key.like, values)) for key in order)


def _number(value: Any, values: Values) -> Any:
    if value is None:
        return None
    values.append(value)
    return Slot(len(values) - 1)


def _where(node: Where, values: Values, _depth: int) -> Where:
    if node.op in WITHOUT_VALUE or isinstance(node.value, Fixed):
        return node
    if node.op in LISTS and not isinstance(node.value, list | tuple | frozenset | set):
        raise Invalid(f"{node.path}: '{node.op.value}' takes a list.", {node.path: ["takes a list"]})
    values.append(node.value)
    return Where(node.path, node.op, Slot(len(values) - 1))


def _in_query(node: InQuery, values: Values, depth: int) -> InQuery:
    return replace(node, query=_query(node.query, values, depth + 1))


def _one_of(node: OneOf, values: Values, _depth: int) -> OneOf:
    first = len(values)
    values += node.lists
    return OneOf(node.paths, tuple(Slot(first + index) for index in range(len(node.lists))))


_LIFTERS: dict[type, Callable[[Any, Values, int], Any]] = {
    Where: _where,
    OneOf: _one_of,
    All: lambda n, v, d: All(tuple(_condition(t, v, d + 1) for t in n.terms)),
    AnyOf: lambda n, v, d: AnyOf(tuple(_condition(t, v, d + 1) for t in n.terms)),
    Not: lambda n, v, d: Not(_condition(n.term, v, d + 1)),
    Some: lambda n, v, d: Some(n.path, _condition(n.term, v, d + 1)),
    InQuery: _in_query,
    Live: lambda n, _v, _d: n,
}


def _condition(node: Condition, values: Values, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise Invalid(f"The filter is nested more than {MAX_DEPTH} levels deep.")
    lifted: Condition = _LIFTERS[type(node)](node, values, depth)
    return lifted
