"""What every route of the Zou dialect may answer instead of what was asked, and who may ask: as OpenAPI."""

from __future__ import annotations

from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, answer, listed, ref, thing
from zou_server.models.registry import facet

SIGNED_IN: list[dict[str, list[str]]] = [{"zouToken": []}, {"zouCookie": []}]
ANYBODY: list[dict[str, list[str]]] = []

LOG_IN = "Zou"
"""The group of routes that are about no type."""

MESSAGE = thing(
    {"error": {"type": ["boolean", "string"]}, "message": {"type": "string"}}, ("error", "message")
)
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
    415: ("The body must be JSON, and say so in its content type.", ref("ZouError")),
    422: (
        "The token is malformed, or the Idempotency-Key belongs to another request.",
        {"anyOf": [ref("ZouError"), ref("ZouTokenError")]},
    ),
    503: ("The database cannot answer just now; try again.", ref("ZouError")),
}


def refused(*statuses: int) -> dict[int, Schema]:
    """What every route may answer instead, and these; a body that may be too large may be of a wrong type."""
    of_bodies = (415,) if 413 in statuses else ()  # noqa: PLR2004 - a status
    all_statuses = (400, 401, 403, 422, 503, *statuses, *of_bodies)
    return {status: ref(f"Zou{status}", "responses") for status in all_statuses}


def responses() -> dict[str, Schema]:
    """The refusals as components."""
    return {f"Zou{status}": answer(text, schema) for status, (text, schema) in REFUSALS.items()}


def tag(kind: str) -> str:
    """The group of all routes that answer rows of a facet."""
    return f"{LOG_IN}: {wire_type(facet(kind)).name}"
