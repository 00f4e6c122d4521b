"""What a question names must be there at all, which is asked once, before rows are looked through.

The rows of a list are looked through in their order for the first that fit: all of them, where nothing has
the name that is asked for, as where it is misspelt in a script. People, projects and the words of a studio
are few, and names of entities and of whatever a link leads to have an index, so that it costs little to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from zou_server.models.conditions import All, AnyOf, Condition, Op, Some, Where
from zou_server.models.production import Entity
from zou_server.models.project import Project
from zou_server.models.registry import Facet
from zou_server.query.facets import end_of, leads_to
from zou_server.query.frame import Frame, Path, SeenBy, parse_path
from zou_server.query.operators import WHOLE

if TYPE_CHECKING:
    from zou_server.query.compiler import Compiler

_FEW = frozenset({"vocabulary", "person"})
"""Policies of rows that are few in any studio; of others without a project, as files, there are many."""
_IN_ANY_CASE = frozenset({Op.EQ_CI, Op.IN_CI})
"""How names are compared of which there is an index."""


def there_is(compiler: Compiler, frame: Frame, node: Condition) -> Iterator[ColumnElement[bool]]:
    """Conditions that hold for every row or for none, and follow from one on the rows of a frame."""
    if frame.root.facet is not None:
        test = _test(compiler, frame.seen_by, frame.root.facet, node, is_far=False)
        if test is not None:
            yield test


def _test(
    compiler: Compiler, seen_by: SeenBy, start: Facet, node: Condition, *, is_far: bool
) -> ColumnElement[bool] | None:
    """What has to be there for a condition to hold for a row of a facet; None where that is not said."""
    if isinstance(node, All | AnyOf):
        tests = [_test(compiler, seen_by, start, term, is_far=is_far) for term in node.terms]
        known = [test for test in tests if test is not None]
        if not known or (isinstance(node, AnyOf) and len(known) < len(tests)):
            return None
        return sa.or_(*known) if isinstance(node, AnyOf) else sa.and_(*known)
    if isinstance(node, Some):
        end = end_of(start, parse_path(f"{node.path}.id").hops, along_many=True)
        return None if end is None else _test(compiler, seen_by, end, node.term, is_far=True)
    if not isinstance(node, Where):
        return None
    path = parse_path(node.path)
    end = end_of(start, path.hops, along_many=True)
    is_known = _is_name_of_any(start, path, node) if end is None else _is_soon_known(end, path, node)
    if not (is_known and (is_far or path.hops)):
        return None
    inner = Frame.of(end, seen_by)
    named = compiler.compare_value(inner, inner.root, node, Path((), path.last))
    one: sa.Select[Any] = sa.select(sa.literal_column("1"))
    return sa.exists(one.select_from(inner.from_clause()).where(named))


def _is_soon_known(end: Facet, path: Path, node: Where) -> bool:
    field = end.visible.get(path.last)
    if path.key or field is None or field.many is not None or node.op not in WHOLE:
        return False
    if end.policy in _FEW or end.model is Project:
        return True
    return end.model is Entity and path.last == "name" and node.op in _IN_ANY_CASE


def _is_name_of_any(start: Facet, path: Path, node: Where) -> bool:
    """Whether a path ends in the name of what may be anything, of which the identities have an index."""
    if path.last != "name" or path.key or node.op not in _IN_ANY_CASE or not path.hops:
        return False
    *hops, last = path.hops
    end = end_of(start, hops, along_many=True)
    link = end.hops.get(last.name) if end is not None else None
    return link is not None and not last.cast and leads_to(link) is None
