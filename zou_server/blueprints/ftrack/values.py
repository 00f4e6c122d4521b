"""From the values of queries and writes to ours: what a literal means for an attribute."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.attributes import Value
from zou_server.blueprints.ftrack.ids import one_spelling
from zou_server.blueprints.ftrack.spelling import SECONDS_IN_MINUTE
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.values import boolean, coerce, moment, number


class NoSuchValue(Exception):
    """The literal cannot be a value of the attribute, so nothing equals it."""


def _identifier(text: object) -> str:
    """A uuid; any other text is the id of nothing."""
    try:
        return str(uuid.UUID(str(text)))
    except ValueError:
        raise NoSuchValue from None


DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "seconds": lambda value: float(number(value)) / SECONDS_IN_MINUTE,
    "negated": lambda value: not boolean(value),
}
"""Our value for a value in a style of `spelling.STYLES`."""


def literal(attribute: Value, name: str, text: str) -> Any:
    """Our value for a literal; NoSuchValue when no row can have it, Invalid when it makes no sense."""
    if attribute.choices:
        return _chosen(attribute, text)
    if attribute.kind is Kind.UUID:
        return _identifier(text)
    if attribute.kind is Kind.INTEGER:
        return _whole(coerce(Kind.NUMBER, text, name))
    return _styled(attribute, name, text)


def _chosen(attribute: Value, text: str) -> str:
    words = {theirs.lower(): ours for theirs, ours in attribute.choices.items()}
    return words.get(text.lower(), text)


def _whole(value: float) -> int:
    if value != int(value):
        raise NoSuchValue
    return int(value)


def _styled(attribute: Value, name: str, value: Any) -> Any:
    decode = DECODERS.get(attribute.style)
    if decode is None:
        return coerce(attribute.kind, value, name)
    try:
        return decode(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid(f"{name}: '{str(value)[:80]}' is {error}.", {name: [f"is {error}"]}) from None


def written(attribute: Value, name: str, value: Any) -> Any:
    """Our value for a value of a write, still to be checked by the schemas; null stays null."""
    plain = plain_value(value)
    if plain is None:
        return None
    if attribute.choices and isinstance(plain, str):
        return _chosen(attribute, plain)
    if attribute.kind is Kind.UUID:
        return one_spelling(plain)
    return _styled(attribute, name, plain) if attribute.style in DECODERS else plain


def plain_value(value: Any) -> Any:
    """The value inside `{"__type__": "datetime", "value": ...}`; any other value itself."""
    if isinstance(value, Mapping) and "__type__" in value and "value" in value:
        return value["value"]
    return value


def second_of(value: dt.datetime | dt.date, text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """The second that a date-time literal without a fraction stands for: (from, up to). None with a fraction.

    Clients compare with the text they were shown, which has no fraction.
    """
    found = moment(value)
    if found.microsecond or "." in text:
        return None
    try:
        return found, found + dt.timedelta(seconds=1)
    except OverflowError:
        return None
