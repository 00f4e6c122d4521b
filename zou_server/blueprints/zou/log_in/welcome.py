"""What a client asks before and right after it logs in: is this a Zou, who am I, what studio is this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, jsonify

from zou_server import __version__
from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Query, Where
from zou_server.models.registry import facet
from zou_server.services.people.second_factors import enabled_kinds
from zou_server.services.people.security_keys import devices
from zou_server.web import json_text

if TYPE_CHECKING:
    from zou_server.services.studio import Studio


CONFIG: Mapping[str, Any] = {
    # what Kitsu asks before its log-in page (docs/protocols/zou.md 18 (b) 1)
    "is_self_hosted": True,
    "crisp_token": "",
    "indexer_configured": True,
    "saml_enabled": False,
    "saml_idp_name": "",
    "oidc_enabled": False,
    "oidc_idp_name": "",
    "default_locale": "en_US",
    "default_timezone": "Europe/Paris",
    "enforce_2fa": False,
    "movie_highdef_bitrate": 28,
    "movie_lowdef_bitrate": 6,
    "preview_accounts_enabled": False,
}


def build_welcome(name: str, prefix: str, studio: Studio, config_of_site: Mapping[str, Any]) -> Blueprint:
    """`GET /` (gazu.client.host_is_up and get_api_version) and `GET /config`, both without log-in."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    register_errors(blueprint)

    @blueprint.get("/config")
    def config() -> Response:
        """What a client must know before somebody has logged in."""
        dark = orjson.loads(the_organisation(studio) or "null") or {}
        is_dark = dark.get("dark_theme_by_default", False)
        return json_text(orjson.dumps({**CONFIG, **config_of_site, "dark_theme_by_default": is_dark}))

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
    found = studio.read(SYSTEM).one(query, ZOU)
    if found is None:
        return "null"
    with studio.reads.connect() as connection:
        kinds = enabled_kinds(connection, actor.person_id)
        keys = devices(connection, actor.person_id)
    enabled = {f"{kind}_enabled": kind in kinds for kind in ("totp", "email_otp", "fido")}
    preferred: dict[str, Any] = {
        "preferred_two_factor_authentication": kinds[0] if kinds else None,
        "fido_devices": keys,
    }
    return orjson.dumps({**orjson.loads(found), **enabled, **preferred}).decode()


def the_organisation(studio: Studio) -> str:
    """The studio as JSON text."""
    wire = wire_type(facet("Organisation"))
    secrets = {"chat_token_slack", "chat_webhook_mattermost", "chat_token_discord"}
    names = tuple(key for key in wire.fields if key not in secrets)
    return studio.read(SYSTEM).one(Query(wire.facet, wire.projection(fields=names)), ZOU) or "null"
