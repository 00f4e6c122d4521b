"""From where in the event log somebody is told what happens: from now on, or from an event they know."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.read.integrity import translated

if TYPE_CHECKING:
    from zou_server.services.studio import Studio

MOST_MISSED = 10_000
"""Whoever missed more events than this is quicker to read everything again."""

_LAST = sa.text("SELECT next - 1 FROM event_counter")
_NUMBER = Projection((Output("number", "number"),))
_PLAIN = Spelling()


def resume_events(studio: Studio, actor: Actor, event_id: uuid.UUID | None) -> int:
    """The number of the event after which the actor is to be told: of the one named, else of the last.

    NotFound for an event that the actor does not know, Invalid when they missed too many since.
    """
    if event_id is None:
        return last_number(studio.reads)
    reader, log = studio.read(actor, again=False), facet("LiveEvent")
    found = reader.one(Query(log, _NUMBER, Where("id", Op.EQ, str(event_id))), _PLAIN)
    if found is None:
        raise NotFound(f"last_event_id: there is no event {event_id}; read everything again.")
    number = int(orjson.loads(found)["number"])
    later = Query(
        log, _NUMBER, Where("number", Op.GT, number), (Order("number"),), limit=1, offset=MOST_MISSED
    )
    if reader.page(later, _PLAIN).count:
        raise Invalid(
            f"last_event_id: more than {MOST_MISSED} events happened since {event_id}; read everything again."
        )
    return number


def last_number(reads: sa.Engine) -> int:
    """The number of the last event that was committed."""
    with translated(), reads.connect() as connection:
        return int(connection.execute(_LAST).scalar_one())
