"""What a question may cost: conditions times the links they go along, bounded before anything is compiled.

A condition on the row's own columns is cheap, and so is one more on a row that is joined already. A link to
many opens a search of its own for each condition, so a few dozen of those are all that one question gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from zou_server.models.conditions import All, AnyOf, Condition, InQuery, Live, Not, Output, Query, Some, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import ANY, FACETS, Facet, Kind
from zou_server.query.frame import parse_path
from zou_server.query.gather import OneOf

MOST_WORK = 10_000
SEARCH = 100
"""What following a link to many rows counts as, for each condition that does."""

MOST_JOINS = 250
"""Rows joined for one question, each counted once however many conditions look at it."""

FEW_OUTPUTS = 60
"""A projection of no more keys is not counted: it is ours, or small."""


class Way(NamedTuple):
    """The way of a path: the prefixes it joins, its links to many, and where it ends."""

    prefixes: frozenset[str]
    searches: int
    end: Facet | None


@lru_cache(maxsize=8192)
def way_of(target: Facet | None, path: str) -> Way:
    """Walk a path of hops; an unknown one ends where it is, the compiler refuses it by name."""
    prefixes: set[str] = set()
    searches, prefix = 0, ""
    for step in parse_path(f"{path}.id" if path else "id").hops:
        link = None if target is None else target.hops.get(step.name)
        if link is None:
            return Way(frozenset(prefixes), searches, None)
        prefix += f"{step.name}[{step.cast}]."
        if link.kind is Kind.LINKS:
            searches += 1
        else:
            prefixes.add(prefix)
        wanted = step.cast or (link.many.target if link.many else link.target)
        target = None if wanted == ANY else FACETS.get(wanted)
    return Way(frozenset(prefixes), searches, target)


def refuse_costly(query: Query) -> None:
    """Raise Invalid for a question that would hold the database for long."""
    joined: set[str] = set()
    work = _work(query.where, query.facet, joined)
    if len(query.projection.outputs) > FEW_OUTPUTS:
        _join_outputs(query.projection.outputs, query.facet, joined)
    if work > MOST_WORK:
        raise Invalid(
            f"The filter asks too much at once: its conditions, times the links they go along, come to "
            f"{work} and may come to {MOST_WORK}. Ask in several requests, or along fewer links."
        )
    if len(joined) > MOST_JOINS:
        raise Invalid(f"The request goes along {len(joined)} different links, and may go along {MOST_JOINS}.")


def _join_outputs(outputs: Iterable[Output], target: Facet, joined: set[str]) -> None:
    for output in outputs:
        before, dot, _ = output.path.rpartition(".")
        if dot:
            joined |= way_of(target, before).prefixes


def _work(node: Condition, target: Facet | None, joined: set[str]) -> int:
    return _NODES[type(node)](node, target, joined)


def _where(node: Where, target: Facet | None, joined: set[str]) -> int:
    before, dot, last = node.path.rpartition(".")
    if ".data." in f".{node.path}":
        before, dot = f".{node.path}".partition(".data.")[0].removeprefix("."), ""
    if not before and not dot:
        link = None if target is None else target.hops.get(last)
        return 1 + (SEARCH if link is not None and link.kind is Kind.LINKS else 0)
    way = way_of(target, before)
    joined |= way.prefixes
    return 1 + SEARCH * way.searches


def _many(node: All | AnyOf, target: Facet | None, joined: set[str]) -> int:
    return sum(_work(term, target, joined) for term in node.terms)


def _some(node: Some, target: Facet | None, joined: set[str]) -> int:
    way = way_of(target, node.path)
    joined |= way.prefixes
    return 1 + SEARCH * way.searches + _work(node.term, way.end, joined)


def _in_query(node: InQuery, _target: Facet | None, joined: set[str]) -> int:
    return SEARCH + _work(node.query.where, node.query.facet, joined)


_NODES: dict[type, Callable[..., int]] = {
    Where: _where,
    All: _many,
    AnyOf: _many,
    Not: lambda node, target, joined: _work(node.term, target, joined),
    Some: _some,
    InQuery: _in_query,
    Live: lambda _node, _target, _joined: 1,
    OneOf: lambda node, _target, _joined: len(node.paths),
}
