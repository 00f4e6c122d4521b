"""Where a request comes from, for whoever counts failed log-ins: set by the web, empty elsewhere."""

from __future__ import annotations

from contextvars import ContextVar

ADDRESS: ContextVar[str] = ContextVar("address", default="")
"""The address of the client of this request."""
