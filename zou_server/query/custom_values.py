"""What a custom field holds, read as its kind: another dialect, or a file, may have kept it as a text.

A value that is none of its kind is null, never an error: dates are checked before PostgreSQL casts them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement

from zou_server.models.registry import Kind
from zou_server.models.values import A_NUMBER, TICKED

_NUMBER = rf"^\s*{A_NUMBER}\s*$"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_ZONE = r"\s?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
_MOMENT = rf"^\s*(?!0000)[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]{_TIME}{_ZONE})?\s*$"
_LAST_DAY: ColumnElement[Any] = sa.literal_column("interval '1 month - 1 day'")


def custom_value(data: ColumnElement[Any], key: str, kind: Kind) -> ColumnElement[Any]:
    """A custom field as its kind; a value of another kind is null, never an error."""
    raw = data.op("->", return_type=JSONB())(sa.literal(key, sa.Text()))
    plain = data.op("->>", return_type=sa.Text())(sa.literal(key, sa.Text()))
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return number_of(plain)
    if kind is Kind.BOOLEAN:
        return is_true(plain)
    if kind is Kind.DATETIME:
        return moment_of(plain)
    if kind is Kind.DATE:
        return day_of(plain)
    if kind is Kind.JSON:
        return raw
    return plain


def text_of(value: ColumnElement[Any]) -> ColumnElement[str]:
    """A value of JSON as text, without its quotes."""
    return value.op("#>>", return_type=sa.Text())(sa.cast(sa.literal("{}"), ARRAY(sa.Text())))


def number_of(plain: ColumnElement[str]) -> ColumnElement[Any]:
    """The number that a text stands for."""
    return sa.case((plain.bool_op("~")(sa.literal(_NUMBER)), sa.cast(plain, sa.Numeric())), else_=None)


def is_true(plain: ColumnElement[str]) -> ColumnElement[bool]:
    """True for the words that stand for a tick."""
    return sa.func.lower(plain) == sa.any_(sa.literal(list(TICKED), ARRAY(sa.Text())))


def moment_of(plain: ColumnElement[str]) -> ColumnElement[Any]:
    """The moment that a text stands for: a bare day is its midnight, one without a zone is in UTC."""
    text = sa.func.btrim(plain)
    month = sa.cast(sa.func.concat(sa.func.left(text, 7), "-01"), sa.Date())
    last = sa.extract("day", month + _LAST_DAY)
    is_day = sa.cast(sa.func.substr(text, 9, 2), sa.Integer()) <= last
    found = sa.case((is_day, sa.cast(text, sa.DateTime(timezone=True))), else_=None)
    return sa.case((plain.bool_op("~")(sa.literal(_MOMENT)), found), else_=None)


def day_of(plain: ColumnElement[str]) -> ColumnElement[Any]:
    """The day in UTC of the moment that a text stands for."""
    return sa.cast(sa.func.timezone("UTC", moment_of(plain)), sa.Date())
