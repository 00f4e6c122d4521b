"""Previews that come together with their comments, their files in the store already.

For a list of comments the facts are looked up once, however many comments and files there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.review import Note, NotePreview, PreviewFile
from zou_server.services.actions.previews.receive_preview import known_of_file
from zou_server.services.previews.formats import MediaForm, review_form
from zou_server.services.previews.keys import extension_of
from zou_server.services.previews.main_preview import show_on_task
from zou_server.services.previews.send_preview import PROCESS
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.previews.keep_sources import KeptSource
    from zou_server.services.write.context import Context


@dataclass
class Takes:
    """What there is of the tasks of a list's comments: their last revisions, and who has one preview only."""

    last: dict[uuid.UUID, int] = field(default_factory=dict)
    filled: set[uuid.UUID] = field(default_factory=set)
    single: set[uuid.UUID] = field(default_factory=set)


def add_filled_previews(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Make a preview of a new comment for each of `files` (KeptSource): one revision, in the order given.

    The result is the comment. Invalid when it has previews already, or when the project lets a revision
    have one only.
    """
    files: list[KeptSource] = list(values.get("files", ()))
    takes: Takes = context.once(_takes)
    task: Any = context.rows.find(facet("Task"), row.object_id) if row.object_id else None
    if task is None or task.deleted_at is not None:
        raise NotFound("There is no such comment on a task.")
    _refuse_second(takes, row, task, len(files))
    change = context.touch(facet("Note"), row)
    takes.last[task.id] = takes.last.get(task.id, 0) + 1
    made = [
        _made(context, row, task, source, (takes.last[task.id], position))
        for position, source in enumerate(files, 1)
    ]
    if made:
        takes.filled.add(row.id)
        change.set("preview_file_id", made[0])
        change.links["previews"] = ([], made)
    return context.result_of(change)


def _takes(context: Context) -> Takes:
    """The facts of all comments of the list, and their tasks, locked."""
    notes: list[Any] = list(context.rows.of(Note))
    tasks = sorted({note.object_id for note in notes if note.object_id})
    context.rows.load([(facet("Task"), id_) for id_ in tasks])
    takes = Takes()
    last = (
        sa.select(PreviewFile.task_id, sa.func.max(PreviewFile.revision))
        .where(PreviewFile.task_id.in_(tasks), PreviewFile.deleted_at.is_(None))
        .group_by(PreviewFile.task_id)
    )
    takes.last = {task: revision or 0 for task, revision in context.session.execute(last) if task}
    shown = sa.select(NotePreview.note_id).where(
        NotePreview.note_id.in_([note.id for note in notes]), NotePreview.deleted_at.is_(None)
    )
    takes.filled = set(context.session.scalars(shown))
    projects = {note.project_id for note in notes if note.project_id}
    single = sa.select(Project.id).where(Project.id.in_(projects), Project.is_single_preview_per_revision)
    takes.single = set(context.session.scalars(single))
    return takes


def _refuse_second(takes: Takes, note: Any, task: Any, count: int) -> None:
    if note.id in takes.filled:
        raise Invalid("This comment has previews already: add one beside them.")
    if count > 1 and task.project_id in takes.single:
        raise Invalid("This project has a single preview for each revision.")


def _made(context: Context, note: Any, task: Any, source: KeptSource, place: tuple[int, int]) -> uuid.UUID:
    """The preview of a file; what people look at is made of it in a job."""
    extension, (revision, position) = extension_of(source.key), place
    size, checksum = source.stored.size, source.stored.checksum
    known = known_of_file(source.stem, extension, size, checksum, has_frames=source.has_frames)
    values = {
        "name": str(uuid.uuid4())[:13],
        "revision": revision,
        "position": position,
        "task_id": task.id,
        "person_id": note.person_id,
        "source": "webgui",
    }
    made = context.link(facet("PreviewFile"), values | known)
    made.row.source_key = source.key  # type: ignore[attr-defined] # where we keep it is nobody's event
    context.link(facet("NotePreview"), {"note_id": note.id, "preview_file_id": made.row.id})
    context.work.record(named_event("add-file", made.identity))
    if review_form(extension, has_frames=source.has_frames) is MediaForm.OTHER:
        show_on_task(context, made.row)
    else:
        arguments = {"preview_id": str(made.row.id), "source_key": source.key, "normalize": True}
        context.work.defer(PROCESS, arguments)
    return made.row.id
