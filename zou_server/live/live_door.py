"""The address of the live events, `/socket.io/`, in front of the application.

A session lives in one process, and its id names that process: a request that reached another one is passed
on. What follows the address (`/socket.io/1/...`) is not ours.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from zou_server.live.live_server import MAX_SENT_BYTES, LiveServer, is_understood

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from zou_server.services.ports import Neighbours

PATH = "/socket.io/"
_TEXT = [("Content-Type", "text/plain")]


class LiveDoor:
    """A WSGI application: live events here or in another process, everything else in the application."""

    def __init__(self, app: WSGIApplication, server: LiveServer, neighbours: Neighbours) -> None:
        self._app, self._server, self._neighbours = app, server, neighbours

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or become its web socket."""
        if environ.get("PATH_INFO") != PATH:
            return self._app(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MAX_SENT_BYTES:
            start_response("413 CONTENT TOO LARGE", list(_TEXT))
            return [f"A listener sends at most {MAX_SENT_BYTES} bytes at once.".encode()]
        session = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        name, joint, _ = session.partition(".")
        if joint and name != self._neighbours.name:
            answer = self._neighbours.pass_on(name, environ, start_response)
            if answer is not None:
                return answer
        return self._serve(environ, start_response)

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if not is_understood(sent):
                start_response("400 BAD REQUEST", list(_TEXT))
                return [b"This is not what Socket.IO clients send."]
            environ["wsgi.input"] = io.BytesIO(sent)
        answer: Iterable[bytes] = self._server.handle_request(environ, start_response)
        return answer
