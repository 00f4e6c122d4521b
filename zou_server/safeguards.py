"""What every answer and request of every dialect has in common for safety's sake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Request, Response

from zou_server.live.live_door import PATH as SOCKETS
from zou_server.models.errors import Unavailable
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.passwords import refuse_when_too_many_log_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from zou_server.request_cycle import Application

JSON = "application/json"
PERSONAL = frozenset({JSON, "application/xml", "text/csv"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
COOKIE = "access_token_cookie"
LOG_OUT, LOG_IN = "/auth/logout", "/auth/login"
FROM_ELSEWHERE = "/auth/saml/sso"
"""Where pages of an identity provider send people back to; it looks at no log-in of before."""
BUSY = 503
RETRY_SECONDS = "5"


def attach_safeguards(app: Application, trusted_proxies: str) -> None:
    """Note where each request comes from, and give every answer the headers that protect it."""
    trusted = proxies_of(trusted_proxies)

    def guard(request: Request, _state: Any) -> Response | None:
        environ = request.environ
        ADDRESS.set(address_in(environ, trusted))
        if "HTTP_COOKIE" in environ and is_by_cookie(request) and comes_from_elsewhere(request):
            return Response('{"message":"A page of another site may not do this."}', 403, mimetype=JSON)
        return None

    def protect(request: Request, state: Any, answer: Response) -> None:
        headers = answer.headers
        said = {name.lower() for name, _ in headers}  # to ask for one that is not there costs an exception
        if "x-content-type-options" not in said:
            headers.add("X-Content-Type-Options", "nosniff")
        if answer.status_code == BUSY and "retry-after" not in said:
            headers.add("Retry-After", RETRY_SECONDS)
        if "cache-control" not in said and answer.mimetype in PERSONAL:
            is_known = "actor" in state or "log_actor" in state
            if is_known or "set-cookie" in said or "/auth/" in request.path:
                headers.add("Cache-Control", "no-store")

    app.first.append(guard)
    app.last.append(protect)


def is_by_cookie(request: Request) -> bool:
    """True for a change that is proved by a cookie alone, which a browser sends of itself."""
    changes = request.method not in SAFE or request.path.endswith(LOG_OUT)
    if request.path.endswith(FROM_ELSEWHERE):
        return False
    return changes and COOKIE in request.cookies and "Authorization" not in request.headers


def comes_from_elsewhere(request: Request) -> bool:
    """True when a page of another host made the browser send this; other programs say nothing of pages."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname
    return request.headers.get("Sec-Fetch-Site", "") in ELSEWHERE


class FrontDoor:
    """A WSGI application: live events by their own doors, everything else by the application.

    It refuses log-ins beyond those that can be looked at, before anything else is done for them. A refusal
    that went through the whole application would cost as much as a read, and a flood of them all of the
    processor.
    """

    def __init__(self, app: WSGIApplication, events: WSGIApplication, trusted_proxies: str) -> None:
        self._app, self._events, self._trusted = app, events, proxies_of(trusted_proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(SOCKETS):
            return self._events(environ, start_response)
        if path.endswith(LOG_IN) and environ["REQUEST_METHOD"] == "POST":
            try:
                refuse_when_too_many_log_in(address_in(environ, self._trusted))
            except Unavailable as error:
                body = f'{{"error":true,"login":false,"message":"{error.message}"}}'.encode()
                start_response(
                    "503 Service Unavailable",
                    [
                        ("Content-Type", JSON),
                        ("Content-Length", str(len(body))),
                        ("Retry-After", RETRY_SECONDS),
                        ("X-Content-Type-Options", "nosniff"),
                        ("X-Error-Code", error.code),
                    ],
                )
                return [body]
        return self._app(environ, start_response)


def proxies_of(setting: str) -> frozenset[str]:
    """The addresses in the setting of trusted proxies."""
    return frozenset(each.strip() for each in setting.split(","))


def address_in(environ: WSGIEnvironment, trusted: frozenset[str]) -> str:
    """The address of the client: the nearest one that is not a trusted proxy's own."""
    address: str = environ.get("REMOTE_ADDR") or ""
    if "HTTP_X_FORWARDED_FOR" not in environ:
        return address[:64]
    hops = [hop.strip() for hop in environ["HTTP_X_FORWARDED_FOR"].split(",") if hop.strip()]
    while hops and (not address or address in trusted or "*" in trusted):
        address = hops.pop()
    return address[:64]
