"""The Zou dialect as OpenAPI: every route derived from the types, the table of lists and the auth routes."""

from __future__ import annotations

from collections.abc import Iterator

from zou_server.blueprints.zou.blueprint import PREFIXES, READ_ONLY, underscored
from zou_server.blueprints.zou.describe_api.describe_answers import (
    ERROR,
    LOG_IN,
    SIGNED_IN,
    TOKEN_ERROR,
    refused,
    responses,
    tag,
)
from zou_server.blueprints.zou.describe_api.describe_files import file_paths
from zou_server.blueprints.zou.describe_api.describe_rows import row_components
from zou_server.blueprints.zou.describe_api.describe_types import (
    LIST_PARAMETERS,
    filter_names,
    parameter_components,
    required,
    sentence,
    type_components,
    values_name,
)
from zou_server.blueprints.zou.groups import NAMED
from zou_server.blueprints.zou.log_in.accounts import ACCOUNTS
from zou_server.blueprints.zou.log_in.describe_log_in import log_in_paths
from zou_server.blueprints.zou.log_in.tokens import ACCESS_COOKIE
from zou_server.blueprints.zou.named import described
from zou_server.blueprints.zou.navigation import ListRoute
from zou_server.blueprints.zou.owned_lists import all_lists
from zou_server.blueprints.zou.review.shared_playlist import SHARED
from zou_server.blueprints.zou.vocabulary import WireType, wire_type, wire_types
from zou_server.description import (
    Description,
    Schema,
    answer,
    body,
    listed,
    operation,
    parameter,
    ref,
    template_of,
    thing,
)
from zou_server.models.registry import facet

ABOUT = (
    "What gazu and Kitsu speak. Log in for tokens and send the access token as `Authorization: Bearer`. "
    "Each type has a list and its rows. Any key of a row is a filter of its list: a value, a JSON list (or "
    "the same key again) for any of several, `null` for none; a filter that does not exist is refused by "
    "name. Every path is also there under `/api`, and with underscores for hyphens."
)

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
    paths: dict[str, dict[str, Schema]] = dict(log_in_paths())
    for path, wire in wire_types().items():
        paths[f"/data/{path}"] = _collection(wire)
        paths[f"/data/{path}/{{id}}"] = _item(wire)
    for route in all_lists():
        paths[f"/data/{template_of(route.path)}"] = _below(route)
    paths["/data/projects/{project_id}/asset-types/{asset_type_id}/assets/new"] = _new_asset()
    paths |= dict(file_paths())
    for path, methods in described(
        (*NAMED, *SHARED, *ACCOUNTS)
    ):  # a list of `navigation.py` may have a POST of its own there
        paths[path] = {**paths.get(path, {}), **methods}
    return Description(
        _tags(),
        paths,
        dict(_aliases(paths)),
        {
            "schemas": {
                **type_components(),
                **row_components(),
                "ZouError": ERROR,
                "ZouTokenError": TOKEN_ERROR,
            },
            "parameters": {**parameter_components(), "IfMatch": IF_MATCH, "IdempotencyKey": ONCE},
            "responses": responses(),
            "securitySchemes": {
                "zouToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "zouCookie": {"type": "apiKey", "in": "cookie", "name": ACCESS_COOKIE},
            },
        },
    )


def _tags() -> dict[str, str]:
    """The log-in first, then by name, as people look for them."""
    types = {tag(wire.facet.name): sentence(wire) for wire in wire_types().values()}
    return {LOG_IN: ABOUT} | dict(sorted(types.items()))


WRITTEN_ONCE = ("/auth", "/shared")
"""Where the paths begin that have no spelling with underscores."""


def _aliases(paths: dict[str, dict[str, Schema]]) -> Iterator[tuple[str, str]]:
    """The same routes below another prefix, and with underscores."""
    for path in paths:
        spellings = (path, path if path.startswith(WRITTEN_ONCE) else underscored(path))
        for _, prefix in PREFIXES:
            yield from ((f"{prefix}{each}", path) for each in spellings if f"{prefix}{each}" not in paths)


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
        tag(wire.facet.name),
        summary,
        answers | refused(*((404,) if arguments else ())),
        parameters=parameters,
        security=SIGNED_IN,
    )


def _creation(wire: WireType, from_path: set[str], arguments: tuple[str, ...] = ()) -> Schema:
    """A POST; keys that the path gives need not be in the body."""
    needed = [key for key in required(wire) if key not in from_path]
    values: Schema = ref(values_name(wire))
    return operation(
        tag(wire.facet.name),
        f"Make a {wire.name}",
        {201: answer("The new row.", ref(wire.name))} | refused(404, 413),
        parameters=[*(_argument(name) for name in arguments), ref("IdempotencyKey", "parameters")],
        sends=body({"allOf": [values], "required": needed} if needed else values),
        security=SIGNED_IN,
    )


def _item(wire: WireType) -> dict[str, Schema]:
    argument = [_argument("id")]
    relations = parameter("relations", "query", {"type": "boolean"}, "false leaves out the links to many.")
    found = {
        "get": operation(
            tag(wire.facet.name),
            f"Read a {wire.name}",
            {200: _row(wire, "The row.")} | refused(404),
            parameters=[*argument, relations],
            security=SIGNED_IN,
        )
    }
    if wire.facet.name in READ_ONLY:
        return found
    version = ref("IfMatch", "parameters")
    found["put"] = operation(
        tag(wire.facet.name),
        f"Change a {wire.name}",
        {200: _row(wire, "The row as it is now.")} | refused(404, 412, 413),
        description="Only the keys that are sent change. `data` is merged key by key; null removes one.",
        parameters=[*argument, version],
        sends=body(ref(values_name(wire))),
        security=SIGNED_IN,
    )
    force = parameter(
        "force", "query", {"type": "boolean"}, "Remove what has tasks too, instead of canceling it."
    )
    found["delete"] = operation(
        tag(wire.facet.name),
        f"Remove a {wire.name}",
        {204: answer("It is gone (or canceled).")} | refused(404, 412),
        parameters=[*argument, version, force],
        security=SIGNED_IN,
    )
    return found


def _argument(name: str) -> Schema:
    return parameter(name, "path", ref("Id"))


# -- lists below something -------------------------------------------------------------------------


def _below(route: ListRoute) -> dict[str, Schema]:
    wire = wire_type(facet(route.facet))
    arguments = tuple(argument for argument, _ in route.owners)
    words = f"{wire.path.replace('-', ' ')}"
    owners = " and ".join(f"a {owner}" for _, owner in reversed(route.owners))
    summary = f"List the {words} of {owners}" if owners else f"List {words}: {route.path.rpartition('/')[2]}"
    found = {"get": _listing(wire, summary, arguments)}
    if route.creates:
        found["post"] = _creation(wire, set(route.paths), arguments)
    return found


def _new_asset() -> dict[str, Schema]:
    arguments = ("project_id", "asset_type_id")
    return {"post": _creation(wire_type(facet("Asset")), {"project_id", "entity_type_id"}, arguments)}
