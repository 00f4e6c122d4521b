"""The Shotgun dialect: what the unmodified client `shotgun_api3` (and the event daemon) speaks.

One URL. `vocabulary` and `overrides` say what our types and fields are called, `filters` and `values` read
what clients send, `spelling` writes what they get, `methods` lists the calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from zou_server.blueprints.shotgun.action_menu import ActionMenu
from zou_server.blueprints.shotgun.endpoint import Endpoint, compressed
from zou_server.blueprints.shotgun.files.addresses import Addresses
from zou_server.blueprints.shotgun.files.downloads import Downloads
from zou_server.blueprints.shotgun.files.forms import Forms
from zou_server.blueprints.shotgun.files.routes import Files, add_file_routes
from zou_server.web import json_text

if TYPE_CHECKING:
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio


@dataclass(frozen=True, slots=True)
class Outside:
    """The parts this dialect needs beside the studio: the file store, and settings about files."""

    storage: Storage
    secret_key: str
    most_bytes: int
    open_downloads: bool


def build_blueprint(studio: Studio, authenticator: Authenticator, outside: Outside) -> Blueprint:
    """Return the blueprint with `POST /api3/json`, the forms of uploads and the downloads."""
    blueprint = Blueprint("shotgun", __name__)
    addresses = Addresses.keyed(outside.secret_key)
    endpoint = Endpoint(studio, authenticator, addresses)
    forms = Forms(studio, authenticator, outside.storage, outside.most_bytes)
    downloads = Downloads(studio, authenticator, outside.storage, addresses, outside.open_downloads)
    add_file_routes(blueprint, Files(forms, downloads, addresses))

    actions = ActionMenu(studio, authenticator)
    blueprint.add_url_rule(
        "/api3/action_menu_items/<int:number>/payload", "action_menu", actions.answer, methods=["POST"]
    )

    @blueprint.post("/api3/json")
    def api3_json() -> Response:
        """Answer one call of `shotgun_api3`: `{"method_name": ..., "params": [credentials, payload]}`."""
        return compressed(json_text(endpoint.answer(request)))

    return blueprint
