"""The ftrack dialect: what the unmodified client `ftrack_api` speaks.

One URL. `grammar.lark` and `parser` read queries, `vocabulary` and `overrides` say what our types and
attributes are called, `translate` makes queries of the server, `projection` and `reading` the answers;
`writing` and `operations` do the same for changes; `endpoint`, `tools` and `commands` list the actions.
Wings: `hub` (the event hub), `files` (bytes of components) and `pages` (widgets and reviews in browsers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from zou_server.blueprints.ftrack import errors
from zou_server.blueprints.ftrack.endpoint import Endpoint
from zou_server.blueprints.ftrack.files.transfers import Transfers, add_routes
from zou_server.blueprints.ftrack.pages.review import ReviewPages
from zou_server.blueprints.ftrack.pages.widgets import Widgets
from zou_server.blueprints.ftrack.tools import Tools
from zou_server.blueprints.ftrack.wire import allowed_origins, wrap_answers
from zou_server.models.errors import DomainError
from zou_server.web import json_text, note_error

if TYPE_CHECKING:
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.people.mails import Post
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio


@dataclass(frozen=True, slots=True)
class Outside:
    """The parts the dialect needs beside the studio: file store, secret, mail, origins that may read.

    `public_url` is where people choose their passwords, `site_url` where they reach this server, when that
    is not where a request came to.
    """

    storage: Storage
    secret: str
    post: Post
    public_url: str
    cors_origins: str = ""
    site_url: str = ""


def build_blueprint(studio: Studio, authenticator: Authenticator, outside: Outside) -> Blueprint:
    """Return the blueprint with `POST /api` and files; all else below `/api/` is another dialect's."""
    blueprint = Blueprint("ftrack", __name__)
    transfers = Transfers(studio, authenticator, outside.storage, outside.secret)
    widgets = Widgets(studio, outside.secret)
    reviews = ReviewPages(studio, outside.storage, outside.secret, outside.site_url)
    tools = Tools(studio, transfers, widgets, reviews, outside.post, outside.public_url)
    endpoint = Endpoint(studio, authenticator, tools)
    wrap_answers(blueprint, allowed_origins(outside.cors_origins))
    add_routes(blueprint, transfers)
    add_pages(blueprint, widgets, reviews)

    @blueprint.post("/api")
    def api() -> Response:
        """Answer a list of actions of an ftrack client with the list of their results."""
        return endpoint.answer(request)

    @blueprint.errorhandler(DomainError)
    def refuse(error: DomainError) -> Response:
        """Answer with the error object of ftrack."""
        strict = request.headers.get("ftrack-strict-api", "").lower() == "true"
        note_error(error)
        # What is fetched is no list of actions: its address is answered as any other is.
        is_real = strict or request.path != "/api"
        return json_text(errors.body(error), errors.shape_of(error).status if is_real else 200)

    return blueprint


def add_pages(blueprint: Blueprint, widgets: Widgets, reviews: ReviewPages) -> None:
    """Serve the pages for browsers."""
    blueprint.add_url_rule("/widget/<token>", "widget", widgets.show)
    blueprint.add_url_rule("/review/<token>", "review", reviews.show)
    blueprint.add_url_rule("/review/<token>/<uuid:object_id>/media", "review_media", reviews.media)
    blueprint.add_url_rule(
        "/review/<token>/<uuid:object_id>", "review_answer", reviews.answer, methods=["POST"]
    )
