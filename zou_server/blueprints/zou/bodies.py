"""Bodies of named routes: one class says what a body holds; its reader and its schema follow from it.

    @body
    class AssetInEntities:
        '''Which entities use an asset, and how often.'''

        entity_ids: list[str] = needed(IDS)
        occurences: int | None = optional(COUNT, "nb_occurences")

`Says(sends=AssetInEntities)` in a route's line lets the body be checked before the handler runs; the
handler's argument `sent` is an `AssetInEntities`. Shapes of values are in `shapes.py`, keys that a client
sends and nobody reads in `client_keys.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, dataclass_transform

import orjson

from zou_server.blueprints.zou.client_keys import ANY_KEY, CLIENT_KEYS
from zou_server.description import Schema, or_null, thing
from zou_server.models.errors import Invalid

T = TypeVar("T")

REQUIRED = "is required"
UNKNOWN = "unknown field"
NO_OBJECT = "The body must be a JSON object."


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """A kind of value that a body holds: its reader, and its schema.

    `read` raises ValueError with the reason, or Invalid where it knows the key. `is_blank_none`: an empty
    text counts as none given, as null does. `is_json_text`: a form carries it as JSON in a text; `json_keys`
    are the keys of an object whose values a form carries so.
    """

    read: Callable[[Any], T]
    schema: Schema
    is_blank_none: bool = False
    is_json_text: bool = False
    json_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Key:
    """What one attribute of a body is on the wire: its shape, its keys, and the reason when it is missing."""

    shape: Shape[Any]
    names: tuple[str, ...]
    missing: str = ""


_METADATA = "key"


def needed(shape: Shape[T], *names: str, missing: str = REQUIRED) -> T:
    """A value that must be sent; `names` are its keys where they are not the attribute's name."""
    return dataclasses.field(metadata={_METADATA: _Key(shape, names, missing)})


def optional(shape: Shape[T], *names: str) -> T | None:
    """A value that may be sent; None when it is not, or is null."""
    return dataclasses.field(default=None, metadata={_METADATA: _Key(shape, names)})


def usually(default: T, shape: Shape[T], *names: str) -> T:
    """A value that may be sent; `default` when it is not, or is null."""
    return dataclasses.field(default=default, metadata={_METADATA: _Key(shape, names)})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(needed, optional, usually))
def body(cls: type[T]) -> type[T]:
    """Make a class the description of a body."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    _SHAPES[made] = _object_shape(made)
    return made


_SHAPES: dict[type, Shape[Any]] = {}


def shape_of(described: type[T] | Shape[T]) -> Shape[T]:
    """The shape of a body's class; a shape stands for itself."""
    return described if isinstance(described, Shape) else _SHAPES[described]


def body_classes() -> Iterator[type]:
    """Every class that describes a body."""
    return iter(_SHAPES)


def said(sent: object) -> dict[str, Any]:
    """The values of a body that were sent, by the names of its attributes."""
    values = ((each.name, getattr(sent, each.name)) for each in dataclasses.fields(sent))  # type: ignore[arg-type]
    return {name: value for name, value in values if value is not None}


def read_body(described: type[T] | Shape[T], given: Any) -> T:
    """The body that a client sent, as its class; Invalid names every key that is wrong, and why."""
    try:
        return shape_of(described).read(given)
    except ValueError as error:
        raise Invalid(fields={"body": [str(error)]}) from None


def _keys(cls: type) -> dict[str, _Key]:
    """Attribute -> what it is on the wire."""
    found = {each.name: each.metadata[_METADATA] for each in dataclasses.fields(cls)}
    return {name: dataclasses.replace(key, names=key.names or (name,)) for name, key in found.items()}


def _object_shape(cls: type[T]) -> Shape[T]:
    keys, ignored = _keys(cls), CLIENT_KEYS.get(cls.__name__, {})
    in_json = frozenset(name for key in keys.values() for name in key.names if key.shape.is_json_text)
    return Shape(_Reader(cls, keys, ignored), _schema(cls, keys, ignored), json_keys=in_json)


class _Reader(Generic[T]):
    """The reader of the objects that a class describes; what it needs to know of the class is kept."""

    def __init__(self, cls: type[T], keys: Mapping[str, _Key], ignored: Mapping[str, str]) -> None:
        self.cls = cls
        self.by_name = {name: (attribute, key.shape) for attribute, key in keys.items() for name in key.names}
        self.needed = [(attribute, key) for attribute, key in keys.items() if key.missing]
        self.ignored, self.is_open = frozenset(ignored), ANY_KEY in ignored

    def __call__(self, given: Any) -> T:
        if not isinstance(given, dict):
            raise Invalid(NO_OBJECT, {"body": ["is not an object"]})
        values: dict[str, Any] = {}
        wrong: dict[str, list[str]] = {}
        for name, value in given.items():
            if name in self.by_name:
                attribute, shape = self.by_name[name]
                if not (value is None or (value == "" and shape.is_blank_none)):
                    values[attribute] = _read(shape, name, value, wrong)
            elif not self.is_open and name not in self.ignored:
                wrong[name] = [UNKNOWN]
        self._require(values, wrong)
        return self.cls(**values)

    def _require(self, values: Mapping[str, Any], wrong: dict[str, list[str]]) -> None:
        """Refuse the body when a value is missing, or something is wrong already."""
        for attribute, key in self.needed:
            if attribute not in values:
                wrong[key.names[0]] = [key.missing]
        if wrong:
            raise Invalid(fields=dict(sorted(wrong.items())))


def _read(shape: Shape[T], name: str, value: Any, wrong: dict[str, list[str]]) -> T | None:
    """The value as its shape reads it; what is wrong with it is added to `wrong`."""
    try:
        return shape.read(value)
    except Invalid as error:
        wrong.update({key: list(reasons) for key, reasons in error.fields.items()})
    except (ValueError, OverflowError, TypeError) as error:
        wrong[name] = [str(error)]
    return None


def _schema(cls: type, keys: Mapping[str, _Key], ignored: Mapping[str, str]) -> Schema:
    properties = {
        name: key.shape.schema if key.missing else or_null(key.shape.schema)
        for key in keys.values()
        for name in key.names
    }
    for name, client in ignored.items():
        if name != ANY_KEY:
            properties[name] = {"description": f"Sent by {client}, and ignored."}
    only_one = [key.names[0] for key in keys.values() if key.missing and len(key.names) == 1]
    more: Schema = {} if ANY_KEY in ignored else {"additionalProperties": False}
    return thing(properties, only_one, description=(cls.__doc__ or "").strip().split("\n")[0], **more)


# -- forms ---------------------------------------------------------------------------------------------------


def form_schema(cls: type) -> Schema:
    """The schema of the same body sent as a form: every value is a text, files may come along."""
    texts = {name: {"type": "string"} for key in _keys(cls).values() for name in key.names}
    return thing(texts, additionalProperties={"type": "string"})


def form_values(described: type | Shape[Any], form: Mapping[str, str]) -> dict[str, Any]:
    """The texts of a form as the values that a JSON body would have; Invalid for one without a name."""
    in_json = shape_of(described).json_keys
    if None in form:
        raise Invalid("A part of the form has no name.", {"body": ["has a part without a name"]})
    return {name: _loaded(name, text) if name in in_json else text for name, text in form.items()}


def _loaded(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        raise Invalid(fields={name: ["is not JSON"]}) from None
