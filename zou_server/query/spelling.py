"""How a dialect writes values in its answers: what the compiler asks of it.

A spelling turns an SQL value into the SQL value whose JSON is what the client expects. The base
class is plain JSON: ids of links, ISO date-times in UTC. Compared by identity: make one a dialect.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.registry import Kind


class Spelling:
    """Plain JSON; each dialect overrides what it writes otherwise."""

    links_need_identity = False
    """True where a link shows the kind, number or name of what it points at."""

    def value(self, expression: ColumnElement[Any], kind: Kind, style: str) -> ColumnElement[Any]:
        """The scalar as written; `style` is the hint of the output, "" for none."""
        return expression

    def link(
        self, expression: ColumnElement[Any], identity: FromClause | None, kinds: frozenset[str]
    ) -> ColumnElement[Any]:
        """A link as written: from its id, or from the row of the identity table it leads to.

        `kinds` are all that such a row may be of; none where that is not known.
        """
        return expression


def local_seconds(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """A moment as `YYYY-MM-DDTHH:MM:SS`, UTC, without zone and fraction."""
    return sa.func.date_trunc("second", sa.func.timezone("UTC", expression))


def kind_names(kind: ColumnElement[Any], names: dict[str, str]) -> ColumnElement[Any]:
    """A dialect's type name for an identity's kind; `names` holds only the kinds that differ."""
    if not names:
        return kind
    return sa.case(*((kind == ours, theirs) for ours, theirs in names.items()), else_=kind)
