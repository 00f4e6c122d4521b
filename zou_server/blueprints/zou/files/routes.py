"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.files import (
    attachments,
    file_paths,
    new_files,
    seed_files,
    working_files,
)
from zou_server.blueprints.zou.named import Named

ROUTES: tuple[Named, ...] = (
    *attachments.ROUTES,
    *file_paths.ROUTES,
    *new_files.ROUTES,
    *working_files.ROUTES,
    *seed_files.ROUTES,
)
