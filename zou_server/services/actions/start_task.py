"""Starting a task: it gets the studio's status for work in progress, by a comment like any other.

Source: docs/protocols/zou.md 1 (PUT /data/tasks/<id>/start): nothing changes when it is in progress already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet
from zou_server.models.status import Status
from zou_server.models.task import Task
from zou_server.services.actions.comment_task import comment_task
from zou_server.services.tasks.studio_status import studio_status
from zou_server.services.write.given import given_values
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def start_task(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Set the status and with it the real start; the result is the task."""
    given_values(values, {})
    now = context.session.get(Status, row.task_status_id) if row.task_status_id else None
    task = context.touch(facet("Task"), row)
    if now is None or not now.is_wip:
        wip = studio_status(context.session, "is_wip", row.project_id)
        comment_task(context, row, {"text": "", "sets_status_id": wip})
        context.work.record(named_event("start", task.identity))
    return context.result_of(task)
