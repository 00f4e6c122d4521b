"""Values of another shape than asked for, in every place of every action: refused with a sentence."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import Site

ID = "0f6c9a52-6f0c-4c93-9d5b-7b62a6f3a3f0"
"""The id of nothing."""
ODD: tuple[Any, ...] = (
    *([[]], [{}], [None], [1], ["a", "b"], ["a", "b", "c"], [[["x"]]], ["x"]),
    *({"id": []}, {"id": {}}, {"id": 1}, {"a": {"b": []}}, {"__entity_type__": []}, {"__type__": []}),
    *({"__entity_type__": [], "id": ID}, {"__type__": "datetime", "value": {}}),
    *(1, -1.5, 10**30, True, "x", "a\x00b", "{}"),
)
EMPTY: tuple[Any, ...] = ([], {}, None, "")
ALL = (*ODD, *EMPTY)

TYPES = (
    *("Task", "TypedContext", "Context", "Project", "User", "Type", "Appointment", "Note", "Status", "State"),
    *("Metadata", "Recipient", "WorkflowSchema", "WorkflowSchemaStatus", "SchemaStatus", "Membership"),
    *("ContextCustomAttributeValue", "CustomAttributeConfiguration", "UserSecurityRole", "Nothing"),
)
"""Types of one table and of several, with one key and with more, without rows, and none."""

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "query": {"expression": "Task"},
    "query_server_information": {"values": ["version"]},
    "get_upload_metadata": {"component_id": ID, "file_name": "x", "file_size": 1, "parts": 1},
    "complete_multipart_upload": {"component_id": ID, "parts": [1]},
    "generate_signed_url": {"component_id": ID},
    "reset_remote": {"reset_type": "api_key", "entity_type": "User", "entity_key": [ID]},
    "search": {
        "entity_type": "Task",
        "terms": ["a"],
        "context_id": ID,
        "object_type_ids": [ID],
        "expression": "Task",
    },
    "get_widget_url": {"name": "info", "theme": "dark", "entity_type": "Task", "entity_key": [ID]},
    "permissions": {"project_id": ID},
    "compute_rollups": {"context_ids": [ID]},
    "encode_media": {"component_id": ID, "version_id": ID, "keep_original": True},
    "send_user_invite": {"user_id": ID},
    "send_review_session_invite": {"review_session_invitee_id": ID},
    "delayed_job": {"job_type": "SYNC_USERS_LDAP"},
}
"""Action -> what it takes."""


def asked(site: Site, body: Any) -> Any:
    """The answer, which is never an error of the server: a list, or an error with its sentence."""
    # Without a socket: these are thousands of requests, and no client sends them.
    wire = site.app.test_client(use_cookies=False)
    answer = wire.post("/api", data=json.dumps(body), headers=site.proof(strict=True))
    assert answer.status_code < 500, (body, answer.text)
    found = answer.get_json(force=True)
    if answer.status_code == 200:
        assert isinstance(found, list), (body, found)
        return None
    assert found["exception"], (body, found)
    assert len(found["content"]) > 5, (body, found)
    return found


@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_a_type_that_is_no_name_is_refused(site: Site, action: str) -> None:
    for odd in ALL:
        for rest in ({"entity_key": [ID], "entity_data": {}}, {"entity_key": odd, "entity_data": odd}):
            assert asked(site, [{"action": action, "entity_type": odd, **rest}])


@pytest.mark.parametrize("action", ["create", "update", "delete"])
@pytest.mark.parametrize("name", TYPES)
def test_a_key_that_is_none_is_refused(site: Site, action: str, name: str) -> None:
    for odd in ALL if action != "create" else ODD:
        sent = {"action": action, "entity_type": name, "entity_key": odd, "entity_data": {}}
        assert asked(site, [sent]), sent
        assert asked(site, [{**sent, "entity_data": {"id": odd}}]), sent


@pytest.mark.parametrize("action", ["create", "update"])
@pytest.mark.parametrize("name", TYPES)
def test_data_that_are_no_object_are_refused(site: Site, action: str, name: str) -> None:
    for odd in ODD:
        assert asked(site, [{"action": action, "entity_type": name, "entity_key": [ID], "entity_data": odd}])


REFERENCES: Mapping[str, tuple[str, ...]] = {
    "Task": ("parent", "parent_id", "status", "status_id", "type", "object_type", "priority", "thumbnail"),
    "AssetBuild": ("type", "type_id", "parent"),
    "Appointment": ("context", "context_id", "resource", "resource_id"),
    "Note": ("author", "parent_id", "category"),
    "UserSecurityRole": ("user", "security_role", "security_role_id", "projects"),
    "CustomAttributeConfiguration": ("type", "type_id", "object_type", "read_security_roles", "entity_type"),
    "Recipient": ("note", "note_id", "resource_id"),
    "WorkflowSchemaStatus": ("workflow_schema_id", "status_id", "status"),
    "TypedContextList": ("items", "project"),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_to_nothing_is_refused(site: Site, show: Show, name: str) -> None:
    for attribute in REFERENCES[name]:
        for odd in (*ODD, {}, {"__entity_type__": "Task"}, [{"__entity_type__": {}, "id": ID}]):
            data = {"name": "x", "parent_id": show.sequence, attribute: odd}
            assert asked(site, [{"action": "create", "entity_type": name, "entity_data": data}]), data


@pytest.mark.parametrize("attribute", ["parent", "status", "status_id", "type", "scopes", "notes", "project"])
def test_what_is_there_stays_as_it_is_when_it_is_given_nothing(
    site: Site, show: Show, attribute: str
) -> None:
    for odd in (*ODD, {}, {"__entity_type__": "Task"}, [{"__entity_type__": {}, "id": ID}]):
        sent = {"action": "update", "entity_type": "Task", "entity_key": [show.task]}
        assert asked(site, [{**sent, "entity_data": {attribute: odd}}]), odd


@pytest.mark.parametrize("action", ARGUMENTS)
def test_an_argument_of_another_shape_is_no_error_of_the_server(site: Site, action: str) -> None:
    for name in ARGUMENTS[action]:
        for odd in ALL:
            asked(site, [{"action": action, **ARGUMENTS[action], name: odd}])


def test_a_body_that_is_no_list_of_actions_is_refused(site: Site) -> None:
    for odd in ODD:
        assert asked(site, [{"action": odd}])
        assert asked(site, odd)
        assert asked(site, [odd]), odd


def test_a_value_of_a_custom_attribute_needs_its_whole_key(site: Site, show: Show) -> None:
    sent = {"action": "update", "entity_type": "ContextCustomAttributeValue", "entity_data": {"value": 1}}
    for odd in ({}, {"configuration_id": ID}, {"entity_id": show.task}, [ID], [ID, None], [[], show.task]):
        assert asked(site, [{**sent, "entity_key": odd}])
    assert asked(site, [{**sent, "entity_key": [str(uuid.uuid4()), show.task]}])
