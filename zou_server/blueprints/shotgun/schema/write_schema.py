"""Fields that a studio makes, changes, takes away and brings back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import SITE_WIDE
from zou_server.blueprints.shotgun.rows import answered
from zou_server.blueprints.shotgun.schema.visible import project_in
from zou_server.blueprints.shotgun.values import tick
from zou_server.models.conditions import All, Op, Output, Projection, Query, Retired, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Create, Delete, Operation, Revive, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call
    from zou_server.blueprints.shotgun.schema.wire_types import WireType

_PLAIN = Spelling()
_FIELD = Projection(tuple(Output(name, name) for name in ("id", "field_name", "name", "choices", "data")))
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
PROPERTIES = frozenset(
    {
        "name",
        "description",
        "summary_default",
        "valid_values",
        "valid_types",
        "default_value",
        "hidden_values",
        "display_values",
        "visible",
        "open_in_new_window",
        "custom_metadata",
    }
)
LONGEST_NAME = 100


def _properties(call: Call) -> dict[str, Any]:
    given = call.request.get("properties")
    if not isinstance(given, list):
        raise errors.missing("properties", "array", call.request)
    found: dict[str, Any] = {}
    for each in given:
        name = each.get("property_name") if isinstance(each, dict) else None
        if not isinstance(name, str) or "value" not in each:
            raise errors.missing("property_name", "string", each)
        if name not in PROPERTIES:
            raise errors.Fault(f"there is no property '{name[: errors.SHOWN]}'.")
        found[name] = each["value"]
    return found


def schema_field_create(call: Call) -> str:
    """Make a field; the answer is its name."""
    wire_type = call.type_in(call.request)
    data_type = call.request.get("data_type")
    if not isinstance(data_type, str) or data_type not in CREATABLE:
        raise errors.wrong_value("data_type", f"expected one of {', '.join(CREATABLE)}", data_type)
    said = _properties(call)
    label = said.pop("name", None)
    if not isinstance(label, str) or not label.strip() or len(label) > LONGEST_NAME:
        raise errors.missing("name", "string", call.request)
    _check(call, data_type, said)
    key = _free_name(call, wire_type, label.strip())
    values = {
        "entity_type": wire_type.facet.name,
        "name": label.strip(),
        "field_name": key,
        "data_type": CREATABLE[data_type],
        "choices": said.pop("valid_values", None),
        "data": {"data_type": data_type, **said},
    }
    with call.studio.write(call.actor) as work:
        work.execute([Create(facet("FieldDescriptor"), values)])
        work.commit()
    return answered(key)


def _check(call: Call, data_type: str, said: Mapping[str, Any]) -> None:
    """What a field of this type cannot be without, and lists that are none."""
    if data_type in ("entity", "multi_entity"):
        types = said.get("valid_types")
        if not isinstance(types, list) or not types:
            raise errors.missing("valid_types", "array", call.request)
        for name in types:
            call.type_in({"type": name})
    if data_type == "checkbox" and not isinstance(said.get("default_value", False), bool):
        raise errors.wrong_class("default_value", "TrueClass, FalseClass", said["default_value"])
    values = said.get("valid_values")
    if values is not None and not (isinstance(values, list) and all(isinstance(v, str) for v in values)):
        raise errors.missing("valid_values", "array of strings", call.request)


def _free_name(call: Call, wire_type: WireType, label: str) -> str:
    base = "sg_" + re.sub(r"[^a-z0-9]", "_", label.lower())
    retired = {row["field_name"] for row in _descriptors(call, wire_type, retired=Retired.RETIRED)}
    if base in retired and call.words.field(wire_type, base) is None:
        raise errors.Fault(f"failed, there is a retired field with the same field_name: {base}.")
    key, count = base, 0
    while call.words.field(wire_type, key) is not None or key in retired:
        count += 1
        key = f"{base}_{count}"
    return key


def _descriptors(
    call: Call, wire_type: WireType, key: str | None = None, *, retired: Retired = Retired.LIVE
) -> list[dict[str, Any]]:
    terms = [Where("entity_type", Op.EQ, wire_type.facet.name)]
    if key is not None:
        names = [key, key.removeprefix("sg_")]
        terms.append(Where("field_name", Op.IN, names))
    query = Query(facet("FieldDescriptor"), _FIELD, All(tuple(terms)), retired=retired)
    found: list[dict[str, Any]] = orjson.loads(f"[{call.studio.read(call.actor).page(query, _PLAIN).text}]")
    return found


def _named(call: Call) -> str:
    key = call.request.get("field_name")
    if not isinstance(key, str):
        raise errors.missing("field_name", "string", call.request)
    return key


def schema_field_update(call: Call) -> str:
    """Change what a field is called, may hold or starts with."""
    wire_type = call.type_in(call.request)
    key = _named(call)
    said = _properties(call)
    found = _descriptors(call, wire_type, key)
    field = call.words.field(wire_type, key)
    if not found and field is None:
        raise errors.unknown_field(wire_type.name, key)
    _check(call, "", said)
    operation: Operation
    if found:
        said |= _by_project(call, said, found[0]["data"] or {})
        columns = {column: said.pop(name) for name, column in _COLUMNS.items() if name in said}
        operation = Update(facet("FieldDescriptor"), found[0]["id"], {**columns, "data": said})
    else:
        operation = _settings(call, wire_type, key, said)
    with call.studio.write(call.actor) as work:
        work.execute([operation])
        work.commit()
    return "true"


_COLUMNS: Mapping[str, str] = {"name": "name", "valid_values": "choices"}
"""Property -> the column of a custom field that holds it."""


def _by_project(call: Call, said: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Which projects a field is hidden in, and which of its values where: taken out of the properties."""
    project, found = project_in(call), dict[str, Any]()
    if "visible" in said:
        tick("visible", said["visible"])
        if project is None:
            raise errors.missing("project", "hash", call.request)
        found["hidden_in"] = {**known.get("hidden_in", {}), str(project): not said.pop("visible")}
    if "hidden_values" in said:
        values = said.pop("hidden_values")
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise errors.missing("hidden_values", "array of strings", call.request)
        where = SITE_WIDE if project is None else str(project)
        found["hidden_values"] = {**known.get("hidden_values", {}), where: values}
    return found


