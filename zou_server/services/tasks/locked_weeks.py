"""Timesheets that the studio has locked: weeks that are over are closed (Kitsu: timesheets_locked)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.person import Organisation

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def refuse_locked_days(work: UnitOfWork, days: Iterable[dt.date]) -> None:
    """Forbidden when timesheets are locked and a day is before this week (Kitsu: timesheets_locked)."""
    monday = work.now.date() - dt.timedelta(days=work.now.weekday())
    if all(day >= monday for day in days):
        return
    if work.session.scalar(sa.select(Organisation.timesheets_locked).limit(1)):
        raise Forbidden("The timesheets of past weeks are locked.")
