"""The ftrack dialect: what the unmodified client `ftrack_api` speaks.

One URL. `grammar.lark` and `parser` read queries, `vocabulary` and `overrides` say what our types and
attributes are called, `translate` makes queries of the server, `projection` and `reading` the answers;
`writing` and `operations` do the same for changes; `endpoint` lists the actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from zou_server.blueprints.ftrack import errors
from zou_server.blueprints.ftrack.endpoint import Endpoint
from zou_server.models.errors import DomainError
from zou_server.web import json_text

if TYPE_CHECKING:
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio


def build_blueprint(studio: Studio, authenticator: Authenticator) -> Blueprint:
    """Return the blueprint with `POST /api`; everything below `/api/` is another dialect's."""
    blueprint = Blueprint("ftrack", __name__)
    endpoint = Endpoint(studio, authenticator)

    @blueprint.post("/api")
    def api() -> Response:
        """Answer a list of actions of an ftrack client with the list of their results."""
        return endpoint.answer(request)

    @blueprint.errorhandler(DomainError)
    def refuse(error: DomainError) -> Response:
        """Answer with the error object of ftrack."""
        strict = request.headers.get("ftrack-strict-api", "").lower() == "true"
        return json_text(errors.body(error), errors.shape_of(error).status if strict else 200)

    return blueprint
