"""The page that a browser gets at `/`: what this is, that it runs, and where to go. Programs get JSON."""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Flask, Response, request

from zou_server import __version__

HTML = "text/html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>zou-server</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }}
code {{ background: #8882; padding: 0 .2em; }}
</style>
<h1>zou-server</h1>
<p>This is a production tracker, version {version}, and it runs. gazu, Kitsu, shotgun_api3, ftrack_api and
ActiveResource talk to it at <code>{address}</code>.</p>
<ul>
{kitsu}<li><a href="/docs">Every route</a>, to read and to try</li>
<li><a href="/health/ready">Whether it can answer requests now</a></li>
<li><a href="/openapi.json">Its description for programs</a></li>
</ul>
"""


def attach_front_page(app: Flask, kitsu_url: str) -> None:
    """Answer browsers at `/`, where a dialect answers programs; `kitsu_url` is where Kitsu is, if it is."""
    link = f'<li><a href="{escape(kitsu_url)}">Kitsu</a></li>\n' if kitsu_url else ""
    endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/")
    for_programs = app.view_functions[endpoint]

    def front_page() -> Any:
        if request.method != "GET" or not _is_for_a_browser():
            return for_programs()
        address = escape(request.host_url.rstrip("/"))
        text = PAGE.format(version=escape(__version__), address=address, kitsu=link)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return Response(text, mimetype=HTML, headers=headers)

    app.view_functions[endpoint] = front_page


def _is_for_a_browser() -> bool:
    return HTML in request.headers.get("Accept", "")
