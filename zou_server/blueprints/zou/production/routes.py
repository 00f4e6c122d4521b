"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.production import (
    asset_instances,
    casting,
    entity_actions,
    news,
    project_settings,
    project_team,
    search,
    shared_assets,
    templates,
)

ROUTES: tuple[Named, ...] = (
    *news.ROUTES,
    *search.ROUTES,
    *shared_assets.ROUTES,
    *templates.ROUTES,
    *casting.ROUTES,
    *project_settings.ROUTES,
    *project_team.ROUTES,
    *entity_actions.ROUTES,
    *asset_instances.ROUTES,
)
