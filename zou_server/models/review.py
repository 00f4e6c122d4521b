"""Talk and takes: notes on anything, and the media that are reviewed."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Identity, Row, owner, reference
from zou_server.models.registry import Computed, Kind, Many, entity

PREVIEW_STATUSES = ("processing", "ready", "broken", "missing")
VALIDATION_STATUSES = ("validated", "rejected", "neutral")


def object_type(row: FromClause) -> ColumnElement[Any]:
    """The kind of what the note is about."""
    about = Identity.__table__.alias()
    return sa.select(about.c.kind).where(about.c.id == row.c.object_id).scalar_subquery()


@entity(
    "comments",
    names={"zou": "Comment", "ftrack": None},
    policy="note",
    display="",
    many={
        "previews": Many("PreviewFile", through="NotePreview", near="note_id", far="preview_file_id"),
        "replies": Many("Note", by="parent_id", writable=False),
    },
    computed={"object_type": Computed(Kind.TEXT, object_type)},
)
class Note(Row):
    """What somebody said about something. `sets_status_id` is the status it gives a task."""

    text: Mapped[str | None]
    title: Mapped[str | None]
    object_id: Mapped[uuid.UUID | None] = owner("object")
    project_id: Mapped[uuid.UUID | None] = reference("project")
    parent_id: Mapped[uuid.UUID | None] = owner("note")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    editor_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    sets_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "TaskStatus"})
    preview_file_id: Mapped[uuid.UUID | None] = reference("preview_file")
    checklist: Mapped[list[Any] | None]
    links: Mapped[list[str] | None]
    pinned: Mapped[bool | None] = mapped_column(default=False)
    for_client: Mapped[bool | None] = mapped_column(default=False)
    shotgun_id: Mapped[int | None]

    __table_args__ = (
        sa.Index("ix_note_object_id", "object_id", "created_at"),
        sa.Index("ix_note_parent_id", "parent_id"),
    )


@entity(
    "note-previews",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="note",
    display="",
    project="note.project_id",
)
class NotePreview(Row):
    """A note came with this preview."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    preview_file_id: Mapped[uuid.UUID] = owner("preview_file", nullable=False)

    __table_args__ = (
        sa.Index("uq_note_preview", "note_id", "preview_file_id", unique=True, postgresql_where=LIVE),
    )


@entity(
    "preview-files",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="file",
    project="task.project_id",
)
class PreviewFile(Row):
    """One reviewable take: a picture or a movie of a task's revision."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    original_name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    revision: Mapped[int | None] = mapped_column(default=1)
    position: Mapped[int | None] = mapped_column(default=1)
    extension: Mapped[str | None] = mapped_column(info={"max_length": 6})
    description: Mapped[str | None]
    path: Mapped[str | None] = mapped_column(info={"max_length": 400})
    source: Mapped[str | None] = mapped_column(info={"max_length": 40})
    file_size: Mapped[int | None] = mapped_column(sa.BigInteger, default=0)
    status: Mapped[str] = mapped_column(default="processing", info={"choices": PREVIEW_STATUSES})
    validation_status: Mapped[str] = mapped_column(default="neutral", info={"choices": VALIDATION_STATUSES})
    annotations: Mapped[list[Any] | None]
    width: Mapped[int | None] = mapped_column(default=0)
    height: Mapped[int | None] = mapped_column(default=0)
    duration: Mapped[float | None] = mapped_column(default=0.0)
    token_in: Mapped[int | None]
    token_out: Mapped[int | None]
    task_id: Mapped[uuid.UUID | None] = owner("task")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    source_file_id: Mapped[uuid.UUID | None] = reference("output_file")
    shotgun_id: Mapped[int | None]
    is_movie: Mapped[bool | None] = mapped_column(default=False)
    url: Mapped[str | None] = mapped_column(info={"max_length": 600})
    uploaded_movie_url: Mapped[str | None] = mapped_column(info={"max_length": 600})
    uploaded_movie_name: Mapped[str | None] = mapped_column(info={"max_length": 150})

    __table_args__ = (
        sa.Index("uq_preview_file", "task_id", "name", "revision", unique=True, postgresql_where=LIVE),
    )
