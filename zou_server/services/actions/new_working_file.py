"""The next revision of a scene that somebody works in, with its place in the file tree.

Whoever makes one is on the task from then on. Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.files import Software
from zou_server.models.policies import allowed
from zou_server.models.registry import Facet, Kind, facet
from zou_server.schemas.derive import load
from zou_server.services.file_trees.build_path import Asked, build_path
from zou_server.services.file_trees.facts import of_task, with_vocabulary
from zou_server.services.file_trees.revisions import claim_revision, working_series
from zou_server.services.write.given import given_values
from zou_server.services.write.links import apply_links, current_ids
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline

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


def new_working_file(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Make the revision asked for, or the next one; the result is the working file.

    RevisionTaken when the one asked for is there already, BadPath when the project's tree has no place
    for it.
    """
    found = given_values(values, VALUES)
    refuse_outsider(pipeline, row, row.project_id)
    name = found["name"] or "main"
    software_id = found["software_id"] or _usual_software(pipeline)
    checked = checked_values(
        pipeline,
        facet("WorkingFile"),
        {
            "name": name,
            "comment": found["comment"] or "",
            "description": found["description"],
            "task_id": row.id,
            "entity_id": row.entity_id,
            "person_id": found["person_id"] or author(pipeline),
            "software_id": software_id,
        },
    )
    facts = with_vocabulary(pipeline.work.read, of_task(pipeline.work.read, row.id), software_id, None)
    revision = claim_revision(pipeline.work, working_series(row, name), found["revision"] or 0)
    asked = Asked(found["mode"] or "working", name, revision, sep=found["sep"] or "/")
    path = str(build_path(facts, asked))
    made = pipeline.link(facet("WorkingFile"), {**checked, "revision": revision, "path": path})
    _put_author_on(pipeline, row)
    return pipeline.result_of(made)


def refuse_outsider(pipeline: Pipeline, row: Any, project_id: uuid.UUID | None) -> None:
    """Forbidden for who may not add files there."""
    role = pipeline.actor.role_in(project_id)
    if not allowed(pipeline.actor, role, "file", "next_revision", row):
        raise Forbidden("Your role does not let you add files.")


def checked_values(pipeline: Pipeline, kind: Facet, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns hold them, their links checked; Invalid names every wrong one."""
    found = load(kind, given)
    pipeline.targets.check(kind, found)
    return found


def author(pipeline: Pipeline) -> uuid.UUID | None:
    """Who is asking, None for the server itself."""
    me = pipeline.actor.person_id
    return me if me.int else None


def _usual_software(pipeline: Pipeline) -> uuid.UUID | None:
    return pipeline.session.scalar(
        sa.select(Software.id)
        .where(Software.deleted_at.is_(None))
        .order_by(Software.name != FIRST_CHOICE, Software.archived, Software.created_at)
        .limit(1)
    )


def _put_author_on(pipeline: Pipeline, row: Any) -> None:
    task, me = facet("Task"), author(pipeline)
    if me is None:
        return
    assigned = current_ids(pipeline, task.many["assignees"], row)
    if me not in assigned:
        apply_links(pipeline, pipeline.touch(task, row), {"assignees": [*assigned, me]})
