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
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, or_null, ref, thing
from zou_server.models.conditions import Form, Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.operations import Act
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork

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
JSON_TEXTS = frozenset({"checklist", "links"})
"""Keys that a multipart form carries as JSON text."""


class CommentTask(NamedResource):
    """Post a comment; the status it gives the task is part of it."""

    def post(self, task_id: str) -> Response:
        """Make the comment and answer it with its author and status."""
        action = Act("comment", facet("Task"), checked_id(task_id), _values())
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: _commented(work, action))


def _commented(work: UnitOfWork, action: Act) -> tuple[str, int]:
    made = work.execute([action])[0]
    query = Query(facet("Note"), answer_projection(), Where("id", Op.EQ, str(made.id)))
    return work.read.one(query, ZOU) or "null", 201


def _values() -> dict[str, Any]:
    if request.mimetype == "multipart/form-data":
        given: Any = {key: _form_value(key, text) for key, text in request.form.items()}
    else:
        given = json_body()
    if not isinstance(given, dict):
        raise Invalid("The body must be a JSON object.")
    unknown = sorted(given.keys() - KEYS.keys())
    if unknown:
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    return {KEYS[key]: value for key, value in given.items() if value not in ("", None) or key == "comment"}


def _form_value(key: str, text: str) -> Any:
    if key == "for_client":
        return boolean(text, key)
    if key not in JSON_TEXTS:
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        raise Invalid(fields={key: ["is not JSON"]}) from None


def answer_projection() -> Projection:
    """A comment with its author and its status as objects."""
    return _PROJECTION


def _object(key: str, path: str, facet_name: str) -> Output:
    shown = wire_type(facet(facet_name)).projection()
    plain = tuple(o for o in shown.outputs if o.form is not Form.LINKS)
    return Output(key, path, Form.OBJECT, Projection(plain))


_PROJECTION = Projection(
    (
        *wire_type(facet("Note")).projection(relations=True).outputs,
        _object("task_status", "sets_status", "TaskStatus"),
        _object("person", "person", "Person"),
    )
)

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
                form=thing({key: {"type": "string"} for key in KEYS}),
                refused=(404, 413),
            )
        },
    ),
)
