"""Timesheets that the studio has locked: weeks that are over are closed (Kitsu: timesheets_locked)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.person import Organisation
from zou_server.services.tasks.local_days import local_day, zone_of_person

FIRST = dt.timedelta(hours=14)
"""How much earlier a day begins on Kiritimati than in UTC: nowhere is the week a later one."""

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def refuse_locked_days(work: UnitOfWork, days: Iterable[dt.date]) -> None:
    """Forbidden when timesheets are locked and a day is before this week of who asks, where they live."""
    asked = list(days)
    if all(day >= _monday(work.now + FIRST) for day in asked):
        return
    if not work.session.scalar(sa.select(Organisation.timesheets_locked).limit(1)):
        return
    today = local_day(work.now, zone_of_person(work.session, work.actor.person_id))
    if any(day < _monday(today) for day in asked):
        raise Forbidden("The timesheets of past weeks are locked.")


def _monday(day: dt.date) -> dt.date:
    found = dt.date(day.year, day.month, day.day)
    return found - dt.timedelta(days=found.weekday())
