"""The end of a path in a criterion: one attribute against its literals, as conditions of the query tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from zou_server.blueprints.ftrack import facts
from zou_server.blueprints.ftrack.attributes import Value
from zou_server.blueprints.ftrack.dates import Span, span_of
from zou_server.blueprints.ftrack.queries.expression import Among, Compare, Literal, spelled
from zou_server.blueprints.ftrack.values import NoSuchValue, literal, second_of
from zou_server.models.conditions import EVERYTHING, NOTHING, All, AnyOf, Condition, Not, Op, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind

PLAIN: Mapping[str, Op] = {
    "=": Op.EQ,
    "!=": Op.NE,
    ">": Op.GT,
    "<": Op.LT,
    ">=": Op.GE,
    "<=": Op.LE,
    "like": Op.LIKE,
    "not_like": Op.NOT_LIKE,
    "in": Op.IN,
    "not_in": Op.NOT_IN,
}
WITHOUT_CASE: Mapping[str, Op] = {
    **PLAIN,
    "=": Op.EQ_CI,
    "!=": Op.NE_CI,
    "in": Op.IN_CI,
    "not_in": Op.NOT_IN_CI,
}
"""ftrack's server compares text without case."""

_PATTERNS = frozenset({"like", "not_like"})
_NEGATIVE = frozenset({"!=", "not_like", "not_in"})


def both(terms: Iterable[Condition]) -> Condition:
    """Every term, without those that always hold; NOTHING when one never does."""
    kept = tuple(term for term in terms if term != EVERYTHING)
    if NOTHING in kept:
        return NOTHING
    return kept[0] if len(kept) == 1 else All(kept)


def either(terms: Iterable[Condition]) -> Condition:
    """Any term, without those that never hold; EVERYTHING when one always does."""
    kept = tuple(term for term in terms if term != NOTHING)
    if EVERYTHING in kept:
        return EVERYTHING
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def neither(term: Condition) -> Condition:
    """The opposite of a term."""
    if term == EVERYTHING:
        return NOTHING
    return EVERYTHING if term == NOTHING else Not(term)


def decided(*, holds: bool) -> Condition:
    """The condition that is known without looking at a row."""
    return EVERYTHING if holds else NOTHING


def _ops(attribute: Value) -> Mapping[str, Op]:
    return WITHOUT_CASE if attribute.kind is Kind.TEXT else PLAIN


def compare(attribute: Value, path: str, node: Compare, now: dt.datetime) -> Condition:
    """`value operator literal`, where `path` leads to the value from the row in question."""
    if node.value.is_null:
        return _null(path, node)
    if node.operator in _PATTERNS:
        return _like(attribute, path, node)
    if attribute.kind in _OF_DAYS and (span := span_of(node.value.text, now)):
        return _in_days(attribute, path, node.operator, span)
    try:
        value = literal(attribute, spelled(node.path), node.value.text)
    except NoSuchValue:
        return decided(holds=node.operator in _NEGATIVE)
    if attribute.kind in _OWN_WAYS:
        return _OWN_WAYS[attribute.kind](path, node.operator, value, node.value.text)
    operator = _MIRRORED.get(node.operator, node.operator) if attribute.style == "negated" else node.operator
    return Where(path, _ops(attribute)[operator], value)


_OF_DAYS = frozenset({Kind.DATE, Kind.DATETIME})


def _in_days(attribute: Value, path: str, operator: str, span: Span) -> Condition:
    first, end = (each.date() for each in span) if attribute.kind is Kind.DATE else span
    return within(path, operator, first, end)


def within(path: str, operator: str, first: object, end: object) -> Condition:
    """A moment or a day against a span of days: before it, in it, after it; `end` is no part of it."""
    if operator in BOUNDS:
        op, at = BOUNDS[operator]
        return Where(path, op, (first, end)[at])
    inside = All((Where(path, Op.GE, first), Where(path, Op.LT, end)))
    return inside if operator == "=" else Not(inside)


BOUNDS: Mapping[str, tuple[Op, int]] = {
    "<": (Op.LT, 0),
    ">=": (Op.GE, 0),
    "<=": (Op.LT, 1),
    ">": (Op.GE, 1),
}
"""Operator -> what is asked of the first day (0) or of the day after the last (1)."""

