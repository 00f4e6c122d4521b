"""Starting a task: it gets the studio's status for work in progress, by a comment like any other.

Source: docs/protocols/zou.md 1 (PUT /data/tasks/<id>/start): nothing changes when it is in progress already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS, allowed
from zou_server.models.registry import facet
from zou_server.models.status import Status
from zou_server.services.actions.comment_task import comment_task
from zou_server.services.actions.comments.facts import works_here
from zou_server.services.tasks.studio_status import studio_status
from zou_server.services.write.given import given_values
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline


def start_task(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Set the status and with it the real start; the result is the task."""
    given_values(values, {})
    require_worker(pipeline, row)
    now = pipeline.session.get(Status, row.task_status_id) if row.task_status_id else None
    task = pipeline.touch(facet("Task"), row)
    if now is None or not now.is_wip:
        wip = studio_status(pipeline.session, "is_wip", row.project_id)
        comment_task(pipeline, row, {"text": "", "sets_status_id": wip})
        pipeline.work.record(named_event("start", task.identity))
    return pipeline.result_of(task)


def require_worker(pipeline: Pipeline, row: Any) -> None:
    """Forbidden for who neither works on the task nor leads it, clients first of all."""
    role = pipeline.actor.role_in(row.project_id)
    if not allowed(pipeline.actor, role, "task", "work", row):
        raise Forbidden("Your role does not let you start a task or send it to review.")
    if role not in LEADS and not works_here(pipeline, row):
        raise Forbidden("You start tasks, and send them to review, that you are assigned to.")
