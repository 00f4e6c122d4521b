"""Who somebody is now, for work that is done later in their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.models.errors import NotFound
from zou_server.services.people.load_actor import ActorQuery, to_actor

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Engine

    from zou_server.models.actor import Actor

_BY_ID = ActorQuery("by_id", "person p", "p.id = $1")


def actor_of(engine: Engine, person_id: uuid.UUID, *, client: str) -> Actor:
    """The person with the rights of this moment; Unauthenticated when they may not enter any more."""
    row = _BY_ID.first(engine, str(person_id))
    if row is None:
        raise NotFound(f"There is no Person {person_id}.")
    return to_actor(row, client=client)
