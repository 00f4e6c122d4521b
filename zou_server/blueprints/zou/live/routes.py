"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.live import (
    last_events,
    login_logs,
)
from zou_server.blueprints.zou.named import Named

ROUTES: tuple[Named, ...] = (*last_events.ROUTES, *login_logs.ROUTES)
