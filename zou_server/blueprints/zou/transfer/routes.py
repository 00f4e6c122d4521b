"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.transfer import (
    csv_export,
    csv_import,
    kitsu_import,
    shotgun_import,
    timeline_export,
    timeline_import,
)

ROUTES: tuple[Named, ...] = (
    *csv_export.ROUTES,
    *csv_import.ROUTES,
    *kitsu_import.ROUTES,
    *shotgun_import.ROUTES,
    *timeline_export.ROUTES,
    *timeline_import.ROUTES,
)
