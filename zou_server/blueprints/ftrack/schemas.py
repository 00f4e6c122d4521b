"""The answer to `query_schemas`: every type and attribute, derived from the vocabulary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zou_server.blueprints.ftrack.attributes import (
    Attribute,
    Collection,
    Constant,
    Derived,
    Loaded,
    Reference,
    Rows,
    Value,
    Whole,
)
from zou_server.blueprints.ftrack.constants import OBJECT_TYPES, Constants
from zou_server.blueprints.ftrack.vocabulary import AnyType, types
from zou_server.models.registry import Kind

Fragment = dict[str, Any]

_TYPES: Mapping[Kind, Fragment] = {
    Kind.TEXT: {"type": "string"},
    Kind.UUID: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date-time"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.JSON: {"type": "variable"},
}


@dataclass(frozen=True, slots=True)
class Described:
    """All schemas as JSON text, and the hash by which clients know whether theirs is the same."""

    text: str
    hash: str


def described() -> Described:
    """The schemas of the types as they are now."""
    return _described(tuple(types().values()))


@lru_cache(maxsize=4)
def _described(found: tuple[AnyType, ...]) -> Described:
    schemas = [schema_of(wire) for wire in sorted(found, key=lambda wire: wire.name)]
    # The client computes the same hash over what it has cached: the separators and the ASCII matter.
    canonical = json.dumps(schemas, sort_keys=True)
    return Described(canonical, hashlib.md5(canonical.encode(), usedforsecurity=False).hexdigest())


def schema_of(wire: AnyType) -> Fragment:
    """The schema of one type."""
    attributes = wire.attributes
    alias = OBJECT_TYPES.get(wire.name)
    return (
        {
            "id": wire.name,
            "type": "object",
            "properties": {name: _FRAGMENTS[type(each)](each) for name, each in sorted(attributes.items())},
            "primary_key": list(wire.primary_key),
            "default_projections": list(wire.default_projections),
            "required": sorted(name for name, each in attributes.items() if getattr(each, "required", False)),
            "immutable": sorted(
                {*wire.primary_key, *(n for n, each in attributes.items() if immutable(each))}
            ),
            "computed": sorted(name for name, each in attributes.items() if getattr(each, "computed", False)),
            "system_projections": [],
            # The JavaScript client looks for the classifier to tell types of contexts apart.
            **({"alias_for": {"id": "Task", "classifiers": {"object_typeid": alias["id"]}}} if alias else {}),
        }
        if not isinstance(wire, Constants)
        else _constants_schema(wire)
    )


def _constants_schema(wire: Constants) -> Fragment:
    return {
        "id": wire.name,
        "type": "object",
        "properties": {name: _FRAGMENTS[type(each)](each) for name, each in sorted(wire.attributes.items())},
        "primary_key": list(wire.primary_key),
        "default_projections": list(wire.default_projections),
        "required": [],
        "immutable": list(wire.primary_key),
        "computed": [],
        "system_projections": [],
    }


def immutable(attribute: Attribute) -> bool:
    """True when the client should refuse to set the attribute.

    Never a collection: the Python client cannot show an immutable one.
    """
    if isinstance(attribute, Value | Reference):
        return not attribute.write
    return isinstance(attribute, Constant | Derived) or (
        isinstance(attribute, Loaded) and not attribute.target
    )


def _value(attribute: Value) -> Fragment:
    return {**_TYPES[attribute.kind], **({"default": attribute.default} if attribute.default else {})}


def _constant(attribute: Constant) -> Fragment:
    return {**_TYPES[attribute.kind], **({"default": attribute.value} if attribute.sent else {})}


def _reference(attribute: Reference | Derived) -> Fragment:
    return {"$ref": attribute.target}


def _many(attribute: Collection | Rows | Whole) -> Fragment:
    return {"type": "array", "items": {"$ref": attribute.target}}


def _loaded(attribute: Loaded) -> Fragment:
    # The list under `link` is declared as text by ftrack itself; clients do not check.
    return {"type": "array", "items": {"$ref": attribute.target}} if attribute.target else {"type": "string"}


_FRAGMENTS: Mapping[type, Callable[[Any], Fragment]] = {
    Value: _value,
    Constant: _constant,
    Reference: _reference,
    Derived: _reference,
    Rows: _many,
    Collection: _many,
    Whole: _many,
    Loaded: _loaded,
}
