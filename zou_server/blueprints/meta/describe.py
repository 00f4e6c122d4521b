"""The routes for the people who run the server, as OpenAPI."""

from __future__ import annotations

from typing import Any

from zou_server.description import (
    JSON,
    SENT_ID,
    Description,
    Schema,
    answer,
    one_of,
    operation,
    parameter,
    ref,
    thing,
)

TAG = "Operations"
TAGS = {TAG: "Is the server alive, is it ready, what does it count, and this description."}

TEXT: Schema = {"type": "string"}
NOT_FOUND = answer("There is no such file.", ref("Message"))


def describe() -> Description:
    """Every route of this blueprint."""
    return Description(
        TAGS,
        {path: {"get": operation(TAG, security=[], **said)} for path, said in _ROUTES.items()}
        | {"/metrics": {"get": _METRICS}},
        components={
            "schemas": {"Id": SENT_ID, "Message": thing({"message": TEXT}, ("message",))},
            "securitySchemes": {"metricsToken": {"type": "http", "scheme": "bearer"}},
        },
    )


_METRICS = operation(
    TAG,
    "The counters of all web processes, for Prometheus",
    {
        200: answer("Prometheus' text form.", TEXT, media="text/plain"),
        401: answer("The token is missing or wrong.", ref("Message")),
        404: answer("There are no metrics: no token is set.", ref("Message")),
    },
    security=[{"metricsToken": []}],
)

_ROUTES: dict[str, dict[str, Any]] = {
    "/health/live": {
        "summary": "Is this process alive",
        "answers": {200: answer("It is.", thing({"status": one_of(["alive"])}, ("status",)))},
    },
    "/health/ready": {
        "summary": "Would requests be answered",
        "answers": {
            200: answer("They would.", thing({"status": one_of(["ready"]), "replica": TEXT}, ("status",))),
            503: answer("Not now, and why.", thing({"status": TEXT, "reason": TEXT}, ("status", "reason"))),
        },
    },
    "/openapi.json": {
        "summary": "This description",
        "parameters": [
            parameter(
                "aliases",
                "query",
                one_of(["yes", "no"]),
                "`no` leaves out second paths of the same routes.",
            )
        ],
        "answers": {
            200: answer("An OpenAPI 3.1 document.", {"type": "object"}),
            304: answer("It is still what If-None-Match names."),
        },
    },
    "/docs": {
        "summary": "This description as a page",
        "answers": {200: answer("A page.", TEXT, media="text/html")},
    },
    "/docs/{name}": {
        "summary": "A file of that page",
        "parameters": [parameter("name", "path", TEXT)],
        "answers": {
            200: {"description": "The file.", "content": {"*/*": {}}},
            304: answer("The browser has it."),
            404: {"description": "There is no such file.", "content": {JSON: {"schema": {"type": "object"}}}},
        },
    },
}
"""Path -> its GET."""
