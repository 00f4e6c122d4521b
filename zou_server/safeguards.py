"""What every answer and request of every dialect has in common for safety's sake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from zou_server.models.errors import Unavailable
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.passwords import refuse_when_too_many_log_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

JSON = "application/json"
PERSONAL = frozenset({JSON, "application/xml", "text/csv"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
COOKIE = "access_token_cookie"
LOG_OUT, LOG_IN = "/auth/logout", "/auth/login"
FROM_ELSEWHERE = "/auth/saml/sso"
"""Where pages of an identity provider send people back to; it looks at no log-in of before."""
KNOWN_CALLER = frozenset({"actor", "log_actor"})
"""What a dialect puts on the request once it knows who asks."""
BUSY = 503
RETRY_SECONDS = "5"


def attach_safeguards(app: Flask, trusted_proxies: str) -> None:
    """Note where each request comes from, and give every answer the headers that protect it."""
    trusted = proxies_of(trusted_proxies)

    @app.before_request
    def note_address() -> None:
        ADDRESS.set(address_in(request.environ, trusted))

    @app.before_request
    def refuse_other_origins() -> Response | None:
        if is_by_cookie() and comes_from_elsewhere():
            return Response('{"message":"A page of another site may not do this."}', 403, mimetype=JSON)
        return None

    @app.after_request
    def protect(answer: Response) -> Response:
        headers = answer.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if answer.status_code == BUSY:
            headers.setdefault("Retry-After", RETRY_SECONDS)
        if answer.mimetype in PERSONAL and "Cache-Control" not in headers and _is_personal(answer):
            headers["Cache-Control"] = "no-store"
        return answer


def is_by_cookie() -> bool:
    """True for a change that is proved by a cookie alone, which a browser sends of itself."""
    changes = request.method not in SAFE or request.path.endswith(LOG_OUT)
    if request.path.endswith(FROM_ELSEWHERE):
        return False
    return changes and COOKIE in request.cookies and "Authorization" not in request.headers


def comes_from_elsewhere() -> bool:
    """True when a page of another host made the browser send this; other programs say nothing of pages."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname
    return request.headers.get("Sec-Fetch-Site", "") in ELSEWHERE


def _is_personal(answer: Response) -> bool:
    return not KNOWN_CALLER.isdisjoint(g) or "Set-Cookie" in answer.headers or "/auth/" in request.path


class LogInDoor:
    """Refuses log-ins beyond those that can be looked at, before anything else is done for them.

    A refusal that went through the whole application would cost as much as a read, and a flood of them all
    of the processor.
    """

    def __init__(self, app: WSGIApplication, trusted_proxies: str) -> None:
        self._app, self._trusted = app, proxies_of(trusted_proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO", "").endswith(LOG_IN):
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
    hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    address: str = environ.get("REMOTE_ADDR") or ""
    while hops and (not address or address in trusted or "*" in trusted):
        address = hops.pop()
    return address[:64]
