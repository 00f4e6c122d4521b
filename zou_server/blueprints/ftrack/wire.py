"""What the dialect's answers are wrapped in: who may read them in a browser, and gzip."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from flask import Response, request

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Blueprint

WORTH_IT = 16_384
"""Bytes from which on an answer is compressed."""
LEVEL = 1
_METHODS = "GET, POST, PUT, OPTIONS"
_HEADERS = (
    "content-type, ftrack-user, ftrack-api-key, ftrack-strict-api, ftrack-clienttoken, ftrack-pushtoken, "
    "ftrack-api-options, ftrack-client-name"
)


def allowed_origins(setting: str) -> Collection[str]:
    """The web pages of which origins may use the API: words of the setting, * for all."""
    return frozenset(setting.replace(",", " ").split())


def wrap_answers(blueprint: Blueprint, origins: Collection[str]) -> None:
    """Answer preflight requests, and compress what is long."""

    @blueprint.route("/api", methods=["OPTIONS"])
    def preflight() -> Response:
        """Tell a browser what pages of other origins may send."""
        return Response(status=204)

    @blueprint.after_request
    def wrap(answer: Response) -> Response:
        """Add what browsers ask for, and compress."""
        origin = request.headers.get("Origin")
        if origin and ("*" in origins or origin in origins):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Methods"] = _METHODS
            answer.headers["Access-Control-Allow-Headers"] = _HEADERS
            answer.headers["Access-Control-Expose-Headers"] = "ETag"
            answer.headers["Access-Control-Max-Age"] = "86400"
            answer.vary.add("Origin")
        return _compressed(answer)


def _compressed(answer: Response) -> Response:
    is_plain = not answer.is_streamed and not answer.direct_passthrough and request.path == "/api"
    if not is_plain or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return answer
    body = answer.get_data()
    if len(body) >= WORTH_IT:
        answer.set_data(gzip.compress(body, LEVEL))
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
    return answer
