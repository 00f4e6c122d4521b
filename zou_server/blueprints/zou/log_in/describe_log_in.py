"""Logging in and out of the Zou dialect, as OpenAPI: what no table of types can say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zou_server.blueprints.zou.describe_api.describe_answers import (
    ANYBODY,
    ERRORS,
    LOG_IN,
    SIGNED_IN,
    refused,
)
from zou_server.blueprints.zou.log_in.auth import ROUTES as AUTH_ROUTES
from zou_server.blueprints.zou.log_in.welcome import CONFIG
from zou_server.description import Schema, answer, body, operation, or_null, ref, thing

_TEXT: Schema = {"type": "string"}
_YES: Schema = {"type": "boolean"}
_WHO: dict[str, Schema] = {
    "user": ref("Person"),
    "organisation": or_null(ref("Organisation")),
}
_KINDS: dict[type, Schema] = {bool: _YES, str: _TEXT, int: {"type": "integer"}}
_REFUSED_LOG_IN = thing(
    {
        "login": _YES,
        "error": _YES,
        "message": _TEXT,
        "too_many_failed_login_attemps": _YES,
        "unactive": _YES,
        "data": thing({"errors": ERRORS}),
    }
)

_WELCOME = answer(
    "What answers here, and its version.", thing({"api": _TEXT, "version": _TEXT}, ("api", "version"))
)

_CONFIG = answer(
    "What a client shows before anybody has logged in.",
    thing(
        {**{key: _KINDS[type(value)] for key, value in CONFIG.items()}, "dark_theme_by_default": _YES},
        ("is_self_hosted",),
    ),
)

AUTH: dict[str, dict[str, Any]] = {
    "/auth/login": {
        "method": "post",
        "summary": "Log in",
        "security": ANYBODY,
        "sends": body(thing({"email": _TEXT, "password": _TEXT}, ("email", "password"))),
        "answers": {
            200: answer(
                "The tokens, and who you are. A browser gets them as cookies too.",
                thing(
                    {**_WHO, "login": _YES, "access_token": _TEXT, "refresh_token": _TEXT},
                    ("user", "login", "access_token", "refresh_token"),
                ),
            ),
            400: answer("Wrong e-mail or password, or too many of them.", _REFUSED_LOG_IN),
            401: answer("The account is closed.", _REFUSED_LOG_IN),
        },
    },
    "/auth/refresh-token": {
        "method": "get",
        "summary": "Get a new access token for the refresh token",
        "security": SIGNED_IN,
        "answers": {
            200: answer(
                "The new access token; for a browser as a cookie.",
                thing({"access_token": _TEXT, "refresh": _YES}),
            )
        },
    },
    "/auth/logout": {
        "method": "get",
        "summary": "Log out: end the refresh token and all that came of it",
        "security": SIGNED_IN,
        "answers": {200: answer("Logged out.", thing({"logout": _YES}, ("logout",)))},
    },
    "/auth/authenticated": {
        "method": "get",
        "summary": "Who am I",
        "security": SIGNED_IN,
        "answers": {
            200: answer(
                "The caller and the studio.",
                thing({**_WHO, "authenticated": _YES}, ("authenticated", "user")),
            )
        },
    },
    "/auth/change-password": {
        "method": "post",
        "summary": "Change one's own password, which ends all one's sessions",
        "security": SIGNED_IN,
        "sends": body(
            thing(
                {"old_password": _TEXT, "password": _TEXT, "password_2": _TEXT},
                ("old_password", "password", "password_2"),
            )
        ),
        "answers": {200: answer("Changed.", thing({"success": _YES}, ("success",)))},
    },
}
"""Path -> what its operation is; a route without a line here is described by nothing but its docstring."""


def log_in_paths() -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path and its operations."""
    for path, resource in AUTH_ROUTES.items():
        said = dict(AUTH.get(path, {}))
        methods = [said.pop("method")] if said else [name.lower() for name in resource.methods or ()]
        said.setdefault("summary", (resource.__doc__ or path).strip())
        answers = refused(413) | said.pop("answers", {200: answer("Done.", {})})
        yield path, {method: operation(LOG_IN, answers=answers, **said) for method in methods}
    yield (
        "/config",
        {"get": operation(LOG_IN, "What to know before log-in", {200: _CONFIG}, security=ANYBODY)},
    )
    yield "/", {"get": operation(LOG_IN, "Is this a Zou?", {200: _WELCOME}, security=ANYBODY)}
