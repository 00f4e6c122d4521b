"""Many alternatives of one form made into one: `a is 1 or a is 2 ...` into `a in (1, 2, ...)`.

Clients ask for hundreds of rows at once by such chains, also by several values each (`a is 1 and b is 2 or
...`). Gathered, each column is one parameter, so the statement is short, and one for chains of any length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from zou_server.models.conditions import All, AnyOf, Condition, Not, Op, Query, Where
from zou_server.models.registry import Facet, Kind

FEWEST = 8
"""Alternatives that are worth gathering."""

_LISTS = {Op.EQ: Op.IN, Op.EQ_CI: Op.IN_CI}

Form = tuple[tuple[str, Op], ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The values at the paths are one of the rows: `lists` has a column of values for each path."""

    paths: Form
    lists: tuple[Any, ...]


def gather(query: Query) -> Query:
    """The query with its chains of alternatives gathered, where they ask for the row's own values."""
    where = _gathered(query.where, query.facet)
    return query if where is query.where else replace(query, where=where)


def _gathered(node: Condition, target: Facet) -> Condition:
    rewrite = _NODES.get(type(node))
    found: Condition = node if rewrite is None else rewrite(node, target)
    return found


def _any(node: AnyOf, target: Facet) -> Condition:
    if len(node.terms) < FEWEST:
        return _each(node, target)
    forms: defaultdict[Form, list[Condition]] = defaultdict(list)
    for term in node.terms:
        forms[_form(term, target)].append(term)
    found: list[Condition] = []
    for form, terms in forms.items():
        if form and len(terms) >= FEWEST:
            found.append(_one(form, terms))
        else:
            found += [_gathered(term, target) for term in terms]
    return found[0] if len(found) == 1 else AnyOf(tuple(found))


def _each(node: Any, target: Facet) -> Condition:
    terms = tuple(_gathered(term, target) for term in node.terms)
    same = all(a is b for a, b in zip(terms, node.terms, strict=True))
    found: Condition = node if same else type(node)(terms)
    return found


def _not(node: Not, target: Facet) -> Condition:
    term = _gathered(node.term, target)
    return node if term is node.term else Not(term)


_NODES: dict[type, Callable[[Any, Facet], Condition]] = {All: _each, AnyOf: _any, Not: _not}


def _form(term: Condition, target: Facet) -> Form:
    """What the alternatives of one form have in common; empty for one that stays as it is."""
    terms = term.terms if isinstance(term, All) else (term,)
    if not terms or not all(_is_plain(each) for each in terms):
        return ()
    form = tuple((each.path, each.op) for each in terms if isinstance(each, Where))
    if len(form) > 1 and not (len(set(form)) == len(form) and all(_is_own(p, target) for p, _ in form)):
        return ()
    return form


def _is_plain(term: Condition) -> bool:
    return isinstance(term, Where) and term.op in _LISTS and term.value is not None


def _is_own(path: str, target: Facet) -> bool:
    """Whether a path is a value of the row itself, of which there is one."""
    found = target.visible.get(path)
    return found is not None and found.kind not in (Kind.LINKS, Kind.JSON)


def _one(form: Form, terms: list[Condition]) -> Condition:
    rows = [[each.value for each in _comparisons(term)] for term in terms]
    columns = tuple(map(list, zip(*rows, strict=True)))
    if len(form) == 1:
        ((path, op),) = form
        return Where(path, _LISTS[op], columns[0])
    return OneOf(form, columns)  # type: ignore[return-value] # a condition of the compiler's own


def _comparisons(term: Condition) -> list[Where]:
    terms = term.terms if isinstance(term, All) else (term,)
    return [each for each in terms if isinstance(each, Where)]
