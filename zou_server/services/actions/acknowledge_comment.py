"""Saying that one has read a comment, or taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.talk import NoteAcknowledgement
from zou_server.services.write.given import given_values
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def acknowledge_comment(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Toggle the caller's acknowledgement; for leads and those who work on the task."""
    given_values(values, {})
    actor = context.actor
    comment = context.touch(facet("Note"), row)
    given = context.session.scalars(
        sa.select(NoteAcknowledgement)
        .where(NoteAcknowledgement.note_id == row.id, NoteAcknowledgement.deleted_at.is_(None))
        .order_by(NoteAcknowledgement.created_at)
    ).all()
    people = [each.person_id for each in given]
    mine = [each.id for each in given if each.person_id == actor.person_id]
    if mine:
        retire_all(context.work, facet("NoteAcknowledgement"), mine)
        after = [id_ for id_ in people if id_ != actor.person_id]
    else:
        context.link(facet("NoteAcknowledgement"), {"note_id": row.id, "person_id": actor.person_id})
        after = [*people, actor.person_id]
    action = "unacknowledge" if mine else "acknowledge"
    context.work.record(named_event(action, comment.identity, person_id=actor.person_id))
    comment.links["acknowledgements"] = (people, after)
    return context.result_of(comment)
