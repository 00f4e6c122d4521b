"""The chat of an entity and what is said there: Kitsu's chat tab."""

from __future__ import annotations

from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.people.own_chats import CHAT
from zou_server.blueprints.zou.rows import committed_row, json_of, rows_of, same, usual_rows
from zou_server.blueprints.zou.shapes import TEXT
from zou_server.blueprints.zou.tasks.comments import sent_files
from zou_server.description import listed, ref, thing
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.files.attachments import stored_attachments
from zou_server.services.read.reader import Reader
from zou_server.services.talk.join_chat import open_chat
from zou_server.services.write.operations import Act, Create, Delete
from zou_server.web import current_actor


@body
class Message:
    """What somebody says."""

    message: str = needed(TEXT, "message", "text")


class EntityChat(NamedResource):
    """The chat of an entity."""

    def get(self, entity_id: str) -> Response:
        """The chat with its messages, the oldest first; it is there from when somebody looks."""
        id_ = _entity(self, entity_id)
        with self.studio.write(current_actor()) as work:
            chat_id = str(open_chat(work, id_))
            chats = rows_of(work.read, "Chat", CHAT, same("id", chat_id))
            if not chats:
                raise NotFound("There is no chat here for you.")
            messages = usual_rows(work.read, "ChatMessage", same("chat_id", chat_id))
            work.commit()
        return json_of({**chats[0], "messages": messages})


class Messages(NamedResource):
    """What was said in the chat of an entity."""

    def get(self, entity_id: str) -> Response:
        """The oldest first."""
        return json_of(_messages(self.studio.read(current_actor()), _entity(self, entity_id)))

    def post(self, entity_id: str, sent: Message) -> Response:
        """Say something, with the files of the form if any; only who takes part in the chat may."""
        id_ = _entity(self, entity_id)
        request.max_content_length = self.parts.max_upload_bytes
        with (
            stored_attachments(self.parts.storage, sent_files()) as incoming,
            self.studio.write(current_actor()) as work,
        ):
            values = {"chat_id": open_chat(work, id_), "text": sent.message}
            (made,) = work.execute([Create(facet("ChatMessage"), values)])
            if incoming.files:
                files = {"files": incoming.keep()}
                work.execute([Act("attach-to-message", facet("ChatMessage"), made.id, files)])
            return committed_row(work, "ChatMessage", str(made.id), 201)


class OneMessage(NamedResource):
    """One message in the chat of an entity."""

    def get(self, entity_id: str, message_id: str) -> Response:
        """The message."""
        return json_of(_one(self.studio.read(current_actor()), _entity(self, entity_id), message_id))

    def delete(self, entity_id: str, message_id: str) -> Response:
        """Take it back: one's own, or anybody's for an administrator."""
        found = _one(self.studio.read(current_actor()), _entity(self, entity_id), message_id)
        with self.studio.write(current_actor()) as work:
            work.execute([Delete(facet("ChatMessage"), found["id"])])
            work.commit()
        return Response(status=204)


def _entity(resource: NamedResource, entity_id: str) -> str:
    id_ = checked_id(entity_id)
    require_owners(resource.studio, (("entity_id", "Entity"),), {"entity_id": id_})
    return id_


def _messages(reader: Reader, entity_id: str, *more: object) -> list[dict[str, str]]:
    terms = (same("chat.object_id", entity_id), *more)
    return usual_rows(reader, "ChatMessage", *terms)  # type: ignore[arg-type]


def _one(reader: Reader, entity_id: str, message_id: str) -> dict[str, str]:
    found = _messages(reader, entity_id, same("id", checked_id(message_id)))
    if not found:
        raise NotFound(f"ChatMessage {message_id} not found.")
    return found[0]


# -- the routes ----------------------------------------------------------------------------------------------

_CHAT = thing(
    {**{output.key: {} for output in CHAT.outputs}, "messages": listed(ref("ChatMessage"))}, ("id",)
)

ROUTES = (
    Named(
        "/data/entities/<entity_id>/chat",
        EntityChat,
        {"get": Says("Chat", "Read the chat of an entity", _CHAT, text="The chat and what was said there.")},
    ),
    Named(
        "/data/entities/<entity_id>/chat/messages",
        Messages,
        {
            "get": Says(
                "Chat", "List what was said about an entity", listed(ref("ChatMessage")), text="In order."
            ),
            "post": Says(
                "Chat",
                "Say something about an entity",
                ref("ChatMessage"),
                status=201,
                sends=Message,
                form=True,
                text="The message.",
                refused=(404, 413),
            ),
        },
    ),
    Named(
        "/data/entities/<entity_id>/chat/messages/<message_id>",
        OneMessage,
        {
            "get": Says("Chat", "Read a message", ref("ChatMessage"), text="The message."),
            "delete": Says("Chat", "Take a message back", status=204, text="It is gone.", refused=(403, 404)),
        },
    ),
)
