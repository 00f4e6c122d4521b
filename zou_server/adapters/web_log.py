"""gunicorn's log without a line for each request: the application writes those."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger


class WebLog(Logger):
    """The log of gunicorn itself, without access lines: the application logs requests."""

    access_log_enabled = False

    def access(self, *_arguments: Any) -> None:
        """Say nothing."""
