"""The words of one request: the vocabulary, plus the custom fields that the database holds.

A custom field `difficulty` of shots (a `FieldDescriptor` row) is `Shot.sg_difficulty` here. They are read
when a request names a key that the vocabulary lacks, so most requests never ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun.vocabulary import WireField, WireType, order_of, vocabulary
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling

if TYPE_CHECKING:
    from zou_server.services.studio import Reader

CUSTOM_TYPES: Mapping[str, tuple[str, str]] = {
    "string": ("text", "text"),
    "number": ("float", "number"),
    "list": ("list", "text"),
    "taglist": ("tag_list", "text"),
    "boolean": ("checkbox", "boolean"),
    "checklist": ("serializable", "text"),
    "date": ("date", "text"),
    "url": ("text", "text"),
    "textarea": ("text", "text"),
    "person": ("text", "text"),
}
"""What a custom field's type is here, and the kind its values are compared as."""

PREFIX = "sg_"
_KEY = re.compile(r"\w[\w -]{0,100}\Z")
_PLAIN = Spelling()
_COLUMNS = ("entity_type", "field_name", "name", "data_type", "choices")
_DESCRIPTORS = Projection(tuple(Output(name, name) for name in _COLUMNS))


class Words:
    """Types and fields by name, custom ones included; made for one request."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.vocabulary = vocabulary()

    def type(self, name: object) -> WireType | None:
        """The type called `name`, None when there is none."""
        return self.vocabulary.type(name)

    def field(self, wire_type: WireType, key: str) -> WireField | None:
        """The field `key` of a type, None when there is none."""
        return wire_type.fields.get(key) or self.custom.get(wire_type.name, {}).get(key)

    def fields(self, wire_type: WireType) -> dict[str, WireField]:
        """Every field of a type by key."""
        return {**self.custom.get(wire_type.name, {}), **wire_type.fields}

    @cached_property
    def custom(self) -> Mapping[str, Mapping[str, WireField]]:
        """Type name -> key -> custom field."""
        query = Query(
            facet("FieldDescriptor"), _DESCRIPTORS, Where("field_name", Op.NOT_NULL), (Order("created_at"),)
        )
        found: dict[str, dict[str, WireField]] = {}
        for row in orjson.loads(f"[{self._reader.page(query, _PLAIN).text}]"):
            wire_type = self.vocabulary.type_of_facet(row["entity_type"])
            if wire_type is not None and _KEY.match(row["field_name"]):
                made = custom_field(row)
                found.setdefault(wire_type.name, {}).setdefault(made.key, made)
        return found


def custom_field(row: Mapping[str, Any]) -> WireField:
    """The field that a descriptor stands for."""
    name: str = row["field_name"]
    data_type, kind = CUSTOM_TYPES.get(row["data_type"] or "string", ("text", "text"))
    path = f"data.{name}::{kind}"
    choices = row["choices"] if isinstance(row["choices"], list) else []
    return WireField(
        key=name if name.startswith(PREFIX) else f"{PREFIX}{name}",
        data_type=data_type,
        path=path,
        write="data",
        writer="custom",
        choices=tuple(str(each) for each in choices),
        order=order_of(data_type, path),
        label=row["name"] or name,
        custom=True,
    )