_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


def _null(path: str, node: Compare) -> Condition:
    if node.operator not in ("=", "!="):
        raise Invalid(f"{spelled(node.path)}: none can only be compared with is and is_not.")
    return Where(path, Op.NULL if node.operator == "=" else Op.NOT_NULL)


def _like(attribute: Value, path: str, node: Compare) -> Condition:
    if attribute.style or attribute.kind in (Kind.DATETIME, Kind.DATE, Kind.JSON):
        raise Invalid(f"{spelled(node.path)} is no text that a pattern could match.")
    if attribute.choices:
        return _chosen(attribute, path, node)
    return Where(path, PLAIN[node.operator], node.value.text)


def _chosen(attribute: Value, path: str, node: Compare) -> Condition:
    """A pattern on words that we know by other ones: those of ours whose wire word it matches."""
    matched = [ours for theirs, ours in attribute.choices.items() if facts.test(theirs, "like", node.value)]
    own = All(
        (
            Where(path, Op.LIKE, node.value.text),
            Where(path, Op.NOT_IN, list(attribute.choices.values())),
        )
    )
    found = either((Where(path, Op.IN, matched), own))
    return found if node.operator == "like" else neither(found)


def _moment(path: str, operator: str, value: dt.datetime, text: str) -> Condition:
    second = second_of(value, text) if operator in ("=", "!=") else None
    if second is None:
        return Where(path, PLAIN[operator], value)
    within = All((Where(path, Op.GE, second[0]), Where(path, Op.LT, second[1])))
    return within if operator == "=" else Not(within)


def _json(path: str, operator: str, value: object, text: str) -> Condition:
    """A text is that text, or what it is as JSON, such as a number."""
    if operator not in ("=", "!="):
        return Where(path, PLAIN[operator], value)
    spellings = [orjson.dumps(text).decode()]
    with suppress(orjson.JSONDecodeError):
        spellings.append(orjson.dumps(orjson.loads(text)).decode())
    found = either([Where(path, Op.EQ, each) for each in spellings])
    return found if operator == "=" else neither(found)


_OWN_WAYS: Mapping[Kind, Callable[[str, str, Any, str], Condition]] = {
    Kind.DATETIME: _moment,
    Kind.JSON: _json,
}


def among(
    attribute: Value, path: str, node: Among, values: tuple[Literal, ...], now: dt.datetime
) -> Condition:
    """`value in (literals)`."""
    if attribute.kind in (*_OF_DAYS, Kind.JSON):
        found = either(compare(attribute, path, Compare(node.path, "=", each), now) for each in values)
    else:
        nulls = [Where(path, Op.NULL)] if any(each.is_null for each in values) else []
        known = _known(attribute, node, values)
        listed = [Where(path, _ops(attribute)["in"], known)] if known else []
        found = either((*nulls, *listed))
    return neither(found) if node.negated else found


def _known(attribute: Value, node: Among, values: tuple[Literal, ...]) -> list[Any]:
    """Our values for those literals that a row can have."""
    found = []
    for each in values:
        if not each.is_null:
            try:
                found.append(literal(attribute, spelled(node.path), each.text))
            except NoSuchValue:
                continue
    return found


def constant(value: object, node: Compare | Among) -> Condition:
    """A value that is the same for every row."""
    if isinstance(node, Compare):
        return decided(holds=facts.test(value, node.operator, node.value))
    if not isinstance(node.values, tuple):
        raise Invalid(f"{spelled(node.path)} cannot be compared with a sub-query.")
    return decided(holds=any(facts.same(value, each) for each in node.values) is not node.negated)


COMPARABLE: Mapping[Kind, Callable[[Kind], bool]] = {
    kind: (lambda other, group=group: other in group)  # type: ignore[misc]
    for group in (
        {Kind.UUID, Kind.LINK},
        {Kind.TEXT},
        {Kind.INTEGER, Kind.NUMBER},
        {Kind.DATE, Kind.DATETIME},
        {Kind.BOOLEAN},
    )
    for kind in group
}
"""Kinds whose values a sub-query may be compared with."""
