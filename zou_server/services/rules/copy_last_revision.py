"""The last revision of one task as a new revision of another, shown by a comment there.

A copy has the bytes of the first, and renditions of its own, which a job makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.services.previews.formats import MediaForm, form_of
from zou_server.services.previews.keys import extension_of

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context

COPIED = (
    "name",
    "original_name",
    "position",
    "extension",
    "description",
    "source",
    "file_size",
    "annotations",
    "width",
    "height",
    "duration",
    "person_id",
    "is_movie",
    "source_key",
    "checksum",
    "problem",
)
"""What a copy takes over."""

PROCESS = "process_preview"
"""The task that makes renditions; see `previews/send_preview.py`."""


def copy_last_revision(context: Context, task: Any, target: Change, note: Change) -> None:
    """Give the target the previews of the task's last revision; nothing when there are none."""
    last = sa.select(sa.func.max(PreviewFile.revision)).where(
        PreviewFile.task_id == task.id, PreviewFile.deleted_at.is_(None)
    )
    previews = context.session.scalars(
        sa.select(PreviewFile)
        .where(
            PreviewFile.task_id == task.id,
            PreviewFile.deleted_at.is_(None),
            PreviewFile.revision == last.scalar_subquery(),
        )
        .order_by(PreviewFile.position, PreviewFile.created_at)
    ).all()
    if not previews:
        return
    reached = context.session.scalar(
        sa.select(sa.func.max(PreviewFile.revision)).where(
            PreviewFile.task_id == target.row.id, PreviewFile.deleted_at.is_(None)
        )
    )
    shown = []
    for preview in previews:
        values = {name: getattr(preview, name) for name in COPIED}
        place = {"revision": (reached or 0) + 1, "task_id": target.row.id}
        copy = context.link(facet("PreviewFile"), {**values, **place, "status": _status(preview)})
        context.link(facet("NotePreview"), {"note_id": note.row.id, "preview_file_id": copy.row.id})
        shown.append(copy.row.id)
        if copy.row.status == "processing" and preview.source_key:  # type: ignore[attr-defined]
            arguments = {"preview_id": str(copy.row.id), "source_key": preview.source_key, "normalize": True}
            context.work.defer(PROCESS, arguments)
    note.links["previews"] = ([], shown)


def _status(preview: PreviewFile) -> str:
    """That of the first, but for renditions that the copy does not have yet."""
    has_renditions = preview.status == "ready" and (
        bool(preview.is_movie) or form_of(extension_of(preview.source_key or "")) is not MediaForm.OTHER
    )
    return "processing" if has_renditions else preview.status
