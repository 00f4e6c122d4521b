"""Values of a shape that nothing has, in every place where a name, a number or a value is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
from werkzeug.test import Client as Wire

from tests.clients.shotgun.site import SCRIPT, Client, Row, Site, new
from zou_server.blueprints.shotgun.filters import relations_of
from zou_server.blueprints.shotgun.methods import METHODS
from zou_server.blueprints.shotgun.vocabulary import vocabulary

ODD: list[Any] = [
    {},
    {"a": 1},
    [[]],
    [{}],
    [["a"], {"b": []}],
    {"type": {}, "id": 1},
    {"type": ["Shot"], "id": 1},
    {"type": "Shot", "id": []},
    {"type": "Shot", "id": {"a": 1}},
    [{"type": [], "id": 1}],
    [{"type": "Shot", "id": [1]}],
]
FREE = frozenset({"serializable"})
"""Data types that hold any JSON."""
NO_VALUE = frozenset({"ignored", "kept_secret"})
"""Writers that take what they are given for nothing."""


def _alike() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Type and field -> how it is written: one of each way."""
    ways: dict[tuple[str, ...], tuple[str, str]] = {}
    for name, wire_type in vocabulary().types.items():
        for field in wire_type.fields.values():
            is_known = name in ("Shot", "Asset", "Task", "Version", "Note", "Reply", "HumanUser", "Project")
            way = (field.data_type, field.writer, field.style, field.special, field.write if is_known else "")
            if field.editable:
                ways.setdefault(way, (name, field.key))
    return {place: way for way, place in ways.items()}


FIELDS = _alike()


@pytest.fixture(scope="module")
def wire(site: Site) -> Iterator[Wire]:
    """The application without a socket, for many small requests."""
    with site.app.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def made(sg: Client) -> dict[str, int]:
    """A row of each usual type, by the type."""
    project = new(sg, "Project")
    shot = new(sg, "Shot", project=project)
    found = {"Project": project, "Shot": shot}
    for kind in ("Asset", "Task", "Version", "Playlist"):
        found[kind] = new(sg, kind, project=project)
    return {kind: row["id"] for kind, row in found.items()}


def ask(site: Site, wire: Wire, method: str, payload: Any) -> str:
    """The refusal of a call; "" for one that was answered."""
    params = [{"script_name": SCRIPT, "script_key": site.key}, payload]
    response = wire.post("/api3/json", json={"method_name": method, "params": params})
    assert response.status_code == 200, (method, payload)
    body = orjson.loads(response.data)
    return "" if "results" in body else str(body["message"])


@pytest.mark.parametrize(("kind", "key"), FIELDS, ids=str)
def test_a_field_takes_no_value_of_another_shape(
    site: Site, wire: Wire, made: dict[str, int], kind: str, key: str
) -> None:
    field = vocabulary().types[kind].fields[key]
    taken = []
    for odd in ODD:
        fields = [{"field_name": key, "value": odd}]
        asked: list[Row] = [{"request_type": "create", "type": kind, "fields": fields}]
        if kind in made:
            asked.append({"request_type": "update", "type": kind, "id": made[kind], "fields": fields})
        for request in asked:
            for method, payload in ((request["request_type"], request), ("batch", [request])):
                if not ask(site, wire, method, payload):
                    taken.append((method, odd))
    if field.data_type not in FREE and field.writer not in NO_VALUE:
        assert taken == []


@pytest.mark.parametrize(("kind", "key"), FIELDS, ids=str)
def test_a_filter_by_a_value_of_another_shape_is_answered_or_refused(
    site: Site, wire: Wire, kind: str, key: str
) -> None:
    for relation in relations_of(vocabulary().types[kind].fields[key]):
        for odd in ODD:
            leaf = {"path": key, "relation": relation, "values": odd if isinstance(odd, list) else [odd]}
            filters = {"logical_operator": "and", "conditions": [leaf]}
            paging = {"entities_per_page": 1}
            ask(site, wire, "read", {"type": kind, "filters": filters, "return_fields": [], "paging": paging})


