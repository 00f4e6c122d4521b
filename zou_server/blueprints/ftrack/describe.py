"""The ftrack dialect as OpenAPI: one path, and behind it one schema for each action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.blueprints.ftrack.commands import JOB_TYPES
from zou_server.blueprints.ftrack.endpoint import ACTIONS, VERSION
from zou_server.blueprints.ftrack.errors import ERRORS
from zou_server.blueprints.ftrack.pages.widgets import NAMES
from zou_server.blueprints.ftrack.vocabulary import types
from zou_server.description import (
    Description,
    Schema,
    answer,
    body,
    listed,
    one_of,
    operation,
    or_null,
    parameter,
    ref,
    thing,
)

TEXT: Schema = {"type": "string"}

TAG = "ftrack"
TAGS = {
    TAG: (
        "One path for all of ftrack_api: a list of actions in, the list of their answers out, in one "
        "transaction. An error is one object for the whole list, with HTTP 200 unless `ftrack-strict-api` "
        f"is true. Stands for ftrack {VERSION}."
    ),
}

STRICT = parameter(
    "ftrack-strict-api", "header", one_of(["true", "false"]), "`true` gives errors a status of their own."
)


BYTES: Schema = {"type": "string", "format": "binary"}
ANY_MEDIA = "*/*"
"""What the file is: nobody knows before it is asked for."""


def _types() -> Mapping[str, Schema]:
    """The schemas that actions share."""
    kept = sorted(name for name, wire in types().items() if hasattr(wire, "members"))
    return {
        "FtrackType": one_of(kept),
        "FtrackKey": {"anyOf": [TEXT, listed(TEXT)], "description": "The id, or a list of it."},
        "FtrackError": thing(
            {"exception": TEXT, "content": TEXT, "error_code": or_null(TEXT)}, ("exception", "content")
        ),
    }


def _actions() -> Mapping[str, tuple[dict[str, Schema], tuple[str, ...]]]:
    """Action -> what it holds beside its name, and which of it is required; others hold anything."""
    about: dict[str, Schema] = {"entity_type": ref("FtrackType")}
    data: dict[str, Schema] = {"entity_data": {"type": "object"}}
    key: dict[str, Schema] = {"entity_key": ref("FtrackKey")}
    return {
        "query": ({"expression": TEXT}, ("expression",)),
        "query_server_information": ({"values": or_null(listed(TEXT))}, ()),
        "create": (about | data | key, ("entity_type",)),
        "update": (about | data | key, ("entity_type", "entity_key")),
        "delete": (about | key, ("entity_type", "entity_key")),
        "encode_media": (
            {"component_id": TEXT, "version_id": or_null(TEXT), "keep_original": {"type": "boolean"}},
            ("component_id",),
        ),
        "get_widget_url": (about | key | {"name": one_of(NAMES), "theme": or_null(TEXT)}, ("name",)),
        "send_user_invite": ({"user_id": TEXT}, ("user_id",)),
        "send_review_session_invite": (
            {"review_session_invitee_id": TEXT},
            ("review_session_invitee_id",),
        ),
        "delayed_job": ({"job_type": one_of(JOB_TYPES)}, ("job_type",)),
        "permissions": ({"project_id": or_null(TEXT)}, ()),
        "compute_rollups": ({"context_ids": listed(TEXT)}, ()),
    }


def _action(name: str) -> Schema:
    more, needed = _actions().get(name, ({}, ()))
    return thing({"action": one_of([name]), **more}, ("action", *needed))


FILES = (
    ("/component/get", "get", "Fetch a component"),
    ("/component/thumbnail", "get", "Fetch a picture"),
    ("/component/remove", "get", "Forget the bytes of a component"),
    ("/component/signed/{token}", "get", "Fetch a component by a signed address"),
    ("/component/picture/{token}", "get", "Fetch the picture of something by a signed address"),
    ("/component/upload/{token}", "put", "Send a component to a signed address"),
)
"""Path, method and what it does."""


def _files() -> dict[str, Any]:
    """The addresses of components: the key is in the query, or the address is signed."""
    id_ = parameter("id", "query", TEXT, "The component's id.")
    user = parameter("username", "query", TEXT, "Whoever asks.")
    key = parameter("apiKey", "query", TEXT, "A key of theirs.")
    token = parameter("token", "path", TEXT, "What the address was signed with.")
    bytes_ = {200: answer("The bytes.", BYTES, media=ANY_MEDIA)}
    answers = bytes_ | dict.fromkeys((401, 404, 422), answer("The error.", ref("FtrackError")))
    found: dict[str, Any] = {}
    for path, method, does in FILES:
        sent = [token] if "{token}" in path else [id_, user, key]
        found[path] = {method: operation(TAG, does, answers, parameters=sent, security=[])}
    none = operation(TAG, "Fetch the picture of what has none", bytes_, security=[])
    return {**found, "/img/thumbnail2.png": {"get": none}}


def _pages() -> dict[str, Any]:
    """The pages for browsers: their addresses are signed."""
    token = parameter("token", "path", TEXT, "What the address was signed with.")
    item = parameter("object_id", "path", TEXT, "A version of the review session.")
    shown = answer("The page.", TEXT, media="text/html")
    error = answer("The error.", ref("FtrackError"))
    gone = answer("There is no such page.", {"type": "object"})
    refused = {401: error, 404: gone, 422: error}
    return {
        "/widget/{token}": {
            "get": operation(TAG, "See a widget", {200: shown} | refused, parameters=[token], security=[])
        },
        "/review/{token}": {
            "get": operation(
                TAG,
                "See a review session, as a guest",
                {200: shown} | refused,
                parameters=[token],
                security=[],
            )
        },
        "/review/{token}/{object_id}/media": {
            "get": operation(
                TAG,
                "Play a version of a review session, as a guest",
                {200: answer("The bytes.", BYTES, media=ANY_MEDIA)} | refused,
                parameters=[token, item],
                security=[],
            )
        },
        "/review/{token}/{object_id}": {
            "post": operation(
                TAG,
                "Say what one thinks of a version, as a guest",
                {303: answer("The page again.")} | refused,
                parameters=[token, item],
                security=[],
            )
        },
    }


def describe() -> Description:
    """Every route of the dialect."""
    names = [name for table in ACTIONS for name in table]
    actions = {f"FtrackAction.{name}": _action(name) for name in names}
    error = ref("FtrackError")
    good = answer("The answers, in the order asked; or an error.", {"anyOf": [{"type": "array"}, error]})
    refusals: dict[int, Any] = {
        shape.status: answer("The error, where real statuses were asked for.", error)
        for shape in ERRORS.values()
    }
    call = operation(
        TAG,
        "Do a list of actions",
        {200: good} | refusals,
        description=f"Actions: {', '.join(sorted(names))}.",
        parameters=[STRICT],
        sends=body(listed({"anyOf": [ref(name) for name in sorted(actions)]})),
        security=[{"ftrackUser": [], "ftrackKey": []}],
    )
    return Description(
        TAGS,
        {"/api": {"post": call}, **_files(), **_pages()},
        components={
            "schemas": {**_types(), **actions},
            "securitySchemes": {
                "ftrackUser": {"type": "apiKey", "in": "header", "name": "ftrack-user"},
                "ftrackKey": {"type": "apiKey", "in": "header", "name": "ftrack-api-key"},
            },
        },
    )
