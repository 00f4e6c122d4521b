"""What day it is for somebody: a person's time zone decides it."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import lru_cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.person import Person

NOON = dt.time(12)


@lru_cache(maxsize=1024)
def zone(name: str | None) -> dt.tzinfo:
    """The time zone of a name; UTC for none, and for one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (OSError, ValueError):
        return dt.UTC


def zone_of_person(session: Session, person_id: uuid.UUID | None) -> dt.tzinfo:
    """The time zone that a person lives in."""
    if person_id is None:
        return dt.UTC
    return zone(session.scalar(sa.select(Person.timezone).where(Person.id == person_id)))


def local_day(moment: dt.datetime, where: dt.tzinfo) -> dt.date:
    """The day that a moment is of in a time zone; a moment that names no zone is UTC."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    try:
        return known.astimezone(where).date()
    except OverflowError:  # the first and the last day there are
        return known.date()


def noon(day: dt.date, where: dt.tzinfo) -> dt.datetime:
    """The middle of a day in a time zone: nearly everywhere the same day as in UTC."""
    local = dt.datetime.combine(day, NOON, where)
    try:
        return local.astimezone(dt.UTC)
    except OverflowError:
        return local.replace(tzinfo=dt.UTC)
