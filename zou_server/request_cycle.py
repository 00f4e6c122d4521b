"""The cycle of a request: what happens around every route, whichever dialect it is of.

Flask looks through its lists of functions for each request, asks of each whether it is a coroutine, and gives
them no argument, so that all look the request up again. Here a step is called with the request and what is
kept on it; what Flask's own registers hold for a blueprint is put together once for each route.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, Request, Response, g, request
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

First = Callable[[Request, Any], "Response | None"]
"""A step before the route: of the request and what is kept on it (`flask.g`). An answer ends the request."""
Last = Callable[[Request, Any, Response], None]
"""A step after the route, which may add to the answer."""


class Around(NamedTuple):
    """The view of a route, and what its blueprint, and Flask's own registers, put around it."""

    view: Callable[..., Any] | None
    before: tuple[Callable[[], Any], ...]
    after: tuple[Callable[[Response], Response], ...]


class Application(Flask):
    """Flask with one cycle for all requests: `first`, the route, and `last` backwards.

    Flask's sessions, preprocessors of addresses, signals and `after_this_request` are not for these requests:
    nothing has any.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self.first: list[First] = []
        self.last: list[Last] = []
        self._around = lru_cache(maxsize=None)(self._look_around)
        self._server_name = lru_cache(maxsize=256)(lambda host: self.url_map.bind(host).server_name)

    def full_dispatch_request(self) -> Response:
        """The whole life of a request: first steps, the blueprint's, the route or the error, last steps."""
        asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - one look-up
        kept = g._get_current_object()  # noqa: SLF001
        found: ResponseReturnValue | None = None
        try:
            for step in self.first:
                found = step(asked, kept)
                if found is not None:
                    break
            else:
                around = self._around(asked.endpoint)
                for before in around.before:
                    found = before()
                    if found is not None:
                        break
                else:
                    if around.view is None or asked.method == "OPTIONS":
                        found = self.dispatch_request()  # an address of nothing, or a question of a browser
                    else:
                        found = around.view(**(asked.view_args or {}))
        except Exception as error:  # noqa: BLE001 - whatever it is, the tables of errors answer it
            found = self.handle_user_exception(error)
        return self.process_response(found if isinstance(found, Response) else self.make_response(found))

    def process_response(self, response: Response) -> Response:
        """Let the blueprint's steps and the last ones add to an answer, also to that of a defect."""
        asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        for after in self._around(asked.endpoint).after:
            response = after(response)
        kept = g._get_current_object()  # noqa: SLF001
        for step in reversed(self.last):
            step(asked, kept, response)
        return response

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds the route of a request; of the address only the host has to be looked at."""
        environ = {} if request is None else request.environ
        if request is None or "HTTP_UPGRADE" in environ or environ["PATH_INFO"][:1] != "/":
            return super().create_url_adapter(request)
        host = request.host = get_host(environ)
        query = request.query_string.decode(errors="replace")
        about = (request.root_path, "", environ["wsgi.url_scheme"], request.path, request.method, query)
        return MapAdapter(self.url_map, self._server_name(host), *about)

    def _look_around(self, endpoint: str | None) -> Around:
        """What Flask's registers have for a route: those of the application, then those of its blueprints."""
        within = (endpoint or "").split(".")[:-1]
        names = (None, *accumulate(within, "{}.{}".format))
        return Around(
            self.view_functions.get(endpoint or ""),
            tuple(step for name in names for step in self.before_request_funcs.get(name, ())),
            tuple(
                step for name in reversed(names) for step in reversed(self.after_request_funcs.get(name, []))
            ),
        )
