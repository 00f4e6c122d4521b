"""Errors as ftrack clients read them: one JSON object for the whole request, whatever part of it failed.

    {"exception": "ValidationError", "content": "Shot has no attribute 'foo'.", "error_code": ...}

The status is 200 unless the client asked for real ones with `ftrack-strict-api: true`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from zou_server.blueprints.ftrack.queries.parser import ParseError
from zou_server.models.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Locked,
    NoRoom,
    NotFound,
    Unauthenticated,
    Unavailable,
)


class Malformed(Invalid):
    """The body is not a list of actions."""

    code = "malformed"
    cure = "Send a JSON list of actions, as ftrack_api does."


class TooLarge(Invalid):
    """The body is larger than the server takes."""

    code = "too_large"
    cure = "Send fewer actions at once; the setting ZOU_SERVER_MAX_BODY_BYTES is the limit."


class InvalidAction(Invalid):
    """An action that is not served. Clients look for these very words, with the u."""

    code = "invalid_action"
    cure = "Use another call: this one is not served."

    def __init__(self, name: str) -> None:
        super().__init__(f"Invalid action u'{name[:80]}'")


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """The wire form of one class of errors: name, code and status."""

    exception: str
    error_code: str | None
    status: int


ERRORS: Mapping[type[DomainError], ErrorShape] = {
    Unauthenticated: ErrorShape("InvalidCredentialsError", "api_credentials_invalid", 401),
    Locked: ErrorShape("InvalidCredentialsError", "api_credentials_invalid", 401),
    Forbidden: ErrorShape("PermissionError", None, 403),
    NotFound: ErrorShape("NotFoundError", None, 404),
    Conflict: ErrorShape("IntegrityError", None, 409),
    TooLarge: ErrorShape("ServerError", None, 413),
    ParseError: ErrorShape("ParseError", None, 400),
    Malformed: ErrorShape("ServerError", None, 400),
    InvalidAction: ErrorShape("ServerError", None, 400),
    Invalid: ErrorShape("ValidationError", None, 422),
    NoRoom: ErrorShape("ServerError", None, 507),
    Unavailable: ErrorShape("ServerError", None, 503),
    DomainError: ErrorShape("ServerError", None, 400),
}

_NO_BRACES = str.maketrans({"{": "(", "}": ")"})


def shape_of(error: DomainError) -> ErrorShape:
    """The shape of the nearest class that has one."""
    return next(ERRORS[each] for each in type(error).__mro__ if each in ERRORS)


def body(error: DomainError) -> bytes:
    """The error object. Braces become parentheses: the Python client formats the text with str.format."""
    shape = shape_of(error)
    # Clients look for this word to tell that something is there already.
    duplicate = (
        "DuplicateEntryError: " if isinstance(error, Conflict) and "same unique" in error.message else ""
    )
    content = (duplicate + error.message).translate(_NO_BRACES).encode("utf-8", "replace").decode()
    return orjson.dumps({"exception": shape.exception, "content": content, "error_code": shape.error_code})
