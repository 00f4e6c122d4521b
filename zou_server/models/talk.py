"""What a note carries beside its words: whom it names, who has read it, and the files sent along."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.registry import entity

_NOWHERE = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))


@entity("note-mentions", names=_NOWHERE, policy="note", display="")
class NoteMention(Row):
    """A note names a person (`@Full Name`)."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})

    __table_args__ = (
        sa.Index("uq_note_mention", "note_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_note_mention_person_id", "person_id"),
    )


@entity("note-persons", names=_NOWHERE, policy="note", display="")
class NotePerson(Row):
    """A note is addressed to a person, or to a group of them (`person`); `role` "to" or "cc"."""

    role: Mapped[str] = mapped_column(default="to", info={"choices": ("to", "cc")})
    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("object", nullable=False)

    __table_args__ = (
        sa.Index("uq_note_person", "note_id", "role", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_note_person_person_id", "person_id"),
    )


@entity("note-department-mentions", names=_NOWHERE, policy="note", display="")
class NoteDepartmentMention(Row):
    """A note names everybody of a department (`@Animation`)."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_note_department_mention", "note_id", "department_id", unique=True, postgresql_where=LIVE
        ),
    )


@entity("note-acknowledgements", names=_NOWHERE, policy="note", display="")
class NoteAcknowledgement(Row):
    """A person says that they have read a note."""

    note_id: Mapped[uuid.UUID] = owner("note", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})

    __table_args__ = (
        sa.Index("uq_note_acknowledgement", "note_id", "person_id", unique=True, postgresql_where=LIVE),
    )


@entity(
    "attachment-files",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="attachment",
    read_only=("size", "checksum", "file_key"),
)
class AttachmentFile(Row):
    """A file sent along with a note, or with a reply to it.

    `size` is in bytes, `checksum` their SHA-256 in hexadecimal, `file_key` where they are in the store;
    a row made by hand has neither.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    extension: Mapped[str | None] = mapped_column(info={"max_length": 20})
    mimetype: Mapped[str | None] = mapped_column(info={"max_length": 255})
    size: Mapped[int | None] = mapped_column(sa.BigInteger, default=1)
    checksum: Mapped[str | None] = mapped_column(info={"max_length": 64})
    file_key: Mapped[str | None]
    comment_id: Mapped[uuid.UUID | None] = owner("note")
    reply_id: Mapped[uuid.UUID | None] = owner("note")

    __table_args__ = (sa.Index("ix_attachment_file_comment_id", "comment_id"),)
