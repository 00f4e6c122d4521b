"""From what a client sent to what PostgreSQL compares: one coercion per kind of field.

Used by filters and by the custom-field conditions; a value that cannot be one is Invalid, naming
the field. Nothing here knows a dialect: each accepts every spelling that the four clients use.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind

_TRUE = frozenset({"true", "t", "1", "yes", "on"})
_FALSE = frozenset({"false", "f", "0", "no", "off"})
TICKED = ("true", "t", "1")
"""What a custom flag that is kept as a text, or as a number, says when it is set."""
A_NUMBER = r"[-+]?[0-9]{1,30}([.][0-9]{1,30})?"
"""What a custom number that is kept as a text looks like, to Python and to PostgreSQL."""
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z")
_CANONICAL = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_ASSUMED_ZONE = dt.UTC
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def text(value: object) -> str:
    """Text as PostgreSQL can hold it: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        if isinstance(value, bool | int | float | uuid.UUID | dt.date):
            return str(value)
        raise ValueError("not a text")
    if _NO_TEXT.search(value):
        raise ValueError("holds a character that text cannot have")
    return value


def integer(value: object) -> int:
    """A whole number of at most 18 digits, or its decimal text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) and abs(value) < 10**18:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    if isinstance(value, str) and _INTEGER.match(value.strip()):
        return int(value)
    raise ValueError("not a whole number")


def number(value: object) -> float | int:
    """A finite number or its text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip()):
        try:
            found = float(value)
        except (ValueError, OverflowError):
            found = math.nan
        if math.isfinite(found):
            return found
    raise ValueError("not a number")


def boolean(value: object) -> bool:
    """True and False in the spellings of JSON, Python and query strings."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("neither true nor false")


def identifier(value: object) -> str:
    """A uuid in its canonical text."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, str):
        if _CANONICAL(value):  # as nearly all are: to take one apart is ten times the work
            return value
        try:
            return str(uuid.UUID(value))
        except ValueError:
            pass
    raise ValueError("not a uuid")


def moment(value: object) -> dt.datetime:
    """A date-time with a zone; without one it is UTC, a bare date is midnight UTC."""
    if isinstance(value, dt.datetime):
        found = value
    elif isinstance(value, dt.date):
        found = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone is set below
    elif isinstance(value, str):
        found = dt.datetime.fromisoformat(value.strip())
    else:
        raise ValueError("not a date")
    return found if found.tzinfo else found.replace(tzinfo=_ASSUMED_ZONE)


def day(value: object) -> dt.date:
    """A date; of a date-time the day in UTC."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    found = moment(value)
    try:
        return found.astimezone(dt.UTC).date()
    except OverflowError:
        raise ValueError("out of range") from None


def kept_words(words: Sequence[Any]) -> Any:
    """A list of words as custom fields keep it: one text with commas, which is what Kitsu reads and writes.

    Words that hold a comma themselves stay a list.
    """
    are_plain = all(isinstance(each, str) and "," not in each for each in words)
    return ",".join(words) if are_plain else list(words)


COERCE: dict[Kind, Callable[[object], Any]] = {
    Kind.TEXT: text,
    Kind.INTEGER: integer,
    Kind.NUMBER: number,
    Kind.BOOLEAN: boolean,
    Kind.UUID: identifier,
    Kind.LINK: identifier,
    Kind.LINKS: identifier,
    Kind.DATETIME: moment,
    Kind.DATE: day,
    Kind.JSON: text,
}

_NAMES = {
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.UUID: "a uuid",
    Kind.LINK: "a uuid",
    Kind.LINKS: "a uuid",
    Kind.DATETIME: "a date and time (ISO 8601)",
    Kind.DATE: "a date (YYYY-MM-DD)",
    Kind.TEXT: "text",
    Kind.JSON: "text",
}


def coerce(kind: Kind, value: object, path: str) -> Any:
    """Return `value` as its kind; Invalid, naming `path`, when it is no such thing."""
    try:
        return COERCE[kind](value)
    except (ValueError, OverflowError, TypeError):
        shown = str(value)[:80].encode("utf-8", "replace").decode()
        message = f"'{shown}' is not {_NAMES[kind]}."
        raise Invalid(f"{path}: {message}", {path: [message]}) from None
