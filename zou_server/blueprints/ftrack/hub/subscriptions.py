"""Subscription and target expressions: parsed once, then matched against events and subscribers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from zou_server.models.errors import Invalid

LONGEST = 20_000
DEEPEST = 20
Test = Callable[[Mapping[str, Any]], bool]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_NOTHING = object()


class _Builder(Transformer[Token, Any]):
    """Makes a test out of each rule of the grammar."""

    def start(self, children: list[Any]) -> Test:
        """The whole expression."""
        found: Test = children[0]
        return found

    def either(self, children: list[Any]) -> Test:
        """Terms joined by `or`."""
        return lambda candidate: any(test(candidate) for test in children)

    def both(self, children: list[Any]) -> Test:
        """Terms joined by `and`."""
        return lambda candidate: all(test(candidate) for test in children)

    def neither(self, children: list[Any]) -> Test:
        """A term after `not`."""
        test = children[0]
        return lambda candidate: not test(candidate)

    def condition(self, children: list[Any]) -> Test:
        """`key operator value`."""
        key, sign, wanted = children
        path = str(key).split(".")
        return lambda candidate: _holds(_value_at(candidate, path), str(sign), wanted)

    def quoted(self, children: list[Any]) -> str:
        """A quoted value."""
        return str(children[0])[1:-1]

    def word(self, children: list[Any]) -> str:
        """An unquoted value."""
        return str(children[0])


_LARK = Lark(
    files(__package__).joinpath("subscription.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="contextual",
)
_BUILDER = _Builder()


def _anything(_candidate: Mapping[str, Any]) -> bool:
    return True


@lru_cache(maxsize=1024)
def parse_subscription(text: str) -> Test:
    """The test that an expression stands for; Invalid when it cannot be read."""
    if not text.strip():
        return _anything
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        raise Invalid("The subscription is too long.")
    try:
        found: Test = _BUILDER.transform(_LARK.parse(text))
    except LarkError:
        raise Invalid(f"Failed to parse: {text[:200]}") from None
    return found


def _value_at(candidate: Mapping[str, Any], path: list[str]) -> Any:
    found: Any = candidate
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return _NOTHING
        found = found[key]
    return found


def _holds(value: Any, sign: str, wanted: str) -> bool:
    """What is missing matches nothing; a value ending in `*` matches what contains the rest."""
    if value is _NOTHING:
        return False
    if sign in ("=", "!="):
        return _equals(value, wanted) is (sign == "=")
    try:
        return _COMPARE[sign](float(value), float(wanted))
    except (TypeError, ValueError):
        return _COMPARE[sign](str(value), wanted)


def _equals(value: Any, wanted: str) -> bool:
    if wanted.endswith("*"):
        return wanted[:-1] in (value if isinstance(value, list) else str(value))
    if isinstance(value, bool):
        return str(value).lower() == wanted.lower()
    return str(value) == wanted