OF_EVERY_SITE = frozenset(
    {"name", "description", "summary_default", "valid_values", "hidden_in", "hidden_values"}
)
"""What a studio may say of a field that every site has."""


def _settings(call: Call, wire_type: WireType, key: str, said: dict[str, Any]) -> Operation:
    """The change of what a studio says of a field that every site has."""
    name = f"{wire_type.name}.{key}"
    known = call.words.settings.get(name)
    said |= _by_project(call, said, known.said if known else {})
    if unchanged := sorted(set(said) - OF_EVERY_SITE):
        raise errors.Fault(f"{name} is a field of every site: its {unchanged[0]} cannot be changed.")
    field = call.words.field(wire_type, key)
    if "valid_values" in said and (field is None or field.data_type != "list" or field.source is not None):
        raise errors.Fault(f"{name} is no list with values of its own.")
    if known is not None:
        return Update(facet("SchemaField"), known.id, {"data": said})
    return Create(facet("SchemaField"), {"name": name, "data": said})


def schema_field_delete(call: Call) -> str:
    """Take a field away; its values stay for when it comes back."""
    return _go(call, Delete, Retired.LIVE)


def schema_field_revive(call: Call) -> str:
    """Bring a field back."""
    return _go(call, Revive, Retired.RETIRED)


def _go(call: Call, operation: type[Delete | Revive], retired: Retired) -> str:
    wire_type = call.type_in(call.request)
    key = _named(call)
    found = _descriptors(call, wire_type, key, retired=retired)
    if not found:
        if call.words.field(wire_type, key) is None:
            raise errors.unknown_field(wire_type.name, key)
        raise errors.Fault(f"{wire_type.name}.{key} is a field of every site and cannot be deleted.")
    with call.studio.write(call.actor) as work:
        work.execute([operation(facet("FieldDescriptor"), found[0]["id"])])
        work.commit()
    return "true"
