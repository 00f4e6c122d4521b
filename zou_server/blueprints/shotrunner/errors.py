"""From a domain error to a status and a body: one table, in the two shapes that ActiveResource reads.

JSON: `{"errors": {"shot_code": ["can't be blank"], "base": ["..."]}}`. XML: one `<error>` a sentence,
the attribute first, because that is how the client finds it. There is always at least one sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, request

from zou_server.blueprints.shotrunner.formats import format_of_request
from zou_server.blueprints.shotrunner.refusals import BadRequest, Messages, WrongAttributes
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
)
from zou_server.web import note_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.exceptions import HTTPException

    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

CHALLENGE = {"WWW-Authenticate": 'Basic realm="ShotRunner", charset="UTF-8"'}

STATUSES: Mapping[type[DomainError], int] = {
    DomainError: 400,
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Stale: 409,
    InUse: 409,
    Invalid: 422,
    Conflict: 422,
    Locked: 429,
    NoRoom: 507,
    Unavailable: 503,
}
"""The nearest class of an error that is named here decides."""

READS = frozenset({"GET", "HEAD"})


def status_of(error: DomainError, method: str) -> int:
    """The status of a domain error; what is invalid in a read is a bad request."""
    if isinstance(error, Conflict) and not error.fields:
        return STATUSES[Stale]  # no attribute is to blame, so trying again may help
    status = next(STATUSES[each] for each in type(error).__mro__ if each in STATUSES)
    return 400 if status == STATUSES[Invalid] and method in READS else status


def messages_of(error: DomainError, vocabulary: Vocabulary | None) -> Messages:
    """The sentences of an error by wire key; what is about no attribute is filed under `base`."""
    found: Messages = {}
    for name, why in _blamed(error, vocabulary).items():
        found.setdefault(_wire_key(error, vocabulary, name), []).extend(each for each in why if each)
    found = {key: why for key, why in found.items() if why}
    return found or {"base": [error.message or "is invalid"]}


def _blamed(error: DomainError, vocabulary: Vocabulary | None) -> Mapping[str, list[str]]:
    """The fields of an error; of a name that is taken not also the project that it is unique in."""
    fields: Mapping[str, list[str]] = getattr(error, "fields", {})
    display = vocabulary.facet.display if vocabulary is not None else ""
    return {display: fields[display]} if isinstance(error, Conflict) and display in fields else fields


def _wire_key(error: DomainError, vocabulary: Vocabulary | None, name: str) -> str:
    if vocabulary is None or isinstance(error, WrongAttributes):
        return name
    return vocabulary.keys.get(name.removeprefix("data."), name)


def answer_domain_error(error: DomainError) -> Response:
    """Answer a domain error in the format of the request."""
    note_error(error)
    status = status_of(error, request.method)
    body = format_of_request().errors(messages_of(error, g.get("vocabulary")))
    headers = CHALLENGE if status == STATUSES[Unauthenticated] else {}
    if isinstance(error, Locked):
        headers = {"Retry-After": str(error.seconds)}
    return Response(body, status=status, content_type=format_of_request().content_type, headers=headers)


def answer_http_error(error: HTTPException) -> Response:
    """Answer what the web server refuses: a method, a size, an extension."""
    answer = Response(
        format_of_request().errors({"base": [error.description or error.name]}),
        status=error.code,
        content_type=format_of_request().content_type,
    )
    kept = (pair for pair in error.get_headers() if pair[0].lower() not in ("content-type", "content-length"))
    answer.headers.extend(kept)
    return answer
