"""Somebody who is put on a task is told so by an event of the task (docs/protocols/zou.md 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.services.write.named_event import named_event

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def announce_assignation(pipeline: Pipeline, change: Change) -> None:
    """A `task:assign` for each new assignation."""
    row: Any = change.row
    if not change.created or row.task_id is None:
        return
    task = pipeline.targets.get(row.task_id)
    if task is not None:
        pipeline.work.record(named_event("assign", task, person_id=row.person_id))
