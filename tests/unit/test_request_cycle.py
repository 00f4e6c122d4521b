"""The cycle of a request: steps in their order around every route, and routes found as Flask finds them."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import partial
from types import FunctionType
from typing import Any

import pytest
from flask import Blueprint, Flask, Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.test import create_environ, run_wsgi_app

from zou_server.blueprints.zou import blueprint as _all_of_zou
from zou_server.request_cycle import Application
from zou_server.web import DialectApi, RouteResource, WholeAnswer


@pytest.fixture
def seen() -> list[str]:
    """What ran, in order."""
    return []


@pytest.fixture
def app(seen: list[str]) -> Application:
    """An application that notes what runs around its one blueprint."""
    made = Application("cycle")

    def first(name: str) -> None:
        made.first.append(lambda _request, _state: seen.append(f"first {name}"))
        made.last.append(lambda _request, _state, _answer: seen.append(f"last {name}"))

    first("a")
    first("b")
    blueprint = Blueprint("own", __name__)
    blueprint.before_request(lambda: seen.append("before"))

    @blueprint.after_request
    def after(answer: Response) -> Response:
        seen.append("after")
        return answer

    @blueprint.get("/here")
    def here() -> str:
        seen.append("route")
        return "here"

    @blueprint.get("/broken")
    def broken() -> str:
        raise LookupError

    made.register_blueprint(blueprint)
    made.register_error_handler(LookupError, lambda _error: ("mended", 400))
    return made


def test_steps_of_a_blueprint_are_for_those_within_it_too(seen: list[str]) -> None:
    made, outer, inner = Application("nested"), Blueprint("outer", __name__), Blueprint("inner", __name__)
    for each, name in ((outer, "outer"), (inner, "inner")):
        each.before_request(partial(seen.append, f"before {name}"))
        each.after_request(partial(noted, seen, f"after {name}"))
    inner.add_url_rule("/deep", "deep", lambda: "deep")
    outer.register_blueprint(inner)
    made.register_blueprint(outer)
    assert made.test_client().get("/deep").text == "deep"
    assert seen == ["before outer", "before inner", "after inner", "after outer"]


def noted(seen: list[str], name: str, answer: Response) -> Response:
    seen.append(name)
    return answer


def test_steps_run_around_a_route_and_the_last_ones_backwards(app: Application, seen: list[str]) -> None:
    assert app.test_client().get("/here").text == "here"
    assert seen == ["first a", "first b", "before", "route", "after", "last b", "last a"]


def test_last_steps_run_for_an_error_and_for_an_address_of_nothing(app: Application, seen: list[str]) -> None:
    assert app.test_client().get("/broken").text == "mended"
    assert seen[-3:] == ["after", "last b", "last a"]
    seen.clear()
    assert app.test_client().get("/nothing").status_code == 404
    assert seen == ["first a", "first b", "last b", "last a"]


def test_a_step_that_answers_ends_the_request(app: Application, seen: list[str]) -> None:
    app.first.insert(1, lambda _request, _state: Response("no", 403))
    assert app.test_client().get("/here").status_code == 403
    assert seen == ["first a", "after", "last b", "last a"]


def test_a_step_that_fails_is_answered_as_a_route_that_fails(app: Application, seen: list[str]) -> None:
    def fail(_request: Request, _state: Any) -> None:
        raise LookupError

    app.first.append(fail)
    assert app.test_client().get("/here").text == "mended"
    assert "route" not in seen


def found_by(app: Flask, create: Any, environ: dict[str, Any]) -> object:
    """What an adapter of addresses holds; the error that there is none."""
    try:
        adapter = vars(create(app, app.request_class(environ)))
    except HTTPException as error:
        return type(error), error.code
    return adapter


@pytest.mark.parametrize("host", ["localhost", "Studio.COM:8080", "bücher.example", "a..b", "", "x" * 70])
@pytest.mark.parametrize("path", ["/here", "/h%C3%A9re", "//here", "/here?a=%C3%A9&b=ü"])
@pytest.mark.parametrize("mounted", ["", "/zou"])
def test_a_route_is_looked_for_as_flask_looks_for_it(
    app: Application, host: str, path: str, mounted: str
) -> None:
    environ = create_environ(path.replace("//", "/"), "http://localhost" + mounted)
    if path.startswith("//"):
        environ["PATH_INFO"] = path
    environ["HTTP_HOST"] = host.encode().decode("latin1")
    theirs = found_by(app, Flask.create_url_adapter, dict(environ))
    ours = found_by(app, Application.create_url_adapter, dict(environ))
    if isinstance(theirs, dict) and isinstance(ours, dict):
        theirs["path_info"] = f"/{theirs['path_info'].lstrip('/')}"  # as it does itself when it looks
    assert ours == theirs


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", [200, 201, 204, 304, 404])
@pytest.mark.parametrize("headers", [{}, {"ETag": '"1"'}, {"Location": "/élan"}, {"Content-Length": "7"}])
def test_a_whole_answer_is_sent_as_flask_sends_it(method: str, status: int, headers: dict[str, str]) -> None:
    environ = create_environ("/", method=method)
    sent = [
        run_wsgi_app(kind("a body", status=status, headers=headers), environ)
        for kind in (Response, WholeAnswer)
    ]
    (body, line, theirs), (same_body, same_line, ours) = ((b"".join(a), b, list(c)) for a, b, c in sent)
    assert (body, line, theirs) == (same_body, same_line, ours)


def test_what_waits_for_the_end_of_a_whole_answer_is_called() -> None:
    called: list[int] = []
    answer = WholeAnswer("a body")
    answer.call_on_close(lambda: called.append(1))
    run_wsgi_app(answer, create_environ("/"), buffered=True)
    assert called == [1]


def every_resource(of: type[Any] = RouteResource) -> Iterator[type[Any]]:
    """Every class of resources that are made once for their route."""
    for each in of.__subclasses__():
        yield each
        yield from every_resource(each)


def test_resources_keep_nothing_of_a_request() -> None:
    """Each is made once for its route, so what one request left on it another would find."""
    assert _all_of_zou.PREFIXES
    resources = set(every_resource())
    assert len(resources) > 100
    kept = set()
    for resource in resources:
        for name, method in vars(resource).items():
            if name != "__init__" and isinstance(method, FunctionType):
                kept |= {
                    (resource.__name__, name, ast.unparse(each))
                    for each in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(method))))
                    if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
                    if isinstance(each.value, ast.Name) and each.value.id == "self"
                }
    assert kept == set()


def test_one_resource_answers_all_requests_of_its_route() -> None:
    made: list[str] = []

    class Counted(RouteResource):
        def __init__(self) -> None:
            made.append("once")

        def get(self) -> Response:
            return Response("here")

    app = Application("routes")
    DialectApi(app).add_resource(Counted, "/here")
    assert [app.test_client().get("/here").text for _ in range(3)] == ["here"] * 3
    assert made == ["once"]


def test_questions_of_browsers_are_answered_without_a_view(app: Application) -> None:
    answer = app.test_client().options("/here")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
