"""The columns of a CSV file: what their headings mean, and how their cells become values.

Headings are compared as slugs, so `Frame In`, `frame_in` and `FRAME-IN` are one column.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import marshmallow as ma
import orjson

from zou_server.footage.frame_rate import spelled_rate
from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.models.values import COERCE
from zou_server.schemas.derive import schema_for
from zou_server.services.importers.numbers import iso_day, plain_number, whole_number
from zou_server.services.rules.vocabulary import slug

Reader = Callable[[str], Any]
"""From the text of a cell to its value; raises ValueError with what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """One column: where its values go (`name`, `data.fps`), its headings, how a cell is read."""

    target: str
    headings: tuple[str, ...]
    read: Reader
    required: bool = False


IN_A_SENTENCE = 20
"""How many choices are told when a value is none of them."""

Known = Mapping[str, ImportColumn]
"""The columns that an importer understands, by the slug of each of their headings."""


def known_columns(columns: Sequence[ImportColumn]) -> dict[str, ImportColumn]:
    """The columns of a table by the slug of each heading."""
    return {slug(heading): column for column in columns for heading in column.headings}


IGNORED = ImportColumn("", (), str)
"""A column of exports that says nothing an import could keep."""


def refuse_missing(known: Known, headings: Sequence[str]) -> None:
    """Invalid, naming them, when required columns are not there."""
    present = {known[key].target for key in map(slug, headings) if key in known}
    required = {column.target: column.headings[0] for column in known.values() if column.required}
    missing = [heading for target, heading in required.items() if target not in present]
    if missing:
        named = "A column is missing" if len(missing) == 1 else "Columns are missing"
        raise Invalid(f"{named}: {', '.join(missing)}.", {name: ["column is missing"] for name in missing})


# -- cells -------------------------------------------------------------------------------------------


def held_by(facet_name: str, attribute: str) -> Reader:
    """A reader of what a column of the database holds: the kind, limits and choices of its schema."""
    found = facet(facet_name).fields[attribute]
    if found.kind is Kind.TEXT and not found.choices and found.spelled is None:
        return _text_up_to(found.max_length)
    field = schema_for(facet(facet_name)).fields[attribute]

    def read(cell: str) -> Any:
        try:
            return field.deserialize(cell)
        except ma.ValidationError as error:
            raise ValueError(", ".join(map(str, error.messages))) from None

    return read


def _text_up_to(most: int | None) -> Reader:
    """A reader of texts of so many characters: most cells are such, and the schema looks again."""

    def read(cell: str) -> str:
        if most and len(cell) > most:
            raise ValueError(f"is longer than {most} characters")
        return text(cell)

    return read


def one_of(facet_name: str, attribute: str, also: Mapping[str, str] | None = None) -> Reader:
    """A reader of one of a column's choices, whatever the case; `also` are other words for some."""
    held, words = held_by(facet_name, attribute), also or {}

    def read(cell: str) -> Any:
        word = cell.casefold()
        return held(words.get(word, word))

    return read


_INTEGERS = 2**31


def whole(cell: str) -> int:
    """A whole number that a database integer holds; a table once held by floats says 101.0."""
    number = int(_coerced(Kind.INTEGER, whole_number(cell), "a whole number"))
    if abs(number) >= _INTEGERS:
        raise ValueError(f"'{cell[:40]}' is too large")
    return number


def count(cell: str) -> int:
    """A whole number from 0 up."""
    number = whole(cell)
    if number < 0:
        raise ValueError(f"'{cell[:40]}' is below 0")
    return number


def decimal(cell: str) -> float | int:
    """A number, as the world writes it."""
    number = float(_coerced(Kind.NUMBER, plain_number(cell), "a number"))
    return int(number) if number.is_integer() else number


def rate(cell: str) -> str:
    """A number of frames a second, as a text: so do Zou's clients send and read it."""
    return str(decimal(spelled_rate(unicodedata.normalize("NFKC", cell).replace(",", "."))))


