"""A comment on a task that gives it a status is news of the production (docs/protocols/zou.md 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.services.write.unit_of_work import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def announce_news(pipeline: Pipeline, change: Change) -> None:
    """A `news:new` for each such comment, whoever made it; the comment is the news."""
    row: Any = change.row
    if not change.created or row.parent_id is not None or row.sets_status_id is None:
        return
    about = pipeline.targets.get(row.object_id)
    if about is not None and about.kind == "Task":
        change.tidings.append(Recorded("news", "Note", row.id, None, about.project_id, new={}, first=True))
