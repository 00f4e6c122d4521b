"""Making a preview, or the last one of a task, the picture of the shot or asset that its task is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.task import Task
from zou_server.services.previews.main_preview import show_on_entity, task_behind
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def set_main_preview(context: Context, row: PreviewFile, _values: Mapping[str, Any]) -> Result:
    """The result is the shot, asset or whatever shows the preview from now on."""
    return _set(context, row, task_behind(context, row))


def set_last_preview(context: Context, row: Task, _values: Mapping[str, Any]) -> Result:
    """The same for the last preview of a task; Invalid when it has none."""
    last = (
        sa.select(PreviewFile.id)
        .where(PreviewFile.task_id == row.id, PreviewFile.deleted_at.is_(None))
        .order_by(PreviewFile.revision.desc().nulls_last(), PreviewFile.position, PreviewFile.created_at)
        .limit(1)
    )
    id_ = context.session.scalar(last)
    if id_ is None:
        raise Invalid("This task has no preview.")
    context.rows.load([(facet("PreviewFile"), id_)])
    shown = context.rows.any(id_)
    assert isinstance(shown, PreviewFile)  # noqa: S101 - it was just read under its lock
    return _set(context, shown, row)


def _set(context: Context, row: PreviewFile, task: Any) -> Result:
    change = show_on_entity(context, row, task)
    if change is None:
        raise Invalid("The task of this preview is about nothing that has a picture.")
    identity = context.touch(facet("PreviewFile"), row).identity
    context.work.record(
        named_event("set-main", identity, entity_id=change.row.id, preview_file_status=row.status)
    )
    return context.result_of(change)
