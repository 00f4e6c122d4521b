"""The life of a chat message: who says it, that they take part, and what the chat tells of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.chat import Chat, ChatMessage, ChatParticipant
from zou_server.models.errors import Invalid
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.named_event import named_event
from zou_server.services.write.rulebook import Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def guard_chat(context: Context, change: Change) -> None:
    """A new message is its author's, who takes part; `chat:new-message` tells of it."""
    row: Any = change.row
    me = context.actor.person_id
    if not change.created or row.chat_id is None:
        return
    if me.int:
        row.person_id = me
        _refuse_stranger(context, row)
    if not (row.text or "").strip():
        raise Invalid("The message is empty.", {"text": ["is empty"]})
    moment = context.work.now
    context.session.execute(sa.update(Chat).where(Chat.id == row.chat_id).values(last_message=moment))
    chat = context.targets.get(row.chat_id)
    if chat is not None:
        facts = {"chat_message_id": row.id, "last_message": f"{moment:%Y-%m-%dT%H:%M:%S}"}
        change.tidings.append(named_event("new-message", chat, **facts))


def _refuse_stranger(context: Context, row: Any) -> None:
    takes_part = sa.exists().where(
        ChatParticipant.chat_id == row.chat_id,
        ChatParticipant.person_id == row.person_id,
        ChatParticipant.deleted_at.is_(None),
    )
    if not context.session.scalar(sa.select(takes_part)):
        raise Invalid("You are not a participant of this chat.", {"chat_id": ["you do not take part"]})


def announce_deleted_messages(
    work: UnitOfWork, messages: Sequence[uuid.UUID], together: frozenset[uuid.UUID]
) -> None:
    """One `chat:deleted-message` for each message whose chat stays, `chat:new-message` when it is back."""
    rows = work.session.execute(
        sa.select(ChatMessage.id, ChatMessage.deleted_at, Identity)
        .join(Identity, Identity.id == ChatMessage.chat_id)
        .where(ChatMessage.id.in_(messages))
        .order_by(ChatMessage.created_at, ChatMessage.id)
    )
    for id_, deleted_at, chat in rows:
        if chat.id not in together:
            action = "new-message" if deleted_at is None else "deleted-message"
            work.record(named_event(action, chat, chat_message_id=id_))


CHAT_MESSAGE = Rule(
    before=(guard_chat,), gone=(announce_deleted_messages,), back=(announce_deleted_messages,)
)
"""What is said in the chat of an entity."""
