"""Answering a comment. A reply is a note below the comment, and takes no part in the task's status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.models.review import Note
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def reply_to_comment(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Make the reply, which is the result; managers may give somebody else as `person_id`."""
    found = given_values(values, {"text": Kind.TEXT, "person_id": Kind.LINK})
    if row.parent_id is not None:
        raise Invalid("This is a reply itself: answer its comment.")
    if found["person_id"] is not None:
        context.targets.check(facet("Note"), {"person_id": found["person_id"]})
    note = {
        "text": found["text"] or "",
        "parent_id": row.id,
        "object_id": row.object_id,
        "project_id": row.project_id,
        "for_client": row.for_client,
    }
    if found["person_id"] is not None:
        note["person_id"] = found["person_id"]
    return context.result_of(context.link(facet("Note"), note))
