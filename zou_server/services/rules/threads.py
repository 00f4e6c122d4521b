"""Threads: an answer is about what its thread is about, and no note is below itself."""

from __future__ import annotations

import uuid

from zou_server.models.errors import Invalid
from zou_server.models.review import Note
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context

MAX_DEPTH = 64


def join_thread(context: Context, change: Change) -> None:
    """Refuse an answer to nothing, one about something else than what it answers, and a circle."""
    row = change.of(Note)
    if change.facet.name == "Reply" and row.parent_id is None and row.reply_to_id is None:
        raise Invalid(fields={"parent_id": ["may not be empty"]})
    if row.parent_id is None or not (change.created or change.changed("parent_id", "object_id")):
        return
    parent = _note(context, row.parent_id)
    if parent is None:
        return  # the links' own check says so
    if not change.created:
        _refuse_circle(context, row, parent)
    if None not in (row.object_id, parent.object_id) and row.object_id != parent.object_id:
        raise Invalid(fields={"object_id": ["is not what the thread is about"]})


def _refuse_circle(context: Context, row: Note, parent: Note | None) -> None:
    for _ in range(MAX_DEPTH):
        if parent is None:
            return
        if parent.id == row.id:
            break
        parent = _note(context, parent.parent_id)
    raise Invalid(fields={"parent_id": ["is this note, or below it"]})


def _note(context: Context, id_: uuid.UUID | None) -> Note | None:
    if id_ is None:
        return None
    held = context.rows.any(id_)
    return held if isinstance(held, Note) else context.session.get(Note, id_)
