"""Values as clients send them, made into what the registry's fields hold: one reader per data type.

Used by filters and by writes. A reader gets the field's name for messages and the value (never
null) and returns the canonical value; anything else is a fault that names the field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import LARGEST_ID
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.services.write.operations import Ref

SMALLEST, LARGEST = -(2**31), 2**31 - 1
_INTEGER = re.compile(r"[+-]?\d{1,10}\Z")
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_RGB = re.compile(r"(\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})\Z")
_COLOR_NAME = re.compile(r"pipeline_step\Z|[A-Z][a-z]{2,20}( [A-Z][a-z]{2,20})?\Z")
_BYTE = 255


def text(where: str, value: Any) -> str | None:
    """Text without blanks around it; empty text is null."""
    if not isinstance(value, str):
        raise errors.wrong_class(where, "String, NilClass", value)
    if "\x00" in value:
        raise errors.wrong_value(where, "cannot hold a NUL character", value)
    return value.strip() or None


def integer(where: str, value: Any) -> int:
    """A whole number of 32 bits, or its text."""
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise errors.wrong_class(where, "Integer, NilClass", value)
    if not SMALLEST <= value <= LARGEST:
        raise errors.wrong_value(where, "is out of range", value)
    return value


def decimal(where: str, value: Any) -> float:
    """A number, or its text."""
    if isinstance(value, str) and _NUMBER.match(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise errors.wrong_class(where, "Float, Integer, NilClass", value)
    if not abs(value) < 10.0**15:
        raise errors.wrong_value(where, "is out of range", value)
    return float(value)


def minutes(where: str, value: Any) -> int:
    """Whole minutes; fractions are cut off."""
    return int(decimal(where, value))


def day(where: str, value: Any) -> dt.date:
    """A day; of a moment the day in UTC."""
    if not isinstance(value, str):
        raise errors.wrong_class(where, "Date, NilClass", value)
    try:
        return dt.date.fromisoformat(value) if _DAY.match(value) else moment(where, value).date()
    except (ValueError, errors.Fault):
        raise errors.wrong_value(where, "expected a date (YYYY-MM-DD)", value) from None


def moment(where: str, value: Any) -> dt.datetime:
    """A moment in UTC; without a zone it is UTC already, a bare day is its midnight."""
    if not isinstance(value, str):
        raise errors.wrong_class(where, "Time, NilClass", value)
    try:
        found = dt.datetime.fromisoformat(value.strip())
        return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        raise errors.wrong_value(where, "expected a time (YYYY-MM-DDTHH:MM:SSZ)", value) from None


def tick(where: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise errors.wrong_class(where, "TrueClass, FalseClass", value)
    return value


def color(where: str, value: Any) -> str:
    """Our "#rrggbb" of "r,g,b"; text of another form stays as it is."""
    given = text(where, value)
    match = _RGB.match(given or "")
    if match is None and _COLOR_NAME.match(given or ""):
        return str(given)
    if match is None:
        raise errors.wrong_value(where, 'expected a color ("r,g,b")', value)
    parts = [int(part) for part in match.groups()]
    if max(parts) > _BYTE:
        raise errors.wrong_value(where, "expected numbers from 0 to 255", value)
    return "#{:02x}{:02x}{:02x}".format(*parts)


def entity_parts(value: Any) -> tuple[str, int]:
    """The type name and number of a link as clients send it."""
    if not isinstance(value, dict):
        raise errors.no_entity(value)
    type_name, number = value.get("type"), value.get("id")
    if not isinstance(type_name, str) or not type_name:
        raise errors.bad_entity("type", "string", value)
    if isinstance(number, bool) or not isinstance(number, int) or not -LARGEST_ID < number < LARGEST_ID:
        raise errors.bad_entity("id", "integer", value)
    return type_name, number


def link(where: str, value: Any) -> Ref:
    """The row that a link means, by kind and number."""
    if not isinstance(value, dict):
        raise errors.wrong_class(where, "Hash, NilClass", value)
    type_name, number = entity_parts(value)
    found = vocabulary().type(type_name)
    if found is None or found.facet.kind is None:
        raise errors.wrong_value(where, "leads to a type that does not exist", value)
    return Ref(found.facet.kind, number)


def links(where: str, value: Any) -> list[Ref]:
    """The rows that a list of links means."""
    if not isinstance(value, list):
        raise errors.wrong_class(where, "Array", value)
    return [link(where, each) for each in value]


def words(where: str, value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list):
        raise errors.wrong_class(where, "Array", value)
    return [found for found in (text(where, each) for each in value) if found is not None]


Value = Callable[[str, Any], Any]

READERS: Mapping[str, Value] = {
    "text": text,
    "list": text,
    "status_list": text,
    "entity_type": text,
    "uuid": text,
    "number": integer,
    "percent": integer,
    "timecode": integer,
    "float": decimal,
    "currency": decimal,
    "duration": minutes,
    "date": day,
    "date_time": moment,
    "checkbox": tick,
    "color": color,
    "entity": link,
    "multi_entity": links,
    "tag_list": words,
    "footage": text,
    "url_template": text,
    "system_task_type": text,
    "serializable": lambda where, value: value,
}
"""Data type -> its reader."""


def kept(value: dt.date) -> str:
    """A day or a moment as `data` keeps it: texts that sort as what they stand for."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, dt.datetime) else value.isoformat()


def plain(value: Any) -> Any:
    """A canonical value as JSON: what custom fields keep."""
    return kept(value) if isinstance(value, dt.date) else value
