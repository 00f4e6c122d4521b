"""How PostgreSQL writes the values of a CSV file: texts that a person and an importer both read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.registry import Kind
from zou_server.query.spelling import Spelling

_WHOLE: ColumnElement[Any] = sa.literal_column("'{}'::text[]")
_MIDNIGHT: ColumnElement[Any] = sa.literal_column("'00:00:00'::time")


def _unquoted(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """A JSON value as text, a text without its quotes: true is `true`, whatever wrote it."""
    return expression.op("#>>", return_type=sa.Text())(_WHOLE)


def _moment(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """A moment in UTC; midnight is the day alone."""
    local = sa.func.timezone("UTC", expression)
    return sa.case(
        (sa.cast(local, sa.Time()) == _MIDNIGHT, sa.func.to_char(local, "YYYY-MM-DD")),
        else_=sa.func.to_char(local, 'YYYY-MM-DD"T"HH24:MI:SS'),
    )


def _hours(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Minutes as hours, to a second's part."""
    return sa.func.trim_scale(sa.func.round(sa.cast(expression, sa.Numeric()) / 60, 4))


KINDS: Mapping[Kind, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    Kind.JSON: _unquoted,
    Kind.DATETIME: _moment,
}
STYLES: Mapping[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "hours": _hours,
    "yes": lambda expression: sa.case((expression, "yes"), else_="no"),
}
"""Style of a column -> how its values are written."""


class CsvSpelling(Spelling):
    """Values as cells; a link is the name of what it leads to."""

    links_need_identity = True

    def value(self, expression: ColumnElement[Any], kind: Kind, style: str) -> ColumnElement[Any]:
        """The scalar by its style, else by its kind."""
        write = STYLES.get(style) or KINDS.get(kind)
        return write(expression) if write else expression

    def link(
        self, expression: ColumnElement[Any], identity: FromClause | None, kinds: frozenset[str]
    ) -> ColumnElement[Any]:
        """The display name."""
        return expression if identity is None else identity.c.name


CSV = CsvSpelling()
