"""The mails of a note: to each who follows it and may see it, which the one row scope says.

That is asked when the mails are written, so that who left the project meanwhile is told nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.base import Identity
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.visible_rows import FOLLOWED
from zou_server.query.spelling import Spelling
from zou_server.services.people.load_actor import ActorQuery, InactivePerson, to_actor
from zou_server.services.talk.mail_notes import THREAD
from zou_server.services.talk.textile_html import html_of

if TYPE_CHECKING:
    from zou_server.services.people.mails import Post
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

_ID = Projection((Output("id", "id"),))
_PLAIN = Spelling()
_BY_ID = ActorQuery("by_person", "person p", "NOT p.is_bot AND p.id = $1")
_LISTENERS = sa.text(f"""{THREAD}
SELECT DISTINCT p.id, p.email, p.first_name FROM up
JOIN object_link l ON l.to_id IN (up.id, up.object_id)
JOIN person p ON p.id = l.from_id
WHERE l.field = :field AND l.deleted_at IS NULL AND p.deleted_at IS NULL AND p.active AND p.email IS NOT NULL
  AND NOT p.is_bot
""")  # noqa: S608 - put together from constants


def mail_note(studio: Studio, post: Post, *note_ids: uuid.UUID) -> int:
    """Order a mail of each note to everybody who follows and may see it; how many mails they are."""
    ordered = 0
    with studio.write(SYSTEM) as work:
        for note_id in note_ids:
            note = work.session.get(Note, note_id)
            if note is None or note.deleted_at is not None:
                continue
            values, thread = _values(work, note), _thread(work, note)
            for email, first_name in _listeners(studio, work, note):
                post.order(work, "note", email, {**values, "first_name": first_name or ""}, thread)
                ordered += 1
        work.commit()
    return ordered


def _thread(work: UnitOfWork, note: Note) -> list[str]:
    """The note behind all those that it answers, as mails call them."""
    found, above = [note.id], note.parent_id
    while above is not None and above not in found:
        found.append(above)
        parent = work.session.get(Note, above)
        above = parent.parent_id if parent is not None else None
    return [f"note.{id_}" for id_ in reversed(found)]


def _listeners(studio: Studio, work: UnitOfWork, note: Note) -> Iterator[tuple[str, str]]:
    asked = {"notes": [note.id], "field": FOLLOWED}
    for person_id, email, first_name in work.session.execute(_LISTENERS, asked):
        actor = None if person_id == note.person_id else _actor(studio, person_id)
        if actor is not None and _sees(studio, actor, note.id):
            yield email, first_name


def _actor(studio: Studio, person_id: uuid.UUID) -> Actor | None:
    row = _BY_ID.first(studio.reads, str(person_id))
    try:
        return None if row is None else to_actor(row, client="mail")
    except InactivePerson:
        return None


def _sees(studio: Studio, actor: Actor, note_id: uuid.UUID) -> bool:
    query = Query(facet("Note"), _ID, Where("id", Op.EQ, str(note_id)))
    return studio.read(actor, again=False).one(query, _PLAIN) is not None


def _values(work: UnitOfWork, note: Note) -> dict[str, Any]:
    about = work.session.get(Identity, note.object_id) if note.object_id else None
    author = work.session.get(Person, note.person_id) if note.person_id else None
    name = f"{author.first_name or ''} {author.last_name or ''}".strip() if author else ""
    return {
        "author": name or (author.login if author else None) or "somebody",
        "about": (about.name if about else None) or "a note",
        "title": note.title or "",
        "is_reply": note.parent_id is not None,
        "text": note.text or "",
        "html": html_of(note.text),
    }
