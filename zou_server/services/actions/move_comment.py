"""Moving a comment to another task of the same entity, where it was meant to be.

Source: gazu.task.move_comment_to_task: for managers; date, text, files, names and status go along.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.models.review import Note, NotePreview, PreviewFile
from zou_server.models.task import Task
from zou_server.services.rules.recompute_tasks import recompute
from zou_server.services.write.given import given_values, required
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def move_comment(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Hang the comment on `target_task_id`; both tasks stand where their comments say from then on.

    Its previews become the next revisions of that task. The result is the comment.
    """
    found = given_values(values, {"target_task_id": Kind.LINK})
    required(found, "target_task_id")
    if row.object_id is None:
        raise Invalid("This note is about no task.")
    wanted = [found["target_task_id"], row.object_id]
    context.rows.load((facet("Task"), id_) for id_ in wanted)
    target, source = (context.rows.find(facet("Task"), id_) for id_ in wanted)
    if not isinstance(target, Task) or target.deleted_at is not None or not isinstance(source, Task):
        raise Invalid(fields={"target_task_id": ["does not exist"]})
    if target.entity_id is None or target.entity_id != source.entity_id:
        raise Invalid(fields={"target_task_id": ["is not a task of the same entity"]})
    note = context.touch(facet("Note"), row)
    if target.id != source.id:
        note.set("object_id", target.id)
        _move_previews(context, row.id, target.id)
        context.session.flush()
        recompute(context.work, {source.id})
    return context.result_of(note)


def _move_previews(context: Context, note_id: uuid.UUID, target_id: uuid.UUID) -> None:
    previews = context.session.scalars(
        sa.select(PreviewFile)
        .join(NotePreview, NotePreview.preview_file_id == PreviewFile.id)
        .where(
            NotePreview.note_id == note_id, NotePreview.deleted_at.is_(None), PreviewFile.deleted_at.is_(None)
        )
        .order_by(PreviewFile.revision, PreviewFile.position)
    ).all()
    if not previews:
        return
    reached = context.session.scalar(
        sa.select(sa.func.max(PreviewFile.revision)).where(
            PreviewFile.task_id == target_id, PreviewFile.deleted_at.is_(None)
        )
    )
    first = min(preview.revision or 1 for preview in previews)
    context.rows.load([(facet("PreviewFile"), preview.id) for preview in previews])
    for preview in previews:
        change = context.touch(facet("PreviewFile"), preview)
        change.set("task_id", target_id)
        change.set("revision", (reached or 0) + 1 + (preview.revision or 1) - first)
