"""What the dialects share of Flask: the Api class, JSON text answers, streaming, the request's actor.

A dialect's view parses, calls the studio once, renders. It raises domain errors; the dialect's own
error table answers them. Nothing here knows a dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, NoReturn

import orjson
from flask import Request, Response, g, has_app_context
from flask.json.provider import DefaultJSONProvider
from flask_restful import Api, Resource
from werkzeug.formparser import FormDataParser
from werkzeug.routing import Rule

from zou_server.models.actor import Actor
from zou_server.models.errors import DomainError, Invalid, Unauthenticated
from zou_server.services.read.reader import Page
from zou_server.services.read.spool import Spool

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.datastructures import FileStorage, MultiDict

JSON = "application/json"


class NamedParts(FormDataParser):
    """A reader of forms that refuses parts without a name, which no field is."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """Return what is left of the body, its fields and its files; Invalid where one has no name."""
        rest, fields, files = super().parse(stream, mimetype, content_length, options)
        if None in fields or None in files:
            for file in chain.from_iterable(files.listvalues()):
                file.close()
            raise Invalid("A part of the form has no name.")
        return rest, fields, files


class FormRequest(Request):
    """A request whose form has only parts with a name."""

    form_data_parser_class = NamedParts


class StrictJson(DefaultJSONProvider):
    """JSON bodies read by the one parser that all dialects use.

    Python's own takes half of a surrogate pair, which no answer could repeat, and NaN; both are no JSON.
    """

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value of a JSON text; ValueError when it is none."""
        return orjson.loads(s)


class MatchedRule(Rule):
    """A route that compiles the making of its addresses when somebody makes one.

    Nobody does here, and it is two thirds of the time that an application takes to be put together.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - werkzeug's signature
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            made: tuple[str, str] = compile_now(append_unknown)(rule, **values)
            return made

        return build


class DialectApi(Api):
    """flask-restful without its error handling.

    In production the extension turns a domain error into a bare 500 before the blueprint's own
    handlers see it; re-raised, those handlers answer the same with and without TESTING.
    """

    def output(self, resource: Any) -> Any:
        """The view itself: each resource of ours answers with a response."""
        return resource

    def handle_error(self, e: BaseException) -> NoReturn:
        """Let the blueprint's error handlers answer."""
        raise e


class RouteResource(Resource):
    """A resource that is made once for its route: it keeps nothing of a request."""

    init_every_request = False


class WholeAnswer(Response):
    """An answer whose body is there whole: what is to be sent needs no second look."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send it; what has no body, or another address in its headers, goes Flask's way."""
        headers = self.headers.to_wsgi_list()
        said = {name.lower() for name, _ in headers}
        is_plain = self.status_code in _WITH_BODY and environ["REQUEST_METHOD"] != "HEAD"
        if not is_plain or self._on_close or "content-length" not in said or "location" in said:
            return super().__call__(environ, start_response)
        start_response(self.status, headers)
        body: Iterable[bytes] = self.response  # type: ignore[assignment] # set_data has made it bytes
        return body


_WITH_BODY = frozenset({200, 201})


def json_text(text: str | bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer that is JSON text already."""
    return WholeAnswer(text, status=status, mimetype=JSON, headers=headers)


def json_rows(
    listed: Page | Spool | Iterable[str], opening: str = "[", closing: str = "]", mimetype: str = JSON
) -> Response:
    """An answer of many rows between an opening and a closing text; sent in blocks when it is big."""
    if isinstance(listed, Page):
        return Response(f"{opening}{listed.text}{closing}", mimetype=mimetype)
    blocks = listed.blocks() if isinstance(listed, Spool) else (text.encode() for text in listed)
    answer = Response(chain((opening.encode(),), blocks, (closing.encode(),)), mimetype=mimetype)
    answer.call_on_close(getattr(listed, "close", lambda: None))
    return answer


def note_error(error: DomainError) -> None:
    """Let the answer's X-Error-Code and the log say which error it was."""
    if has_app_context():
        g.error_code = error.code


def current_actor() -> Actor:
    """The actor that the dialect's authentication put on this request."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Unauthenticated("Log in first.")
    return actor