def text(cell: str) -> str:
    """The text itself."""
    return str(_coerced(Kind.TEXT, cell, "a text"))


def yes(cell: str) -> bool:
    """A flag: yes or no, true or false, 1 or 0."""
    return bool(_coerced(Kind.BOOLEAN, cell, "yes or no"))


def moment(cell: str) -> dt.datetime:
    """A day, or a moment of it."""
    found: dt.datetime = _coerced(Kind.DATETIME, iso_day(cell), "a date (YYYY-MM-DD)")
    return found


def minutes_of(unit: float) -> Reader:
    """A reader of durations in a unit of so many minutes."""

    def read(cell: str) -> float:
        found = round(float(decimal(cell)) * unit, 2)
        if found < 0:
            raise ValueError(f"'{cell[:40]}' is below 0")
        return found

    return read


hours = minutes_of(60)
"""A duration in hours, as minutes."""


def _flag(cell: str) -> str:
    # Kitsu writes the flags of custom fields as these two words, and reads no others.
    return "true" if _coerced(Kind.BOOLEAN, cell, "true or false") else "false"


def _day(cell: str) -> str:
    return str(_coerced(Kind.DATE, iso_day(cell), "a date (YYYY-MM-DD)").isoformat())


def _checklist(cell: str) -> Any:
    try:
        found = orjson.loads(cell)
    except ValueError:
        found = None
    if not isinstance(found, list | dict):
        raise ValueError(f"'{cell[:40]}' is not a checklist (JSON, as exports write it)")  # noqa: TRY004
    return found


def _coerced(kind: Kind, cell: str, named: str) -> Any:
    try:
        return COERCE[kind](cell)
    except (ValueError, OverflowError):
        raise ValueError(f"'{cell[:40]}' is not {named}") from None


READERS: Mapping[str, Reader] = {
    "string": text,
    "number": decimal,
    "list": text,
    "taglist": text,
    "boolean": _flag,
    "checklist": _checklist,
    "date": _day,
    "url": text,
    "textarea": text,
    "person": text,
}
"""Data type of a custom field -> how its cells are read."""


# -- custom fields -----------------------------------------------------------------------------------


def custom_columns(descriptors: Sequence[FieldDescriptor]) -> dict[str, ImportColumn]:
    """A column for each custom field, by the slugs of its name and of its key; the first one counts."""
    found: dict[str, ImportColumn] = {}
    for descriptor in descriptors:
        key = descriptor.field_name or slug(descriptor.name)
        read = _reader_of(descriptor)
        column = ImportColumn(f"data.{key}", (descriptor.name,), read)
        for heading in (descriptor.name, key):
            found.setdefault(slug(heading), column)
    return found


def _reader_of(descriptor: FieldDescriptor) -> Reader:
    """How the cells of a custom field are read: those of a list are its choices."""
    choices = {choice.casefold(): choice for choice in descriptor.choices or () if isinstance(choice, str)}
    if choices and descriptor.data_type == "list":
        return lambda cell: _chosen(cell, choices)
    if choices and descriptor.data_type == "taglist":
        return lambda cell: ",".join(
            _chosen(each.strip(), choices) for each in cell.split(",") if each.strip()
        )
    return READERS.get(descriptor.data_type or "string", text)


def _chosen(cell: str, choices: Mapping[str, str]) -> str:
    """One of the choices of a list, whatever the case."""
    found = choices.get(cell.casefold())
    if found is None:
        named = ", ".join(list(choices.values())[:IN_A_SENTENCE])
        raise ValueError(f"'{cell[:40]}' is none of {named}")
    return found


def new_column(heading: str) -> ImportColumn:
    """The column of a custom field that does not exist yet: a text under the slug of its heading."""
    return ImportColumn(f"data.{slug(heading)}", (heading,), text)


@lru_cache(maxsize=1)
def max_heading() -> int:
    """How long the name of a custom field may be."""
    return facet("FieldDescriptor").fields["name"].max_length or 0
