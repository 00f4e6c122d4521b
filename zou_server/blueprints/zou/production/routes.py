"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.production import (
    asset_instances,
    budget_time,
    bulk_actions,
    casting,
    entity_actions,
    entity_versions,
    episode_stats,
    fields_everywhere,
    inventory,
    neighbours,
    news,
    project_settings,
    project_team,
    scene_shots,
    schedule,
    search,
    shared_assets,
    templates,
)

ROUTES: tuple[Named, ...] = (
    *news.ROUTES,
    *search.ROUTES,
    *shared_assets.ROUTES,
    *templates.ROUTES,
    *schedule.ROUTES,
    *inventory.ROUTES,
    *bulk_actions.ROUTES,
    *fields_everywhere.ROUTES,
    *entity_versions.ROUTES,
    *episode_stats.ROUTES,
    *budget_time.ROUTES,
    *scene_shots.ROUTES,
    *casting.ROUTES,
    *project_settings.ROUTES,
    *project_team.ROUTES,
    *entity_actions.ROUTES,
    *asset_instances.ROUTES,
    *neighbours.ROUTES,
)
