"""Taking part in the chat of an entity, and leaving it; the first to join makes it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.chat import Chat
from zou_server.models.registry import facet
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Create, Edit, Mode, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def join_chat(work: UnitOfWork, entity_id: str) -> uuid.UUID:
    """Let the caller take part and return the chat's id."""
    found = chat_of(work, entity_id)
    me = work.actor.person_id
    if found is None:
        values = {"object_id": entity_id, "participants": [me]}
        found = work.execute([Create(facet("Chat"), values)])[0].id
    else:
        work.execute([Update(facet("Chat"), found, {"participants": Edit(Mode.ADD, [me])})])
    _tell(work, found, "joined")
    return found


def open_chat(work: UnitOfWork, entity_id: str) -> uuid.UUID:
    """The chat of an entity, made when nobody spoke there yet."""
    found = chat_of(work, entity_id)
    return work.execute([Create(facet("Chat"), {"object_id": entity_id})])[0].id if found is None else found


def _tell(work: UnitOfWork, chat_id: uuid.UUID, action: str) -> None:
    about = work.session.get_one(Identity, chat_id)
    work.record(named_event(action, about, person_id=work.actor.person_id))


def leave_chat(work: UnitOfWork, entity_id: str) -> None:
    """Let the caller leave; who took no part changes nothing."""
    found = chat_of(work, entity_id)
    if found is not None:
        edit = Edit(Mode.REMOVE, [work.actor.person_id])
        work.execute([Update(facet("Chat"), found, {"participants": edit})])
        _tell(work, found, "left")


def chat_of(work: UnitOfWork, entity_id: str) -> uuid.UUID | None:
    """The chat of an entity, None before anybody joined."""
    return work.session.scalar(
        sa.select(Chat.id).where(Chat.object_id == entity_id, Chat.deleted_at.is_(None))
    )
