"""How Zou writes values: ids of links, date-times of whole seconds in UTC without a zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from zou_server.models.registry import Kind
from zou_server.query.spelling import Spelling, local_seconds

_EMPTY: Mapping[str, ColumnElement[Any]] = {
    "object": sa.literal_column("'{}'::jsonb"),
    "list": sa.literal_column("'[]'::jsonb"),
    "main": sa.literal_column("'main'"),
}


class ZouSpelling(Spelling):
    """Plain JSON but for date-times (docs/protocols/zou.md 17, conventions).

    The styles "object" and "list" give an empty one for null: Kitsu looks into them without asking. "main" is
    what Zou calls a task that nobody named.
    """

    def value(self, expression: ColumnElement[Any], kind: Kind, style: str) -> ColumnElement[Any]:
        """The scalar as gazu and Kitsu read it."""
        if style in _EMPTY:
            return sa.func.coalesce(expression, _EMPTY[style])
        return local_seconds(expression) if kind is Kind.DATETIME else expression


ZOU = ZouSpelling()
