"""A reply that goes alone is an event of the comment that it answered (zou-behaviour.md 15)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.review import Note
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def announce_deleted_replies(
    work: UnitOfWork, notes: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """One `comment:delete-reply` for each reply whose comment stays; `comment:reply` when it is back."""
    comment = sa.orm.aliased(Note)
    rows = work.session.execute(
        sa.select(Note.id, Note.deleted_at, comment.object_id, Identity)
        .join(comment, comment.id == Note.parent_id)
        .join(Identity, Identity.id == comment.id)
        .where(Note.id.in_(notes))
        .order_by(Note.created_at, Note.id)
    )
    for id_, deleted_at, task_id, about in rows:
        if about.id not in together:
            action = "reply" if deleted_at is None else "delete-reply"
            work.record(named_event(action, about, reply_id=id_, task_id=task_id))
