"""Which conditions on what a link to many leads to are about one row, from which it is sooner found."""

from __future__ import annotations

from zou_server.models.appointments import EntityAssignation, GroupAppointment
from zou_server.models.conditions import All, AnyOf, Condition, Op, Some, Where
from zou_server.models.person import Person
from zou_server.models.registry import Facet, Field, Kind
from zou_server.models.task import Assignation
from zou_server.models.veils import KNOWN_BY_VALUE
from zou_server.query.facets import end_of, leads_to
from zou_server.query.frame import Path, parse_path

_ID = Path((), "id")
_WHO_WORKS = (Assignation, EntityAssignation, GroupAppointment)
"""Links that lead from a person, or a group of people, to few rows."""
_IDS = frozenset({"id", "number"})


def is_one_row(link: Field, rest: Path, node: Where) -> bool:
    """Whether a comparison at the end of a path behind a link is with one id, or the name of one person."""
    if link.many is None or link.many.held:
        return False
    if node.op is Op.EQ and rest == _ID and link.many.through:
        return True
    return _is_person(leads_to(link), rest, node)


def is_one_person(link: Field, node: Condition) -> bool:
    """Whether a condition on what a link leads to holds for what is linked to one person, or to none."""
    return link.many is not None and not link.many.held and _of_person(leads_to(link), node)


def _of_person(target: Facet | None, node: Condition) -> bool:
    if isinstance(node, All):
        return any(_of_person(target, term) for term in node.terms)
    if isinstance(node, AnyOf):
        return bool(node.terms) and all(_of_person(target, term) for term in node.terms)
    if isinstance(node, Some):
        ids = (Where(f"{node.path}.{each.path}", each.op) for each in _all_of(node.term))
        return any(_is_person(target, parse_path(each.path), each) for each in ids)
    return isinstance(node, Where) and _is_person(target, parse_path(node.path), node)


def _all_of(node: Condition) -> list[Where]:
    terms = node.terms if isinstance(node, All) else (node,)
    return [term for term in terms if isinstance(term, Where)]


def _is_person(start: Facet | None, path: Path, node: Where) -> bool:
    """Whether the end of a path of links to one row is who works, or what only one person has, as a whole."""
    target = None if start is None else end_of(start, path.hops, along_many=False)
    if start is None or target is None or node.op not in (Op.EQ, Op.EQ_CI):
        return False
    if start.model in _WHO_WORKS and _is_id_behind(start, path):
        return True
    is_person = target.model is Person and path.last in _IDS
    return is_person or (target.model.__name__, path.last) in KNOWN_BY_VALUE


def _is_id_behind(start: Facet, path: Path) -> bool:
    """Whether a path ends at a link of a row, or at the id of what that leads to."""
    if path.hops:
        return len(path.hops) == 1 and path.last in _IDS
    end = start.fields.get(path.last)
    return end is not None and end.kind is Kind.LINK
