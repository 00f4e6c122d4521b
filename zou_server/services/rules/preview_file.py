"""The life of a preview: what it stands for when it goes or comes back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.models.review import Note, NotePreview, PreviewFile
from zou_server.models.versions import Component, StoredFile, Version
from zou_server.services.previews.join_versions import join_versions
from zou_server.services.rules.files import FILE
from zou_server.services.rules.loaded_rows import loaded_rows, loaded_tasks
from zou_server.services.rules.place_components import place_components
from zou_server.services.rules.show_components import show_components
from zou_server.services.write.change import Change
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def choose_previews(work: UnitOfWork, previews: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Tasks, notes, shots and assets stop showing what is gone; a task shows its latest that is ready.

    What went or came back itself is left as it was: so that reviving restores exactly it.
    """
    found = work.session.scalars(
        sa.select(PreviewFile.task_id).where(PreviewFile.id.in_(previews)).distinct()
    )
    tasks = {id_ for id_ in found if id_ is not None and id_ not in together}
    with loaded_tasks(work, tasks) as changes:
        latest = _latest(work, tasks) if changes else {}
        for change in changes:
            change.set("last_preview_file_id", latest.get(change.row.id))
    gone = sa.select(PreviewFile.id).where(PreviewFile.id.in_(previews), PreviewFile.deleted_at.is_not(None))
    shown = work.session.scalars(sa.select(Entity.id).where(Entity.preview_file_id.in_(gone)))
    with loaded_rows(work, facet("Entity"), {id_ for id_ in shown if id_ not in together}) as changes:
        for change in changes:
            change.set("preview_file_id", None)
    _reword(work, gone, together)


def _latest(work: UnitOfWork, tasks: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The last preview of each task that people can look at."""
    rows = work.session.execute(
        sa.select(PreviewFile.task_id, PreviewFile.id)
        .ext(distinct_on(PreviewFile.task_id))
        .where(
            PreviewFile.task_id.in_(tasks), PreviewFile.deleted_at.is_(None), PreviewFile.status == "ready"
        )
        .order_by(PreviewFile.task_id, PreviewFile.revision.desc(), PreviewFile.position, PreviewFile.id)
    )
    return {task: id_ for task, id_ in rows if task is not None}


def _reword(work: UnitOfWork, gone: sa.Select[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """A note is known by the first preview it has left."""
    left = (
        sa.select(PreviewFile.id)
        .join(NotePreview, NotePreview.preview_file_id == PreviewFile.id)
        .where(
            NotePreview.note_id == Note.id, NotePreview.deleted_at.is_(None), PreviewFile.deleted_at.is_(None)
        )
        .order_by(PreviewFile.revision, PreviewFile.position)
        .limit(1)
        .scalar_subquery()
    )
    notes = work.session.scalars(sa.select(Note.id).where(Note.preview_file_id.in_(gone)))
    wanted = [id_ for id_ in notes if id_ not in together]
    if wanted:
        work.session.execute(
            sa.update(Note)
            .where(Note.id.in_(wanted))
            .values(preview_file_id=left)
            .execution_options(synchronize_session="fetch")
        )


def versions_of_previews(
    work: UnitOfWork, previews: Sequence[uuid.UUID]
) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The versions that were made for these previews, have no other, and got nothing else from anybody."""
    left = sa.exists().where(
        PreviewFile.version_id == Version.id,
        PreviewFile.deleted_at.is_(None),
        PreviewFile.id.not_in(previews),
    )
    theirs = sa.select(StoredFile.id).where(
        StoredFile.preview_file_id.in_(previews), StoredFile.deleted_at.is_(None)
    )
    files = sa.exists().where(
        Component.version_id == Version.id,
        Component.deleted_at.is_(None),
        sa.or_(Component.stored_file_id.is_(None), Component.stored_file_id.not_in(theirs)),
    )
    bare = sa.and_(
        Version.is_for_previews,
        Version.data.is_(None),
        Version.description.is_(None),
        Version.status_id.is_(None),
    )
    of_these = sa.select(PreviewFile.version_id).where(PreviewFile.id.in_(previews))
    found = work.session.scalars(
        sa.select(Version.id)
        .where(Version.id.in_(of_these), Version.deleted_at.is_(None), bare, ~left, ~files)
        .order_by(Version.id)
        .with_for_update(key_share=True)
    )
    table: sa.Table = Version.__table__  # type: ignore[assignment]
    return table, list(found)


def _is_placed(change: Change) -> bool:
    """True for a preview whose version is to be found: it is new, or of another revision or task."""
    return (change.created and not change.changed("version_id")) or (
        not change.created and change.changed("task_id", "revision")
    )


def _is_moved(change: Change) -> bool:
    """True for a preview that may have components in the version it was in."""
    return not change.created and change.changed("task_id", "revision", "position")


def _is_ready(change: Change) -> bool:
    """True for a preview that can be looked at from now on."""
    return change.changed("status") and change.of(PreviewFile).status == "ready"


PREVIEW_FILE = Rule(
    after=(
        After(_is_placed, join_versions),
        After(_is_moved, place_components),
        After(_is_ready, show_components),
    ),
    gone=(choose_previews, place_components),
    back=(choose_previews, place_components, show_components),
    along=versions_of_previews,
    guard=FILE.guard,
)
"""A take for review."""
