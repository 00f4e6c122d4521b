"""Configurations of custom attributes: custom fields in ftrack's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zou_server.blueprints.ftrack.attributes import Attribute, Constant, Derived, Loaded, Mapped, Value
from zou_server.blueprints.ftrack.constants import (
    KIND_OF,
    OBJECT_TYPES,
    Constants,
    fixed_id,
    listed,
    scalars,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind

TREE = "Entity"
"""What a field is for that every part of a project has."""

# our data type, ftrack's type; the first line of a type is what a new field gets
_TYPES = (
    ("string", "text"),
    ("textarea", "text"),
    ("url", "text"),
    ("person", "text"),
    ("checklist", "text"),
    ("number", "number"),
    ("boolean", "boolean"),
    ("date", "date"),
    ("list", "enumerator"),
    ("taglist", "enumerator"),
)
WORDS = ("text", "boolean", "date", "enumerator", "dynamic enumerator", "number")
_TYPE_ROWS = {
    fixed_id(f"custom {word}"): {
        "__entity_type__": "CustomAttributeType",
        "id": fixed_id(f"custom {word}"),
        "name": word,
        "core": False,
    }
    for word in WORDS
}
_WORD_OF = {id_: str(row["name"]) for id_, row in _TYPE_ROWS.items()}
_TYPE_IDS = {ours: fixed_id(f"custom {theirs}") for ours, theirs in _TYPES}

_FOR: Mapping[str, str] = {
    **dict.fromkeys(KIND_OF.values(), "task"),
    "Project": "show",
    TREE: "show",
    "Person": "user",
    "Version": "assetversion",
    "Product": "asset",
    "ObjectList": "list",
}
"""What a field is for -> ftrack's word for it."""
_KIND_FOR = {
    "show": "Project",
    "user": "Person",
    "assetversion": "Version",
    "asset": "Product",
    "list": "ObjectList",
}
_KIND_OF_OBJECT_TYPE = {OBJECT_TYPES[wire]["id"]: kind for wire, kind in KIND_OF.items()}

TYPES: tuple[Constants, ...] = (
    Constants("CustomAttributeType", ("id",), scalars("id", "name"), listed(*_TYPE_ROWS.values())),
)


CONFIG_LOADER = "field_config"
"""The loader of what a configuration says besides its type."""


def _roles(column: str) -> Loaded:
    return Loaded("security_roles", {f"~{column}": column}, "SecurityRole", column)


CONFIGURATION: Mapping[str, Attribute] = {
    "key": Value("field_name", Kind.TEXT, write="field_name"),
    "label": Value("name", Kind.TEXT, write="name"),
    "default": Value("default_value", Kind.JSON, write="default_value"),
    "sort": Value("position", Kind.INTEGER, write="position"),
    "core": Constant(value=False, kind=Kind.BOOLEAN),
    "entity_type": Mapped("entity_type", Kind.TEXT, _FOR, write="#entity_type"),
    "object_type_id": Mapped(
        "entity_type",
        Kind.UUID,
        {kind: id_ for id_, kind in _KIND_OF_OBJECT_TYPE.items()},
        write="#object_type_id",
    ),
    "object_type": Derived(
        "ObjectType",
        {row["id"]: row for row in OBJECT_TYPES.values()},
        "entity_type",
        {kind: id_ for id_, kind in _KIND_OF_OBJECT_TYPE.items()},
        write="#object_type_id",
    ),
    "type_id": Mapped("data_type", Kind.UUID, _TYPE_IDS, write="#type_id"),
    "type": Derived("CustomAttributeType", _TYPE_ROWS, "data_type", _TYPE_IDS, write="#type_id"),
    "config": Loaded(
        CONFIG_LOADER,
        {"~config": "config", "~choices": "choices", "~data_type": "data_type"},
        write="config",
    ),
    "read_security_roles": _roles("read_roles"),
    "write_security_roles": _roles("write_roles"),
}
"""The attributes of a configuration that its columns do not say in ftrack's words."""


def config_of(kept: str | None, data_type: str | None, choices: Any) -> str:
    """The config as clients parse it, which is never null: other dialects say the choices alone.

    What ftrack's client said of the choices stays as it was, as long as they are the same.
    """
    if data_type not in ("list", "taglist"):
        return kept or json.dumps(_CONFIGS.get(data_type or "", {}))
    values = [str(each) for each in choices] if isinstance(choices, list) else []
    if kept and _choices(kept) == values:
        return kept
    options = [{"menu": each, "value": each} for each in values]
    said = _read(kept) if kept else {"multiSelect": data_type == "taglist"}
    return json.dumps({**said, "data": json.dumps(options)})


_CONFIGS: Mapping[str, Mapping[str, bool]] = {
    "number": {"isdecimal": True},
    **{ours: {"markdown": False} for ours, theirs in _TYPES if theirs == "text"},
}
"""Our data type -> what a configuration that nobody configured in ftrack says."""


def settle(values: dict[str, Any], special: Mapping[str, Any], *, is_new: bool) -> None:
    """Put what a client said of a configuration into the columns of the field."""
    if "#type_id" in special and not is_new:
        raise Invalid("The type of a configuration stays what it is.", {"type": ["cannot be changed"]})
    if "#type_id" in special:
        values["data_type"] = _data_type(special["#type_id"], values.get("config"))
    if values.get("config") and "data" in _read(values["config"]):
        values["choices"] = _choices(values["config"])
    if is_new or {"#entity_type", "#object_type_id"} & special.keys():
        values["entity_type"] = _entity_type(special, is_hierarchical=bool(values.get("is_hierarchical")))
    if is_new and not values.get("name"):
        values["name"] = values.get("field_name")


def _data_type(type_id: Any, config: Any) -> str:
    word = _WORD_OF.get(str(type_id))
    if word is None:
        raise Invalid("There is no such CustomAttributeType.", {"type": ["does not exist"]})
    if word == "enumerator":
        return "taglist" if _read(config).get("multiSelect") else "list"
    return next((ours for ours, theirs in _TYPES if theirs == word), "string")


def _entity_type(special: Mapping[str, Any], *, is_hierarchical: bool) -> str:
    if is_hierarchical:
        return TREE
    word, object_type = special.get("#entity_type"), special.get("#object_type_id")
    found = _KIND_OF_OBJECT_TYPE.get(str(object_type)) if word in ("task", None) else _KIND_FOR.get(str(word))
    if found is None:
        raise Invalid("A configuration is for an entity_type, and for task an object_type_id too.")
    return found


def _read(config: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(config) if isinstance(config, str) else config
    except ValueError:
        raise Invalid("config is not JSON.", {"config": ["is not JSON"]}) from None
    return found if isinstance(found, Mapping) else {}


def _choices(config: Any) -> list[str]:
    """The values of an enumerator: its data are a list, or the text of one."""
    data = _read(config).get("data") or []
    try:
        options = json.loads(data) if isinstance(data, str) else data
    except ValueError:
        raise Invalid("data of config is not JSON.", {"config": ["is not JSON"]}) from None
    found = options if isinstance(options, list) else []
    return [str(each.get("value") if isinstance(each, Mapping) else each) for each in found]
