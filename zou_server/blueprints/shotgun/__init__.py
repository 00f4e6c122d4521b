"""The Shotgun dialect: what the unmodified client `shotgun_api3` (and the event daemon) speaks.

One URL. `vocabulary` and `overrides` say what our types and fields are called, `filters` and `values` read
what clients send, `spelling` writes what they get, `methods` lists the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from zou_server.blueprints.shotgun.endpoint import Endpoint
from zou_server.web import json_text

if TYPE_CHECKING:
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio


def build_blueprint(studio: Studio, authenticator: Authenticator) -> Blueprint:
    """Return the blueprint with `POST /api3/json`."""
    blueprint = Blueprint("shotgun", __name__)
    endpoint = Endpoint(studio, authenticator)

    @blueprint.post("/api3/json")
    def api3_json() -> Response:
        """Answer one call of `shotgun_api3`: `{"method_name": ..., "params": [credentials, payload]}`."""
        return json_text(endpoint.answer(request))

    return blueprint
