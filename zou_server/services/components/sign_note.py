"""A note has an author, a project, and who changed its words last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


WORDS = ("text", "checklist", "links", "for_client")
"""What a note says; changing it makes one its editor (docs/protocols/zou.md 17, Comment.editor_id)."""


def sign_note(pipeline: Pipeline, change: Change) -> None:
    """The author is the caller unless said, the editor who changes it, the project that of what it is on."""
    row: Any = change.row
    if change.created and pipeline.actor.person_id.int:
        change.default("person_id", pipeline.actor.person_id)
    edited = not change.created and change.changed(*WORDS) and not change.changed("editor_id")
    if edited and pipeline.actor.person_id.int:
        change.set("editor_id", pipeline.actor.person_id)
    about = row.object_id or row.parent_id
    if about is not None and row.project_id is None:
        identity = pipeline.targets.get(about)
        row.project_id = identity.project_id if identity else None
