"""How Zou writes values: ids of links, date-times of whole seconds in UTC without a zone."""

from __future__ import annotations

from typing import Any

from sqlalchemy.sql import ColumnElement

from zou_server.models.registry import Kind
from zou_server.query.spelling import Spelling, local_seconds


class ZouSpelling(Spelling):
    """Plain JSON but for date-times (zou-models.md, conventions)."""

    def value(self, expression: ColumnElement[Any], kind: Kind, style: str) -> ColumnElement[Any]:
        """The scalar as gazu and Kitsu read it."""
        return local_seconds(expression) if kind is Kind.DATETIME else expression


ZOU = ZouSpelling()
