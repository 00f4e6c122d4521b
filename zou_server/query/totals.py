"""Sums over the rows of a query, by groups: what reports of time are made of, one statement each.

The query says which rows (with its actor's scope and masks), as for any read; its projection is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from zou_server.models.conditions import Query
from zou_server.query.compiler import Compiler
from zou_server.query.kept import kept_within
from zou_server.query.lift import lift
from zou_server.query.statement import Statement

Value = ColumnElement[Any]

PARTS: Mapping[str, Callable[[Value], Value]] = {
    "": lambda value: value,
    "day": lambda value: sa.cast(sa.extract("day", value), sa.Integer),
    "week": lambda value: sa.cast(sa.extract("week", value), sa.Integer),
    "month": lambda value: sa.cast(sa.extract("month", value), sa.Integer),
    "year": lambda value: sa.cast(sa.extract("year", value), sa.Integer),
}
"""What of a value makes the group: the value itself, or the number of its day, ISO week, month, year."""


AGGREGATES: Mapping[str, Callable[[Value], Value]] = {
    "sum": sa.func.sum,
    "min": sa.func.min,
    "max": sa.func.max,
    "count": sa.func.count,
}


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of `measures` ((path, aggregate) pairs, see AGGREGATES) for each group of `by`.

    `by` are (path, part) pairs, see PARTS.
    """

    query: Query
    by: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]


def totals_statement(totals: Totals) -> tuple[Statement, dict[str, Any]]:
    """The statement, whose rows are the groups' values and what they come to, and its parameters."""
    lifted, values = lift(totals.query)
    assert isinstance(lifted, Query)  # noqa: S101 - what went in
    statement = _compiled(replace(totals, query=lifted))
    return statement, statement.bind(values)


@kept_within(4 * 1024 * 1024)
def _compiled(totals: Totals) -> Statement:
    compiler = Compiler()
    frame = compiler.frame(totals.query)

    def columns() -> list[Value]:
        keys = [PARTS[part](compiler.reach(frame, path).expression) for path, part in totals.by]
        measures = [compiler.reach(frame, path).expression for path, _ in totals.measures]
        return [
            *(key.label(f"k{index}") for index, key in enumerate(keys)),
            *(measure.label(f"m{index}") for index, measure in enumerate(measures)),
        ]

    rows = compiler.select_rows(frame, totals.query, columns, ordered=False).subquery()
    keys = [rows.c[f"k{index}"] for index in range(len(totals.by))]
    sums = [AGGREGATES[how](rows.c[f"m{index}"]) for index, (_, how) in enumerate(totals.measures)]
    return compiler.finish(sa.select(*keys, *sums).group_by(*keys).order_by(*keys))
