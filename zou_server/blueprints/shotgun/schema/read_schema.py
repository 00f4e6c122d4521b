"""The schema calls: every type and field as data, in the records that clients know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call
from zou_server.blueprints.shotgun.custom import SITE_WIDE
from zou_server.blueprints.shotgun.enumerations import ACTIVE
from zou_server.blueprints.shotgun.schema.visible import hidden_types, project_in
from zou_server.blueprints.shotgun.schema.wire_types import LINK_TYPES, LISTS, WireField, WireType
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet


def schema_read(call: Call) -> str:
    """Return every type with every field's record."""
    values = LegalValues(call)
    return _json({name: _fields(call, found, values) for name, found in call.words.vocabulary.types.items()})


def schema_entity_read(call: Call) -> str:
    """Return every type with its name, and whether it is of use in a project."""
    hidden = hidden_types(call)
    return _json(
        {
            name: {"name": _said(_spaced(name)), "visible": _said(value=name not in hidden)}
            for name in call.words.vocabulary.types
        }
    )


def schema_field_read(call: Call) -> str:
    """Return the records of one type's fields, or of one field."""
    request = call.request
    wire_type = call.type_in(request)
    name = request.get("field_name")
    if name is None:
        return _json(_fields(call, wire_type, LegalValues(call)))
    found = call.words.field(wire_type, name) if isinstance(name, str) else None
    if found is None:
        raise errors.unknown_field(wire_type.name, str(name))
    found = call.words.described(wire_type, found)
    return _json({found.key: record(wire_type, found, LegalValues(call))})


class LegalValues:
    """The values a list may have, looked up once for each vocabulary of ours, and the project asked about."""

    def __init__(self, call: Call) -> None:
        self.project = project_in(call)
        self._reader = call.studio.read(call.actor)
        self._known: dict[tuple[str, str], list[str]] = {}

    def of(self, field: WireField) -> list[str]:
        """The legal values of a list, in the order of the vocabulary."""
        if field.special == "active":
            return list(ACTIVE)
        if field.source is None:
            return list(field.choices)
        if field.source not in self._known:
            self._known[field.source] = self._look_up(*field.source)
        return self._known[field.source]

    def hidden(self, wire_type: WireType, field: WireField) -> list[str]:
        """The values that are not offered in the project asked about, nor where none is."""
        here = {SITE_WIDE, str(self.project)}
        found = [value for number, values in field.hidden_values if number in here for value in values]
        if (wire_type.name, field.data_type) == ("Task", "status_list") and self._offered:
            found += [code for code in self.of(field) if code not in self._offered]
        return list(dict.fromkeys(found))

    @cached_property
    def _offered(self) -> frozenset[str]:
        """The codes of the statuses that the project has chosen, none where it takes all."""
        if self.project is None:
            return frozenset()
        query = Query(facet("StatusUse"), _CHOSEN, Where("project.number", Op.EQ, self.project))
        return frozenset(row["code"] for row in self._reader.rows(query, SPELLING) if row["code"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Code -> name of every status."""
        query = Query(facet("Status"), _NAMES, Where("shotgun_code", Op.NOT_NULL), (Order("number"),))
        rows = orjson.loads(f"[{self._reader.page(query, SPELLING).text}]")
        return {row["code"]: row["name"] for row in reversed(rows)}

    def _look_up(self, name: str, attribute: str) -> list[str]:
        query = Query(
            facet(name),
            _values_of(attribute),
            Where(attribute, Op.NOT_NULL),
            (Order("created_at"), Order("number")),
        )
        rows = self._reader.rows(query, SPELLING)
        return list(dict.fromkeys(row["value"] for row in rows))


_NAMES = Projection((Output("code", "shotgun_code"), Output("name", "name")))
_CHOSEN = Projection((Output("code", "status.shotgun_code"),))
_PROJECTIONS: dict[str, Projection] = {}


def _values_of(attribute: str) -> Projection:
    return _PROJECTIONS.setdefault(attribute, Projection((Output("value", attribute),)))


def _fields(call: Call, wire_type: WireType, values: LegalValues) -> dict[str, Any]:
    return {key: record(wire_type, field, values) for key, field in call.words.fields(wire_type).items()}


def record(wire_type: WireType, field: WireField, values: LegalValues) -> dict[str, Any]:
    """One field's record; every leaf is a value and whether clients may edit it."""
    return {
        "name": _said(field.label or _spaced(field.key), editable=True),
        "description": _said(field.description, editable=True),
        "entity_type": _said(wire_type.name),
        "data_type": _said(field.data_type),
        "editable": _said(field.editable and field.told_editable),
        "mandatory": _said(field.required),
        "unique": _said(field.unique),
        "visible": _said(value=values.project not in field.hidden_in, editable=field.custom),
        "custom_metadata": _said(field.custom_metadata, editable=True),
        "properties": _properties(wire_type, field, values),
    }


def _properties(wire_type: WireType, field: WireField, values: LegalValues) -> Mapping[str, Any]:
    found = {"default_value": _said(field.default), "summary_default": _said(field.summary, editable=True)}
    if field.data_type in (*LINK_TYPES, "tag_list"):
        found["valid_types"] = _said(list(field.valid_types), editable=True)
    elif field.data_type in LISTS:
        legal, called = values.of(field), {**values.names, **dict(field.display_values)}
        found["valid_values"] = _said(legal, editable=True)
        found["display_values"] = _said({value: called.get(value, value) for value in legal})
        found["hidden_values"] = _said(values.hidden(wire_type, field), editable=True)
    if field.opens_in_new_window is not None:
        found["open_in_new_window"] = _said(field.opens_in_new_window, editable=True)
    return found


def _said(value: Any, *, editable: bool = False) -> dict[str, Any]:
    return {"value": value, "editable": editable}


def _spaced(name: str) -> str:
    """`EventLogEntry` as people read it: "Event Log Entry"."""
    return "".join(f" {c}" if c.isupper() and i else c for i, c in enumerate(name)).replace("_", " ").strip()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
