"""The Shotgun dialect as OpenAPI: one path, and behind it one schema for each call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.blueprints.shotgun.action_menu import PASSED_ON
from zou_server.blueprints.shotgun.change import PLANS
from zou_server.blueprints.shotgun.files.describe import describe_files
from zou_server.blueprints.shotgun.methods import METHODS
from zou_server.blueprints.shotgun.read import LARGEST_PAGE
from zou_server.blueprints.shotgun.relations import RELATIONS
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.blueprints.shotgun.writes import MODES
from zou_server.description import (
    Description,
    Schema,
    answer,
    body,
    listed,
    one_of,
    operation,
    parameter,
    ref,
    thing,
)

TEXT: Schema = {"type": "string"}
NAMES = listed(TEXT)
COUNT: Schema = {"type": "integer", "minimum": 1}
OR_NULL_TEXT: Schema = {"type": ["string", "null"]}

TAG = "Shotgun"
TAGS = {
    TAG: (
        "One path for every call of shotgun_api3. The answer is HTTP 200 whatever happens: `results`, or a "
        "fault with a code (102: who are you; 103: the request is wrong; 104: it cannot be done)."
    ),
}

CREDENTIALS: dict[str, Schema] = {
    "ShotgunScript": thing({"script_name": TEXT, "script_key": TEXT}, ("script_name", "script_key")),
    "ShotgunUser": thing({"user_login": TEXT, "user_password": TEXT}, ("user_login", "user_password")),
    "ShotgunSession": thing({"session_token": TEXT}, ("session_token",)),
}


def _payloads() -> Mapping[str, Schema]:
    """Call -> its payload; a call without a line here takes an object."""
    about = {"type": ref("ShotgunType")}
    row = {**about, "id": {"type": "integer"}}
    return {
        "read": ref("ShotgunRead"),
        "create": thing({**about, "fields": ref("ShotgunFields"), "return_fields": NAMES}, ("type",)),
        "update": thing({**row, "fields": ref("ShotgunFields")}, ("type", "id")),
        "delete": thing(row, ("type", "id")),
        "revive": thing(row, ("type", "id")),
        "batch": listed(
            {
                "allOf": [
                    thing(
                        {"request_type": one_of(PLANS), **row, "fields": ref("ShotgunFields")},
                        ("request_type", "type"),
                    ),
                ]
            }
        ),
        "query_display_name_cache": thing(
            {
                "text": TEXT,
                "entity_types": {"type": "object"},
                "project_ids": listed({"type": "integer"}),
                "max_results": {"type": ["integer", "null"]},
            },
            ("text", "entity_types"),
        ),
        "schema_field_read": thing({**about, "field_name": OR_NULL_TEXT}, ("type",)),
    }


def _read() -> Schema:
    paging = thing(
        {"entities_per_page": {**COUNT, "description": f"At most {LARGEST_PAGE}."}, "current_page": COUNT},
        ("entities_per_page",),
    )
    sort = thing({"field_name": TEXT, "column": TEXT, "direction": one_of(["asc", "desc"])})
    return thing(
        {
            "type": ref("ShotgunType"),
            "filters": {"anyOf": [ref("ShotgunGroup"), {"type": "null"}, {"type": "array", "maxItems": 0}]},
            "return_fields": NAMES,
            "return_only": one_of(["active", "retired"]),
            "paging": paging,
            "sorts": listed(sort),
            "return_paging_info": {},
            "include_archived_projects": {"type": "boolean"},
        },
        ("type",),
    )


def _group() -> Schema:
    """A group of conditions, or a single one."""
    relations = sorted({relation for known in RELATIONS.values() for relation in known})
    leaf = thing({"path": TEXT, "relation": one_of(relations), "values": {}}, ("path", "relation"))
    group = thing(
        {
            "logical_operator": one_of(["and", "or"]),
            "conditions": listed({"anyOf": [leaf, ref("ShotgunGroup")]}),
        }
    )
    return {"anyOf": [group, leaf]}


def _fields() -> Schema:
    modes = [str(mode) for mode in MODES if mode]
    return listed(
        thing(
            {"field_name": TEXT, "value": {}, "multi_entity_update_mode": one_of(modes)},
            ("field_name", "value"),
        )
    )


def _call(name: str, payload: Schema) -> Schema:
    who = {"anyOf": [ref(each) for each in CREDENTIALS]}
    params = {"type": "array", "prefixItems": [who, payload], "minItems": 1, "maxItems": 2}
    return thing({"method_name": one_of([name]), "params": params}, ("method_name", "params"))


def _action_menu(fault: Schema) -> dict[str, Any]:
    """The route of action menu items."""
    numbers, texts = listed({"type": "integer"}), listed(TEXT)
    sent = thing(
        {
            "auth": {"anyOf": [ref(each) for each in CREDENTIALS]},
            "entity_type": TEXT,
            "project_id": {"type": "integer"},
            "ids": numbers,
            "selected_ids": numbers,
            "cols": texts,
            "column_display_names": texts,
            **{key: {} for key in PASSED_ON},
        },
        ("auth",),
    )
    built = thing(
        {"method": one_of(["GET", "POST"]), "url": TEXT, "payload": listed(listed(TEXT))},
        ("method", "url", "payload"),
    )
    said = operation(
        TAG,
        "Build what an action menu item sends",
        {
            200: answer("The address and the pairs, or a fault.", {"anyOf": [built, fault]}),
            404: answer("The number is none.", {"type": "object"}),
        },
        parameters=[parameter("number", "path", {"type": "integer"})],
        security=[],
        sends=body(sent),
    )
    return {"/api3/action_menu_items/{number}/payload": {"post": said}}


def describe() -> Description:
    """Every route of the dialect."""
    payloads = _payloads()
    calls = {f"ShotgunCall.{name}": _call(name, payloads.get(name, {"type": "object"})) for name in METHODS}
    calls["ShotgunCall.info"] = thing(
        {"method_name": one_of(["info"]), "params": {"type": "array", "maxItems": 2}}, ("method_name",)
    )
    fault = thing(
        {"exception": {"type": "boolean"}, "error_code": {"type": "integer"}, "message": TEXT},
        ("exception", "error_code", "message"),
    )
    said = answer(
        "What the call gives, or a fault.", {"anyOf": [thing({"results": {}}, ("results",)), fault]}
    )
    call = operation(
        TAG,
        "Call a method",
        {200: said},
        security=[],
        description=f"Methods: {', '.join(sorted([*METHODS, 'info']))}.",
        sends=body({"anyOf": [ref(name) for name in sorted(calls)]}),
    )
    return Description(
        TAGS,
        {"/api3/json": {"post": call}, **describe_files(TAG), **_action_menu(fault)},
        components={
            "schemas": {
                **CREDENTIALS,
                **calls,
                "ShotgunType": one_of(vocabulary().types),
                "ShotgunRead": _read(),
                "ShotgunGroup": _group(),
                "ShotgunFields": _fields(),
            }
        },
    )
