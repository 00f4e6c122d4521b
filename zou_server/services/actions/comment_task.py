"""Commenting on a task, which may give it a status and with it dates and a retake more.

Source: docs/protocols/zou.md 6. One transaction: a comment without its status change never exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.free_links import MANY
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import facet
from zou_server.models.status import Status
from zou_server.models.task import Task
from zou_server.schemas.derive import load
from zou_server.services.actions.comments.copy_to_siblings import copy_to_siblings
from zou_server.services.rules.link_note import OF_TASKS
from zou_server.services.rules.run_automations import run_automations
from zou_server.services.tasks.comment_facts import (
    is_latest,
    known_of,
    refuse_more_retakes,
    status_for,
)
from zou_server.services.tasks.give_status import give_status, refuse_status
from zou_server.services.write.change import Change
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

WRITABLE = frozenset({"text", "sets_status_id", "checklist", "links", "for_client", "person_id"})


def comment_task(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Make the comment and let the task follow it; the result is the comment.

    Values: text, sets_status_id, checklist, links, for_client, and for managers person_id and
    created_at. Raises Forbidden for who may not, Invalid for no more retakes.
    """
    given = dict(values)
    role = context.actor.role_in(row.project_id)
    moment = _moment(role, given.pop("created_at", None))
    if unknown := sorted(given.keys() - WRITABLE):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    found = load(facet("Note"), given)
    status = status_for(context, row, found.get("sets_status_id"))
    if status.id != row.task_status_id:
        refuse_status(context, status, row.project_id)
    note = context.link(
        facet("Note"),
        {**found, "sets_status_id": status.id, "object_id": row.id, "project_id": row.project_id},
    )
    # Mostly so, which saves writing the row again: the rule of notes compares them once they are written.
    note.row.changes_status = status.id != row.task_status_id  # type: ignore[attr-defined]
    note.is_news = _is_news(context, row, note)
    if moment is not None:
        note.row.created_at = moment
    task, moment, before = context.touch(facet("Task"), row), note.row.created_at, row.task_status_id
    if _follow(context, task, status, moment):
        if status.is_feedback_request:
            _tell_reviewers(context, task, before, note)
        run_automations(context, task)
    copy_to_siblings(context, note, row, moment)
    return context.result_of(note)


def _tell_reviewers(context: Context, task: Change, before: Any, note: Change) -> None:
    """`task:to-review`: a comment asks for feedback (docs/protocols/zou.md 19)."""
    said, now = note.row, task.row
    facts = {
        "new_task_status_id": now.task_status_id,  # type: ignore[attr-defined]
        "previous_task_status_id": before,
        "person_id": said.person_id,  # type: ignore[attr-defined]
        "comment_id": said.id,
    }
    context.work.record(named_event("to-review", task.identity, **facts))


def _is_news(context: Context, row: Task, note: Change) -> bool:
    """True when the comment may concern somebody else, who is then to be told.

    What else a list of operations brings about for those who are to be told is not looked into.
    """
    said: Any = note.row
    is_own = said.person_id == context.actor.person_id
    speaks_to = [name for name in note.links if name != f"{MANY}{OF_TASKS}"]  # the task itself is nobody
    is_alone = is_own and not speaks_to and context.is_single
    return not is_alone or known_of(context, row).is_followed


def _moment(role: str | None, given: Any) -> dt.datetime | None:
    if given is None or role not in MANAGERS:
        return None
    found: dt.datetime | None = load(facet("Task"), {"start_date": given})["start_date"]
    return found


def _follow(context: Context, task: Change, status: Status, moment: dt.datetime) -> bool:
    """The task takes the status unless a later comment was there before; True when it is another one."""
    row = task.of(Task)
    if not is_latest(context, row, moment):
        return False
    if status.is_retake and status.id != row.task_status_id:
        refuse_more_retakes(context, row)
    return give_status(context.work, task, status, moment)
