"""Which conditions on what a link to many leads to are about one row, from which it is sooner found."""

from __future__ import annotations

from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.registry import ANY, FACETS, Facet, Field
from zou_server.models.veils import KNOWN_BY_VALUE
from zou_server.query.frame import Path, parse_path

_ID = Path((), "id")


def is_one_row(link: Field, rest: Path, node: Where) -> bool:
    """Whether a comparison at the end of a path behind a link is with one id, or the name of one person."""
    if link.many is None or link.many.held:
        return False
    if node.op is Op.EQ and rest == _ID and link.many.through:
        return True
    return _is_person(_target(link), rest, node)


def is_one_person(link: Field, node: Condition) -> bool:
    """Whether a condition on what a link leads to holds for what is linked to one person, or to none."""
    return link.many is not None and not link.many.held and _of_person(_target(link), node)


def _target(link: Field) -> Facet | None:
    target = link.many.target if link.many else link.target
    return None if target == ANY else FACETS[target]


def _of_person(target: Facet | None, node: Condition) -> bool:
    if isinstance(node, All):
        return any(_of_person(target, term) for term in node.terms)
    if isinstance(node, AnyOf):
        return bool(node.terms) and all(_of_person(target, term) for term in node.terms)
    return isinstance(node, Where) and _is_person(target, parse_path(node.path), node)


def _is_person(target: Facet | None, path: Path, node: Where) -> bool:
    """Whether the end of a path of links to one row is an address or a login, compared as a whole."""
    for step in path.hops:
        link = target.hops.get(step.name) if target is not None else None
        if link is None or link.many is not None:
            return False
        target = FACETS.get(step.cast or link.target)
    named = target is not None and (target.model.__name__, path.last) in KNOWN_BY_VALUE
    return named and node.op in (Op.EQ, Op.EQ_CI)
