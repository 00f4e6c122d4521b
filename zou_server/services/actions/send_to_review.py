"""Sending a task to review: it gets the studio's status for that, by a comment like any other.

Source: docs/protocols/zou.md 6 (PUT to-review); the status is the one that the studio's lists of work to
check look for, never one made on the fly (Weaknesses 17).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import Kind, facet
from zou_server.models.task import Task
from zou_server.services.actions.comment_task import comment_task
from zou_server.services.tasks.studio_status import studio_status
from zou_server.services.write.given import given_values
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

VALUES: Mapping[str, Kind] = {
    "person_id": Kind.LINK,
    "comment": Kind.TEXT,
    "name": Kind.TEXT,
    "revision": Kind.INTEGER,
    "change_status": Kind.BOOLEAN,
}


def send_to_review(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Tell that a revision waits to be looked at; the result is the task.

    `change_status` False leaves the status as it is. `name` and `revision` only travel in the event.
    """
    found = given_values(values, VALUES)
    task = context.touch(facet("Task"), row)
    said: dict[str, Any] = {"text": found["comment"] or ""}
    if found["person_id"] is not None:
        context.targets.check(facet("Note"), {"person_id": found["person_id"]})
        said["person_id"] = found["person_id"]
    if found["change_status"] is not False:
        said["sets_status_id"] = studio_status(context.session, "is_feedback_request", row.project_id)
    comment_task(context, row, said)
    facts = {name: found[name] for name in ("person_id", "name", "revision") if found[name] is not None}
    if facts or found["change_status"] is False:  # else the comment told it
        context.work.record(named_event("to-review", task.identity, **facts))
    return context.result_of(task)
