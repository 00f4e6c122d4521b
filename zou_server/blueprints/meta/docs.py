"""`/openapi.json` and `/docs`: the description of all routes, for programs and for people.

The page is Swagger UI out of the package `flask-swagger-ui`, which is only a way to install its files:
they are served from here, and a content security policy keeps the browser from asking anybody else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from zou_server.blueprints.meta.openapi import assemble
from zou_server.description import JSON, Description

OURS = Path(__file__).parent / "static"
PACKAGED = Path(str(files("flask_swagger_ui"))) / "dist"

FILES: dict[str, Path] = {
    "docs.css": OURS,
    "docs.js": OURS,
    "swagger-ui.css": PACKAGED,
    "swagger-ui-bundle.js": PACKAGED,
    "favicon-32x32.png": PACKAGED,
}
"""The files of the page, and where each is."""

POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
"""Swagger UI puts styles on elements and draws icons from data; everything else comes from here."""

HOUR = 3600


def build_docs_blueprint(describes: Sequence[Callable[[], Description]]) -> Blueprint:
    """Return the blueprint; `describes` are the dialects' `describe` functions, called when first asked."""
    blueprint = Blueprint("docs", __name__)

    @cache
    def document(*, aliases: bool) -> tuple[bytes, str]:
        found = assemble([describe() for describe in describes], aliases=aliases)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        return text, hashlib.sha256(text).hexdigest()[:32]

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        """The whole description; with `?aliases=no` every route once, under its own path."""
        text, digest = document(aliases=request.args.get("aliases") != "no")
        answer = Response(text, mimetype=JSON)
        answer.set_etag(digest)
        answer.make_conditional(request)
        return answer

    @blueprint.get("/docs")
    def docs() -> Response:
        """The page."""
        answer = send_from_directory(OURS, "docs.html", max_age=HOUR)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @blueprint.get("/docs/<name>")
    def docs_file(name: str) -> Response:
        """A file of the page."""
        if name not in FILES:
            abort(404, f"There is no file '{name[:80]}'.")
        return send_from_directory(FILES[name], name, max_age=HOUR)

    return blueprint
