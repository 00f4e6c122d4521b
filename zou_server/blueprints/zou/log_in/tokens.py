"""Zou's tokens: JWT in the `Authorization` header or in cookies, each the name of a row in `login_session`.

A token only says which session it is; whether the session still lives is read in every request, so
a revocation holds at once and everywhere.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, current_app, g, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    decode_token,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import NoAuthorizationError, WrongTokenError

from zou_server.models.actor import Actor
from zou_server.services.people.authenticate import ENROLMENT_LIFETIME, Authenticator
from zou_server.services.people.manage_sessions import SessionKind
from zou_server.services.people.second_factors import SecondFactorRequired

CLIENT = "zou"
ACCESS_COOKIE = "access_token_cookie"
REFRESH_COOKIE = "refresh_token_cookie"
EXTENSION = "zou-tokens"
KNOWN_TOKENS = 4096

ENROLMENT = "two_factor_authentication_required"
"""The claim of a token that is good for setting up a second factor only."""

IDENTITY_TYPES = {"Person": "person", "Script": "bot"}

_BROWSER = re.compile(r"(Chrome|CriOS|Firefox|FxiOS|Safari|Edge|Edg|EdgA|EdgiOS|Opera|OPR|Brave|Vivaldi)/\d")
_GAZU = re.compile(r"CGWire Gazu [1-9]\d*\.")
_EXPIRED = "Signature has expired"
_REVOKED = "Token has been revoked"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What this dialect keeps on the application."""

    authenticator: Authenticator
    verified: Callable[[str], dict[str, Any]]
    """The claims of a token whose signature was checked, now or a short while ago."""


def init_tokens(
    app: Flask, secret_key: str, access_hours: int, refresh_days: int, authenticator: Authenticator
) -> None:
    """Set up flask-jwt-extended as Zou's clients expect it."""
    app.config.update(
        JWT_SECRET_KEY=secret_key,
        JWT_ALGORITHM="HS256",
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(hours=access_hours),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=refresh_days),
        JWT_ACCESS_COOKIE_NAME=ACCESS_COOKIE,
        JWT_REFRESH_COOKIE_NAME=REFRESH_COOKIE,
        JWT_COOKIE_CSRF_PROTECT=False,  # the cookies are SameSite=Lax
    )
    manager = JWTManager(app)
    # gazu refreshes when it finds this text under `message`.
    manager.expired_token_loader(lambda _header, _claims: (jsonify(msg=_EXPIRED, message=_EXPIRED), 401))
    manager.revoked_token_loader(lambda _header, _claims: (jsonify(msg=_REVOKED), 401))
    app.extensions[EXTENSION] = Tokens(authenticator, lru_cache(KNOWN_TOKENS)(decode_token))


def load_actor() -> None:
    """Find out who sent this request and put them on it as `g.actor`; to be used before a request.

    The error handlers of flask-jwt-extended answer for a token that is missing (401), expired (401),
    malformed or of the wrong kind (422).
    """
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - one look-up
    if asked.method == "OPTIONS":
        return
    known: Tokens = current_app.extensions[EXTENSION]
    token = _sent_token(asked)
    # Checking a signature twice tells nothing new, so it is done once.
    claims = known.verified(token) if token else _verified(refresh=False)
    if token and (claims["exp"] <= time.time() or claims["type"] != "access"):
        _refuse(token)
    kind = SessionKind.ENROLMENT if claims.get(ENROLMENT) else SessionKind.ACCESS
    actor = known.authenticator.by_session(_session_id(claims["jti"]), kind=kind, client=CLIENT)
    kept = g._get_current_object()  # noqa: SLF001
    kept.actor = actor
    if kind is SessionKind.ENROLMENT and not asked.path.removeprefix("/api").startswith("/auth/"):
        raise SecondFactorRequired
    kept.is_enrolment = kind is SessionKind.ENROLMENT


def tokens() -> Tokens:
    """What `init_tokens` put on the application."""
    found: Tokens = current_app.extensions[EXTENSION]
    return found


def refresh_token_id() -> uuid.UUID:
    """The session that the refresh token of this request names."""
    return uuid.UUID(_verified(refresh=True)["jti"])


