"""Time that is moved to another task leaves the one that it was spent on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.services.aftermath.recount_time import recount_tasks

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def leave_task(pipeline: Pipeline, change: Change) -> None:
    """Recount the former task; the one it is spent on now follows with all others."""
    former = None if change.created else change.before.get("task_id")
    if former is not None:
        pipeline.session.flush()
        recount_tasks(pipeline.work, {former})
