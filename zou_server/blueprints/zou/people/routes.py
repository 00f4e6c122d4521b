"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.people import (
    chats,
    context,
    keys,
    own_chats,
    own_days,
    own_feed,
    own_filters,
    own_work,
    person_time,
    persons,
    presence,
    project_days,
)

ROUTES: tuple[Named, ...] = (
    *context.ROUTES,
    *chats.ROUTES,
    *own_chats.ROUTES,
    *own_feed.ROUTES,
    *own_filters.ROUTES,
    *own_days.ROUTES,
    *own_work.ROUTES,
    *persons.ROUTES,
    *keys.ROUTES,
    *person_time.ROUTES,
    *presence.ROUTES,
    *project_days.ROUTES,
)
