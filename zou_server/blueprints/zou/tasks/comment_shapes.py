"""A comment as Kitsu's task panel and gazu read it: with its author, its status and its files as objects."""

from __future__ import annotations

from zou_server.blueprints.zou.describe_api.describe_rows import rows_called
from zou_server.blueprints.zou.extra_outputs import ATTACHMENT_KEYS, author
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Form, Order, Output, Projection
from zou_server.models.registry import facet

NEWEST_FIRST = (Order("created_at", descending=True),)
"""gazu.task.get_last_comment_for_task takes the first."""


def _status() -> Output:
    """The status that a comment gives: all that it has, as Zou answers it."""
    return Output("task_status", "sets_status", Form.OBJECT, wire_type(facet("TaskStatus")).projection())


_OBJECTS = {
    "previews": wire_type(facet("PreviewFile")).projection(),
    "attachment_files": wire_type(facet("AttachmentFile")).projection(fields=ATTACHMENT_KEYS),
}

COMMENT = Projection(
    (
        *(o for o in wire_type(facet("Note")).projection(relations=True).outputs if o.key not in _OBJECTS),
        *(Output(key, key, Form.OBJECTS, shown) for key, shown in _OBJECTS.items()),
        _status(),
        author("person"),
        author("editor"),
    )
)
"""Every key of a comment (docs/protocols/zou.md 17, Comment)."""

WHOLE_COMMENT = rows_called("WholeComment", "Note", COMMENT)
"""Its schema."""

ACKNOWLEDGED = Projection(
    tuple(
        Output(each.key, each.path, Form.LINKS) if each.key == "attachment_files" else each
        for each in COMMENT.outputs
    )
)
"""A comment as the answer to having read it: with the ids of its files."""

REPLY = Projection(
    (
        Output("comment_id", "parent_id"),
        *next(o for o in COMMENT.outputs if o.key == "replies").outputs.outputs,  # type: ignore[union-attr]
    )
)
"""A reply alone, as the answer to having made it."""
