"""A comment takes the previews along that came with it, and with no other comment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.review import NotePreview, PreviewFile

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def previews_of_notes(work: UnitOfWork, notes: Sequence[uuid.UUID]) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The live previews of these notes that no other note shows."""
    other = sa.orm.aliased(NotePreview)
    elsewhere = sa.exists().where(
        other.preview_file_id == NotePreview.preview_file_id,
        other.note_id.not_in(notes),
        other.deleted_at.is_(None),
    )
    found = work.session.scalars(
        sa.select(NotePreview.preview_file_id)
        .join(PreviewFile, PreviewFile.id == NotePreview.preview_file_id)
        .where(
            NotePreview.note_id.in_(notes),
            NotePreview.deleted_at.is_(None),
            PreviewFile.deleted_at.is_(None),
            ~elsewhere,
        )
        .distinct()
    )
    table: sa.Table = PreviewFile.__table__  # type: ignore[assignment]
    return table, list(found)