def new_access_token(actor: Actor, access_id: uuid.UUID, refresh_id: uuid.UUID) -> str:
    """A signed access token for a session that is on record."""
    claims = _claims(actor, access_id) | {"refresh_jti": str(refresh_id)}
    signed: str = create_access_token(str(actor.person_id), additional_claims=claims)
    return signed


def new_enrolment_token(actor: Actor, session_id: uuid.UUID) -> str:
    """A signed token that is good for setting up a second factor only."""
    claims = {**_claims(actor, session_id), ENROLMENT: True}
    signed: str = create_access_token(
        str(actor.person_id), additional_claims=claims, expires_delta=ENROLMENT_LIFETIME
    )
    return signed


def new_refresh_token(actor: Actor, refresh_id: uuid.UUID) -> str:
    """A signed refresh token for a session that is on record."""
    signed: str = create_refresh_token(str(actor.person_id), additional_claims=_claims(actor, refresh_id))
    return signed


def new_bot_token(bot_id: uuid.UUID, session_id: uuid.UUID, lifetime: timedelta) -> str:
    """A signed access token of a bot, which is never renewed."""
    claims = {"jti": str(session_id), "identity_type": IDENTITY_TYPES["Script"]}
    signed: str = create_access_token(str(bot_id), additional_claims=claims, expires_delta=lifetime)
    return signed


def is_browser() -> bool:
    """Tell whether the client is a browser: it gets cookies, because pages must not read tokens."""
    return _BROWSER.search(request.headers.get("User-Agent", "")) is not None


def takes_refresh_tokens() -> bool:
    """Tell whether the client keeps the refresh token of a refresh; gazu does since its version 1."""
    return _GAZU.search(request.headers.get("User-Agent", "")) is not None


def set_access_cookie(answer: Response, token: str) -> None:
    """Give the browser an access token."""
    _set_cookie(answer, ACCESS_COOKIE, token, "/")


def set_refresh_cookie(answer: Response, token: str) -> None:
    """Give the browser a refresh token, which it sends to one address only."""
    _set_cookie(answer, REFRESH_COOKIE, token, refresh_path())


def forget_cookies(answer: Response, *names: str) -> None:
    """Make the browser drop the named cookies."""
    paths = {ACCESS_COOKIE: "/", REFRESH_COOKIE: refresh_path()}
    for name in names:
        answer.delete_cookie(name, path=paths[name], httponly=True, samesite="Lax")


def refresh_path() -> str:
    """Where the client reaches the refresh route: beside the `/auth/...` route it calls now."""
    return f"{request.script_root}{request.path.partition('/auth/')[0]}/auth/refresh-token"


def _set_cookie(answer: Response, name: str, token: str, path: str) -> None:
    lifetime = tokens().verified(token)["exp"] - int(time.time())
    answer.set_cookie(
        name, token, max_age=lifetime, path=path, httponly=True, samesite="Lax", secure=request.is_secure
    )


def _claims(actor: Actor, session_id: uuid.UUID) -> dict[str, str]:
    return {"jti": str(session_id), "identity_type": IDENTITY_TYPES.get(actor.kind, "person")}


def _verified(*, refresh: bool) -> dict[str, Any]:
    """What flask-jwt-extended makes of the request: it raises its own error for each kind of fault."""
    verified = verify_jwt_in_request(refresh=refresh)
    if verified is None:
        raise NoAuthorizationError("Missing Authorization Header")
    claims: dict[str, Any] = verified[1]
    return claims


def _sent_token(asked: Request) -> str:
    """The access token of a request; empty when there is none or the header looks odd."""
    word, _, token = asked.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if word == "Bearer" and token and " " not in token and "," not in token:
        return token
    return "" if word else asked.cookies.get(ACCESS_COOKIE, "")


def _refuse(token: str) -> None:
    """Say of a token that was good what is wrong with it now, or that it is no access token."""
    if decode_token(token)["type"] != "access":  # raises when it has expired
        raise WrongTokenError("Only non-refresh tokens are allowed")


_session_id = lru_cache(KNOWN_TOKENS)(uuid.UUID)
