"""`POST /actions/tasks/<id>/comment`: what gazu.task.add_comment and Kitsu's task panel send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.crud import json_body
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT
from zou_server.description import SENT, Schema, or_null, ref, thing
from zou_server.models.conditions import Op, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.files.attachments import KeptFile, SentFile, stored_attachments
from zou_server.services.files.incoming import Incoming
from zou_server.services.write.operations import Act
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

KEYS: Mapping[str, str] = {
    # wire key: value of the action
    "comment": "text",
    "text": "text",
    "task_status_id": "sets_status_id",
    "checklist": "checklist",
    "links": "links",
    "for_client": "for_client",
    "person_id": "person_id",
    "created_at": "created_at",
}
FORM = "multipart/form-data"
JSON_TEXTS = frozenset({"checklist", "links"})
"""Keys that a multipart form carries as JSON text."""


class CommentTask(NamedResource):
    """Post a comment; the status it gives the task is part of it."""

    def post(self, task_id: str) -> Response:
        """Make the comment and answer it with its author and status; files of a form go with it."""
        request.max_content_length = self.parts.max_upload_bytes
        action = Act("comment", facet("Task"), checked_id(task_id), _values())
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


def comment_text(work: UnitOfWork, id_: str) -> str:
    """A comment as JSON, with its author, status and files as objects."""
    query = Query(facet("Note"), COMMENT, Where("id", Op.EQ, id_))
    return work.read.one(query, ZOU) or "null"


def sent_files() -> list[SentFile]:
    """The files of a form, in its order, whatever their fields are called."""
    if request.mimetype != FORM:
        return []  # looking for the parts of another body takes its time
    fields = request.files.items(multi=True)
    return [SentFile(file.filename, file.stream) for _, file in fields if file.filename]


def _values() -> dict[str, Any]:
    if request.mimetype == FORM:
        given: Any = {key: _form_value(key, text) for key, text in request.form.items()}
    else:
        given = json_body()
    return comment_values(given)


def comment_values(given: Any, ignored: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The values of a comment from an object of wire keys; Invalid names every unknown one."""
    if not isinstance(given, dict):
        raise Invalid("A comment must be a JSON object.")
    unknown = sorted(given.keys() - KEYS.keys() - ignored)
    if unknown:
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    said = {key: value for key, value in given.items() if key in KEYS}
    return {KEYS[key]: value for key, value in said.items() if value not in ("", None) or key == "comment"}


def _form_value(key: str, text: str) -> Any:
    if key == "for_client":
        return boolean(text, key)
    if key not in JSON_TEXTS:
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        raise Invalid(fields={key: ["is not JSON"]}) from None


_SENT: dict[str, Schema] = {
    # wire key -> what a body may hold for it; a key without a line here may hold anything
    "comment": or_null(SENT[Kind.TEXT]),
    "text": or_null(SENT[Kind.TEXT]),
    "task_status_id": or_null(ref("Id")),
    "person_id": or_null(ref("Id")),
    "created_at": or_null(SENT[Kind.DATETIME]),
    "for_client": or_null(SENT[Kind.BOOLEAN]),
}

ROUTES = (
    Named(
        "/actions/tasks/<task_id>/comment",
        CommentTask,
        {
            "post": Says(
                "Note",
                "Comment on a task",
                {"allOf": [ref("Comment")], "properties": {"task_status": {}, "person": {}}},
                status=201,
                text="The comment, with its author and the status it gave as objects.",
                description="`task_status_id` is the status that the comment gives the task.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=thing({key: _SENT.get(key, {}) for key in KEYS}, additionalProperties=False),
                form=thing(
                    {key: {"type": "string"} for key in KEYS}, additionalProperties={"type": "string"}
                ),
                refused=(404, 413),
            )
        },
    ),
)
