"""What every answer and request of every dialect has in common for safety's sake."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from zou_server.services.people.caller import ADDRESS

JSON = "application/json"
PERSONAL = frozenset({JSON, "application/xml", "text/csv"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = frozenset({"cross-site", "same-site"})
COOKIE = "access_token_cookie"
LOG_OUT = "/auth/logout"
BUSY = 503
RETRY_SECONDS = "5"


def attach_safeguards(app: Flask, trusted_proxies: str) -> None:
    """Note where each request comes from, and give every answer the headers that protect it."""
    trusted = frozenset(each.strip() for each in trusted_proxies.split(","))

    @app.before_request
    def note_address() -> None:
        ADDRESS.set(client_address(trusted))

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
    """Whether this request may change something by what the browser sends of itself."""
    changes = request.method not in SAFE or request.path.endswith(LOG_OUT)
    return changes and COOKIE in request.cookies and "Authorization" not in request.headers


def comes_from_elsewhere() -> bool:
    """Whether a page of another host makes the browser send this; other programs say nothing of pages."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname
    return request.headers.get("Sec-Fetch-Site", "") in ELSEWHERE


def _is_personal(answer: Response) -> bool:
    return "actor" in g or "Set-Cookie" in answer.headers or "/auth/" in request.path


def client_address(trusted: frozenset[str]) -> str:
    """The address of the client: the nearest one that is not a trusted proxy's own."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    address = request.remote_addr or ""
    while hops and (not address or address in trusted or "*" in trusted):
        address = hops.pop()
    return address[:64]
