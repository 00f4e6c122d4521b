"""The life of a task: project, name, status and assigner it gets without being told; its priorities agree."""

from __future__ import annotations

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.status import Status
from zou_server.models.task import Priority, Task
from zou_server.services.casting.count_ready_assets import after_tasks
from zou_server.services.rules.supervisors import lead_task
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule


def complete_task(context: Context, change: Change) -> None:
    """The project follows the entity; a new task has a name, the default status and an assigner."""
    row = change.of(Task)
    moved = change.created or change.changed("entity_id")
    if row.entity_id is not None and (moved or change.changed("project_id")):
        identity = context.targets.get(row.entity_id)
        if identity is not None and identity.project_id not in (None, row.project_id):
            if not moved:
                raise Invalid(fields={"project_id": ["is not that of what the task is for"]})
            row.project_id = identity.project_id
        if identity is not None and identity.kind == "Task":
            _refuse_loop(context, row)
    if change.created:
        change.default("name", "main")
        if row.task_status_id is None:
            change.default("task_status_id", context.once(_default_status))
        if context.actor.person_id.int:
            change.default("assigner_id", context.actor.person_id)
    _agree_on_priority(context, change)


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
    return context.session.scalar(
        sa.select(Status.id)
        .where(Status.for_task, Status.deleted_at.is_(None))
        .order_by(Status.is_default.desc(), Status.for_concept, Status.priority, Status.created_at)
        .limit(1)
    )


def _agree_on_priority(context: Context, change: Change) -> None:
    row = change.of(Task)
    if change.changed("priority_id") and row.priority_id is not None:
        row.priority = context.session.scalar(sa.select(Priority.value).where(Priority.id == row.priority_id))
    elif change.changed("priority") and row.priority is not None:
        row.priority_id = context.session.scalar(
            sa.select(Priority.id).where(Priority.value == row.priority, Priority.deleted_at.is_(None))
        )


TASK = Rule(
    before=(complete_task,),
    after=(After(lambda change: change.created, after_tasks),),
    guard={"supervisor": lead_task},
)
"""Work on an entity, a project, or nothing yet."""
