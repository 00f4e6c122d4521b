"""The header `Server-Timing`: how long each stage of a request took, when a setting asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.services.read.stages import watch, watched

if TYPE_CHECKING:
    from flask import Request, Response

    from zou_server.request_cycle import Application


def attach_server_timing(app: Application) -> None:
    """Say in every answer how long its stages took; of one that is streamed, until it began."""

    def begin(_request: Request, _state: Any) -> None:
        watch()

    def end(_request: Request, _state: Any, response: Response) -> None:
        stages = watched()
        if stages is not None:
            stages.end("render")
            response.headers["Server-Timing"] = stages.header()

    app.first.append(begin)
    app.last.append(end)