SHOT, USER, PROJECT = {"type": "Shot", "id": 1}, {"type": "HumanUser", "id": 1}, {"type": "Project", "id": 1}
READ: Row = {
    "type": "Shot",
    "filters": {},
    "return_fields": [],
    "paging": {"entities_per_page": 1},
    "sorts": [],
    "return_only": "active",
    "additional_filter_presets": [],
    "include_archived_projects": True,
}
TEXT_FIELD: Row = {"type": "Shot", "data_type": "text", "properties": []}
DAY: Row = {"date": "2030-01-01", "working": True, "description": "", "recalculate_field": None}
PLACES: list[tuple[str, Row]] = [
    ("create", {"type": "Shot", "fields": [], "return_fields": []}),
    ("update", {"type": "Shot", "id": 1, "fields": []}),
    ("delete", {"type": "Shot", "id": 1}),
    ("revive", {"type": "Shot", "id": 1}),
    ("batch", {"request_type": "update", "type": "Shot", "id": 1, "fields": []}),
    ("read", READ),
    ("summarize", {"type": "Shot", "filters": {}, "summaries": [], "grouping": []}),
    ("follow", {"user": USER, "entity": SHOT}),
    ("unfollow", {"user": USER, "entity": SHOT}),
    ("following", {"user": USER, "entity_type": "Shot", "project": None}),
    ("followers", {"entity": SHOT}),
    ("schema_read", {"project": PROJECT}),
    ("schema_entity_read", {"project": PROJECT}),
    ("schema_field_read", {"type": "Shot", "field_name": "code", "project": PROJECT}),
    ("schema_field_create", TEXT_FIELD),
    ("schema_field_update", {"type": "Shot", "field_name": "code", "properties": [], "project": PROJECT}),
    ("schema_field_delete", {"type": "Shot", "field_name": "sg_x"}),
    ("schema_field_revive", {"type": "Shot", "field_name": "sg_x"}),
    (
        "query_display_name_cache",
        {"text": "a", "entity_types": {"Shot": []}, "project_ids": [], "max_results": 1},
    ),
    ("note_thread_contents", {"note_id": 1, "entity_fields": {}}),
    ("activity_stream", {"type": "Shot", "id": 1, "entity_fields": {}, "limit": 1, "min_id": 1, "max_id": 2}),
    ("nav_expand", {"path": "/", "entities": [], "seed_entity_field": "Shot.code"}),
    ("nav_search", {"root_path": "/", "search_criteria": {}, "seed_entity_field": "Shot.code"}),
    ("nav_search", {"root_path": "/", "search_criteria": {"search_string": "a", "entity": SHOT}}),
    ("preferences_read", {"prefs": []}),
    ("update_project_last_accessed_by_current_user", {"project_id": 1, "user_id": None}),
    ("user_subscriptions_read", {}),
    ("user_subscriptions_create", {"users": []}),
    ("work_schedule_read", {"start_date": "2030-01-01", "end_date": "2030-01-02", "project": None}),
    ("work_schedule_read", {"start_date": "2030-01-01", "end_date": "2030-01-02", "user": None}),
    ("work_schedule_update", DAY | {"project": None}),
    ("work_schedule_update", DAY | {"user": None}),
    ("export_page", {"page_id": 1, "format": "csv"}),
    ("get_session_token", {}),
]


def test_every_call_is_asked_oddly() -> None:
    assert {method for method, _ in PLACES} == set(METHODS)


def _inside(usual: Row) -> Iterator[Row]:
    """The request with something odd in place of each part, and of each part of a part."""
    for name, value in usual.items():
        for odd in ODD:
            yield {**usual, name: odd}
            if isinstance(value, list):
                yield {**usual, name: [odd]}
            for inner in value if isinstance(value, dict) else ():
                yield {**usual, name: {**value, inner: odd}}


LISTED: list[tuple[str, Row]] = [
    ("read", READ | {"sorts": [{"field_name": "code", "direction": "asc"}]}),
    ("read", READ | {"additional_filter_presets": [{"preset_name": "LATEST", "latest_by": "x"}]}),
    ("summarize", {"type": "Shot", "filters": {}, "summaries": [{"field": "id", "type": "count"}]}),
    (
        "summarize",
        {
            "type": "Shot",
            "filters": {},
            "summaries": [{"field": "id", "type": "count"}],
            "grouping": [{"field": "code", "type": "exact", "direction": "asc"}],
        },
    ),
    ("schema_field_update", {"properties": [{"property_name": "name", "value": "x"}]}),
    ("user_subscriptions_create", {"users": [{"humanUserId": 1}]}),
    ("read", READ | {"filters": {"logical_operator": "and", "conditions": [{"path": "code"}]}}),
]


