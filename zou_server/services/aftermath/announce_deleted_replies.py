"""What it tells that notes go: a reply of its comment, a comment of the news (docs/protocols/zou.md 15)."""

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
    """One `comment:delete-reply` for each reply whose comment stays, `news:delete` for each comment.

    They are `comment:reply` and `news:new` when the note is back.
    """
    comment = sa.orm.aliased(Note)
    rows = work.session.execute(
        sa.select(Note.id, Note.deleted_at, Note.sets_status_id, comment.object_id, Identity)
        .join(comment, comment.id == Note.parent_id, isouter=True)
        .join(Identity, Identity.id == sa.func.coalesce(comment.id, Note.id))
        .where(Note.id.in_(notes))
        .order_by(Note.created_at, Note.id)
    )
    for id_, deleted_at, status, task_id, about in rows:
        is_back = deleted_at is None
        if about.id == id_ and status is not None:
            work.record(named_event("news" if is_back else "news-gone", about))
        elif about.id not in together:
            action = "reply" if is_back else "delete-reply"
            work.record(named_event(action, about, reply_id=id_, task_id=task_id))
