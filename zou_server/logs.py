"""The server's log: one line for each request and for each thing worth telling.

``init_logging`` is called once in each process, ``attach`` once for each application. A request's line holds
no query string, no header and no body, because tokens travel in them. A handler says who asked by setting
``flask.g.log_actor``, or by putting the actor itself on ``flask.g.actor``.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any

from zou_server.log_format import init_logging, request_logger

if TYPE_CHECKING:
    from flask import Request, Response

    from zou_server.request_cycle import Application
    from zou_server.settings import Settings

__all__ = ["attach", "init_logging"]

REQUEST_ID, _HEADER = "X-Request-Id", "HTTP_X_REQUEST_ID"
ERROR_CODE = "X-Error-Code"
"""Which error an answer tells of: docs/errors.md says what each means and what to do."""
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
QUIET_PATHS = frozenset({"/health/live", "/health/ready", "/metrics"})
SERVER_ERROR = 500


def attach(app: Application, settings: Settings) -> None:
    """Give each request an id, echoed in X-Request-Id, and one line in the log."""
    log = request_logger(settings)
    clock = time.perf_counter
    tells_quiet_paths = settings.log_level == "debug"

    def begin(request: Request, state: Any) -> None:
        given = request.environ.get(_HEADER)
        state.request_id = given if given and ACCEPTABLE_ID.fullmatch(given) else os.urandom(8).hex()
        state.request_began = clock()

    def end(request: Request, state: Any, response: Response) -> None:
        request_id = state.get("request_id")
        if request_id is None:  # the request was refused before it began
            return
        response.headers[REQUEST_ID] = request_id
        error_code = state.get("error_code")
        if error_code is not None:
            response.headers[ERROR_CODE] = error_code
        status = response.status_code
        path = request.path
        if path in QUIET_PATHS and not tells_quiet_paths:
            return
        said = {
            "request_id": request_id,
            "method": request.method,
            "path": path,
            "status": status,
            "ms": round((clock() - state.request_began) * 1000, 2),
            "actor": state.get("log_actor") or getattr(state.get("actor"), "name", None),
        }
        if error_code is not None:
            said["error_code"] = error_code
        log("error" if status >= SERVER_ERROR else "info", said)

    app.first.append(begin)
    app.last.append(end)
