"""Mentions: `@Full Name` and `@Department` in a note name people of the project's team, and departments."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from zou_server.models.person import Department, Membership, Person
from zou_server.models.person import full_name as name_of
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.talk import NoteDepartmentMention, NoteMention
from zou_server.services.talk.find_names import find_names
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.retire import retire_all

SIGN = "@"
LINKS: Mapping[str, tuple[Any, str]] = {
    # link of the note: its link rows, and their column of what is named
    "mentions": (NoteMention, "person_id"),
    "department_mentions": (NoteDepartmentMention, "department_id"),
}


@dataclass
class Nameable:
    """Whom a note of a project can name: link -> name in lower case -> ids."""

    ids: dict[str, dict[str, list[uuid.UUID]]] = field(default_factory=lambda: {link: {} for link in LINKS})

    def named_in(self, text: str) -> dict[str, list[uuid.UUID]]:
        """Whom a text names, by link."""
        names = find_names(text, SIGN, (name for known in self.ids.values() for name in known))
        return {
            link: [id_ for name in sorted(names & known.keys()) for id_ in known[name]]
            for link, known in self.ids.items()
        }


def mention_people(context: Context, change: Change) -> None:
    """Keep the link rows of a note in step with its text; `change.links` tells of them.

    A text without the sign costs no statement.
    """
    row = change.of(Note)
    texts = (row.text or "", change.before.get("text") or "")
    if not (change.created or change.changed("text")) or not any(SIGN in text for text in texts):
        return
    nameable = context.once(_nameable, row.project_id)
    # What is linked to a new note asks for its project.
    change.identity.project_id = row.project_id
    context.rows.add(row, change.identity)
    for link, wanted in nameable.named_in(row.text or "").items():
        before = [] if change.created else _replaced(context, row, link, wanted)
        model, far = LINKS[link]
        for id_ in wanted:
            if id_ not in before:
                context.link(facet(model.__name__), {"note_id": row.id, far: id_})
        if wanted or before:
            change.links[link] = (before, wanted)


def _nameable(context: Context, project_id: uuid.UUID | None) -> Nameable:
    person = Person.__table__
    people = (
        sa.select(sa.literal("mentions"), Person.id, name_of(person))
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.project_id == project_id, Membership.deleted_at.is_(None), Person.deleted_at.is_(None)
        )
    )
    departments = sa.select(sa.literal("department_mentions"), Department.id, Department.name).where(
        Department.deleted_at.is_(None)
    )
    found = Nameable()
    for link, id_, name in context.session.execute(sa.union_all(people, departments)):
        if name:
            found.ids[link].setdefault(name.lower(), []).append(id_)
    return found


def _replaced(context: Context, row: Note, link: str, wanted: list[uuid.UUID]) -> list[uuid.UUID]:
    """Whom the note named before; the links to those it no longer names are gone."""
    model, far = LINKS[link]
    context.session.flush()
    rows = context.session.scalars(
        sa.select(model).where(model.note_id == row.id, model.deleted_at.is_(None)).order_by(model.created_at)
    ).all()
    gone = [each.id for each in rows if getattr(each, far) not in wanted]
    before = [getattr(each, far) for each in rows]
    if gone:
        retire_all(context.work, facet(model.__name__), gone)
    return before
