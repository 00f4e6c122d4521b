"""How this dialect writes values: links as {type, id, name}, moments as `YYYY-MM-DDTHH:MM:SSZ`.

`STYLES` holds the values that are shown otherwise than kept: colours, minutes, a person's status. What
the event log shows is in `event_spelling`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotgun.enumerations import ACTIVE, RULE_SETS
from zou_server.blueprints.shotgun.event_spelling import attribute_name, event_type, meta, sentence
from zou_server.blueprints.shotgun.links import constant, link_object
from zou_server.models.base import Identity
from zou_server.models.registry import Kind
from zou_server.query.spelling import Spelling

Value = ColumnElement[Any]

_WHOLE = r"^\s*[-+]?[0-9]{1,15}(\.[0-9]{0,15})?\s*$"
_HEX = "^#[0-9a-fA-F]{6}$"
_LARGEST = 1e15


def _rgb(value: Value) -> Value:
    parts = [
        sa.cast(sa.cast(sa.func.concat("x", sa.func.substr(value, start, 2)), _Bits(8)), sa.Integer())
        for start in (2, 4, 6)
    ]
    return sa.case((value.bool_op("~")(sa.literal(_HEX)), sa.func.concat_ws(",", *parts)), else_=value)


class _Bits(sa.types.UserDefinedType[Any]):
    """PostgreSQL's bit(n), the way from hexadecimal text to a number."""

    cache_ok = True

    def __init__(self, length: int) -> None:
        self.length = length

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL says it."""
        return f"bit({self.length})"


def _minutes(value: Value) -> Value:
    return sa.case(
        (sa.func.abs(value) < _LARGEST, sa.cast(sa.func.trunc(value), sa.BigInteger())), else_=None
    )


def _day(value: Value) -> Value:
    return sa.func.to_char(sa.func.timezone("UTC", value), "YYYY-MM-DD")


def moment(value: Value) -> Value:
    """A moment as the client turns it into a date-time: 20 characters, UTC."""
    return sa.func.to_char(sa.func.timezone("UTC", value), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')


def _active(value: Value) -> Value:
    return sa.case(*((value.is_(kept), name) for name, kept in ACTIVE.items()), else_=None)


def _role(value: Value) -> Value:
    shown = {
        role: {"type": "PermissionRuleSet", "id": number, "name": name}
        for role, (number, name) in RULE_SETS.items()
    }
    return constant(shown).op("->")(value)


def _number(value: Value) -> Value:
    plain = value.op("#>>")(sa.cast(sa.literal("{}"), ARRAY(sa.Text())))
    return sa.case(
        (plain.bool_op("~")(sa.literal(_WHOLE)), sa.cast(sa.cast(plain, sa.Numeric()), sa.BigInteger())),
        else_=None,
    )


def _one_link(value: Value) -> Value:
    found = Identity.__table__.alias()
    listed = sa.select(sa.func.json_build_array(link_object(found))).where(
        found.c.id == value, found.c.deleted_at.is_(None)
    )
    return sa.func.coalesce(listed.correlate(value.table).scalar_subquery(), sa.text("'[]'::json"))


STYLES: Mapping[str, Callable[[Value], Value]] = {
    "rgb": _rgb,
    "minutes": _minutes,
    "day": _day,
    "active": _active,
    "role": _role,
    "number": _number,
    "one_link": _one_link,
    "event_type": event_type,
    "attribute_name": attribute_name,
    "meta": meta,
    "sentence": sentence,
}

_KINDS: Mapping[Kind, Callable[[Value], Value]] = {Kind.DATETIME: moment}


class ShotgunSpelling(Spelling):
    """Links show type, id and name; a moment has no fraction."""

    links_need_identity = True

    def value(self, expression: Value, kind: Kind, style: str) -> Value:
        """The scalar as written."""
        write = STYLES.get(style) or _KINDS.get(kind)
        return write(expression) if write else expression

    def link(self, expression: Value, identity: FromClause | None) -> Value:
        """A link; null when it leads nowhere or to a row this dialect does not show."""
        return sa.null() if identity is None else link_object(identity)


SPELLING = ShotgunSpelling()
