"""The life of a task: where it hangs, what it gets without being told, and what follows from its status."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.status import default_status
from zou_server.models.task import Priority, Task
from zou_server.services.casting.count_ready_assets import after_tasks
from zou_server.services.rules.run_automations import run_automations
from zou_server.services.rules.supervisors import lead_task
from zou_server.services.rules.take_along import take_along
from zou_server.services.rules.task_dates import (
    follow_dates,
    is_moved,
    is_unpinned,
    plan_again,
    plan_tasks,
)
from zou_server.services.rules.task_template import is_of_template
from zou_server.services.rules.twins import tell_apart
from zou_server.services.talk.tell_people import tell_of_statuses
from zou_server.services.tasks.changes_of_status import mark_changes
from zou_server.services.tasks.comment_facts import facts_of, refuse_more_retakes, status_for
from zou_server.services.tasks.give_status import move_task, refuse_status
from zou_server.services.write.change import Change, values_of_unwritten
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def hang_task(context: Context, change: Change) -> None:
    """A task is in the project of what it hangs on, and never below itself."""
    row = change.of(Task)
    if row.entity_id is None or not (change.created or change.given.keys() & {"entity_id", "project_id"}):
        return
    about = context.targets.get(row.entity_id)
    if about is None:
        return
    if about.project_id not in (None, row.project_id):
        _follow_project(change, about.project_id)
    if about.kind == "Task":
        _refuse_loop(context, row)


def _follow_project(change: Change, project_id: uuid.UUID | None) -> None:
    row = change.of(Task)
    if row.project_id is not None and "project_id" in change.given:
        raise Invalid(fields={"project_id": ["is not the project of what the task hangs on"]})
    if change.created:
        row.project_id = project_id
    else:
        change.set("project_id", project_id)


def refuse_homeless(_context: Context, changes: Sequence[Change]) -> None:
    """Invalid for a task without a project that is of no template."""
    for change in changes:
        row = change.of(Task)
        if row.project_id is None and not is_of_template(row):
            raise Invalid(fields={"project_id": ["is required"]})


def complete_task(context: Context, change: Change) -> None:
    """A new task has a name, the default status and an assigner; its two priorities agree."""
    row = change.of(Task)
    if change.created:
        _name(context, change)
        if row.task_status_id is None:
            change.default("task_status_id", context.once(_default_status))
        if context.actor.person_id.int:
            change.default("assigner_id", context.actor.person_id)
    _agree_on_priority(context, change)


NAMELESS = frozenset({"shotgun"})
"""The clients whose own systems leave a task nameless until somebody names it."""


def _name(context: Context, change: Change) -> None:
    """Call a new task "main" unless it is called something, or its client knows tasks without a name."""
    unwritten = values_of_unwritten(change.row)
    if context.actor.client not in NAMELESS:
        change.default("name", "main")
    elif unwritten is not None and "name" not in change.said:
        unwritten["name"] = None


def _refuse_loop(context: Context, row: Task) -> None:
    """A task may hang below another one, but not below itself."""
    above, below = row.entity_id, {row.id}
    while above is not None:
        if above in below:
            raise Invalid(fields={"entity_id": ["would make a loop"]})
        below.add(above)
        found = context.rows.any(above)
        above = (
            getattr(found, "entity_id", None)
            if found is not None
            else context.session.scalar(sa.select(Task.entity_id).where(Task.id == above))
        )


def _default_status(context: Context) -> object:
    return context.session.scalar(sa.select(default_status()))


def _agree_on_priority(context: Context, change: Change) -> None:
    row = change.of(Task)
    if change.changed("priority_id") and row.priority_id is not None:
        row.priority = context.session.scalar(sa.select(Priority.value).where(Priority.id == row.priority_id))
    elif change.changed("priority") and row.priority is not None:
        row.priority_id = context.session.scalar(
            sa.select(Priority.id).where(Priority.value == row.priority, Priority.deleted_at.is_(None))
        )


def follow_status(context: Context, change: Change) -> None:
    """A status that is set by a plain update has the consequences of one that a comment gives."""
    row = change.of(Task)
    is_given = not change.created and "task_status_id" in change.given and row.task_status_id is not None
    if not is_given or not context.work.tells:
        return
    if str(row.task_status_id) not in facts_of(context).statuses:
        raise Invalid(fields={"task_status_id": ["does not exist"]})
    status = status_for(context, row, row.task_status_id)
    refuse_status(context, status, row.project_id)
    if status.is_retake:
        refuse_more_retakes(context, row)
    move_task(context.work, change, status)
    run_automations(context, change)


def compare_statuses_again(
    work: UnitOfWork, tasks: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]
) -> None:
    """Comments on a task that becomes a concept's are no news any more."""
    mark_changes(work, tasks)


TASK = Rule(
    before=(hang_task, complete_task, follow_status),
    together=(plan_tasks, tell_apart(Task)),
    written=(refuse_homeless, take_along),
    after=(
        After(lambda change: change.created, after_tasks),
        After(lambda change: change.is_moved, tell_of_statuses),
        After(is_moved, follow_dates),
        After(is_unpinned, plan_again),
        After(lambda change: not change.created and change.changed("entity_id"), compare_statuses_again),
    ),
    guard={"supervisor": lead_task},
)
"""Work on an entity, a project, or nothing yet."""
