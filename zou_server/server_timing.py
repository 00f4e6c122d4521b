"""The header `Server-Timing`: how long each stage of a request took, when a setting asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.services.read.stages import watch, watched

if TYPE_CHECKING:
    from flask import Flask, Response


def attach_server_timing(app: Flask) -> None:
    """Say in every answer how long its stages took; of one that is streamed, until it began."""

    @app.before_request
    def begin() -> None:
        watch()

    @app.after_request
    def end(response: Response) -> Response:
        stages = watched()
        if stages is not None:
            stages.end("render")
            response.headers["Server-Timing"] = stages.header()
        return response
