"""What a client asks before and right after it logs in: is this a Zou, who am I, what studio is this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from zou_server import __version__
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Query, Where
from zou_server.models.registry import facet

if TYPE_CHECKING:
    from zou_server.services.studio import Studio


def build_welcome(name: str, prefix: str) -> Blueprint:
    """`GET /`: gazu.client.host_is_up and get_api_version."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)

    @blueprint.get("/")
    def welcome() -> Response:
        """Say what answers here; needs no log-in."""
        return jsonify(api="zou-server", version=__version__)

    return blueprint


def own_person(studio: Studio, actor: Actor) -> str:
    """The caller's own person as JSON text: everything, whatever others may see of it."""
    wire = wire_type(facet("Person"))
    query = Query(
        wire.facet, wire.projection(relations=True, item=True), Where("id", Op.EQ, str(actor.person_id))
    )
    return studio.read(SYSTEM).one(query, ZOU) or "null"


def the_organisation(studio: Studio) -> str:
    """The studio as JSON text."""
    wire = wire_type(facet("Organisation"))
    secrets = {"chat_token_slack", "chat_webhook_mattermost", "chat_token_discord"}
    names = tuple(key for key in wire.fields if key not in secrets)
    return studio.read(SYSTEM).one(Query(wire.facet, wire.projection(fields=names)), ZOU) or "null"
