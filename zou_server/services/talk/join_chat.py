"""Taking part in the chat of an entity, and leaving it; the first to join makes it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.chat import Chat
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Edit, Mode, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def join_chat(work: UnitOfWork, entity_id: str) -> uuid.UUID:
    """Let the caller take part and return the chat's id."""
    found = chat_of(work, entity_id)
    me = work.actor.person_id
    if found is None:
        values = {"object_id": entity_id, "participants": [me]}
        return work.execute([Create(facet("Chat"), values)])[0].id
    work.execute([Update(facet("Chat"), found, {"participants": Edit(Mode.ADD, [me])})])
    return found


def leave_chat(work: UnitOfWork, entity_id: str) -> None:
    """Let the caller leave; who took no part changes nothing."""
    found = chat_of(work, entity_id)
    if found is not None:
        edit = Edit(Mode.REMOVE, [work.actor.person_id])
        work.execute([Update(facet("Chat"), found, {"participants": edit})])


def chat_of(work: UnitOfWork, entity_id: str) -> uuid.UUID | None:
    """The chat of an entity, None before anybody joined."""
    return work.session.scalar(
        sa.select(Chat.id).where(Chat.object_id == entity_id, Chat.deleted_at.is_(None))
    )
