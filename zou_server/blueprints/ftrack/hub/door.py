"""The address of the hub, `/socket.io/1/`, in front of the application: the handshake and the web socket.

The session id is a token that any web process can read, so either half may reach any of them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import simple_websocket
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wsproto.utilities import RemoteProtocolError

from zou_server.blueprints.ftrack.hub.connection import Connection
from zou_server.live.live_server import Line
from zou_server.models.errors import DomainError, Unavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from zou_server.blueprints.ftrack.hub.hub import Hub
    from zou_server.services.people.authenticate import Authenticator

PATH = "/socket.io/1"
WEB_SOCKET = f"{PATH}/websocket/"
CLIENT = "ftrack"
HEARTBEAT_SECONDS, CLOSE_SECONDS = 15, 25
JOIN_SECONDS = 60
SEND_SECONDS = 30.0
LARGEST_EVENT = 4 * 1024 * 1024
_CONNECTIONS = ("werkzeug.socket", "gunicorn.socket")


class HubDoor:
    """A WSGI application: the event hub, and everything else in the application behind it."""

    def __init__(self, app: WSGIApplication, hub: Hub, authenticator: Authenticator, secret: str) -> None:
        self._app, self._hub, self._authenticator = app, hub, authenticator
        self._tokens = URLSafeTimedSerializer(secret, salt="ftrack event hub")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a handshake, or become the web socket of a client."""
        path = environ.get("PATH_INFO", "")
        if path.rstrip("/") == PATH:
            return self._shake_hands(environ, start_response)
        if path.startswith(WEB_SOCKET):
            return self._connect(environ, start_response, path.removeprefix(WEB_SOCKET).strip("/"))
        return self._app(environ, start_response)

    def _shake_hands(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        user = environ.get("HTTP_FTRACK_USER") or query.get("api_user", [""])[0]
        key = environ.get("HTTP_FTRACK_API_KEY") or query.get("api_key", [""])[0]
        try:
            actor = self._authenticator.by_api_key(user, key, client=CLIENT)
        except Unavailable as error:
            return _refused(start_response, "503 SERVICE UNAVAILABLE", error.message)
        except DomainError:
            return _refused(start_response, "401 UNAUTHORIZED", "The supplied API key is not valid.")
        token = self._tokens.dumps([str(actor.person_id), user])
        start_response("200 OK", [("Content-Type", "text/plain"), *_cors(environ)])
        return [f"{token}:{HEARTBEAT_SECONDS}:{CLOSE_SECONDS}:websocket".encode()]

    def _connect(
        self, environ: WSGIEnvironment, start_response: StartResponse, token: str
    ) -> Iterable[bytes]:
        try:
            person_id, username = self._tokens.loads(token, max_age=JOIN_SECONDS)
        except BadSignature:
            return _refused(start_response, "401 UNAUTHORIZED", "Shake hands first.")
        name = next((each for each in _CONNECTIONS if each in environ), None)
        if name is None or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return _refused(start_response, "400 BAD REQUEST", "This is a web socket.")
        line = Line(environ[name], SEND_SECONDS)
        environ[name].settimeout(None)
        kept = {key: value for key, value in environ.items() if key != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        try:
            socket = simple_websocket.Server({**kept, name: line}, max_message_size=LARGEST_EVENT)
        except (RemoteProtocolError, simple_websocket.ConnectionError):
            return _refused(start_response, "400 BAD REQUEST", "This is no web socket.")
        self._serve(Connection(uuid.UUID(person_id), str(username), socket.send, line.end), socket)
        if name == "gunicorn.socket":
            raise StopIteration  # gunicorn's word for: there is nothing to answer, close the connection
        raise ConnectionError  # werkzeug's word for the same

    def _serve(self, connection: Connection, socket: simple_websocket.Server) -> None:
        """Hear a client until it leaves."""
        try:
            self._hub.join(connection)
            with suppress(simple_websocket.ConnectionClosed):
                while True:
                    said = socket.receive()
                    if isinstance(said, str):
                        self._hub.hear(connection, said)
        finally:
            self._hub.leave(connection)


def _cors(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    origin = environ.get("HTTP_ORIGIN")
    return [("Access-Control-Allow-Origin", origin)] if origin else []


def _refused(start_response: StartResponse, status: str, why: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps({"exception": "EventHubError", "content": why}).encode()]
