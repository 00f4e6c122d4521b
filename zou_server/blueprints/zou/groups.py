"""All named routes: the table of each wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou import nested
from zou_server.blueprints.zou.files import routes as files_routes
from zou_server.blueprints.zou.live import routes as live_routes
from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.people import routes as people_routes
from zou_server.blueprints.zou.production import routes as production_routes
from zou_server.blueprints.zou.review import routes as review_routes
from zou_server.blueprints.zou.tasks import routes as tasks_routes
from zou_server.blueprints.zou.transfer import routes as transfer_routes

NAMED: tuple[Named, ...] = (
    *tasks_routes.ROUTES,
    *files_routes.ROUTES,
    *people_routes.ROUTES,
    *production_routes.ROUTES,
    *transfer_routes.ROUTES,
    *live_routes.ROUTES,
    *review_routes.ROUTES,
    *nested.ROUTES,
)
