"""What belongs to a comment on a task: itself, answers to it, who has read it, the files sent along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema, rows_called
from zou_server.blueprints.zou.extra_outputs import ATTACHMENT_KEYS
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ID, TEXT
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_shapes import ACKNOWLEDGED, COMMENT, REPLY, WHOLE_COMMENT
from zou_server.blueprints.zou.tasks.comments import attach, comment_text, sent_files
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, ref, thing
from zou_server.models.conditions import All, Op, Order, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.files.attachments import stored_attachments
from zou_server.services.write.operations import Act, Delete
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

_NOTE = facet("Note")
_ATTACHED = wire_type(facet("AttachmentFile")).projection(fields=ATTACHMENT_KEYS)
_PLACE = "<task_id>/comments/<comment_id>"


def found_note(reader: Reader, id_: str, **place: str) -> str:
    """The id of a note that is where the path says (attribute -> id); NotFound when it is not."""
    wire = wire_type(_NOTE)
    terms = tuple(Where(name, Op.EQ, checked_id(value)) for name, value in place.items())
    query = Query(_NOTE, wire.projection(fields=("id",)), All((Where("id", Op.EQ, checked_id(id_)), *terms)))
    found_or_404(reader.one(query, ZOU), wire, id_)
    return checked_id(id_)


class CommentOfTask(NamedResource):
    """One comment of a task."""

    def get(self, task_id: str, comment_id: str) -> Response:
        """The comment with its relations."""
        reader = self.studio.read(current_actor())
        id_ = found_note(reader, comment_id, object_id=task_id)
        wire = wire_type(_NOTE)
        return item_response(found_or_404(reader.one(item_query(wire, id_, whole=True), ZOU), wire, id_))

    def delete(self, task_id: str, comment_id: str) -> Response:
        """Remove the comment; its previews, files and answers go along, and the task stands as before it."""
        id_ = found_note(self.studio.read(current_actor()), comment_id, object_id=task_id)
        return _removed(self, Delete(_NOTE, id_))


class Acknowledge(NamedResource):
    """Whether the caller has read a comment."""

    def post(self, task_id: str, comment_id: str) -> Response:
        """Say so, or take it back."""
        id_ = found_note(self.studio.read(current_actor()), comment_id, object_id=task_id)
        return _acted(self, Act("acknowledge", _NOTE, id_, {}), ACKNOWLEDGED)


@body
class OtherTask:
    """The task that a comment was meant for."""

    target_task_id: str = needed(ID)


class MoveComment(NamedResource):
    """A comment that was meant for another task of the entity."""

    def post(self, task_id: str, comment_id: str, sent: OtherTask) -> Response:
        """Hang it there; the answer is the comment."""
        id_ = found_note(self.studio.read(current_actor()), comment_id, object_id=task_id)
        return _acted(self, Act("move-comment", _NOTE, id_, said(sent)))


@body
class ReplyText:
    """An answer to a comment, and who gives it."""

    text: str | None = optional(TEXT)
    person_id: str | None = optional(ID)


class ReplyToComment(NamedResource):
    """An answer to a comment."""

    def post(self, task_id: str, comment_id: str, sent: ReplyText) -> Response:
        """Make it, with the files of the form if there are some."""
        id_ = found_note(self.studio.read(current_actor()), comment_id, object_id=task_id)
        if not sent.text and not request.files:
            raise Invalid("A required field is missing.", {"text": ["is required"]})
        with (
            stored_attachments(self.parts.storage, sent_files()) as incoming,
            self.studio.write(current_actor()) as work,
        ):
            made = str(work.execute([Act("reply", _NOTE, id_, said(sent))])[0].id)
            attach(work, made, incoming)
            text = work.read.one(Query(_NOTE, REPLY, Where("id", Op.EQ, made)), ZOU)
            work.commit()
        return json_text(text or "null")


class ReplyOfComment(NamedResource):
    """One answer to a comment."""

    def delete(self, task_id: str, comment_id: str, reply_id: str) -> Response:
        """Remove it."""
        reader = self.studio.read(current_actor())
        found_note(reader, comment_id, object_id=task_id)
        return _removed(self, Delete(_NOTE, found_note(reader, reply_id, parent_id=comment_id)))


class AttachFiles(NamedResource):
    """Files for a comment that is there already, or for an answer to it (`reply_id`)."""

    def post(self, task_id: str, comment_id: str) -> Response:
        """Keep the files of the form; the answer lists all files of the comment."""
        reader = self.studio.read(current_actor())
        id_ = found_note(reader, comment_id, object_id=task_id)
        request.max_content_length = self.parts.max_upload_bytes
        reply = request.form.get("reply_id")
        note = found_note(reader, reply, parent_id=id_) if reply else id_
        if not sent_files():
            raise Invalid("The form has no file.", {"file": ["is not in the form"]})
        with (
            stored_attachments(self.parts.storage, sent_files()) as incoming,
            self.studio.write(current_actor()) as work,
        ):
            attach(work, note, incoming)
            where = Where("comment_id", Op.EQ, id_)
            text = work.read.page(
                Query(facet("AttachmentFile"), _ATTACHED, where, (Order("created_at"),)), ZOU
            ).text
            work.commit()
        return json_text(f"[{text}]", 201)


class AttachmentOfComment(NamedResource):
    """One file of a comment."""

    def delete(self, task_id: str, comment_id: str, attachment_id: str) -> Response:
        """Remove it."""
        reader = self.studio.read(current_actor())
        id_ = found_note(reader, comment_id, object_id=task_id)
        wire = wire_type(facet("AttachmentFile"))
        is_it = All((Where("id", Op.EQ, checked_id(attachment_id)), Where("comment_id", Op.EQ, id_)))
        query = Query(wire.facet, wire.projection(fields=("id",)), is_it)
        found_or_404(reader.one(query, ZOU), wire, attachment_id)
        return _removed(self, Delete(wire.facet, checked_id(attachment_id)))


def _acted(resource: NamedResource, action: Act, shown: Projection = COMMENT) -> Response:
    with resource.studio.write(current_actor()) as work:
        work.execute([action])
        text = comment_text(work, str(action.id), shown)
        work.commit()
    return json_text(text)


def _removed(resource: NamedResource, operation: Delete) -> Response:
    with resource.studio.write(current_actor()) as work:
        work.execute([operation])
        work.commit()
    return Response(status=204)


_FILES = thing({}, additionalProperties={"type": "string", "format": "binary"})

ROUTES = (
    Named(
        f"/data/tasks/{_PLACE}",
        CommentOfTask,
        {
            "get": Says("Note", "Read a comment of a task", ref("Comment")),
            "delete": Says(
                "Note",
                "Remove a comment of a task",
                status=204,
                text="It is gone, and so is what it did to the task.",
            ),
        },
    ),
    Named(
        f"/data/tasks/{_PLACE}/ack",
        Acknowledge,
        {
            "post": Says(
                "Note",
                "Say that one has read a comment, or take it back",
                rows_called("AcknowledgedComment", "Note", ACKNOWLEDGED),
                text="The comment, with the ids of its files.",
            )
        },
    ),
    Named(
        f"/actions/tasks/{_PLACE}/move",
        MoveComment,
        {
            "post": Says(
                "Note",
                "Move a comment to another task of the entity",
                WHOLE_COMMENT,
                text="The comment, on its new task.",
                sends=OtherTask,
                refused=(404, 413),
            )
        },
    ),
    Named(
        f"/data/tasks/{_PLACE}/reply",
        ReplyToComment,
        {
            "post": Says(
                "Note",
                "Answer a comment",
                row_schema("Note", REPLY),
                text="The answer.",
                sends=ReplyText,
                form=True,
                refused=(404, 413),
            )
        },
    ),
    Named(
        f"/data/tasks/{_PLACE}/reply/<reply_id>",
        ReplyOfComment,
        {"delete": Says("Note", "Remove an answer to a comment", status=204, text="It is gone.")},
    ),
    Named(
        f"/actions/tasks/{_PLACE}/add-attachment",
        AttachFiles,
        {
            "post": Says(
                "AttachmentFile",
                "Attach files to a comment",
                listed(row_schema("AttachmentFile", _ATTACHED)),
                status=201,
                text="All files of the comment.",
                form=_FILES,
                refused=(404, 413),
            )
        },
    ),
    Named(
        f"/data/tasks/{_PLACE}/attachments/<attachment_id>",
        AttachmentOfComment,
        {"delete": Says("AttachmentFile", "Remove a file of a comment", status=204, text="It is gone.")},
    ),
)
