"""Fields that a studio makes, changes, takes away and brings back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import SITE_WIDE
from zou_server.blueprints.shotgun.rows import answered
from zou_server.blueprints.shotgun.schema.properties import (
    CREATABLE,
    HIDDEN_IN,
    HIDDEN_VALUES,
    PROPERTIES,
)
from zou_server.blueprints.shotgun.schema.visible import project_in
from zou_server.blueprints.shotgun.schema.wire_types import LINK_TYPES
from zou_server.blueprints.shotgun.summarize import SUMMARIES
from zou_server.blueprints.shotgun.values import READERS, plain
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Retired, Where
from zou_server.models.errors import Conflict
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Create, Delete, Operation, Revive, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call
    from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType

_PLAIN = Spelling()
_FIELD = Projection(tuple(Output(name, name) for name in ("id", "field_name", "name", "choices", "data")))


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
        expected, fits = PROPERTIES[name]
        if not fits(each["value"]):
            raise errors.missing(name, expected, call.request)
        found[name] = each["value"]
    _check_words(call, found)
    return found


def _check_words(call: Call, said: Mapping[str, Any]) -> None:
    """Refuse types and summaries that there are not."""
    for name in said.get("valid_types", ()):
        call.type_in({"type": name})
    summary = said.get("summary_default", NO_SUMMARY)
    if summary not in (NO_SUMMARY, *SUMMARIES):
        raise errors.wrong_value("summary_default", f"expected one of {', '.join(SUMMARIES)}", summary)


NO_SUMMARY = "none"


def schema_field_create(call: Call) -> str:
    """Make a field; the answer is its name."""
    return answered(_changed(call, _creation))


Planned = tuple[Operation, Any]
"""The operation of a call, and its answer."""


def _creation(call: Call) -> Planned:
    wire_type = call.type_in(call.request)
    data_type = call.request.get("data_type")
    if not isinstance(data_type, str) or data_type not in CREATABLE:
        raise errors.wrong_value("data_type", f"expected one of {', '.join(CREATABLE)}", data_type)
    said = _properties(call)
    if "name" not in said:
        raise errors.missing("name", "string", call.request)
    if data_type in LINK_TYPES and "valid_types" not in said:
        raise errors.missing("valid_types", "array", call.request)
    label = said.pop("name").strip()
    said |= _by_project(call, said)
    choices = said.pop("valid_values", None)
    default = said.pop("default_value", False if data_type == "checkbox" else None)
    key = _free_name(call, wire_type, label)
    values = {
        "entity_type": wire_type.facet.name,
        "name": label,
        "field_name": key,
        "data_type": CREATABLE[data_type],
        "choices": choices,
        "default_value": _default(data_type, default, choices),
        "data": {"data_type": data_type, **said},
    }
    return Create(facet("FieldDescriptor"), values), key


def _default(data_type: str, value: Any, choices: Sequence[str] | None) -> Any:
    """The value that new rows start with, as custom fields keep it."""
    if value is None and data_type != "checkbox":
        return None
    if data_type in DEFAULTLESS:
        raise errors.wrong_value("default_value", f"is nothing that a field of type {data_type} has", value)
    found = plain(READERS[data_type]("default_value", value))
    if data_type == "list" and choices and found is not None and found not in choices:
        raise errors.wrong_value("default_value", f"expected one of {', '.join(choices)}", value)
    return found


DEFAULTLESS = frozenset({*LINK_TYPES, "url"})
"""Data types whose values are rows of their own."""


def _changed(call: Call, plan: Callable[[Call], Planned]) -> Any:
    """Make the change that is planned, again where others made rows of its name at the same moment."""
    for _ in range(MOST_RACES):
        try:
            return _once(call, plan)
        except Conflict:
            call = replace(call)  # which knows no words yet
    return _once(call, plan)


MOST_RACES = 5


def _once(call: Call, plan: Callable[[Call], Planned]) -> Any:
    operation, answer = plan(call)
    with call.studio.write(call.actor) as work:
        work.execute([operation])
        work.commit()
    return answer


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
    first = (Order("created_at"),)
    query = Query(facet("FieldDescriptor"), _FIELD, All(tuple(terms)), first, retired=retired)
    found: list[dict[str, Any]] = orjson.loads(f"[{call.studio.read(call.actor).page(query, _PLAIN).text}]")
    return found


def _named(call: Call) -> str:
    key = call.request.get("field_name")
    if not isinstance(key, str):
        raise errors.missing("field_name", "string", call.request)
    return key


def schema_field_update(call: Call) -> str:
    """Change what a field is called, may hold or starts with."""
    return answered(_changed(call, _update))


def _update(call: Call) -> Planned:
    wire_type = call.type_in(call.request)
    key = _named(call)
    said = _properties(call)
    field = call.words.field(wire_type, key)
    if field is None:
        raise errors.unknown_field(wire_type.name, key)
    said |= _by_project(call, said)
    found = _descriptors(call, wire_type, key) if field.custom else []
    if not found:
        return _settings(call, wire_type, field, said), True
    if "default_value" in said:
        choices = said.get("valid_values", field.choices)
        said["default_value"] = _default(field.data_type, said["default_value"], choices)
    columns = {column: said.pop(name) for name, column in _COLUMNS.items() if name in said}
    return Update(facet("FieldDescriptor"), found[0]["id"], {**columns, "data": said}), True


_COLUMNS: Mapping[str, str] = {"name": "name", "valid_values": "choices", "default_value": "default_value"}
"""Property -> the column of a custom field that holds it."""


def _by_project(call: Call, said: dict[str, Any]) -> dict[str, Any]:
    """Whether a field is hidden in a project, and which of its values: taken out of the properties."""
    project, found = project_in(call), dict[str, Any]()
    if "visible" in said:
        if project is None:
            raise errors.missing("project", "hash", call.request)
        found[f"{HIDDEN_IN}{project}"] = True if said.pop("visible") is False else None
    if "hidden_values" in said:
        where = SITE_WIDE if project is None else project
        found[f"{HIDDEN_VALUES}{where}"] = said.pop("hidden_values") or None
    return found


OF_EVERY_SITE = frozenset(
    {"name", "description", "summary_default", "valid_values", "display_values", "custom_metadata"}
)
"""What a studio may say of a field that every site has, beside what is hidden where."""


def _settings(call: Call, wire_type: WireType, field: WireField, said: Mapping[str, Any]) -> Operation:
    """The change of what a studio says of a field that every site has: one row, by its name."""
    name = f"{wire_type.name}.{field.key}"
    for unchanged in sorted((set(said) & set(PROPERTIES)) - OF_EVERY_SITE):
        raise errors.Fault(f"{name} is a field of every site: its {unchanged} cannot be changed.")
    of_lists = said.keys() & {"valid_values", "display_values"}
    if of_lists and (field.data_type != "list" or field.source is not None):
        raise errors.Fault(f"{name} is no list with values of its own.")
    known = call.words.settings.get(name)
    if known is not None:
        return Update(facet("SchemaField"), known.id, {"data": said})
    id_ = uuid.uuid5(SETTINGS, name)  # two that say something first say it of one row
    return Create(facet("SchemaField"), {"name": name, "data": said}, id=id_)


SETTINGS = uuid.UUID("6c0d5b0e-52f8-4a3c-9d0b-2f5a1f0c7a11")


def schema_field_delete(call: Call) -> str:
    """Take a field away; its values stay for when it comes back."""
    return _go(call, Delete, Retired.LIVE)


def schema_field_revive(call: Call) -> str:
    """Bring a field back."""
    return _go(call, Revive, Retired.RETIRED)


def _go(call: Call, operation: type[Delete | Revive], retired: Retired) -> str:
    wire_type = call.type_in(call.request)
    key = _named(call)
    known = call.words.field(wire_type, key)
    is_theirs = known is None or known.custom
    found = _descriptors(call, wire_type, key, retired=retired) if is_theirs else []
    if not found:
        if known is None:
            raise errors.unknown_field(wire_type.name, key)
        raise errors.Fault(f"{wire_type.name}.{key} is a field of every site and cannot be deleted.")
    with call.studio.write(call.actor) as work:
        work.execute([operation(facet("FieldDescriptor"), found[0]["id"])])
        work.commit()
    return "true"
