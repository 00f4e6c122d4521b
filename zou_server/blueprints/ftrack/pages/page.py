"""How a page is written: from a template, with nothing from elsewhere in it."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("zou_server.blueprints.ftrack.pages")
    pages = Environment(loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    return pages.get_template(name)


def page(name: str, **values: Any) -> Response:
    """The page of a template; what it says is for whoever has its address, and kept by nobody."""
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(_template(name).render(values), mimetype="text/html", headers=headers)
