"""A note that hangs on something is linked to it too, so that notes are found from both ends alike."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from zou_server.models.free_links import MANY
from zou_server.models.object_links import ObjectLink
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context

OF_TASKS, OF_OTHERS = "Note/tasks", "Note/note_links"


def link_note(context: Context, change: Change) -> None:
    """Link a new note to what it hangs on; one that moves to something else is linked to that instead."""
    row = change.of(Note)
    if row.parent_id is not None or not (change.created or change.changed("object_id")):
        return
    if not change.created and change.before.get("object_id") is not None:
        _unlink(context, row.id, change.before["object_id"])
    about = context.targets.get(row.object_id)
    if about is not None:
        field = OF_TASKS if about.kind == "Task" else OF_OTHERS
        ends = {"from_id": row.id, "to_id": row.object_id, "project_id": row.project_id}
        context.link(facet("ObjectLink"), {**ends, "field": field})
        if change.created and row.object_id is not None:
            change.links[f"{MANY}{field}"] = ([], [row.object_id])


def _unlink(context: Context, note: uuid.UUID, target: uuid.UUID) -> None:
    found = context.session.scalars(
        sa.select(ObjectLink.id).where(
            ObjectLink.from_id == note,
            ObjectLink.to_id == target,
            ObjectLink.field.in_((OF_TASKS, OF_OTHERS)),
            ObjectLink.deleted_at.is_(None),
        )
    )
    context.unlinked.setdefault("ObjectLink", []).extend(found)
