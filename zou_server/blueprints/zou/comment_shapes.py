"""A comment as Kitsu's task panel and gazu read it: with its author, its status and its files as objects."""

from __future__ import annotations

from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Form, Order, Output, Projection
from zou_server.models.registry import facet

NEWEST_FIRST = (Order("created_at", descending=True),)
"""gazu.task.get_last_comment_for_task takes the first."""

_PERSON_KEYS = ("id", "first_name", "last_name", "full_name", "has_avatar")
_STATUS_KEYS = (
    "id",
    "name",
    "short_name",
    "color",
    "is_done",
    "is_retake",
    "is_wip",
    "is_feedback_request",
    "is_default",
    "is_artist_allowed",
    "is_client_allowed",
    "for_concept",
)
ATTACHMENT_KEYS = ("id", "name", "extension", "size", "reply_id")


def _object(key: str, path: str, facet_name: str, keys: tuple[str, ...]) -> Output:
    shown = wire_type(facet(facet_name)).projection(fields=keys)
    return Output(
        key, path, Form.OBJECT, Projection(tuple(o for o in shown.outputs if o.form is not Form.LINKS))
    )


_OBJECTS = {
    "previews": wire_type(facet("PreviewFile")).projection(),
    "attachment_files": wire_type(facet("AttachmentFile")).projection(fields=ATTACHMENT_KEYS),
}

COMMENT = Projection(
    (
        *(o for o in wire_type(facet("Note")).projection(relations=True).outputs if o.key not in _OBJECTS),
        *(Output(key, key, Form.OBJECTS, shown) for key, shown in _OBJECTS.items()),
        _object("task_status", "sets_status", "TaskStatus", _STATUS_KEYS),
        _object("person", "person", "Person", _PERSON_KEYS),
    )
)
"""Every key of a comment (zou-models.md, Comment)."""

REPLY = Projection(
    (
        Output("comment_id", "parent_id"),
        *next(o for o in COMMENT.outputs if o.key == "replies").outputs.outputs,  # type: ignore[union-attr]
    )
)
"""A reply alone, as the answer to having made it."""
