"""Properties of a field: what each may hold, asked when a client sets one and again when it is read.

Other clients keep what they like beside a custom field, so one that does not fit counts as not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

LONGEST_NAME = 100
_NUMBER = re.compile(r"[0-9]{1,20}\Z")
HIDDEN_IN = "hidden_in:"
HIDDEN_VALUES = "hidden_values:"
"""Keys that end with the number of a project, the latter with none for all: each is changed by itself."""
CREATABLE: Mapping[str, str] = {
    # data type: the nearest type that the other clients know
    "text": "string",
    "float": "number",
    "number": "number",
    "percent": "number",
    "currency": "number",
    "duration": "number",
    "timecode": "number",
    "footage": "string",
    "date": "date",
    "date_time": "date",
    "list": "list",
    "status_list": "list",
    "url": "string",
    "checkbox": "boolean",
    "entity": "string",
    "multi_entity": "string",
    "tag_list": "taglist",
}


class Property(NamedTuple):
    """One property: what is expected, in words, and whether a value fits."""

    expected: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value


def _is_name(value: Any) -> bool:
    return _is_text(value) and 0 < len(value.strip()) <= LONGEST_NAME


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_text_or_null(value: Any) -> bool:
    return value is None or _is_text(value)


def _are_labels(value: Any) -> bool:
    return isinstance(value, dict) and _are_texts([*value, *value.values()])


def _is_tick(value: Any) -> bool:
    return isinstance(value, bool)


PROPERTIES: Mapping[str, Property] = {
    "name": Property("string", _is_name),
    "description": Property("string", _is_text_or_null),
    "summary_default": Property("string", _is_text),
    "valid_values": Property("array of strings", _are_texts),
    "valid_types": Property("array", lambda value: _are_texts(value) and bool(value)),
    "default_value": Property("value", lambda value: True),  # by the type of the field
    "hidden_values": Property("array of strings", _are_texts),
    "display_values": Property("hash of strings", _are_labels),
    "visible": Property("boolean", _is_tick),
    "open_in_new_window": Property("boolean", _is_tick),
    "custom_metadata": Property("string", _is_text_or_null),
}
"""What a client may say of a field."""

_KEPT: Mapping[str, Property] = {
    **{name: found for name, found in PROPERTIES.items() if name not in ("visible", "hidden_values")},
    "data_type": Property("string", lambda value: isinstance(value, str) and value in CREATABLE),
}


class Kept:
    """What is kept of a field: that which fits."""

    def __init__(self, said: Any) -> None:
        self._said: Mapping[str, Any] = said if isinstance(said, dict) else {}

    def get(self, name: str) -> Any:
        """The value of a property, None where none is said."""
        found = self._said.get(name)
        return found if found is not None and _KEPT[name].fits(found) else None

    @property
    def hidden_in(self) -> frozenset[int]:
        """The numbers of the projects that the field is not shown in."""
        return frozenset(
            int(number) for number, is_hidden in self._by_project(HIDDEN_IN) if number and is_hidden is True
        )

    @property
    def hidden_values(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Number of a project ("" for all) and the values that are not offered there."""
        kept = self._by_project(HIDDEN_VALUES)
        return tuple((number, tuple(found)) for number, found in kept if _are_texts(found))

    def _by_project(self, prefix: str) -> list[tuple[str, Any]]:
        numbers = [(key.removeprefix(prefix), key) for key in self._said if key.startswith(prefix)]
        return [(n, self._said[key]) for n, key in numbers if not n or _NUMBER.match(n)]
