"""The values of Shotgun's fields, read one by one; ValueError says what is wrong with one.

Source: docs/protocols/zou.md 12, and the files that studios exported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zou_server.models.registry import Kind
from zou_server.models.values import COERCE

MOST = 2**31 - 1
"""The largest id and number that a row can hold."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_SIZE = re.compile(r"\s*(\d{1,5})\s*[x/*,]\s*(\d{1,5})\s*\Z", re.IGNORECASE)
_CHANNEL = 255


@dataclass(frozen=True, slots=True)
class ShotgunLink:
    """Another row as Shotgun names it. Its `type` is a hint only: exports say `Character` for an asset."""

    type: str
    id: int
    name: str = ""

    def __str__(self) -> str:
        return f"{self.type or 'row'} {self.id}" + (f" '{self.name}'" if self.name else "")


def number(value: object) -> int:
    """The id of a row in Shotgun: a whole number from 1 up."""
    found = _coerced(Kind.INTEGER, value, "a whole number")
    if isinstance(value, bool) or not 0 < found <= MOST:
        raise ValueError(f"{_shown(value)} is no id")
    return int(found)


def text(value: object) -> str:
    """A text, or a number as one; without the white space around it."""
    return str(_coerced(Kind.TEXT, value, "a text")).strip()


def name(value: object) -> str:
    """A text that is not empty."""
    found = text(value)
    if not found:
        raise ValueError("is empty")
    return found


def whole(value: object) -> int:
    """A whole number that a database integer holds."""
    found = int(_coerced(Kind.INTEGER, value, "a whole number"))
    if abs(found) > MOST:
        raise ValueError(f"{_shown(value)} is too large")
    return found


def count(value: object) -> int:
    """A whole number from 0 up."""
    found = whole(value)
    if found < 0:
        raise ValueError(f"{_shown(value)} is below 0")
    return found


def minutes(value: object) -> float:
    """A duration in minutes, as Shotgun keeps them."""
    found = float(_coerced(Kind.NUMBER, value, "a number"))
    if found < 0:
        raise ValueError(f"{_shown(value)} is below 0")
    return found


def moment(value: object) -> dt.datetime:
    """A date, or a date with a time; UTC unless it says otherwise."""
    try:
        found: dt.datetime = _coerced(Kind.DATETIME, value, "a date")
        return found.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(f"{_shown(value)} is out of range") from None


def day(value: object) -> str:
    """A date."""
    return str(_coerced(Kind.DATE, value, "a date").isoformat())


def colour(value: object) -> str:
    """`29,215,46` as `#1dd72e`."""
    given = text(value)
    if _HEX.match(given):
        return given.lower()
    parts = [part.strip() for part in given.split(",")]
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and int(p[:4]) <= _CHANNEL for p in parts):  # noqa: PLR2004 - red, green, blue
        raise ValueError(f"{_shown(value)} is no colour (red,green,blue)")
    return "#" + "".join(f"{int(part[:4]):02x}" for part in parts)


def resolution(value: object) -> str:
    """`1920 / 1080` as `1920x1080`."""
    found = _SIZE.match(text(value))
    if found is None:
        raise ValueError(f"{_shown(value)} is no resolution (1920x1080)")
    return f"{int(found[1])}x{int(found[2])}"


def link(value: object) -> ShotgunLink:
    """Another row: an object with its id."""
    if not isinstance(value, Mapping) or "id" not in value:
        raise ValueError(f"{_shown(value)} is no link to another row")
    return ShotgunLink(_word(value.get("type")), number(value["id"]), _word(value.get("name")))


def links(value: object) -> list[ShotgunLink]:
    """Other rows: a list of objects with their ids, each once."""
    if not isinstance(value, list):
        raise ValueError(f"{_shown(value)} is no list of links")  # noqa: TRY004 - as every reader
    return list({found.id: found for found in map(link, value)}.values())


def first_link(value: object) -> ShotgunLink | None:
    """The first of several rows, where only one has a place."""
    found = links(value) if isinstance(value, list) else [link(value)]
    return found[0] if found else None


def named(value: object) -> str:
    """The name of another row that is known by it alone."""
    if isinstance(value, Mapping):
        value = value.get("name")
    return name(value)


def _word(value: object) -> str:
    """A text that says something to people only: what is no text says nothing."""
    return storable(value)[:200] if isinstance(value, str) else ""


def _coerced(kind: Kind, value: object, said: str) -> Any:
    try:
        return COERCE[kind](value)
    except (ValueError, OverflowError, TypeError):
        raise ValueError(f"{_shown(value)} is not {said}") from None


def _shown(value: object) -> str:
    return f"'{storable(str(value)[:40])}'"


Reader = Callable[[object], Any]

_BAD = re.compile("[\x00\ud800-\udfff]")
_DEPTH = 20
_BIG = 2**53


def storable(value: Any, depth: int = 0) -> Any:
    """The value that was sent, as the database can keep it for a person to look at."""
    if isinstance(value, str):
        return _BAD.sub("\ufffd", value)
    if depth > _DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return {storable(str(k)): storable(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each, depth + 1) for each in value]
    if isinstance(value, int | float) and abs(value) > _BIG:
        return str(value)[:40]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