@pytest.mark.parametrize(("method", "usual"), LISTED, ids=[method for method, _ in LISTED])
def test_a_part_of_a_list_of_another_shape_is_answered_or_refused(
    site: Site, wire: Wire, method: str, usual: Row
) -> None:
    usual = {"type": "Shot", "field_name": "code", **usual}
    for name, value in usual.items():
        part: Any = value[0] if isinstance(value, list) and value else None
        for key in part if isinstance(part, dict) else ():
            for odd in ODD:
                ask(site, wire, method, {**usual, name: [{**part, key: odd}]})
    for odd in ODD:
        tree = {"logical_operator": "and", "conditions": [{"path": odd, "relation": odd, "values": odd}]}
        ask(site, wire, method, {**usual, "filters": tree})


@pytest.mark.parametrize(("method", "usual"), PLACES, ids=[method for method, _ in PLACES])
def test_a_part_of_a_call_of_another_shape_is_answered_or_refused(
    site: Site, wire: Wire, method: str, usual: Row
) -> None:
    for request in _inside(usual):
        ask(site, wire, method, [request] if method == "batch" else request)


IN_FIELDS = ("field_name", "multi_entity_update_mode")


def test_who_does_not_log_in_has_no_password(site: Site, wire: Wire) -> None:
    fields = [{"field_name": "password_proxy", "value": "long enough 1"}]
    request = {"type": "ClientUser", "fields": fields}
    assert "password" in ask(site, wire, "create", request)


@pytest.mark.parametrize("name", IN_FIELDS)
def test_a_name_of_another_shape_in_a_change_is_refused(
    site: Site, wire: Wire, made: dict[str, int], name: str
) -> None:
    for odd in ODD:
        field = {"field_name": "code", "value": "x", name: odd}
        request = {"request_type": "update", "type": "Shot", "id": made["Shot"], "fields": [field]}
        assert ask(site, wire, "update", request)
        assert ask(site, wire, "batch", [request])


NUMBERS: list[Any] = [-1, 0, 2**31, 2**62, 2**63 - 1, -(2**63), 2**64 - 1]


@pytest.mark.parametrize(
    ("method", "usual"),
    [
        ("update", {"type": "Shot", "id": None, "fields": []}),
        ("follow", {"user": USER, "entity": {"type": "Shot", "id": None}}),
        ("update_project_last_accessed_by_current_user", {"project_id": None}),
        ("update_project_last_accessed_by_current_user", {"project_id": 1, "user_id": None}),
        ("work_schedule_update", DAY | {"project": {"type": "Project", "id": None}}),
        (
            "update",
            {
                "type": "Version",
                "id": None,
                "fields": [{"field_name": "viewed_by_current_user", "value": "read"}],
            },
        ),
        (
            "read",
            READ
            | {
                "type": "Version",
                "additional_filter_presets": [{"preset_name": "CUT_SHOT_VERSIONS", "cut_id": None}],
            },
        ),
    ],
    ids=str,
)
def test_a_number_that_no_row_has_is_refused(site: Site, wire: Wire, method: str, usual: Row) -> None:
    for number in NUMBERS:
        request = orjson.loads(orjson.dumps(usual).replace(b"null", str(number).encode()))
        if "user_id" in usual:
            request["project_id"] = 1
        refusal = ask(site, wire, method, request)
        assert refusal or method == "read"


@pytest.mark.parametrize("number", ["", "x", "²", "-1", "9" * 30, "9" * 5000, "0"])
def test_a_form_for_a_row_that_no_number_means_is_refused(site: Site, wire: Wire, number: str) -> None:
    form = {"script_name": SCRIPT, "script_key": site.key, "entity_type": "Shot", "entity_id": number}
    said = wire.post("/upload/upload_file", data=form)
    assert (said.status_code, said.get_data(as_text=True)[:2]) == (200, "0:")
