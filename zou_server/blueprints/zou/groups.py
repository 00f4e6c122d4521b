"""Every table of named routes; a new module of routes gets one line here."""

from __future__ import annotations

from zou_server.blueprints.zou import comments, create_tasks
from zou_server.blueprints.zou.named import Named

NAMED: tuple[Named, ...] = (
    *create_tasks.ROUTES,
    *comments.ROUTES,
)
