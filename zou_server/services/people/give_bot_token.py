"""The token of a bot: one lives at a time, until the day the bot expires."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.person import Person
from zou_server.services.people.manage_sessions import SessionKind, end_all_sessions, insert_session

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

FOR_EVER = dt.timedelta(days=36_500)


def give_bot_token(work: UnitOfWork, bot_id: uuid.UUID) -> tuple[uuid.UUID, dt.timedelta]:
    """End the bot's sessions and open the one of its next token: the session's id and how long it lasts.

    Raises Forbidden for who is no administrator.
    """
    if not work.actor.is_admin:
        raise Forbidden("Administrators give bots their tokens.")
    work.session.flush()
    until = work.session.scalar(sa.select(Person.expiration_date).where(Person.id == bot_id))
    end_all_sessions(work.session, bot_id)
    lifetime = FOR_EVER if until is None else _until(until)
    session_id = insert_session(work.session, bot_id, SessionKind.ACCESS, lifetime)
    return session_id, lifetime


def _until(day: dt.date) -> dt.timedelta:
    """From now to the end of a day."""
    end = dt.datetime.combine(day, dt.time.max, dt.UTC)
    return max(end - dt.datetime.now(dt.UTC), dt.timedelta(seconds=1))
