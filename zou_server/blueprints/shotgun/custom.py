"""The words of one request: the vocabulary, plus the custom fields that the database holds.

A custom field `difficulty` of shots (a `FieldDescriptor` row) is `Shot.sg_difficulty` here. They are read
when a request names a key that the vocabulary lacks, so most requests never ask for them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.events.told import LOG, type_of_log
from zou_server.blueprints.shotgun.schema.properties import Kept
from zou_server.blueprints.shotgun.schema.site import Declared
from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType
from zou_server.blueprints.shotgun.vocabulary import Vocabulary, generic, vocabulary
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

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
_COLUMNS = ("entity_type", "field_name", "name", "data_type", "choices", "default_value", "data")
_IDS = Projection((Output("id", "id"), Output("number", "number")))
_CODES = Projection((Output("code", "shotgun_code"),))
_DESCRIPTORS = Projection(tuple(Output(name, name) for name in _COLUMNS))


_SAID = Projection((Output("name", "name"), Output("id", "id"), Output("data", "data")))
SITE_WIDE = ""
"""The project that what holds in all of them is kept under."""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """What a studio says of a field that every site has: `id` is that of the row which keeps it."""

    id: str
    said: Kept

    def on(self, field: WireField) -> WireField:
        """The field as the studio has it."""
        said, values = self.said, self.said.get("valid_values")
        return replace(
            field,
            label=said.get("name") or field.label,
            description=said.get("description") or field.description,
            summary=said.get("summary_default") or field.summary,
            choices=field.choices if values is None else tuple(values),
            **_shown(said),
        )


def _shown(said: Kept) -> dict[str, Any]:
    """What is told of any field as it was said."""
    return {
        "hidden_in": said.hidden_in,
        "hidden_values": said.hidden_values,
        "display_values": tuple((said.get("display_values") or {}).items()),
        "opens_in_new_window": said.get("open_in_new_window"),
        "custom_metadata": said.get("custom_metadata") or "",
    }


LARGEST_ID = 2**62
EntityRef = tuple[str, int]
"""A row as clients name it: its type and its number."""


class Words:
    """Types and fields by name, custom ones included; made for one request."""

    def __init__(self, reader: Reader, me: uuid.UUID | None = None, *, is_log_whole: bool = False) -> None:
        self._reader = reader
        self._is_log_whole = is_log_whole
        self.me = me
        self.vocabulary = vocabulary()
        self._ids: dict[EntityRef, str] = {}

    def type(self, name: object) -> WireType | None:
        """The type called `name`, None when there is none."""
        return type_of_log(is_whole=self._is_log_whole) if name == LOG else self.vocabulary.type(name)

    def field(self, wire_type: WireType, key: str) -> WireField | None:
        """The field `key` of a type, None when there is none."""
        found = wire_type.fields.get(key)
        if found is not None and found.writer != "custom":
            return found
        return self.custom.get(wire_type.name, {}).get(key) or found

    def fields(self, wire_type: WireType) -> dict[str, WireField]:
        """Every field of a type by key; a studio's own comes before one of that name that all sites have."""
        own = self.custom.get(wire_type.name, {})
        ours = {k: each for k, each in wire_type.fields.items() if each.writer != "custom" or k not in own}
        return {**own, **{key: self.described(wire_type, each) for key, each in ours.items()}}

    def described(self, wire_type: WireType, field: WireField) -> WireField:
        """A field as the schema has it: what the studio says of it counts."""
        found = None if field.custom else self.settings.get(f"{wire_type.name}.{field.key}")
        return field if found is None else found.on(field)

    def ids(self, wanted: Iterable[EntityRef]) -> Mapping[EntityRef, str]:
        """The ids of live rows by type and number; what is not there, or not for the caller, is left out.

        Looked up before the query that compares links with them: PostgreSQL plans a comparison with a
        known id far better than a join to the table of numbers.
        """
        by_type: dict[str, list[int]] = {}
        for name, number in wanted:
            if (name, number) not in self._ids and abs(number) < LARGEST_ID:
                by_type.setdefault(name, []).append(number)
        for name, numbers in by_type.items():
            found = self.type(name)
            if found is not None and "object_kind" in found.facet.fields:
                of_kind = Where("object_kind", Op.EQ, found.facet.kind)
                query = Query(found.facet, _IDS, All((of_kind, Where("number", Op.IN, numbers))))
                for row in self._reader.rows(query, _PLAIN):
                    self._ids[name, row["number"]] = row["id"]
        return self._ids

    def known(self, reference: EntityRef) -> str:
        """The id of a live row by type and number; a fault for what is not there, or not for the caller."""
        found = self.ids([reference]).get(reference)
        if found is None:
            raise errors.not_found(*reference)
        return found

    @cached_property
    def settings(self) -> Mapping[str, FieldSettings]:
        """Type and name of a field that every site has -> what the studio says of it."""
        rows = self._reader.rows(Query(facet("SchemaField"), _SAID), _PLAIN)
        return {row["name"]: FieldSettings(row["id"], Kept(row["data"])) for row in rows}

    @cached_property
    def statuses(self) -> frozenset[str]:
        """The codes of all statuses."""
        known = Where("shotgun_code", Op.NOT_NULL)
        rows = self._reader.rows(Query(facet("Status"), _CODES, known), _PLAIN)
        return frozenset(row["code"] for row in rows)

    @cached_property
    def custom(self) -> Mapping[str, Mapping[str, WireField]]:
        """Type name -> key -> custom field."""
        query = Query(
            facet("FieldDescriptor"), _DESCRIPTORS, Where("field_name", Op.NOT_NULL), (Order("created_at"),)
        )
        found: dict[str, dict[str, WireField]] = {}
        for row in self._reader.rows(query, _PLAIN):
            wire_type = self.vocabulary.type_of_facet(row["entity_type"])
            if wire_type is not None and _KEY.match(row["field_name"]):
                made = custom_field(row, self.vocabulary, wire_type.name)
                found.setdefault(wire_type.name, {}).setdefault(made.key, made)
        return found


def custom_field(row: Mapping[str, Any], words: Vocabulary, type_name: str) -> WireField:
    """The field that a descriptor stands for; `data` says what only this dialect has a word for."""
    name: str = row["field_name"]
    said, default = Kept(row.get("data")), row.get("default_value")
    choices = tuple(str(each) for each in row["choices"]) if isinstance(row["choices"], list) else ()
    known = CUSTOM_TYPES.get(row["data_type"] or "string", ("text", "text"))
    declared = Declared(
        name if name.startswith(PREFIX) else f"{PREFIX}{name}",
        said.get("data_type") or known[0],
        row["name"] or name,
        summary=said.get("summary_default") or "none",
        default=default if isinstance(default, str | int | float | bool) else None,
        values=choices,
        types=tuple(said.get("valid_types") or ()),
    )
    made = generic(words, type_name, declared, key_in_data=name)
    return replace(made, custom=True, description=said.get("description") or "", **_shown(said))
