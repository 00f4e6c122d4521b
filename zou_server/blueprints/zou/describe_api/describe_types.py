"""Zou's types as OpenAPI components: what answers hold, what bodies may hold, what lists filter by."""

from __future__ import annotations

from collections.abc import Iterator

from zou_server.blueprints.zou import extra_outputs, overrides
from zou_server.blueprints.zou.blueprint import READ_ONLY
from zou_server.blueprints.zou.describe_api.describe_rows import value
from zou_server.blueprints.zou.vocabulary import WireType, wire_types
from zou_server.description import (
    SENT,
    Schema,
    is_nullable,
    limits,
    listed,
    or_null,
    parameter,
    ref,
    thing,
)
from zou_server.models.conditions import Form, Output
from zou_server.models.registry import Field, Kind
from zou_server.schemas.derive import writable

LIST_PARAMETERS: dict[str, tuple[Schema, str]] = {
    # query parameter that is no filter -> its schema and what it does
    "page": (
        {"type": "integer", "minimum": 1},
        "A page, from 1: the answer becomes an object with `data` and totals.",
    ),
    "limit": (
        {"type": "integer", "minimum": 1},
        "Rows in a page (at most 10000); without a page, rows in all.",
    ),
    "cursor": (
        ref("Id"),
        "The id of the last row already read: the page after it, without totals, equally fast at any depth.",
    ),
    "relations": ({"type": "boolean"}, "Whether rows carry their links to many (assignees, team, ...)."),
    "fields": ({"type": "string"}, "Only these keys, separated by commas; id and type always come."),
    "order_by": (
        {"type": "string"},
        "Keys to sort by, separated by commas; a minus before a key turns it round.",
    ),
    "force": ({"type": "string"}, "Accepted from gazu, and means nothing in a list."),
    "no_cache": ({"type": "string"}, "Accepted from Kitsu; nothing is cached."),
}

_FILTER_TEXT = {
    Kind.TEXT: "Equal to this text.",
    Kind.LINK: "Linked to the row with this id; `null` for none.",
    Kind.LINKS: "One of the linked rows has this id.",
}


def type_components() -> dict[str, Schema]:
    """Name -> schema, two for each type: `Shot` as it is answered and `ShotValues` as it is sent."""
    found: dict[str, Schema] = {}
    for wire in wire_types().values():
        found[wire.name] = answered(wire)
        if wire.facet.name not in READ_ONLY:
            found[values_name(wire)] = sent(wire)
    return found


def values_name(wire: WireType) -> str:
    """The component of what a body may hold."""
    return f"{wire.name}Values"


# -- answers ---------------------------------------------------------------------------------------


def answered(wire: WireType) -> Schema:
    """A row as it is answered. `fields` may leave out any key but id and type."""
    in_lists = {output.key: output for output in wire.projection(relations=True, item=True).outputs}
    properties = {}
    for output in wire.projection(relations=True, item=True, whole=True).outputs:
        listed_as = in_lists.get(output.key, output)
        schemas = [_output(wire, each) for each in dict.fromkeys((listed_as, output))]
        properties[output.key] = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return thing(properties, ("id", "type"), description=sentence(wire))


def sentence(wire: WireType) -> str:
    """What a type is: its model's own first line."""
    return (wire.facet.model.__doc__ or wire.name).strip().split("\n")[0]


def _output(wire: WireType, output: Output) -> Schema:
    schema = value(wire.facet, output)
    if output.key == "type":
        return schema
    is_value = output.form in (Form.VALUE, Form.LINKS)
    is_own = is_value and output.key not in wire.extras and output.path in wire.facet.fields
    return schema if is_own and not wire.facet.fields[output.path].read_only else {**schema, "readOnly": True}


# -- bodies ----------------------------------------------------------------------------------------


def sent(wire: WireType) -> Schema:
    """A body. Keys of answers that nobody may set are accepted and ignored: gazu sends whole objects."""
    properties = {key: _ignored() for key in (*ours(wire), *wire.extras)}
    properties.update({key: _written(each.field) for key, each in wire.fields.items()})
    properties.update({alias: _written(wire.facet.fields[name]) for alias, name in wire.aliases.items()})
    return thing(properties, additionalProperties=False)


def ours(wire: WireType) -> tuple[str, ...]:
    """The keys beside the type's own that a body may hold without being refused."""
    return (
        *overrides.READ_ONLY_ACCEPTED,
        *overrides.STAMPS,
        "lock_version",
        *(key for key, _ in overrides.ITEM_EXTRAS.get(wire.facet.name, ())),
        *overrides.EMPTY_RELATIONS.get(wire.facet.model.__name__, ()),
        *(output.key for output in extra_outputs.of(wire.facet.name)),
    )


def _ignored() -> Schema:
    return {"readOnly": True}


def _written(found: Field) -> Schema:
    if not writable(found):
        return _ignored()
    if found.kind is Kind.LINKS:
        return listed({"anyOf": [ref("Id"), thing({"id": ref("Id")}, ("id",))]})
    if found.name == "data":
        return {"type": ["object", "null"], "description": "Custom fields by name."}
    schema = {**SENT[found.kind], **limits(found)}
    return or_null(schema) if is_nullable(found) else schema


def required(wire: WireType) -> list[str]:
    """The keys without which a row is not made."""
    attributes = {
        name for name in overrides.CREATE_REQUIRED.get(wire.facet.name, ()) if name in wire.facet.fields
    }
    attributes |= {name for name, each in wire.facet.fields.items() if each.required}
    return [
        key for key, each in wire.fields.items() if each.field.name in attributes and writable(each.field)
    ]


# -- filters ---------------------------------------------------------------------------------------


def filter_names(wire: WireType) -> list[str]:
    """The component names of the filters of a type's lists."""
    return [_filter_name(key, found) for key, found in _filters(wire)]


def _filters(wire: WireType) -> Iterator[tuple[str, Field]]:
    for key, each in wire.fields.items():
        if each.field.kind is not Kind.JSON:
            yield key, each.field
    for key, name in wire.aliases.items():
        if key not in wire.fields:
            yield key, wire.facet.fields[name]
    if wire.project_path:
        yield "project_id", Field("project_id", Kind.LINK)


def _filter_name(key: str, found: Field) -> str:
    return f"filter.{found.kind}.{key}"


def parameter_components() -> dict[str, Schema]:
    """Name -> parameter: the filters of all types, and what lists take beside them."""
    found: dict[str, Schema] = {
        f"list.{name}": parameter(name, "query", schema, text)
        for name, (schema, text) in LIST_PARAMETERS.items()
    }
    for wire in wire_types().values():
        found |= {_filter_name(key, field): _filter(key, field) for key, field in _filters(wire)}
    return found


def _filter(key: str, found: Field) -> Schema:
    text = _FILTER_TEXT.get(found.kind, "Equal to this; `null` for rows that have none.")
    if key == "name":
        text = "Equal to this text, case ignored; % stands for any characters."
    return parameter(key, "query", _FILTERED.get(found.kind, {"type": "string"}), text)


_FILTERED: dict[Kind, Schema] = {
    # a value of the kind, or a word for none, or a list
    Kind.INTEGER: {"type": ["integer", "string"]},
    Kind.NUMBER: {"type": ["number", "string"]},
    Kind.BOOLEAN: {"type": ["boolean", "string"]},
    Kind.UUID: ref("Id"),
    Kind.LINK: ref("Id"),
    Kind.LINKS: ref("Id"),
}
