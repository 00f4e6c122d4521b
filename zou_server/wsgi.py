"""The application as a WSGI server wants it, made from the environment's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.app import create_app
from zou_server.logs import init_logging
from zou_server.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def make_application() -> Flask:
    """Return the application; gunicorn calls this once in each web process."""
    settings = Settings.from_env()
    init_logging(settings)
    return create_app(settings)
