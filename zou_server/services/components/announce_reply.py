"""A reply is an event of the comment that it answers (docs/protocols/zou.md 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.models.review import Note
from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def announce_reply(pipeline: Pipeline, change: Change) -> None:
    """A `comment:reply` for each new reply."""
    row: Any = change.row
    if not change.created or row.parent_id is None:
        return
    comment, held = pipeline.targets.get(row.parent_id), pipeline.rows.any(row.parent_id)
    if comment is not None:
        task = {"task_id": held.object_id} if isinstance(held, Note) else {}
        pipeline.work.record(named_event("reply", comment, reply_id=row.id, **task))
