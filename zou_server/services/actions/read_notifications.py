"""Marking everything that one was told as read, in one go."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.feed import Notification
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.write.operations import Result
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def read_notifications(context: Context, row: Person, _values: Mapping[str, Any]) -> Result:
    """Mark a person's notifications as read; the one event names the person (docs/protocols/zou.md 15)."""
    context.session.flush()
    marked = context.session.execute(
        sa.update(Notification)
        .where(
            Notification.person_id == row.id, Notification.deleted_at.is_(None), Notification.read.is_(False)
        )
        .values(
            read=True,
            updated_at=context.work.now,
            updated_by_id=row.id,
            lock_version=Notification.lock_version + 1,
        )
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    ).all()
    if marked:
        context.work.record(_all_read(row.id))
    return Result(row.id, context.rows.identity(row.id).number, facet("Person"), changed=bool(marked))


def _all_read(person_id: uuid.UUID) -> Recorded:
    return Recorded(
        "all-read", "Notification", person_id, None, None, new={"person_id": str(person_id)}, first=True
    )
