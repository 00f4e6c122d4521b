"""From the text of a query to its tree; a ParseError says where the text stops making sense."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from zou_server.blueprints.ftrack.queries.expression import (
    ALWAYS,
    OPERATORS,
    Aggregate,
    Among,
    Both,
    Compare,
    Either,
    Literal,
    Neither,
    Ordering,
    Path,
    Quantified,
    Select,
    Step,
)
from zou_server.models.errors import Invalid

LONGEST = 1_000_000
"""Characters of a query: the client lists hundreds of ids, never a megabyte of them."""
DEEPEST = 20
"""Parentheses inside each other; more than anybody writes, few enough for the compiler."""
KEPT_LENGTH = 2_000
"""Longer texts list ids and never come again, so they are not remembered."""
LONGEST_PAGE = 10**9

_STEP = re.compile(r"(\w+)(?:\[(\w+)\])?")
_ESCAPE = re.compile(r"\\([\"'\\])")
_NESTING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[()]", re.DOTALL)


class ParseError(Invalid):
    """The query cannot be read."""

    code = "parse_error"
    cure = "Correct the query at the place that the sentence names."


class _Builder(Transformer[Token, Any]):
    """Builds the tree bottom-up; each method gets the children of one rule of the grammar."""

    def start(self, children: list[Any]) -> Select:
        """The whole text."""
        whole: Select = children[0]
        return whole

    def query(self, children: list[Any]) -> Select:
        """`[select ... from] Type [where ...] ...`: the pieces, each of them perhaps None."""
        projections, type_, where, *modifiers = children
        given = [name for name, _ in modifiers]
        if len(set(given)) < len(given):
            raise ParseError("order by, group by, offset and limit may be given once each.")
        selected = projections or ()
        aggregates = tuple(each for each in selected if isinstance(each, Aggregate))
        paths = tuple(each for each in selected if not isinstance(each, Aggregate))
        return Select(str(type_), paths, where or ALWAYS, aggregates=aggregates, **dict(modifiers))

    subquery = query

    def select(self, children: list[Any]) -> tuple[Path | Aggregate, ...]:
        """The projections."""
        return tuple(children)

    def aggregate(self, children: list[Any]) -> Aggregate:
        """`count(path)`."""
        how, path = children
        return Aggregate(how.lower(), path)

    def group(self, children: list[Any]) -> tuple[str, tuple[Path, ...]]:
        """What rows are put together by."""
        return "group", tuple(children)

    def order(self, children: list[Any]) -> tuple[str, tuple[Ordering, ...]]:
        """The sort keys."""
        return "order", tuple(children)

    def direction(self, children: list[Any]) -> Ordering:
        """One sort key."""
        path, direction = children
        if isinstance(path, Aggregate):
            path = (Step(path.name),)
        return Ordering(path, descending=direction is not None and direction.type == "DESCENDING")

    def offset(self, children: list[Any]) -> tuple[str, int]:
        """The offset."""
        return "offset", _count(children[0])

    def limit(self, children: list[Any]) -> tuple[str, int]:
        """The limit."""
        return "limit", _count(children[0])

    def either(self, children: list[Any]) -> Either:
        """Terms joined by `or`."""
        return Either(tuple(children))

    def both(self, children: list[Any]) -> Both:
        """Terms joined by `and`."""
        return Both(tuple(children))

    def neither(self, children: list[Any]) -> Neither:
        """A term after `not`."""
        return Neither(children[0])

    def quantified(self, children: list[Any]) -> Quantified:
        """`path any (term)`; the word itself says nothing that the attribute does not."""
        path, _word, term = children
        return Quantified(path, term or ALWAYS)

    def compare(self, children: list[Any]) -> Compare:
        """`path operator value`."""
        path, operator, value = children
        return Compare(path, OPERATORS[operator.lower()], value)

    def among(self, children: list[Any]) -> Among:
        """`path in (...)`."""
        path, operator, values = children
        return Among(path, values or (), negated=operator.lower() == "not_in")

    def values(self, children: list[Any]) -> tuple[Literal, ...]:
        """The values of a list."""
        return tuple(children)

    def quoted(self, children: list[Any]) -> Literal:
        """A quoted value. A backslash before anything but a quote or itself stays: `like` reads it."""
        return Literal(_ESCAPE.sub(r"\1", children[0][1:-1]))

    def word(self, children: list[Any]) -> Literal:
        """An unquoted value."""
        return Literal(str(children[0]), quoted=False)

    def path(self, children: list[Any]) -> Path:
        """A dotted path."""
        return tuple(Step(name, cast) for name, cast in _STEP.findall(children[0]))


def _count(token: Token) -> int:
    found = int(token) if len(token) <= len(str(LONGEST_PAGE)) else LONGEST_PAGE + 1
    if found > LONGEST_PAGE:
        raise ParseError("offset and limit must be below a thousand million.")
    return found


@cache
def _parser() -> Lark:
    """The parser, made when somebody asks the first query: that takes a tenth of a second."""
    return Lark(
        files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=True,
        # Built while it is parsed: long chains of alternatives take half the time.
        transformer=_Builder(),
    )


def parse(text: str) -> Select:
    """Return the tree of a query."""
    return _remembered(text) if len(text) <= KEPT_LENGTH else _parse(text)


def _parse(text: str) -> Select:
    if len(text) > LONGEST:
        raise ParseError(f"The query is longer than {LONGEST} characters.")
    _check_nesting(text)
    try:
        found: Select = _parser().parse(text)  # type: ignore[assignment] # what the builder makes
    except UnexpectedInput as error:
        raise ParseError(_complaint(text, error.pos_in_stream)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ParseError):
            raise error.orig_exc from None
        raise
    return found


_remembered = lru_cache(maxsize=512)(_parse)


def _check_nesting(text: str) -> None:
    depth = 0
    for match in _NESTING.finditer(text):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth > DEEPEST:
            raise ParseError(f"The query has parentheses more than {DEEPEST} deep.")


def _complaint(text: str, position: int | None) -> str:
    rest = "" if position is None or position < 0 else text[position : position + 30]
    where = f"near '{rest}'" if rest.strip() else "at its end"
    return f"Failed to parse the query {where}: {text[:200]}"
