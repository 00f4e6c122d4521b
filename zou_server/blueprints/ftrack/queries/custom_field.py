"""Criteria on custom attributes: `custom_attributes any (key is "k" and value is "v")`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

from zou_server.blueprints.ftrack.dates import Span, span_of
from zou_server.blueprints.ftrack.facts import spellings
from zou_server.blueprints.ftrack.queries.expression import (
    Both,
    Compare,
    Criteria,
    Either,
    Literal,
    Neither,
    Quantified,
    Select,
    spelled,
)
from zou_server.blueprints.ftrack.queries.leaves import (
    BOUNDS,
    PLAIN,
    WITHOUT_CASE,
    both,
    either,
    neither,
    within,
)
from zou_server.blueprints.ftrack.queries.place import At
from zou_server.models.conditions import Condition, Op, Where
from zou_server.models.errors import Invalid

_FIELD_KEY = re.compile(r"\w+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ORDERS = frozenset({">", "<", ">=", "<="})


def custom_field(at: At, node: Quantified) -> Condition:
    """A custom field of the row itself: that it has a value, or one that compares so."""
    terms = node.term.terms if isinstance(node.term, Both) else (node.term,)
    keys = [each for each in terms if isinstance(each, Compare) and spelled(each.path) in _KEYS]
    if not keys or keys[0].operator != "=" or not _FIELD_KEY.fullmatch(keys[0].value.text):
        raise _unreadable()
    path = at.path(f"data.{keys[0].value.text}")
    asked = [_term(path, each, at.now) for each in terms if each is not keys[0]]
    return both(asked) if asked else Where(path, Op.NOT_NULL)


_KEYS = ("key", "configuration.key")


def _unreadable() -> Invalid:
    return Invalid('Criteria on custom_attributes are: any (key is "..." and value is "...").')


def _term(path: str, node: Criteria, now: dt.datetime) -> Condition:
    """What is asked of the value, however it is put together; what is asked of anything else is refused."""
    if isinstance(node, Both | Either):
        return _JOINED[type(node)]([_term(path, term, now) for term in node.terms])
    if isinstance(node, Neither):
        return neither(_term(path, node.term, now))
    if isinstance(node, Quantified) or spelled(node.path) != "value":
        raise _unreadable()
    if isinstance(node, Compare):
        return _compared(path, node, now)
    if isinstance(node.values, Select):
        raise _unreadable()
    found = either([_compared(path, Compare(node.path, "=", each), now) for each in node.values])
    return neither(found) if node.negated else found


_JOINED: Mapping[type, Callable[[Iterable[Condition]], Condition]] = {Both: both, Either: either}


def _compared(path: str, value: Compare, now: dt.datetime) -> Condition:
    operator, text = value.operator, value.value.text
    if value.value.is_null:
        return Where(path, Op.NULL if operator == "=" else Op.NOT_NULL)
    span = _days(text, now)
    if operator in _ORDERS and span is None:
        return Where(f"{path}::number", PLAIN[operator], text)
    if span is None and operator in ("=", "!="):
        return Where(path, WITHOUT_CASE["in" if operator == "=" else "not_in"], spellings(text))
    if span is None or operator not in (*_ORDERS, "=", "!="):
        return Where(path, WITHOUT_CASE[operator], text)
    # Dates are kept as texts that begin with the day, with or without a time.
    first, end = (each.date().isoformat() for each in span)
    if operator in _ORDERS:
        return within(path, operator, first, end)
    found = either((Where(path, Op.EQ_CI, text), within(path, "=", first, end)))
    return found if operator == "=" else neither(found)


def with_days(node: Criteria, now: dt.datetime) -> Criteria:
    """Criteria on value rows, with the days that their literals stand for written out."""
    if isinstance(node, Neither):
        return Neither(with_days(node.term, now))
    if isinstance(node, Both | Either):
        return type(node)(tuple(with_days(term, now) for term in node.terms))
    if not isinstance(node, Compare) or node.value.is_null or spelled(node.path) != "value":
        return node
    span = _days(node.value.text, now)
    if span is None or node.operator not in (*_ORDERS, "=", "!="):
        return node
    first, end = (Literal(each.date().isoformat()) for each in span)
    if node.operator in _ORDERS:
        op, bound = BOUNDS[node.operator]
        return Compare(node.path, _WRITTEN[op], (first, end)[bound])
    inside = Both((Compare(node.path, ">=", first), Compare(node.path, "<", end)))
    found = Either((Compare(node.path, "=", node.value), inside))
    return found if node.operator == "=" else Neither(found)


_WRITTEN = {Op.LT: "<", Op.GE: ">="}


def _days(text: str, now: dt.datetime) -> Span | None:
    """The days that a word stands for, or a day by its date."""
    if not _DAY.fullmatch(text[:10]):
        return span_of(text, now)
    try:
        day = dt.datetime.fromisoformat(text[:10]).replace(tzinfo=dt.UTC)
        return day, day + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
