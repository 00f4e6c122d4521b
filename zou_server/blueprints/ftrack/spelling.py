"""How ftrack writes values, as SQL: typed date-times, links as type and id.

A style is the name of a conversion, or `?` and a JSON object (what stands under the value; null where
nothing does), or `~` and one (the word under the value; the value itself where there is none).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.ftrack.vocabulary import kind_names
from zou_server.models.registry import Kind
from zou_server.query.spelling import Spelling

Value = ColumnElement[Any]

SECONDS_IN_MINUTE = 60


def _typed(moment: Value) -> Value:
    written = sa.func.json_build_object("__type__", "datetime", "value", moment)
    return sa.case((moment.is_(None), None), else_=written)


def _moment(expression: Value) -> Value:
    """A moment as ftrack writes it: UTC without zone, a fraction only when there is one."""
    return _typed(sa.func.timezone("UTC", expression))


def _day(expression: Value) -> Value:
    """A date is a date-time at midnight: ftrack has no other."""
    return _typed(sa.cast(expression, sa.DateTime()))


def _json(value: Any) -> Value:
    return sa.cast(sa.literal(json.dumps(value), sa.Text()), sa.JSON())


def _mapped(expression: Value, found: Mapping[str, Any]) -> Value:
    return sa.case(*((expression == ours, _json(theirs)) for ours, theirs in found.items()))


def _reworded(expression: Value, found: Mapping[str, str]) -> Value:
    return sa.case(found, value=expression, else_=expression)


_WITH_DATA: Mapping[str, Callable[[Value, Any], Value]] = {"?": _mapped, "~": _reworded}


_KINDS: Mapping[Kind, Callable[[Value], Value]] = {Kind.DATETIME: _moment, Kind.DATE: _day}

STYLES: Mapping[str, Callable[[Value], Value]] = {
    "seconds": lambda minutes: minutes * SECONDS_IN_MINUTE,
    "negated": sa.not_,
}
"""Conversions by name; `values.DECODERS` are their inverses."""


class FtrackSpelling(Spelling):
    """JSON as the ftrack clients read it."""

    links_need_identity = True

    def value(self, expression: Value, kind: Kind, style: str) -> Value:
        """A scalar, converted by its style or by its kind."""
        with_data = _WITH_DATA.get(style[:1])
        if with_data is not None:
            return with_data(expression, json.loads(style[1:]))
        convert = STYLES.get(style) or _KINDS.get(kind)
        return convert(expression) if convert else expression

    def link(self, expression: Value, identity: FromClause | None, kinds: frozenset[str]) -> Value:
        """The concrete type and the id; null for what ftrack has no type for."""
        if identity is None:
            message = "links are written with their identity"
            raise TypeError(message)
        names = {kind: name for kind, name in kind_names().items() if not kinds or kind in kinds}
        if not names:
            return sa.null()
        type_ = sa.case(names, value=identity.c.kind)
        written = sa.func.json_build_object("__entity_type__", type_, "id", identity.c.id)
        return sa.case((type_.is_not(None), written))


SPELLING = FtrackSpelling()


def mapped_style(found: Mapping[str, Any]) -> str:
    """The style of an output that is looked up by the value."""
    return "?" + json.dumps(found)


def reworded_style(words: Mapping[str, str]) -> str:
    """The style of an output whose words we know by other ones: `words` has ours under theirs."""
    return "~" + json.dumps({ours: theirs for theirs, ours in words.items()})
