"""Custom fields: names and keys that a client may leave out, and defaults of their types."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule

MOST = 2**63
"""Larger numbers are not written as they are in JSON."""


def slug(text: str) -> str:
    """Lower case, words joined by underscores, accents dropped."""
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    return re.sub(r"\W+", "_", plain.lower()).strip("_")


def _plain(letter: str) -> str:
    """A letter without its accent; one of another script stays, or two names could become one."""
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or letter


def name_descriptor(context: Context, change: Change) -> None:
    """A custom field is one of a type; its key is the slug of its name, and stays when the name changes."""
    row = change.of(FieldDescriptor)
    if change.changed("entity_type") and row.entity_type not in FACETS:
        raise Invalid(fields={"entity_type": [f"there is no type '{row.entity_type}'"]})
    if not change.created and change.changed("entity_type", "field_name") and _was_closed(change):
        raise Invalid("The key of a field that is for some roles alone stays: its values would be open.")
    if row.name:
        change.default("field_name", slug(row.name))


def _was_closed(change: Change) -> bool:
    row = change.row
    was = [change.before.get(name, getattr(row, name)) for name in ("read_roles", "write_roles")]
    return any(roles is not None for roles in was)


def check_default(context: Context, change: Change) -> None:
    """A custom field's default value is one of its type: every row without a value of its own shows it."""
    row = change.of(FieldDescriptor)
    if not change.changed("default_value", "data_type", "choices"):
        return
    word, given = row.data_type or "string", row.default_value
    if given in (None, "", []) and word not in _TEXTS:
        change.set("default_value", None)
        return
    read: Callable[[Any], Any] = _DEFAULTS.get(word, _text)
    found = given if given is None else read(given)
    if found is None and change.changed("default_value") and given is not None:
        raise Invalid(fields={"default_value": [f"is no value of the type {word}"]})
    if word in _LISTS and found is not None and not _among(found, row.choices):
        if change.changed("default_value"):
            raise Invalid(fields={"default_value": ["is none of the choices"]})
        found = None
    change.set("default_value", found)


def _among(found: Any, choices: Any) -> bool:
    """True where a field has no choices of its own, or the default is of them."""
    wanted = found if isinstance(found, list) else [found]
    return not choices or all(each in choices for each in wanted)


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None


def _number(given: Any) -> float | None:
    """A number, or one spelled as text; None for one that could not be kept as it is."""
    if isinstance(given, float):
        return given if math.isfinite(given) else None
    if isinstance(given, bool) or not isinstance(given, int | str):
        return None
    try:
        said = Decimal(given)
    except InvalidOperation:
        return None
    if not said.is_finite() or said.copy_abs() >= MOST:
        return None
    found = int(said) if said == said.to_integral_value() else float(said)
    return found if Decimal(repr(found)) == said else None


def _date(given: Any) -> str | None:
    try:
        dt.datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return str(given)


def _choices(given: Any) -> Any:
    several = isinstance(given, list) and all(isinstance(each, str) for each in given)
    return given if several or isinstance(given, str) else None


_LISTS = ("list", "taglist")
_TEXTS = ("string", "textarea", "url", "person")
_DEFAULTS: Mapping[str, Callable[[Any], Any]] = {
    "number": _number,
    "boolean": lambda given: given if isinstance(given, bool) else None,
    "date": _date,
    "list": _choices,
    "taglist": _choices,
    "checklist": lambda given: given if isinstance(given, list) else None,
}
"""Type of a custom field -> the default as it is kept, None where it is no value of the type; texts else."""

FIELD_DESCRIPTOR = Rule(before=(name_descriptor, check_default))
"""A custom field."""
