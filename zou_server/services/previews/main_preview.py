"""Which preview stands for a task, and for what the task is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import NotFound
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.task import Task

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


def task_of(context: Context, preview: Any) -> Any:
    """The task of a preview, locked; None when it hangs on none."""
    if preview.task_id is None:
        return None
    context.rows.load([(facet("Task"), preview.task_id)])
    return context.rows.find(facet("Task"), preview.task_id)


def task_behind(context: Context, preview: Any) -> Any:
    """The task of a preview, to look at; NotFound when it hangs on none."""
    found = None if preview.task_id is None else context.session.get(Task, preview.task_id)
    if found is None:
        raise NotFound("This preview belongs to no task.")
    return found


def show_on_task(context: Context, preview: Any) -> None:
    """A preview that is ready is the task's last one, unless a later revision is.

    In a project that sets previews by itself it also becomes the picture of the shot or asset.
    """
    task = task_of(context, preview)
    if task is None or preview.position not in (None, 1):
        return
    last = (
        None
        if task.last_preview_file_id is None
        else context.session.get(PreviewFile, task.last_preview_file_id)
    )
    if last is not None and last.deleted_at is None and (last.revision or 0) > (preview.revision or 0):
        return
    context.touch(facet("Task"), task).set("last_preview_file_id", preview.id)
    automated = sa.select(Project.is_set_preview_automated).where(Project.id == task.project_id)
    if context.session.scalar(automated):
        show_on_entity(context, preview, task)


def show_on_entity(context: Context, preview: Any, task: Any) -> Change | None:
    """Make a preview the picture of what its task is about; None when that is nothing with pictures."""
    entity = None
    if task.entity_id is not None:
        context.rows.load([(facet("Entity"), task.entity_id)])
        entity = context.rows.find(facet("Entity"), task.entity_id)
    if entity is None or entity.deleted_at is not None:
        return None
    change = context.touch(facet("Entity"), entity)
    change.set("preview_file_id", preview.id)
    return change
