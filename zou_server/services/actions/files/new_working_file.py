"""The next revision of a scene that somebody works in, with its place in the file tree.

Whoever makes one is on the task from then on. Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.files import Software
from zou_server.models.registry import Facet, Kind, facet
from zou_server.models.task import Task
from zou_server.schemas.derive import load
from zou_server.services.file_trees.build_path import PathAsked, build_path
from zou_server.services.file_trees.facts import of_task, with_vocabulary
from zou_server.services.file_trees.revisions import claim_revision, working_series
from zou_server.services.write.given import given_values
from zou_server.services.write.links import apply_links, current_ids
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

VALUES: Mapping[str, Kind] = {
    "name": Kind.TEXT,
    "mode": Kind.TEXT,
    "comment": Kind.TEXT,
    "description": Kind.TEXT,
    "person_id": Kind.LINK,
    "software_id": Kind.LINK,
    "revision": Kind.INTEGER,
    "sep": Kind.TEXT,
}
FIRST_CHOICE = "Blender"
"""The software of who does not say."""


def new_working_file(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Make the revision asked for, or the next one; the result is the working file.

    RevisionTaken when the one asked for is there already, BadPath when the project's tree has no place
    for it.
    """
    found = given_values(values, VALUES)
    name = found["name"] or "main"
    software_id = found["software_id"] or _usual_software(context)
    checked = checked_values(
        context,
        facet("WorkingFile"),
        {
            "name": name,
            "comment": found["comment"] or "",
            "description": found["description"],
            "task_id": row.id,
            "entity_id": row.entity_id,
            "person_id": found["person_id"] or author(context),
            "software_id": software_id,
        },
    )
    facts = with_vocabulary(context.work.read, of_task(context.work.read, row.id), software_id, None)
    revision = claim_revision(context.work, working_series(row, name), found["revision"] or 0)
    asked = PathAsked(found["mode"] or "working", name, revision, sep=found["sep"] or "/")
    path = str(build_path(facts, asked))
    made = context.link(facet("WorkingFile"), {**checked, "revision": revision, "path": path})
    _put_author_on(context, row)
    return context.result_of(made)


def checked_values(context: Context, kind: Facet, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns hold them, their links checked; Invalid names every wrong one."""
    found = load(kind, given)
    context.targets.check(kind, found)
    return found


def author(context: Context) -> uuid.UUID | None:
    """The author: who is asking, None for the server itself."""
    me = context.actor.person_id
    return me if me.int else None


def _usual_software(context: Context) -> uuid.UUID | None:
    return context.session.scalar(
        sa.select(Software.id)
        .where(Software.deleted_at.is_(None))
        .order_by(Software.name != FIRST_CHOICE, Software.archived, Software.created_at)
        .limit(1)
    )


def _put_author_on(context: Context, row: Task) -> None:
    task, me = facet("Task"), author(context)
    if me is None:
        return
    assigned = current_ids(context, task.many["assignees"], row)
    if me not in assigned:
        apply_links(context, context.touch(task, row), {"assignees": [*assigned, me]})
