"""`POST /api3/json`: the envelope of every call, and of every answer.

A request is `{"method_name": ..., "params": [credentials, payload]}`. An answer is HTTP 200 whatever
happens: `{"results": ...}`, or `{"exception": true, "error_code": ..., "message": ...}`.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flask
import orjson
from flask import Response, g
from werkzeug.exceptions import RequestEntityTooLarge

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call
from zou_server.blueprints.shotgun.callers import caller
from zou_server.blueprints.shotgun.methods import INFO, METHODS
from zou_server.models.errors import DomainError
from zou_server.services.read.integrity import translated
from zou_server.web import note_error

if TYPE_CHECKING:
    from flask import Request

    from zou_server.blueprints.shotgun.files.addresses import Addresses
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio

_CREDENTIALS_AND_PAYLOAD = 2


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request as sent."""

    method: str
    auth: dict[str, Any]
    payload: Any


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers requests with JSON text; never raises for what a client sent."""

    studio: Studio
    authenticator: Authenticator
    addresses: Addresses

    def answer(self, request: Request) -> bytes:
        """Return the whole answer to one request."""
        method = "?"
        try:
            envelope = _open(_body(request))
            method = envelope.method
            with translated():
                text = self.addresses.filled(self._results(envelope), request.host_url.rstrip("/"))
                return f'{{"results":{text}}}'.encode()
        except errors.Fault as fault:
            return _refusal(fault, method)
        except DomainError as error:
            note_error(error)
            return _refusal(errors.fault_for(error, errors.About(method)), method)

    def _results(self, envelope: Envelope) -> str:
        if envelope.method == "info":
            return INFO
        if envelope.method not in METHODS:
            raise errors.unknown_method(envelope.method)
        actor = caller(self.authenticator, envelope.auth)
        g.log_actor = actor.name
        call = Call(
            envelope.method, envelope.payload, actor, self.studio, self.authenticator, self.studio.now()
        )
        return METHODS[envelope.method](call)


WORTH_COMPRESSING = 1000


def compressed(answer: Response) -> Response:
    """The answer as gzip where the client asks for it and it is not small."""
    if (answer.content_length or 0) < WORTH_COMPRESSING or not flask.request.accept_encodings["gzip"]:
        return answer
    answer.set_data(gzip.compress(answer.get_data(), 1))
    answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


def _body(request: Request) -> Any:
    try:
        return orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        raise errors.malformed("the body is not JSON") from None
    except RequestEntityTooLarge:
        raise errors.malformed("the body is too large") from None


def _open(body: Any) -> Envelope:
    """The parts of an envelope; a payload that is left out is an empty one."""
    method = body.get("method_name") if isinstance(body, dict) else None
    if not isinstance(method, str):
        raise errors.malformed("method_name is missing")
    params = body.get("params", [])
    if not isinstance(params, list) or len(params) > _CREDENTIALS_AND_PAYLOAD:
        raise errors.malformed("params must be a list of credentials and payload")
    auth = params[0] if params else {}
    if not isinstance(auth, dict):
        raise errors.malformed("the credentials must be a dictionary")
    return Envelope(method, auth, params[1] if len(params) == _CREDENTIALS_AND_PAYLOAD else {})


def _refusal(fault: errors.Fault, method: str) -> bytes:
    return orjson.dumps({"exception": True, "error_code": fault.code, "message": fault.render(method)})
