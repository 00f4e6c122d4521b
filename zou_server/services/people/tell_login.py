"""That somebody logged in, as the event log tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.models.event import LOG_IN
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.studio import Studio


def tell_login(studio: Studio, actor: Actor) -> None:
    """Write into the log that the actor logged in."""
    with studio.write(actor) as work:
        work.record(Recorded(LOG_IN, actor.kind, actor.person_id, actor.name, None))
        work.commit()
