"""The kinds of values that fields hold, and which a column's SQL type stands for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from zou_server.models.base import Identity

ANY = "*"
"""The target of a link that may lead to a row of any type."""


class Kind(StrEnum):
    """The kind of a field's value; the type tables of schemas, spellings and operators are keyed by it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    UUID = "uuid"
    JSON = "json"
    LINK = "link"
    LINKS = "links"


_KINDS: tuple[tuple[type, Kind], ...] = (
    (sa.Uuid, Kind.UUID),
    (sa.Boolean, Kind.BOOLEAN),
    (JSONB, Kind.JSON),
    (ARRAY, Kind.JSON),
    (sa.DateTime, Kind.DATETIME),
    (sa.Date, Kind.DATE),
    (sa.Float, Kind.NUMBER),
    (sa.Numeric, Kind.NUMBER),
    (sa.Integer, Kind.INTEGER),
    (sa.String, Kind.TEXT),
)


def kind_of(column: sa.Column[Any]) -> Kind:
    """The kind a column's SQL type stands for."""
    for sql_type, kind in _KINDS:
        if isinstance(column.type, sql_type):
            return kind
    message = f"{column} has a type without a kind: {column.type!r}"
    raise TypeError(message)


def target_of(column: sa.Column[Any]) -> str:
    """The model that a foreign key leads to; ANY for whatever has an identity."""
    key = next(iter(column.foreign_keys))
    table = key.target_fullname.split(".")[0]
    if table == Identity.__tablename__:
        return ANY
    return "".join(part.capitalize() for part in table.split("_"))


def plain_default(column: sa.Column[Any]) -> object:
    """The value that a new row has in a column, where that is a plain one."""
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    return None
