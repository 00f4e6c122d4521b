"""The operators: one table from `Op` to SQL, with the meaning of null and of case said once.

Every function gets the SQL value, the bound parameter and the kind, and returns a condition.
Lists arrive as one array parameter, so that the statement is the same for every length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql import ColumnElement

from zou_server.models.conditions import Fixed, Op
from zou_server.models.registry import Kind

Value = ColumnElement[Any]
Test = ColumnElement[bool]

SQL_TYPES: dict[Kind, Any] = {
    Kind.TEXT: sa.Text(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.NUMBER: sa.Numeric(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.UUID: sa.Uuid(),
    Kind.LINK: sa.Uuid(),
    Kind.LINKS: sa.Uuid(),
    Kind.DATE: sa.Date(),
    Kind.DATETIME: sa.DateTime(timezone=True),
    Kind.JSON: sa.Text(),
}

LISTS = frozenset({Op.IN, Op.NOT_IN, Op.IN_CI, Op.NOT_IN_CI, Op.BETWEEN, Op.NOT_BETWEEN})
PAIRS = frozenset({Op.BETWEEN, Op.NOT_BETWEEN})
"""Operators whose two ends are two parameters."""
WHOLE = frozenset({Op.EQ, Op.EQ_CI, Op.IN, Op.IN_CI})
"""Comparisons that tell nothing to who does not know the value."""
WITHOUT_VALUE = frozenset({Op.NULL, Op.NOT_NULL})
TEXT_ONLY = frozenset(
    {
        Op.LIKE,
        Op.NOT_LIKE,
        Op.CONTAINS,
        Op.NOT_CONTAINS,
        Op.STARTS,
        Op.ENDS,
        Op.CONTAINS_WORDS,
        Op.RESEMBLES,
        Op.SAYS,
        Op.EQ_CI,
        Op.NE_CI,
        Op.IN_CI,
        Op.NOT_IN_CI,
    }
)


def array(bound: Value, kind: Kind) -> Value:
    """A parameter that is a list of values of one kind."""
    return sa.cast(bound, ARRAY(SQL_TYPES[kind]))


def _one_of(value: Value, bound: Value, kind: Kind) -> Test:
    return value == sa.any_(array(bound, kind))


def _lowered(bound: Value) -> Value:
    # The parameter is lowered in Python, see PATTERNS.
    return sa.cast(bound, ARRAY(sa.Text()))


def _between(value: Value, bound: Any, _kind: Kind) -> Test:
    low, high = bound
    return sa.and_(value >= low, value <= high)


def _like(value: Value, pattern: Value) -> Test:
    return value.ilike(pattern)


def plain(text: Value) -> Value:
    """A text without capitals and accents, as the search indexes hold it."""
    return sa.func.plain_words(text, type_=sa.Text())


def resemblance(value: Value, wanted: Value, *, holding: bool) -> Value:
    """How much a text is like another by a word and as a whole: 0 to 2. `holding` adds 2 where it has it."""
    here, there = plain(value), plain(wanted)
    likeness = sa.func.word_similarity(there, here) + sa.func.similarity(there, here)
    return likeness + sa.case((sa.func.strpos(here, there) > 0, 2), else_=0) if holding else likeness


def _says(value: Value, words: Value) -> Test:
    language: Value = sa.literal_column("'simple'")
    # plainto_tsquery takes any text; as text itself it ends with its last word, which may be cut short.
    asked = sa.func.nullif(sa.cast(sa.func.plainto_tsquery(language, plain(words)), sa.Text()), "")
    wanted = sa.cast(asked.op("||")(sa.literal_column("':*'")), TSQUERY())
    return sa.func.to_tsvector(language, plain(value)).op("@@")(wanted)


def _unless(test: Test) -> Test:
    return test.is_not(True)


OPERATORS: dict[Op, Callable[[Value, Any, Kind], Test]] = {
    Op.EQ: lambda v, b, k: v == b,
    Op.NE: lambda v, b, k: v.is_distinct_from(b),
    Op.LT: lambda v, b, k: v < b,
    Op.LE: lambda v, b, k: v <= b,
    Op.GT: lambda v, b, k: v > b,
    Op.GE: lambda v, b, k: v >= b,
    Op.IN: _one_of,
    Op.NOT_IN: lambda v, b, k: _unless(_one_of(v, b, k)),
    Op.BETWEEN: _between,
    Op.NOT_BETWEEN: lambda v, b, k: _unless(_between(v, b, k)),
    Op.LIKE: lambda v, b, k: _like(v, b),
    Op.NOT_LIKE: lambda v, b, k: _unless(_like(v, b)),
    Op.CONTAINS: lambda v, b, k: _like(v, b),
    Op.NOT_CONTAINS: lambda v, b, k: _unless(_like(v, b)),
    Op.STARTS: lambda v, b, k: _like(v, b),
    Op.ENDS: lambda v, b, k: _like(v, b),
    Op.CONTAINS_WORDS: lambda v, b, k: plain(v).like(plain(b)),
    Op.RESEMBLES: lambda v, b, k: plain(b).op("<%", is_comparison=True)(plain(v)),
    Op.SAYS: lambda v, b, k: _says(v, b),
    Op.EQ_CI: lambda v, b, k: sa.func.lower(v) == sa.func.lower(sa.cast(b, sa.Text())),
    Op.NE_CI: lambda v, b, k: _unless(sa.func.lower(v) == sa.func.lower(sa.cast(b, sa.Text()))),
    Op.IN_CI: lambda v, b, k: sa.func.lower(v) == sa.any_(_lowered(b)),
    Op.NOT_IN_CI: lambda v, b, k: _unless(sa.func.lower(v) == sa.any_(_lowered(b))),
    Op.NULL: lambda v, b, k: v.is_(None),
    Op.NOT_NULL: lambda v, b, k: v.is_not(None),
}


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


PATTERNS: dict[Op, Callable[[str], str]] = {
    Op.CONTAINS_WORDS: lambda v: f"%{_escaped(v)}%",
    Op.CONTAINS: lambda v: f"%{_escaped(v)}%",
    Op.NOT_CONTAINS: lambda v: f"%{_escaped(v)}%",
    Op.STARTS: lambda v: f"{_escaped(v)}%",
    Op.ENDS: lambda v: f"%{_escaped(v)}",
    # A pattern that ends in a lone backslash is an error to PostgreSQL; it means the character.
    Op.LIKE: lambda v: v + "\\" if (len(v) - len(v.rstrip("\\"))) % 2 else v,
    Op.NOT_LIKE: lambda v: v + "\\" if (len(v) - len(v.rstrip("\\"))) % 2 else v,
    Op.IN_CI: str.lower,
    Op.NOT_IN_CI: str.lower,
}
"""What a text parameter becomes before it is bound."""


def constant_of(value: Any, op: Op) -> Any:
    """A value that is a part of a shape, as it is bound; the texts of a tuple, which may be many, as one."""
    prepare = PATTERNS.get(op)
    value = value.value if isinstance(value, Fixed) else value
    if not isinstance(value, tuple):
        return prepare(value) if prepare else value
    quoted = (each.replace("\\", r"\\").replace('"', r"\"") for each in value)
    return "{" + ",".join(f'"{each}"' for each in quoted) + "}"


SIGNS = {Op.EQ: "=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">=", Op.IN: "in"}
"""The sign by which a field's `narrow` knows an operator."""
