"""The server's log: one line for each request and for each thing worth telling.

``init_logging`` is called once in each process, ``attach`` once for each application. A request's line holds
no query string, no header and no body, because tokens travel in them. A handler says who asked by setting
``flask.g.log_actor``, or by putting the actor itself on ``flask.g.actor``.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

from flask import Flask, g, request

from zou_server.log_format import init_logging, request_logger

if TYPE_CHECKING:
    from flask import Response

    from zou_server.settings import Settings

__all__ = ["attach", "init_logging"]

REQUEST_ID = "X-Request-Id"
ERROR_CODE = "X-Error-Code"
"""Which error an answer tells of: docs/errors.md says what each means and what to do."""
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
QUIET_PATHS = frozenset({"/health/live", "/health/ready", "/metrics"})
SERVER_ERROR = 500


def attach(app: Flask, settings: Settings) -> None:
    """Give each request an id, echoed in X-Request-Id, and one line in the log."""
    log = request_logger(settings)
    clock = time.perf_counter
    tells_quiet_paths = settings.log_level == "debug"

    @app.before_request
    def begin() -> None:
        given = request.headers.get(REQUEST_ID)
        g.request_id = given if given and ACCEPTABLE_ID.fullmatch(given) else os.urandom(8).hex()
        g.request_began = clock()

    @app.after_request
    def end(response: Response) -> Response:
        state = g._get_current_object()  # noqa: SLF001 - one look-up of the proxy instead of four
        request_id = state.get("request_id")
        if request_id is None:  # the request was refused before it began
            return response
        response.headers[REQUEST_ID] = request_id
        error_code = state.get("error_code")
        if error_code is not None:
            response.headers[ERROR_CODE] = error_code
        status = response.status_code
        path = request.path
        if path in QUIET_PATHS and not tells_quiet_paths:
            return response
        (log.error if status >= SERVER_ERROR else log.info)(
            "request",
            request_id=request_id,
            method=request.method,
            path=path,
            status=status,
            ms=round((clock() - state.request_began) * 1000, 2),
            actor=state.get("log_actor") or getattr(state.get("actor"), "name", None),
            **({} if error_code is None else {"error_code": error_code}),
        )
        return response
