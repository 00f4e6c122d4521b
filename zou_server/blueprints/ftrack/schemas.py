"""The answer to `query_schemas`: every type and attribute of ftrack, as its own server describes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zou_server.blueprints.ftrack.constants import DEFAULT_PRIORITY, OBJECT_TYPES
from zou_server.blueprints.ftrack.recorded import RecordedAttribute, RecordedType, old_names, recorded
from zou_server.blueprints.ftrack.vocabulary import WireType, types
from zou_server.models.registry import Kind

Fragment = dict[str, Any]

_TYPES: Mapping[Kind, Fragment] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.JSON: {"type": "variable"},
}
_OWN_IDS: Mapping[str, str] = {
    "Project": "showid",
    "Asset": "assetid",
    "AssetVersion": "versionid",
    "User": "userid",
    "Status": "statusid",
    "Type": "typeid",
    **dict.fromkeys(("TypedContext", *OBJECT_TYPES), "taskid"),
}
"""Type -> the old name of its id."""


@dataclass(frozen=True, slots=True)
class Described:
    """All schemas as JSON text, and the hash by which clients know whether theirs is the same."""

    text: str
    hash: str


def described() -> Described:
    """The schemas of the types as they are now."""
    own = {name: wire.described for name, wire in types().items() if isinstance(wire, WireType)}
    return _described(tuple(each for _, each in sorted({**recorded(), **own}.items())))


@lru_cache(maxsize=4)
def _described(found: tuple[RecordedType, ...]) -> Described:
    schemas = [schema_of(each) for each in found]
    # The client computes the same hash over what it has cached: the separators and the ASCII matter.
    canonical = json.dumps(schemas, sort_keys=True)
    return Described(canonical, hashlib.md5(canonical.encode(), usedforsecurity=False).hexdigest())


def schema_of(found: RecordedType) -> Fragment:
    """The schema of one type."""
    attributes = sorted(found.attributes.items())
    classifier = OBJECT_TYPES.get(found.name)
    fixed = {"object_type", "object_type_id"} if classifier else set()
    return {
        "id": found.name,
        "type": "object",
        "properties": {name: _fragment(found, each) for name, each in attributes},
        "primary_key": list(found.primary_key),
        "default_projections": list(found.default_projections),
        "required": [name for name, each in attributes if each.required],
        "immutable": sorted({*found.primary_key, *fixed, *(n for n, each in attributes if each.immutable)}),
        "computed": [name for name, each in attributes if each.computed],
        "system_projections": [],
        # The JavaScript client looks for the classifier to tell types of contexts apart.
        **(
            {"alias_for": {"id": "Task", "classifiers": {"object_typeid": classifier["id"]}}}
            if classifier
            else {}
        ),
    }


def _fragment(of: RecordedType, attribute: RecordedAttribute) -> Fragment:
    if attribute.kind is Kind.LINK:
        return {"$ref": attribute.target}
    if attribute.kind is Kind.LINKS:
        form = "mapped_array" if attribute.mapped else "array"
        return {"type": form, "items": {"$ref": attribute.target}}
    shape = {"type": "object"} if attribute.is_object else _TYPES[attribute.kind]
    default = _default(of, attribute)
    return {
        **shape,
        "alias_for": old_name(of.name, attribute.name),
        **({} if default is None else {"default": default}),
    }


def old_name(type_name: str, attribute: str) -> str:
    """The name of an attribute in `ftrack.update` events."""
    if attribute == "id":
        return _OWN_IDS.get(type_name, "id")
    return old_names().get(attribute, attribute)


def _default(of: RecordedType, attribute: RecordedAttribute) -> object:
    context = OBJECT_TYPES.get(of.name)
    if context and attribute.name == "object_type_id":
        return context["id"]
    if context and attribute.name == "priority_id":
        return DEFAULT_PRIORITY
    return attribute.default
