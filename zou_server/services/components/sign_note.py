"""A note has an author and a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zou_server.services.change import Change
    from zou_server.services.pipeline import Pipeline


def sign_note(pipeline: Pipeline, change: Change) -> None:
    """The author is the caller unless said; the project is that of what the note is about."""
    row: Any = change.row
    if change.created and pipeline.actor.person_id.int:
        change.default("person_id", pipeline.actor.person_id)
    about = row.object_id or row.parent_id
    if about is not None and row.project_id is None:
        pipeline.targets.load([about])
        identity = pipeline.targets.get(about)
        row.project_id = identity.project_id if identity else None
