"""One value between the wire and us: what a client may write for each kind, and when two are the same.

XML bodies carry text only and JSON clients are no stricter, so a value is read by the kind of its
attribute and never by the type that the client gave it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import Kind
from zou_server.models.values import COERCE

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = (None, "")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

MESSAGES: dict[Kind, str] = {
    Kind.TEXT: "is not text",
    Kind.INTEGER: "is not a whole number",
    Kind.NUMBER: "is not a number",
    Kind.BOOLEAN: "is neither true nor false",
    Kind.DATE: "is not a date",
    Kind.DATETIME: "is not a date and time",
    Kind.UUID: "is not a uuid",
    Kind.LINKS: "is not a list of whole numbers",
}


def without_control_characters(text: str) -> str:
    """Return the text without the characters that XML 1.0 cannot hold."""
    return _CONTROL.sub("", text)


def as_read_from_xml(value: Any) -> Any:
    r"""Return a value as a client has it that read it as XML: no control characters, line ends as \\n."""
    if not isinstance(value, str):
        return value
    return without_control_characters(value).replace("\r\n", "\n").replace("\r", "\n")


def coerced(kind: Kind, value: Any) -> Any:
    """Return what a client sent as its kind; None for null, and for nothing where text is not meant.

    Raises ValueError with a sentence that can follow the attribute's name.
    """
    if value is None or (value == "" and kind is not Kind.TEXT):
        return None
    try:
        return _READERS.get(kind, COERCE[kind])(value)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(MESSAGES[kind]) from None


def same(kind: Kind, sent: Any, shown: Any) -> bool:
    """Tell whether a client sent back what it was shown: then it asks for no change."""
    try:
        return _comparable(kind, coerced(kind, sent)) == _comparable(kind, coerced(kind, shown))
    except ValueError:
        return False


def _comparable(kind: Kind, value: Any) -> Any:
    if kind is Kind.DATETIME and value is not None:
        return value.replace(microsecond=0)
    return sorted(value) if kind is Kind.LINKS and value is not None else value


def _moment(value: Any) -> dt.datetime:
    # In UTC at once: a moment that has no year in UTC must not reach the database.
    found: dt.datetime = COERCE[Kind.DATETIME](value)
    return found.astimezone(dt.UTC)


def _numbers(value: Any) -> list[int]:
    if not isinstance(value, list):
        raise TypeError
    return [COERCE[Kind.INTEGER](each) for each in value]


_WHOLE = re.compile(r"([+-]?[0-9]{1,18})\.0+\Z")


def _integer(value: Any) -> int:
    """A whole number, also as a decimal: Ruby writes 20 of a decimal column as 20.0."""
    match = _WHOLE.match(value) if isinstance(value, str) else None
    found: int = COERCE[Kind.INTEGER](match[1] if match else value)
    return found


_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATETIME: _moment,
    Kind.LINKS: _numbers,
    Kind.INTEGER: _integer,
}
