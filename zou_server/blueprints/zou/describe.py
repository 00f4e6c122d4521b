"""The Zou dialect as OpenAPI: every route derived from the types, the table of lists and the auth routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zou_server.blueprints.zou.auth import ROUTES as AUTH_ROUTES
from zou_server.blueprints.zou.blueprint import PREFIXES, READ_ONLY, underscored
from zou_server.blueprints.zou.create_tasks import KINDS
from zou_server.blueprints.zou.describe_types import (
    LIST_PARAMETERS,
    filter_names,
    parameter_components,
    required,
    sentence,
    type_components,
    values_name,
)
from zou_server.blueprints.zou.navigation import ROUTES, Route
from zou_server.blueprints.zou.tokens import ACCESS_COOKIE
from zou_server.blueprints.zou.vocabulary import WireType, wire_type, wire_types
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
    template_of,
    thing,
)
from zou_server.models.registry import facet

SIGNED_IN: list[dict[str, list[str]]] = [{"zouToken": []}, {"zouCookie": []}]
ANYBODY: list[dict[str, list[str]]] = []

LOG_IN = "Zou"
ABOUT = (
    "What gazu and Kitsu speak. Log in for tokens and send the access token as `Authorization: Bearer`. "
    "Each type has a list and its rows. Any key of a row is a filter of its list: a value, a JSON list (or "
    "the same key again) for any of several, `null` for none; a filter that does not exist is refused by "
    "name. Every path is also there under `/api`, and with underscores for hyphens."
)

MESSAGE = thing({"error": {"type": "boolean"}, "message": {"type": "string"}}, ("error", "message"))
ERRORS = listed(thing({"field": {"type": "string"}, "message": {"type": "string"}}, ("field", "message")))
ERROR = thing({**MESSAGE["properties"], "data": thing({"errors": ERRORS})}, ("error", "message"))
TOKEN_ERROR = thing(
    {"msg": {"type": "string"}, "message": {"type": "string"}, "unactive": {"type": "boolean"}},
    ("msg",),
)

REFUSALS: dict[int, tuple[str, Schema]] = {
    400: ("Something in the request is wrong; `data.errors` names each field.", ref("ZouError")),
    401: ("There is no valid token.", ref("ZouTokenError")),
    403: ("The caller may not do this.", ref("ZouError")),
    404: ("There is no such row, or the caller may not see it.", ref("ZouError")),
    412: ("If-Match named another version: somebody changed the row.", ref("ZouError")),
    413: ("The body is too large.", ref("ZouError")),
    422: (
        "The token is malformed, or the Idempotency-Key belongs to another request.",
        {"anyOf": [ref("ZouError"), ref("ZouTokenError")]},
    ),
    503: ("The database cannot answer just now; try again.", ref("ZouError")),
}

ETAG = {"ETag": {"description": "The row's version, for If-Match.", "schema": {"type": "string"}}}
IF_MATCH = parameter(
    "If-Match", "header", {"type": "string"}, "The ETag that was read: 412 when the row has changed."
)
ONCE = parameter(
    "Idempotency-Key",
    "header",
    {"type": "string"},
    "Sent again with the same request, it gets the first answer.",
)


def describe() -> Description:
    """Every route of the dialect."""
    paths: dict[str, dict[str, Schema]] = dict(_auth())
    for path, wire in wire_types().items():
        paths[f"/data/{path}"] = _collection(wire)
        paths[f"/data/{path}/{{id}}"] = _item(wire)
    for route in ROUTES:
        paths[f"/data/{template_of(route.path)}"] = _below(route)
    paths["/data/projects/{project_id}/asset-types/{asset_type_id}/assets/new"] = _new_asset()
    paths["/actions/projects/{project_id}/task-types/{task_type_id}/{kind}/create-tasks"] = _create_tasks()
    paths["/"] = _welcome()
    return Description(
        _tags(),
        paths,
        dict(_aliases(paths)),
        {
            "schemas": {**type_components(), "ZouError": ERROR, "ZouTokenError": TOKEN_ERROR},
            "parameters": {**parameter_components(), "IfMatch": IF_MATCH, "IdempotencyKey": ONCE},
            "responses": {
                f"Zou{status}": answer(text, schema) for status, (text, schema) in REFUSALS.items()
            },
            "securitySchemes": {
                "zouToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "zouCookie": {"type": "apiKey", "in": "cookie", "name": ACCESS_COOKIE},
            },
        },
    )


def _tags() -> dict[str, str]:
    return {LOG_IN: ABOUT} | {_tag(wire): sentence(wire) for wire in wire_types().values()}


def _tag(wire: WireType) -> str:
    """The group of all routes that answer rows of a type."""
    return f"{LOG_IN}: {wire.name}"


def _aliases(paths: dict[str, dict[str, Schema]]) -> Iterator[tuple[str, str]]:
    """The same routes below another prefix, and with underscores."""
    for path in paths:
        spellings = (path, path if path.startswith("/auth") else underscored(path))
        for _, prefix in PREFIXES:
            yield from ((f"{prefix}{each}", path) for each in spellings if f"{prefix}{each}" not in paths)


def _refused(*statuses: int) -> dict[int, Schema]:
    """What every route may answer instead, and these."""
    return {status: ref(f"Zou{status}", "responses") for status in (400, 401, 403, 422, 503, *statuses)}


def _row(wire: WireType, text: str) -> Schema:
    return answer(text, ref(wire.name), headers=ETAG)


# -- types -----------------------------------------------------------------------------------------


def _collection(wire: WireType) -> dict[str, Schema]:
    found = {"get": _listing(wire, f"List {wire.path.replace('-', ' ')}")}
    if wire.facet.name not in READ_ONLY:
        found["post"] = _creation(wire, set())
    return found


def _listing(wire: WireType, summary: str, arguments: tuple[str, ...] = ()) -> Schema:
    rows = listed(ref(wire.name))
    counted = {name: {"type": "integer"} for name in ("total", "nb_pages", "limit", "offset", "page")}
    page = thing({"data": rows, "has_more": {"type": "boolean"}, **counted}, ("data", "limit"))
    parameters = [
        *(_argument(name) for name in arguments),
        *(ref(f"list.{name}", "parameters") for name in LIST_PARAMETERS),
        *(ref(name, "parameters") for name in filter_names(wire)),
    ]
    answers = {200: answer("All rows, or a page of them where one was asked for.", {"anyOf": [rows, page]})}
    return operation(
        _tag(wire),
        summary,
        answers | _refused(*((404,) if arguments else ())),
        parameters=parameters,
        security=SIGNED_IN,
    )


def _creation(wire: WireType, from_path: set[str], arguments: tuple[str, ...] = ()) -> Schema:
    """A POST; keys that the path gives need not be in the body."""
    needed = [key for key in required(wire) if key not in from_path]
    values: Schema = ref(values_name(wire))
    return operation(
        _tag(wire),
        f"Make a {wire.name}",
        {201: answer("The new row.", ref(wire.name))} | _refused(404, 413),
        parameters=[*(_argument(name) for name in arguments), ref("IdempotencyKey", "parameters")],
        sends=body({"allOf": [values], "required": needed} if needed else values),
        security=SIGNED_IN,
    )


def _item(wire: WireType) -> dict[str, Schema]:
    argument = [_argument("id")]
    relations = parameter("relations", "query", {"type": "boolean"}, "false leaves out the links to many.")
    found = {
        "get": operation(
            _tag(wire),
            f"Read a {wire.name}",
            {200: _row(wire, "The row.")} | _refused(404),
            parameters=[*argument, relations],
            security=SIGNED_IN,
        )
    }
    if wire.facet.name in READ_ONLY:
        return found
    version = ref("IfMatch", "parameters")
    found["put"] = operation(
        _tag(wire),
        f"Change a {wire.name}",
        {200: _row(wire, "The row as it is now.")} | _refused(404, 412, 413),
        description="Only the keys that are sent change. `data` is merged key by key; null removes one.",
        parameters=[*argument, version],
        sends=body(ref(values_name(wire))),
        security=SIGNED_IN,
    )
    force = parameter(
        "force", "query", {"type": "boolean"}, "Remove what has tasks too, instead of canceling it."
    )
    found["delete"] = operation(
        _tag(wire),
        f"Remove a {wire.name}",
        {204: answer("It is gone (or canceled).")} | _refused(404, 412),
        parameters=[*argument, version, force],
        security=SIGNED_IN,
    )
    return found


def _argument(name: str) -> Schema:
    return parameter(name, "path", ref("Id"))


# -- lists below something -------------------------------------------------------------------------


def _below(route: Route) -> dict[str, Schema]:
    wire = wire_type(facet(route.facet))
    arguments = tuple(argument for argument, _ in route.owners)
    words = f"{wire.path.replace('-', ' ')}"
    owners = " and ".join(f"a {owner}" for _, owner in reversed(route.owners))
    summary = f"List the {words} of {owners}" if owners else f"List {words}: {route.path.rsplit('/', 1)[1]}"
    found = {"get": _listing(wire, summary, arguments)}
    if route.creates:
        found["post"] = _creation(wire, set(route.paths), arguments)
    return found


def _new_asset() -> dict[str, Schema]:
    arguments = ("project_id", "asset_type_id")
    return {"post": _creation(wire_type(facet("Asset")), {"project_id", "entity_type_id"}, arguments)}


def _create_tasks() -> dict[str, Schema]:
    parameters = [
        _argument("project_id"),
        _argument("task_type_id"),
        parameter("kind", "path", one_of(KINDS)),
        parameter("id", "query", listed(ref("Id")), "The entities, where the body names none."),
    ]
    made = answer("The tasks that were made; entities that had one keep it.", listed(ref("Task")))
    return {
        "post": operation(
            _tag(wire_type(facet("Task"))),
            "Make the tasks of a step",
            {201: made} | _refused(404, 413),
            description="The body lists entities; without any, every entity of the kind gets its task.",
            parameters=parameters,
            sends=body(listed(ref("Id")), required=False),
            security=SIGNED_IN,
        )
    }


# -- log in ----------------------------------------------------------------------------------------

_TEXT: Schema = {"type": "string"}
_YES: Schema = {"type": "boolean"}
_WHO: dict[str, Schema] = {
    "user": {"anyOf": [ref("Person"), {"type": "object"}]},
    "organisation": {"anyOf": [ref("Organisation"), {"type": "object"}]},
}
_REFUSED_LOG_IN = thing(
    {
        "login": _YES,
        "error": _YES,
        "message": _TEXT,
        "too_many_failed_login_attemps": _YES,
        "unactive": _YES,
        "data": thing({"errors": ERRORS}),
    }
)

AUTH: dict[str, dict[str, Any]] = {
    "/auth/login": {
        "method": "post",
        "summary": "Log in",
        "security": ANYBODY,
        "sends": body(thing({"email": _TEXT, "password": _TEXT}, ("email", "password"))),
        "answers": {
            200: answer(
                "The tokens, and who you are. A browser gets them as cookies too.",
                thing(
                    {**_WHO, "login": _YES, "access_token": _TEXT, "refresh_token": _TEXT},
                    ("user", "login", "access_token", "refresh_token"),
                ),
            ),
            400: answer("Wrong e-mail or password, or too many of them.", _REFUSED_LOG_IN),
            401: answer("The account is closed.", _REFUSED_LOG_IN),
        },
    },
    "/auth/refresh-token": {
        "method": "get",
        "summary": "Get a new access token for the refresh token",
        "security": SIGNED_IN,
        "answers": {
            200: answer(
                "The new access token; for a browser as a cookie.",
                thing({"access_token": _TEXT, "refresh": _YES}),
            )
        },
    },
    "/auth/logout": {
        "method": "get",
        "summary": "Log out: end the refresh token and all that came of it",
        "security": SIGNED_IN,
        "answers": {200: answer("Logged out.", thing({"logout": _YES}, ("logout",)))},
    },
    "/auth/authenticated": {
        "method": "get",
        "summary": "Who am I",
        "security": SIGNED_IN,
        "answers": {
            200: answer(
                "The caller and the studio.",
                thing({**_WHO, "authenticated": _YES}, ("authenticated", "user")),
            )
        },
    },
    "/auth/change-password": {
        "method": "post",
        "summary": "Change one's own password, which ends all one's sessions",
        "security": SIGNED_IN,
        "sends": body(
            thing(
                {"old_password": _TEXT, "password": _TEXT, "password_2": _TEXT},
                ("old_password", "password", "password_2"),
            )
        ),
        "answers": {200: answer("Changed.", thing({"success": _YES}, ("success",)))},
    },
}
"""Path -> what its operation is; a route without a line here is described by nothing but its docstring."""


def _auth() -> Iterator[tuple[str, dict[str, Schema]]]:
    for path, resource in AUTH_ROUTES.items():
        said = dict(AUTH.get(path, {}))
        methods = [said.pop("method")] if said else [name.lower() for name in resource.methods or ()]
        said.setdefault("summary", (resource.__doc__ or path).strip())
        answers = _refused(413) | said.pop("answers", {200: answer("Done.", {})})
        yield path, {method: operation(LOG_IN, answers=answers, **said) for method in methods}


def _welcome() -> dict[str, Schema]:
    said = answer(
        "What answers here, and its version.", thing({"api": _TEXT, "version": _TEXT}, ("api", "version"))
    )
    return {"get": operation(LOG_IN, "Is this a Zou?", {200: said}, security=ANYBODY)}
