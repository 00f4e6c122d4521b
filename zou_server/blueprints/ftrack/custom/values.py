"""Values of custom attributes: a row for each configuration that fits, stored or its default."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from zou_server.blueprints.ftrack.constants import KIND_OF, OBJECT_TYPES
from zou_server.blueprints.ftrack.projection import Refill, Tree, tree
from zou_server.blueprints.ftrack.values import plain_value
from zou_server.models.errors import Invalid
from zou_server.models.values import A_NUMBER, TICKED, kept_words

Object = dict[str, Any]
By = Callable[..., list[Object]]

CONFIGURATION = "CustomAttributeConfiguration"
NEEDED = tree(
    "key",
    "object_type_id",
    "entity_type",
    "project_id",
    "default",
    "is_hierarchical",
    "sort",
    "type",
    "config",
)
VALUE_TYPES: Mapping[str, tuple[str, ...]] = {
    "ContextCustomAttributeValue": ("Project", *OBJECT_TYPES),
    "AssetVersionCustomAttributeValue": ("AssetVersion",),
    "AssetCustomAttributeValue": ("Asset",),
    "UserCustomAttributeValue": ("User",),
    "ListCustomAttributeValue": ("AssetVersionList", "TypedContextList"),
}
"""Type of the value rows -> the types whose rows have such."""
ROWS_OF: Mapping[str, str] = {wire: name for name, wires in VALUE_TYPES.items() for wire in wires}
ANY_VALUE = "CustomAttributeValue"
_WORDS: Mapping[str, str] = {
    "Project": "show",
    "User": "user",
    "AssetVersion": "assetversion",
    "Asset": "asset",
    "AssetVersionList": "list",
    "TypedContextList": "list",
}
_IN_A_TREE = frozenset({"Project", "AssetVersion", "Asset", *OBJECT_TYPES})


def all_configurations(by: By) -> list[Object]:
    """Every configuration that the caller may see, in their order."""
    found = by(CONFIGURATION, "core", ["False"], NEEDED)
    return sorted(found, key=lambda row: (row["sort"] or 0, row["key"] or ""))


def applies(configuration: Mapping[str, Any], wire: str, project: str | None) -> bool:
    """True when rows of a type in a project have the attribute."""
    if configuration["project_id"] not in (None, project):
        return False
    if configuration["is_hierarchical"]:
        return wire in _IN_A_TREE
    if wire in KIND_OF:
        return bool(configuration["object_type_id"] == OBJECT_TYPES[wire]["id"])
    return bool(configuration["entity_type"] == _WORDS.get(wire) and not configuration["object_type_id"])


def load_values(by: By, objects: list[Object], refill: Refill) -> None:
    """One row for each configuration that fits; that of a project hides a general one of the same key."""
    configurations = all_configurations(by)
    below = dict(refill.tree).get("configuration", ())
    shown = _shown(by, configurations, below)
    for row in objects:
        wire, project = row["__entity_type__"], row.get("~project")
        mine: dict[str, Object] = {}
        for each in sorted(configurations, key=lambda found: found["project_id"] is not None):
            if applies(each, wire, project):
                mine[each["key"]] = each
        row[refill.key] = [_value_row(row, each, shown) for each in mine.values()]


def _shown(by: By, configurations: Sequence[Object], below: Tree) -> Mapping[str, Object]:
    if not below:
        return {}
    return {row["id"]: row for row in by(CONFIGURATION, "id", (row["id"] for row in configurations), below)}


def _value_row(row: Object, configuration: Object, shown: Mapping[str, Object]) -> Object:
    data = row.get("~data") or {}
    stored = data.get(configuration["key"])
    value = configuration["default"] if stored is None else stored
    found = {
        "__entity_type__": ROWS_OF[row["__entity_type__"]],
        "configuration_id": configuration["id"],
        "entity_id": row["id"],
        "key": configuration["key"],
        "value": _written(value, configuration),
    }
    reference = {"__entity_type__": CONFIGURATION, "id": configuration["id"]}
    return {**found, "configuration": shown.get(configuration["id"], reference)}


def type_word(configuration: Mapping[str, Any]) -> str:
    """The type of a configuration's values, in ftrack's word."""
    return str((configuration["type"] or {}).get("name", "text"))


def _written(value: Any, configuration: Object) -> Any:
    """A value as clients read it, whoever wrote it: Kitsu and files keep flags, numbers and lists as texts.

    Dates are typed. One that is no date is text, or nobody reads the rest.
    """
    word = type_word(configuration)
    if word == "date" and _is_date(value):
        return {"__type__": "datetime", "value": value}
    if word == "enumerator" and isinstance(value, str) and takes_several(configuration):
        return [each for each in (part.strip() for part in value.split(",")) if each]
    return value if value is None or word not in _READ else _READ[word](value)


def takes_several(configuration: Mapping[str, Any]) -> bool:
    """True for an enumerator whose values are lists."""
    found = json.loads(configuration["config"])
    return isinstance(found, dict) and bool(found.get("multiSelect"))


def _number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        found = float(value)
        return int(value) if "." not in value and abs(found) < _EXACT else found
    return None if isinstance(value, str) else value


_NUMBER = re.compile(A_NUMBER)
_EXACT = 2**53
"""Below this a number is whole in JavaScript too."""
_READ: Mapping[str, Callable[[Any], Any]] = {
    "number": _number,
    "boolean": lambda value: str(value).lower() in TICKED,
}
"""Type -> what a value that is kept means."""


def _is_date(value: Any) -> bool:
    try:
        dt.datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "enumerator": lambda value: isinstance(value, list | str),
    "dynamic enumerator": lambda value: isinstance(value, list | str),
    "date": _is_date,
}


def checked(value: Any, configuration: Mapping[str, Any]) -> Any:
    """The value as it is kept; Invalid when it is not of the attribute's type."""
    plain, word = plain_value(value), type_word(configuration)
    if isinstance(plain, list) and word == "enumerator" and takes_several(configuration):
        return kept_words(plain)
    if plain is None or _FITS[word](plain):
        return plain
    raise Invalid(
        f'Custom attribute value for "{configuration["key"]}" must be of type {word}. '
        f'Got "{str(plain)[:80]}" of type {type(plain).__name__}.'
    )


def value_rows(by: By, name: str, entity_ids: Iterable[str]) -> list[Object]:
    """The value rows of these entities, for queries on them."""
    wanted = list(entity_ids)
    found: list[Object] = []
    for row_type, wires in VALUE_TYPES.items():
        if name not in (row_type, ANY_VALUE):
            continue
        base = "Context" if len(wires) > len(_WORDS) else wires[0]
        for type_name in ("List",) if row_type == "ListCustomAttributeValue" else (base,):
            for row in by(type_name, "id", wanted, (("custom_attributes", ()),)):
                found += row["custom_attributes"]
    for each in found:
        each["configuration.key"], each["configuration.id"] = each["key"], each["configuration_id"]
    return found
