"""What is noted of a day as a whole shows as a time log, beside those that people kept themselves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou_server.models.base import Identity
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.models.task import TimeSpent
from zou_server.models.teamwork import Timelog
from zou_server.services.rules.loaded_rows import loaded_rows
from zou_server.services.tasks.local_days import noon, zone
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork

SECONDS_IN_MINUTE = 60
_KEPT = 0.5
"""Seconds that are not worth a row: what is left of sums of fractions."""


def show_time(context: Context, changes: Sequence[Change]) -> None:
    """Let each written day have one time log of its own, of what the others do not say."""
    ids = [
        change.row.id
        for change in changes
        if change.created or change.changed("duration", "date", "task_id", "person_id")
    ]
    if not ids:
        return
    context.session.flush()
    own = _own_logs(context.work, ids)
    left = {row.id: row for row in context.session.execute(_left(ids))}
    changed = {own[id_]: left[id_] for id_ in left if id_ in own and abs(left[id_].seconds) >= _KEPT}
    with loaded_rows(context.work, facet("Timelog"), changed) as logs:
        for log in logs:
            for name, value in _said(changed[log.row.id]).items():
                log.set(name, value)
    gone = [own[id_] for id_ in left if id_ in own and abs(left[id_].seconds) < _KEPT]
    if gone:
        retire_all(context.work, facet("Timelog"), gone)
    for id_, row in left.items():
        if id_ not in own and abs(row.seconds) >= _KEPT:
            context.link(facet("Timelog"), {**_said(row), "comment": "", "time_spent_id": id_})


def _said(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "object_id": row.task_id,
        "person_id": row.person_id,
        "project_id": row.project_id,
        "start": noon(row.date, zone(row.timezone)),
        "day": row.date,
        "duration": float(row.seconds),
    }


def _own_logs(work: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The time logs that were made for entries."""
    rows = work.session.execute(
        sa.select(Timelog.time_spent_id, Timelog.id).where(
            Timelog.time_spent_id.in_(ids), Timelog.deleted_at.is_(None)
        )
    )
    return {entry: log for entry, log in rows if entry is not None}


def _left(ids: Sequence[uuid.UUID]) -> sa.Select[*tuple[Any, ...]]:
    """What of each entry's time the time logs that people kept do not say."""
    log = aliased(Timelog)
    kept = (
        sa.select(sa.func.coalesce(sa.func.sum(log.duration), 0.0))
        .where(
            log.object_id == TimeSpent.task_id,
            log.person_id == TimeSpent.person_id,
            log.day == TimeSpent.date,
            log.time_spent_id.is_distinct_from(TimeSpent.id),
            log.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    seconds = (TimeSpent.duration * SECONDS_IN_MINUTE - kept).label("seconds")
    return (
        sa.select(
            TimeSpent.id,
            TimeSpent.task_id,
            TimeSpent.person_id,
            TimeSpent.date,
            Identity.project_id,
            Person.timezone,
            seconds,
        )
        .outerjoin(Identity, Identity.id == TimeSpent.task_id)
        .outerjoin(Person, Person.id == TimeSpent.person_id)
        .where(TimeSpent.id.in_(ids), TimeSpent.deleted_at.is_(None), TimeSpent.task_id.is_not(None))
        .order_by(TimeSpent.id)
    )


def logs_of_days(work: UnitOfWork, entries: Sequence[uuid.UUID]) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The time logs of whole days that go."""
    found = work.session.scalars(
        sa.select(Timelog.id)
        .join(
            TimeSpent,
            sa.and_(
                Timelog.object_id == TimeSpent.task_id,
                Timelog.person_id == TimeSpent.person_id,
                Timelog.day == TimeSpent.date,
            ),
        )
        .where(TimeSpent.id.in_(entries), Timelog.deleted_at.is_(None))
        .order_by(Timelog.id)
    )
    table: sa.Table = Timelog.__table__  # type: ignore[assignment]
    return table, list(found)
