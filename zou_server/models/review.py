"""Talk and takes: notes on anything, and the media that are reviewed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Identity, Row, owner, reference
from zou_server.models.conditions import AnyOf, Op, Where
from zou_server.models.registry import ANY, Computed, FacetSpec, Kind, Many, entity
from zou_server.models.rows_of import row_of

PREVIEW_STATUSES = ("processing", "ready", "broken", "missing")
VALIDATION_STATUSES = ("validated", "rejected", "neutral")


def object_type(row: FromClause) -> ColumnElement[Any]:
    """The kind of what the note is about."""
    about = row_of(Identity.__table__)
    return sa.select(about.c.kind).where(about.c.id == row.c.object_id).scalar_subquery()


def answers(row: FromClause) -> ColumnElement[Any]:
    """What a note answers: another note, or a row of any type (a ticket)."""
    return sa.func.coalesce(row.c.parent_id, row.c.reply_to_id)


def _answers_narrow(row: FromClause, sign: str, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """One of the two is what is looked for: both are indexed."""
    return sa.or_(row.c.parent_id == value, row.c.reply_to_id == value) if sign == "=" else None


@entity(
    "comments",
    names={"zou": "Comment", "ftrack": None},
    policy="note",
    display="title",
    read_only=("changes_status",),
    facets=(
        FacetSpec(
            "Reply",
            "replies",
            where=AnyOf((Where("parent_id", Op.NOT_NULL), Where("reply_to_id", Op.NOT_NULL))),
            kind="Note",
            names={"zou": None, "ftrack": None, "shotrunner": None},
        ),
    ),
    many={
        "previews": Many("PreviewFile", through="NotePreview", near="note_id", far="preview_file_id"),
        "replies": Many("Note", by="parent_id", writable=False),
        "mentions": Many("Person", through="NoteMention", near="note_id", far="person_id", writable=False),
        "department_mentions": Many(
            "Department", through="NoteDepartmentMention", near="note_id", far="department_id", writable=False
        ),
        "acknowledgements": Many(
            "Person", through="NoteAcknowledgement", near="note_id", far="person_id", writable=False
        ),
        "attachment_files": Many("AttachmentFile", by="comment_id", writable=False),
        "reply_files": Many("AttachmentFile", by="reply_id", writable=False, inner=True),
        "labels": Many("NoteLabel", through="NoteLabelLink", near="note_id", far="label_id", inner=True),
    },
    computed={
        "object_type": Computed(Kind.TEXT, object_type),
        "answers": Computed(Kind.LINK, answers, target=ANY, narrow=_answers_narrow, inner=True),
    },
)
class Note(Row):
    """What somebody said about something.

    `sets_status_id` is the status it gives a task, `status_id` where the talk itself stands (open, closed).
    `reply_to_id` is what it answers where that is no note. `is_todo` asks for something to be done;
    `completed_at` and `completed_by_id` say that it was. `changes_status` is true for a comment that gave
    its task another status than the comment before it, false for one that gave the same, null for no news.
    """

    text: Mapped[str | None]
    title: Mapped[str | None]
    object_id: Mapped[uuid.UUID | None] = owner("object")
    project_id: Mapped[uuid.UUID | None] = reference("project")
    parent_id: Mapped[uuid.UUID | None] = owner("note")
    reply_to_id: Mapped[uuid.UUID | None] = owner("object", info={"inner": True})
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    editor_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    sets_status_id: Mapped[uuid.UUID | None] = reference("status", info={"target": "TaskStatus"})
    preview_file_id: Mapped[uuid.UUID | None] = reference("preview_file")
    checklist: Mapped[list[Any] | None]
    links: Mapped[list[str] | None]
    pinned: Mapped[bool | None] = mapped_column(default=False)
    for_client: Mapped[bool | None] = mapped_column(default=False)
    shotgun_id: Mapped[int | None]
    status_id: Mapped[uuid.UUID | None] = reference("status")
    is_todo: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})
    completed_at: Mapped[dt.datetime | None] = mapped_column(info={"inner": True})
    completed_by_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person", "inner": True})
    changes_status: Mapped[bool | None]

    __table_args__ = (
        sa.Index("ix_note_object_id", "object_id", "created_at"),
        sa.Index("ix_note_parent_id", "parent_id"),
        sa.Index("ix_note_project_id", "project_id", "created_at", "id", postgresql_where=LIVE),
        sa.Index(
            "ix_note_news",  # alike ones are one entry of it, so that counting them reads little
            "project_id",
            "sets_status_id",
            "changes_status",
            postgresql_where=sa.text("changes_status IS NOT NULL AND deleted_at IS NULL"),
        ),
        sa.Index(
            "ix_note_newest",  # news of many projects
            "created_at",
            "id",
            postgresql_where=sa.text("changes_status IS NOT NULL AND deleted_at IS NULL"),
        ),
        sa.Index("ix_note_updated_at", "updated_at", "created_at", "id", postgresql_where=LIVE),
        sa.Index("ix_note_person_id", "person_id", postgresql_where=LIVE),
        sa.Index(
            "ix_note_preview_file_id",
            "preview_file_id",
            postgresql_where=sa.text("preview_file_id IS NOT NULL"),
        ),
        sa.Index("ix_note_reply_to_id", "reply_to_id", postgresql_where=sa.text("reply_to_id IS NOT NULL")),
        sa.Index("ix_note_shotgun_id", "shotgun_id", postgresql_where=sa.text("shotgun_id IS NOT NULL")),
    )


@entity(
    "note-previews",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="note",
    display="",
)
class NotePreview(Row):
    """A note came with this preview."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    preview_file_id: Mapped[uuid.UUID] = owner("preview_file", nullable=False)

    __table_args__ = (
        sa.Index("uq_note_preview", "note_id", "preview_file_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_note_preview_preview_file_id", "preview_file_id"),
    )


@entity(
    "preview-files",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="file",
    read_only=("source_key", "checksum", "progress", "problem"),
    many={
        "comments": Many("Note", through="NotePreview", near="preview_file_id", far="note_id", writable=False)
    },
)
class PreviewFile(Row):
    """One reviewable take: a picture or a movie of a task's revision.

    `source_key` is where the file is kept as it was sent, `checksum` its SHA-256; none until one was sent.
    `progress` tells in percent how far its renditions are, `problem` why there are none (status broken).
    """

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
    version_id: Mapped[uuid.UUID | None] = owner("version")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    source_file_id: Mapped[uuid.UUID | None] = reference("output_file")
    shotgun_id: Mapped[int | None]
    is_movie: Mapped[bool | None] = mapped_column(default=False)
    url: Mapped[str | None] = mapped_column(info={"max_length": 600})
    uploaded_movie_url: Mapped[str | None] = mapped_column(info={"max_length": 600})
    uploaded_movie_name: Mapped[str | None] = mapped_column(info={"max_length": 150})
    source_key: Mapped[str | None]
    checksum: Mapped[str] = mapped_column(default="")
    progress: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        sa.Index(
            "ix_preview_file_shotgun_id", "shotgun_id", postgresql_where=sa.text("shotgun_id IS NOT NULL")
        ),
        sa.Index("ix_preview_file_version_id", "version_id"),
        sa.Index("ix_preview_file_updated_at", "updated_at", "created_at", "id", postgresql_where=LIVE),
        sa.Index("uq_preview_file", "task_id", "name", "revision", unique=True, postgresql_where=LIVE),
    )
