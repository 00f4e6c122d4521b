"""What every answer and request of every dialect has in common for safety's sake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, request

from zou_server.services.people.caller import ADDRESS

if TYPE_CHECKING:
    from flask import Response

BUSY = 503
RETRY_SECONDS = "5"


def attach_safeguards(app: Flask, trusted_proxies: str) -> None:
    """Note where each request comes from, and give every answer the headers that protect it."""
    trusted = frozenset(each.strip() for each in trusted_proxies.split(","))

    @app.before_request
    def note_address() -> None:
        ADDRESS.set(client_address(trusted))

    @app.after_request
    def protect(answer: Response) -> Response:
        if answer.status_code == BUSY:
            answer.headers.setdefault("Retry-After", RETRY_SECONDS)
        return answer


def client_address(trusted: frozenset[str]) -> str:
    """The address of the client: the nearest one that is not a trusted proxy's own."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    address = request.remote_addr or ""
    while hops and (not address or address in trusted or "*" in trusted):
        address = hops.pop()
    return address[:64]
