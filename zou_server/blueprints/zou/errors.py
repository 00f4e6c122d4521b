"""What goes wrong, in Zou's words: one table from the domain's errors to status and body.

gazu shows the string under `message`, and the `field: message` pairs under `data.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from zou_server.blueprints.zou.files.seed_refusal import SeedRefusal
from zou_server.models.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InUse,
    Invalid,
    Locked,
    NoRoom,
    NotFound,
    Stale,
    Unauthenticated,
    Unavailable,
    UnknownField,
    UnknownType,
)
from zou_server.services.file_trees.descriptor import BadPath
from zou_server.services.file_trees.revisions import RevisionTaken
from zou_server.services.people.load_actor import InactivePerson
from zou_server.services.people.second_factors import SecondFactorRequired
from zou_server.services.write.remember_answer import KeyReused
from zou_server.web import json_text, note_error

Body = dict[str, Any]


def _said(error: DomainError) -> Body:
    return {"error": True, "message": error.message}


def _saying(message: str) -> Callable[[DomainError], Body]:
    return lambda error: {"error": True, "message": message, **_details(error)}


def _details(error: DomainError) -> Body:
    fields: Mapping[str, list[str]] = getattr(error, "fields", {})
    errors = [{"field": name, "message": reason} for name, reasons in fields.items() for reason in reasons]
    return {"data": {"errors": errors}} if errors else {}


def _invalid(error: Invalid) -> Body:
    """Zou's own sentence when the error has none but the names of the fields."""
    reasons = {reason for reasons in error.fields.values() for reason in reasons}
    message = error.message
    if reasons == {"is required"}:
        message = "A required field is missing."
    elif error.fields and message == Invalid(fields=error.fields).message:
        message = "Validation error."
    return {"error": True, "message": message, **_details(error)}


def _sentence(error: DomainError) -> Body:
    """The shape of the routes about files: the sentence itself under `error`."""
    return {"error": error.message, "message": error.message, **_details(error)}


def _sentence_and_body(error: SeedRefusal) -> Body:
    return {"error": error.message, "message": error.message, "received_data": error.received}


def _token_refused(error: DomainError) -> Body:
    """The shape of everything that is wrong with a token."""
    return {"msg": error.message}


def _inactive(error: DomainError) -> Body:
    return {"error": True, "unactive": True, "msg": error.message, "message": error.message}


def _must_enrol(error: DomainError) -> Body:
    return {"error": True, "two_factor_authentication_required": True, "message": error.message}


TABLE: Mapping[type[DomainError], tuple[int, Callable[[Any], Body]]] = {
    DomainError: (400, _said),
    NotFound: (404, _said),
    UnknownType: (404, _said),
    Forbidden: (403, _said),
    SecondFactorRequired: (403, _must_enrol),
    Unauthenticated: (401, _token_refused),
    InactivePerson: (401, _inactive),
    Locked: (400, _said),
    Invalid: (400, _invalid),
    UnknownField: (400, _said),
    Conflict: (400, _saying("A record with the same unique values already exists.")),
    InUse: (400, _saying("The change conflicts with records referencing this one.")),
    Stale: (412, _said),
    BadPath: (400, _sentence),
    RevisionTaken: (400, _sentence),
    SeedRefusal: (400, _sentence_and_body),
    KeyReused: (422, _said),
    NoRoom: (507, _said),
    Unavailable: (503, _said),
}
"""Domain error -> status and body; an error without a line of its own answers as its parent."""


def answer_error(error: DomainError) -> Response:
    """The answer to a domain error."""
    note_error(error)
    status, body = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    return json_text(orjson.dumps(body(error)), status)


def answer_http_error(error: HTTPException) -> Response:
    """The answer to what the framework refuses: wrong method, body too big, wrong content type."""
    body = orjson.dumps({"error": True, "message": error.description or error.name})
    answer = json_text(body, error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def register_errors(target: Blueprint | Flask) -> None:
    """Make a blueprint of this dialect answer errors in this dialect."""
    target.register_error_handler(DomainError, answer_error)
    target.register_error_handler(HTTPException, answer_http_error)
