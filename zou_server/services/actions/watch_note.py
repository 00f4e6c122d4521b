"""Letting people watch the thread of a note: who starts it says whom it is for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.visible_rows import FOLLOWED
from zou_server.services.write.links import apply_links, current_ids, look_up_links
from zou_server.services.write.operations import Result
from zou_server.services.write.visible_ids import visible_ids

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

WATCHERS = "watcher_ids"
"""The value that holds the ids of people."""

_LINK = f"links:{FOLLOWED}"


def watch_note(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Let people follow the head of the note's thread; Invalid for those whom the caller does not see."""
    people: Sequence[uuid.UUID] = list(dict.fromkeys(values[WATCHERS]))
    wanted = sa.select(Person.id).where(Person.id.in_(people), Person.deleted_at.is_(None))
    live = set(context.session.scalars(wanted))
    known = visible_ids(context.session, context.actor, facet("Person"), live)
    if set(people) - known:
        raise Invalid(fields={WATCHERS: ["names somebody who does not exist"]})
    head = _head(context, row)
    whom = facet("HumanUser")
    context.rows.load([(whom, id_) for id_ in people])
    many = whom.fields[_LINK].many
    assert many is not None  # noqa: S101 - it is a link to many
    look_up_links(context, many, people)
    for id_ in people:
        person = context.rows.find(whom, id_)
        if person is None:
            raise Invalid(fields={WATCHERS: ["names somebody who does not exist"]})
        before = current_ids(context, many, person)
        apply_links(context, context.touch(whom, person), {_LINK: list(dict.fromkeys([*before, head.id]))})
    return context.result_of(context.touch(facet("Note"), row))


def _head(context: Context, note: Note) -> Note:
    seen = {note.id}
    while note.parent_id is not None and note.parent_id not in seen:
        seen.add(note.parent_id)
        held = context.rows.any(note.parent_id)
        above = held if isinstance(held, Note) else context.session.get(Note, note.parent_id)
        if above is None:
            break
        note = above
    return note
