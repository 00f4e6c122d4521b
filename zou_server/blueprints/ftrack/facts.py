"""Criteria on rows that are in no table, decided in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.ids import one_spelling
from zou_server.blueprints.ftrack.queries.expression import (
    Among,
    Both,
    Compare,
    Criteria,
    Either,
    Literal,
    Neither,
    spelled,
)
from zou_server.blueprints.ftrack.values import plain_value
from zou_server.models.errors import Invalid

Row = Mapping[str, Any]
_WHOLE = re.compile(r"(0|-?[1-9]\d*)([.]0)?")


def holds(type_name: str, row: Row, node: Criteria) -> bool:
    """True when the criteria hold for a row; Invalid for attributes that are not scalars of the row."""
    test = _NODES.get(type(node))
    if test is None:
        raise Invalid(f"Criteria on {type_name} can only compare its own values.")
    return test(type_name, row, node)


def same(value: object, found: Literal) -> bool:
    """True when a value equals a literal; text is compared without case, an id in any spelling."""
    if value is None or found.is_null:
        return value is None and found.is_null
    texts = spellings(found.text)
    return _text(value) in (*(each.lower() for each in texts), one_spelling(found.text))


def spellings(text: str) -> tuple[str, ...]:
    """A literal, and the other spelling of a whole number: some clients keep 3 as 3.0."""
    if _WHOLE.fullmatch(text) is None:
        return (text,)
    whole = text.removesuffix(".0")
    return (whole, f"{whole}.0")


def test(value: object, operator: str, found: Literal) -> bool:
    """The truth of `value operator literal`."""
    return _OPERATORS[operator](value, found)


def _text(value: object) -> str:
    return str(value).lower()


def _like(value: object, found: Literal) -> bool:
    if value is None:
        return False
    pattern = re.sub(r"\\(.)|(%)|(_)|(.)", _piece, found.text.lower(), flags=re.DOTALL)
    return re.fullmatch(pattern, _text(value), re.DOTALL) is not None


def _piece(match: re.Match[str]) -> str:
    escaped, run, one, plain = match.groups()
    if run or one:
        return ".*" if run else "."
    return re.escape(escaped or plain)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, Literal], bool]:
    def decide(value: object, found: Literal) -> bool:
        if value is None or found.is_null:
            return False
        try:
            return compare(float(str(value)), float(found.text))
        except ValueError:
            return compare(_text(value), found.text.lower())

    return decide


_OPERATORS: Mapping[str, Callable[[object, Literal], bool]] = {
    "=": same,
    "!=": lambda value, found: not same(value, found),
    ">": _ordered(lambda a, b: a > b),
    "<": _ordered(lambda a, b: a < b),
    ">=": _ordered(lambda a, b: a >= b),
    "<=": _ordered(lambda a, b: a <= b),
    "like": _like,
    "not_like": lambda value, found: not _like(value, found),
}


def _value(type_name: str, row: Row, node: Compare | Among) -> object:
    name = spelled(node.path)
    if name not in row:
        raise Invalid(f"{name} of {type_name} cannot be used in criteria here.")
    return plain_value(row[name])


def _compare(type_name: str, row: Row, node: Compare) -> bool:
    return test(_value(type_name, row, node), node.operator, node.value)


def _among(type_name: str, row: Row, node: Among) -> bool:
    value = _value(type_name, row, node)
    if not isinstance(node.values, tuple):
        raise Invalid(f"{spelled(node.path)} of {type_name} cannot be compared with a sub-query.")
    return any(same(value, found) for found in node.values) is not node.negated


_NODES: Mapping[type, Callable[[str, Row, Any], bool]] = {
    Compare: _compare,
    Among: _among,
    Both: lambda name, row, node: all(holds(name, row, term) for term in node.terms),
    Either: lambda name, row, node: any(holds(name, row, term) for term in node.terms),
    Neither: lambda name, row, node: not holds(name, row, node.term),
}
