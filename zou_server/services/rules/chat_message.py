"""The life of a chat message: who says it, that they take part, and what the chat tells of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.chat import Chat, ChatMessage, ChatParticipant
from zou_server.models.errors import Forbidden, Invalid
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.named_event import named_event
from zou_server.services.write.rulebook import Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def guard_chat(context: Context, change: Change) -> None:
    """A message is its author's, who takes part; `chat:new-message` tells of a new one."""
    row = change.of(ChatMessage)
    if row.chat_id is None:
        return
    if context.actor.person_id.int:
        _guard_author(context, change, row)
    if (change.created or change.changed("text")) and not (row.text or "").strip():
        raise Invalid("The message is empty.", {"text": ["is empty"]})
    if change.created:
        _announce(context, change, row)


def _announce(context: Context, change: Change, row: ChatMessage) -> None:
    moment = context.work.now
    context.session.execute(sa.update(Chat).where(Chat.id == row.chat_id).values(last_message=moment))
    chat = context.targets.get(row.chat_id)
    if chat is not None:
        facts = {"chat_message_id": row.id, "last_message": f"{moment:%Y-%m-%dT%H:%M:%S}"}
        change.tidings.append(named_event("new-message", chat, **facts))


def _guard_author(context: Context, change: Change, row: ChatMessage) -> None:
    """Nobody speaks in somebody else's name, nor where they take no part."""
    if change.created:
        row.person_id = context.actor.person_id
    elif change.changed("person_id"):
        raise Forbidden("What somebody said in a chat stays theirs.")
    if change.created or change.changed("chat_id"):
        _refuse_stranger(context, row)


def _refuse_stranger(context: Context, row: ChatMessage) -> None:
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
