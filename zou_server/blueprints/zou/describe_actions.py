"""The named actions of the Zou dialect, as OpenAPI: a path and its operations for each."""

from __future__ import annotations

from zou_server.blueprints.zou.comments import KEYS
from zou_server.blueprints.zou.create_tasks import KINDS
from zou_server.blueprints.zou.describe_answers import SIGNED_IN, refused, tag
from zou_server.description import (
    JSON,
    SENT,
    Schema,
    answer,
    body,
    listed,
    one_of,
    operation,
    or_null,
    parameter,
    ref,
    thing,
)
from zou_server.models.registry import Kind

FORM = "multipart/form-data"

_COMMENT: dict[str, Schema] = {
    # wire key -> what a body may hold for it; a key without a line here may hold anything
    "comment": or_null(SENT[Kind.TEXT]),
    "text": or_null(SENT[Kind.TEXT]),
    "task_status_id": or_null(ref("Id")),
    "person_id": or_null(ref("Id")),
    "created_at": or_null(SENT[Kind.DATETIME]),
    "for_client": or_null(SENT[Kind.BOOLEAN]),
}


def action_paths() -> dict[str, dict[str, Schema]]:
    """Every path and its operations."""
    return {
        "/actions/projects/{project_id}/task-types/{task_type_id}/{kind}/create-tasks": {
            "post": _create_tasks()
        },
        "/actions/tasks/{task_id}/comment": {"post": _comment()},
    }


def _create_tasks() -> Schema:
    parameters = [
        parameter("project_id", "path", ref("Id")),
        parameter("task_type_id", "path", ref("Id")),
        parameter("kind", "path", one_of(KINDS)),
        parameter("id", "query", listed(ref("Id")), "The entities, where the body names none."),
    ]
    made = answer("The tasks that were made; entities that had one keep it.", listed(ref("Task")))
    return operation(
        tag("Task"),
        "Make the tasks of a step",
        {201: made} | refused(404, 413),
        description="The body lists entities; without any, every entity of the kind gets its task.",
        parameters=parameters,
        sends=body(listed(ref("Id")), required=False),
        security=SIGNED_IN,
    )


def _comment() -> Schema:
    sent = thing({key: _COMMENT.get(key, {}) for key in KEYS}, additionalProperties=False)
    form = thing({key: {"type": "string"} for key in KEYS})
    row = {"allOf": [ref("Comment")], "properties": {"task_status": {}, "person": {}}}
    return operation(
        tag("Note"),
        "Comment on a task",
        {201: answer("The comment, with its author and the status it gave as objects.", row)}
        | refused(404, 413),
        description="`task_status_id` is the status that the comment gives the task.",
        parameters=[parameter("task_id", "path", ref("Id")), ref("IdempotencyKey", "parameters")],
        sends=body(sent, form, media=(JSON, FORM)),
        security=SIGNED_IN,
    )
