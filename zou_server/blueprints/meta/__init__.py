"""What the people who run the server ask it: is it alive, is it ready, what does it count."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from zou_server.blueprints.meta.metrics import render_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def build_blueprint(
    *,
    why_not_ready: Callable[[], str | None],
    metrics_token: str,
    replica: Callable[[], object] | None = None,
) -> Blueprint:
    """Return the blueprint with ``/health/live``, ``/health/ready`` and ``/metrics``.

    ``why_not_ready`` returns None when the server can answer requests, else a short reason that is safe to
    show to anybody; so is what ``replica`` says, where there is one. ``/metrics`` is 404 when
    ``metrics_token`` is empty, else asks for it as bearer token.
    """
    blueprint = Blueprint("meta", __name__)

    @blueprint.get("/health/live")
    def live() -> Response:
        """Tell that this process answers; looks at nothing else."""
        return jsonify(status="alive")

    @blueprint.get("/health/ready")
    def ready() -> tuple[Response, int]:
        """Tell whether requests would be answered: the database is there and migrated."""
        reason = why_not_ready()
        if reason is None:
            return jsonify(
                {"status": "ready"} | ({} if replica is None else {"replica": str(replica())})
            ), 200
        return jsonify(status="not ready", reason=reason), 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        """Show the counters of all web processes in Prometheus' text form."""
        if not metrics_token:
            return _refusal(404, "no metrics: set ZOU_SERVER_METRICS_TOKEN to have them")
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {metrics_token}".encode()):
            refusal = _refusal(401, "send Authorization: Bearer <the value of ZOU_SERVER_METRICS_TOKEN>")
            refusal.headers["WWW-Authenticate"] = "Bearer"
            return refusal
        return Response(render_metrics(), content_type=CONTENT_TYPE)

    return blueprint


def _refusal(status: int, message: str) -> Response:
    """Return an error of this blueprint."""
    response = jsonify(message=message)
    response.status_code = status
    return response
