"""Adding a preview to a comment on a task: the empty row that a file is sent to next.

Source: docs/protocols/zou.md 7. The task is locked while the revision is chosen, so that two who publish at
once get one each.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.review import Note, NotePreview, PreviewFile
from zou_server.schemas.derive import load
from zou_server.services.write.links import apply_links, current_ids
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

NAMED = frozenset({"task_id", "revision", "beside"})


def add_preview(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Make a preview of a note; the result is the preview.

    Values: `revision` to ask for one that no other note of the task has, `beside` the id of a preview of the
    same note whose revision it shares, `task_id` to say which task the note must be about. Without them
    it gets the revision of the note's other previews, else the one after the task's last.
    """
    if unknown := sorted(values.keys() - NAMED):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    task = _task_of(context, row, values.get("task_id"))
    beside = _previews_of(context, row.id)
    _refuse_second(context, task, beside, values.get("beside"))
    revision, position = _place(context, task, beside, values.get("revision"))
    made = context.link(
        facet("PreviewFile"),
        {
            "name": str(uuid.uuid4())[:13],
            "revision": revision,
            "position": position,
            "task_id": task.id,
            "person_id": row.person_id,
            "source": "webgui",
        },
    )
    _show(context, row, made.row.id)
    return context.result_of(made)


def _task_of(context: Context, note: Any, wanted: Any) -> Any:
    """The task that the note is about, locked."""
    found = None
    if note.object_id is not None and wanted in (None, note.object_id, str(note.object_id)):
        context.rows.load([(facet("Task"), note.object_id)])
        found = context.rows.find(facet("Task"), note.object_id)
    if found is None or found.deleted_at is not None:
        raise NotFound("There is no such comment on this task.")
    return found


def _previews_of(context: Context, note_id: uuid.UUID) -> list[PreviewFile]:
    context.session.flush()
    found = context.session.scalars(
        sa.select(PreviewFile)
        .join(NotePreview, NotePreview.preview_file_id == PreviewFile.id)
        .where(
            NotePreview.note_id == note_id, NotePreview.deleted_at.is_(None), PreviewFile.deleted_at.is_(None)
        )
        .order_by(PreviewFile.revision, PreviewFile.position)
    )
    return list(found)


def _refuse_second(context: Context, task: Any, beside: list[PreviewFile], wanted: Any) -> None:
    if wanted is not None and str(wanted) not in {str(each.id) for each in beside}:
        raise NotFound("There is no such preview in this comment.")
    single = sa.select(Project.is_single_preview_per_revision).where(Project.id == task.project_id)
    if beside and context.session.scalar(single):
        raise Invalid("This project has a single preview for each revision.")


def _place(context: Context, task: Any, beside: list[PreviewFile], wanted: Any) -> tuple[int, int]:
    """The revision and the position in it."""
    asked = load(facet("PreviewFile"), {"revision": wanted})["revision"] if wanted is not None else None
    own = {each.revision for each in beside}
    if beside and (asked is None or asked in own):
        revision = asked or beside[-1].revision or 1
        places = [each.position or 0 for each in beside if each.revision == revision]
        return revision, max(places, default=0) + 1
    revisions = (PreviewFile.task_id == task.id, PreviewFile.deleted_at.is_(None))
    if asked is None:
        last = context.session.scalar(sa.select(sa.func.max(PreviewFile.revision)).where(*revisions))
        return (last or 0) + 1, 1
    if asked < 1:
        raise Invalid(fields={"revision": ["must be at least 1"]})
    taken = sa.exists().where(*revisions, PreviewFile.revision == asked)
    if context.session.scalar(sa.select(taken)):
        message = f"The task has a revision {asked} already."
        raise Invalid(message, {"revision": ["is taken"]})
    return asked, 1


def _show(context: Context, note: Any, id_: uuid.UUID) -> None:
    """Let the comment show the preview; its first one is the one it is known by."""
    change = context.touch(facet("Note"), note)
    many = facet("Note").fields["previews"].many
    assert many is not None  # noqa: S101 - it is a link to many
    apply_links(context, change, {"previews": [*current_ids(context, many, note), id_]})
    if note.preview_file_id is None:
        change.set("preview_file_id", id_)
