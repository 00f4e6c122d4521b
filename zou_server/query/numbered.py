"""Which rows are read in the order of their numbers, by the index of identities that has these by project."""

from __future__ import annotations

from zou_server.models.base import Row
from zou_server.models.conditions import All, Condition, Op, Query, Where
from zou_server.query.frame import parse_path
from zou_server.query.operators import WHOLE

PROJECT = "project_id"
"""The path of a row's project where it is a column of its own, as its identity has it too."""


def names_project(query: Query) -> bool:
    """Whether all rows asked for are of one project, and their order is that of their identities' numbers."""
    by_number = bool(query.order) and query.order[0].path == "number"
    return (
        by_number
        and issubclass(query.facet.model, Row)
        and query.facet.project == PROJECT
        and _is_of_one_project(query.where)
        and not _starts_elsewhere(query.where)
    )


def _is_of_one_project(node: Condition) -> bool:
    if isinstance(node, All):
        return any(map(_is_of_one_project, node.terms))
    return isinstance(node, Where) and node.op is Op.EQ and node.path == PROJECT


def _starts_elsewhere(node: Condition) -> bool:
    """Whether a row is named that is further than a link away: what belongs to it is few, and sorted."""
    if isinstance(node, All):
        return any(map(_starts_elsewhere, node.terms))
    return isinstance(node, Where) and node.op in WHOLE and len(parse_path(node.path).hops) > 1
