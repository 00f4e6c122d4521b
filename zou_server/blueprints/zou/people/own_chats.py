"""The chats of entities that the caller takes part in (gazu.user, Kitsu)."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed
from zou_server.models.conditions import Form, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.talk.join_chat import join_chat, leave_chat
from zou_server.web import current_actor, json_text

_ENTITY = "object[Entity]"
OWN_CHAT = Projection(
    (
        Output("id", "id"),
        Output("object_id", "object_id"),
        Output("last_message", "last_message"),
        Output("entity_name", f"{_ENTITY}.full_entity_name"),
        Output("project_id", "project_id"),
        Output("preview_file_id", f"{_ENTITY}.preview_file_id"),
    )
)
CHAT = Projection(
    (
        *wire_type(facet("Chat")).projection().outputs,
        Output("participants", "participants", Form.LINKS),
    )
)


class OwnChats(NamedResource):
    """`/data/user/chats`."""

    def get(self) -> Response:
        """The chats that the caller takes part in."""
        actor = current_actor()
        mine = Where("participants.id", Op.EQ, str(actor.person_id))
        query = Query(facet("Chat"), OWN_CHAT, mine, (Order("created_at"),))
        return json_text(f"[{self.studio.read(actor).page(query, ZOU).text}]")


class JoinChat(NamedResource):
    """`/actions/user/chats/<entity_id>/join`: POST joins, DELETE leaves."""

    def post(self, entity_id: str) -> Response:
        """Take part in the chat of an entity."""
        id_ = self._entity(entity_id)
        with self.studio.write(current_actor()) as work:
            query = Query(facet("Chat"), CHAT, Where("id", Op.EQ, str(join_chat(work, id_))))
            text = work.read.one(query, ZOU) or "null"
            work.commit()
        return json_text(text)

    def delete(self, entity_id: str) -> Response:
        """Leave it."""
        id_ = self._entity(entity_id)
        with self.studio.write(current_actor()) as work:
            leave_chat(work, id_)
            work.commit()
        return Response(status=204)

    def _entity(self, entity_id: str) -> str:
        id_ = checked_id(entity_id)
        require_owners(self.studio, (("entity_id", "Entity"),), {"entity_id": id_})
        return id_


ROUTES = (
    Named(
        "/data/user/chats",
        OwnChats,
        {
            "get": Says(
                "Chat",
                "List the chats that the caller takes part in",
                listed(row_schema("Chat", OWN_CHAT)),
                refused=(),
            )
        },
    ),
    Named(
        "/actions/user/chats/<entity_id>/join",
        JoinChat,
        {
            "post": Says(
                "Chat",
                "Join the chat of an entity",
                row_schema("Chat", CHAT),
                text="The chat.",
                refused=(403, 404),
            ),
            "delete": Says(
                "Chat",
                "Leave the chat of an entity",
                status=204,
                text="The chat is left.",
                refused=(403, 404),
            ),
        },
    ),
)
