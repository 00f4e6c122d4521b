"""`POST /actions/tasks/<id>/comment`: what gazu.task.add_comment and Kitsu's task panel send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from zou_server.blueprints.zou.bodies import Shape, body, optional, said
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import FORM, Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import ANYTHING, BOOLEAN, ID, JSON_TEXT, TEXT
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT, WHOLE_COMMENT
from zou_server.description import SENT, ref
from zou_server.models.conditions import Op, Projection, Query, Where
from zou_server.models.registry import Kind, facet
from zou_server.services.files.attachments import KeptFile, SentFile, stored_attachments
from zou_server.services.files.incoming import Incoming
from zou_server.services.write.operations import Act
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@body
class Comment:
    """What is said, the status that it gives the task, and for managers by whom and when."""

    text: str | None = optional(TEXT, "comment", "text")
    sets_status_id: str | None = optional(ID, "task_status_id")
    checklist: Any = optional(JSON_TEXT)
    links: Any = optional(JSON_TEXT)
    for_client: bool | None = optional(BOOLEAN)
    person_id: str | None = optional(ID)
    created_at: Any = optional(Shape(ANYTHING.read, SENT[Kind.DATETIME], is_blank_none=True))


class CommentTask(NamedResource):
    """Post a comment; the status it gives the task is part of it."""

    def post(self, task_id: str, sent: Comment) -> Response:
        """Make the comment and answer it with its author and status; files of a form go with it."""
        action = Act("comment", facet("Task"), checked_id(task_id), said(sent))
        with (
            stored_attachments(self.parts.storage, sent_files()) as incoming,
            self.studio.write(current_actor()) as work,
        ):
            return answered_once(work, lambda: self._commented(work, action, incoming))

    def _commented(self, work: UnitOfWork, action: Act, incoming: Incoming[KeptFile]) -> tuple[str, int]:
        made = str(work.execute([action])[0].id)
        attach(work, made, incoming)
        return comment_text(work, made), 201


def attach(work: UnitOfWork, note_id: str, incoming: Incoming[KeptFile]) -> None:
    """Make the rows of files that have come in, if any have."""
    if incoming.files:
        work.execute([Act("attach", facet("Note"), note_id, {"files": incoming.keep()})])


def comment_text(work: UnitOfWork, id_: str, shown: Projection = COMMENT) -> str:
    """A comment as JSON, with its author, status and files as objects."""
    query = Query(facet("Note"), shown, Where("id", Op.EQ, id_))
    return work.read.one(query, ZOU) or "null"


def sent_files() -> list[SentFile]:
    """The files of a form, in its order, whatever their fields are called."""
    if request.mimetype != FORM:
        return []  # looking for the parts of another body takes its time
    fields = request.files.items(multi=True)
    return [SentFile(file.filename, file.stream) for _, file in fields if file.filename]


ROUTES = (
    Named(
        "/actions/tasks/<task_id>/comment",
        CommentTask,
        {
            "post": Says(
                "Note",
                "Comment on a task",
                WHOLE_COMMENT,
                status=201,
                text="The comment, with its author and the status it gave as objects.",
                description="`task_status_id` is the status that the comment gives the task.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=Comment,
                form=True,
                refused=(404, 413),
            )
        },
    ),
)
