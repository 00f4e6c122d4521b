"""Talk about an entity that is not about a task: one chat each, and who takes part."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.feed import ZOU_ONLY
from zou_server.models.registry import Many, entity


@entity(
    "chats",
    names=ZOU_ONLY,
    policy="chat",
    display="",
    many={"participants": Many("Person", through="ChatParticipant", near="chat_id", far="person_id")},
)
class Chat(Row):
    """The chat of an entity; it is there from when the first person joined it."""

    object_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    project_id: Mapped[uuid.UUID | None] = owner("project")
    last_message: Mapped[dt.datetime | None]

    __table_args__ = (
        sa.Index("uq_chat_object_id", "object_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_chat_project_id", "project_id"),
    )


@entity(
    "chat-participants",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="chat",
    display="",
)
class ChatParticipant(Row):
    """A person takes part in a chat."""

    chat_id: Mapped[uuid.UUID] = owner("chat", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})

    __table_args__ = (
        sa.Index("uq_chat_participant", "chat_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_chat_participant_person_id", "person_id"),
    )


@entity(
    "chat-messages",
    names=ZOU_ONLY,
    policy="chat_message",
    display="",
    required=("text",),
    many={"files": Many("ChatFile", by="chat_message_id", writable=False, inner=True)},
)
class ChatMessage(Row):
    """What somebody says in a chat."""

    chat_id: Mapped[uuid.UUID] = owner("chat", nullable=False)
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    text: Mapped[str | None]

    __table_args__ = (sa.Index("ix_chat_message_chat_id", "chat_id", "created_at", postgresql_where=LIVE),)


@entity(
    "chat-files",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="chat_message",
    read_only=("size", "checksum", "file_key"),
)
class ChatFile(Row):
    """A file sent along with a chat message; its columns are those of `AttachmentFile`."""

    name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    extension: Mapped[str | None] = mapped_column(info={"max_length": 20})
    mimetype: Mapped[str | None] = mapped_column(info={"max_length": 255})
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    checksum: Mapped[str | None] = mapped_column(info={"max_length": 64})
    file_key: Mapped[str | None]
    chat_message_id: Mapped[uuid.UUID] = owner("chat_message", nullable=False)

    __table_args__ = (sa.Index("ix_chat_file_chat_message_id", "chat_message_id"),)
