"""The next revision of something published, of an entity or of a copy of an asset in a shot or scene.

Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.asset_instance import AssetInstance
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.files import OutputType
from zou_server.models.production import Entity
from zou_server.models.registry import Kind, facet
from zou_server.models.status import Status
from zou_server.models.task import Assignation, Task
from zou_server.services.actions.files.new_working_file import author, checked_values
from zou_server.services.file_trees.build_path import PathAsked, build_path, extension_of
from zou_server.services.file_trees.facts import TreeFacts, of_entity, of_instance, with_vocabulary
from zou_server.services.file_trees.revisions import Series, claim_revision, output_series
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

VALUES: Mapping[str, Kind] = {
    "output_type_id": Kind.LINK,
    "task_type_id": Kind.LINK,
    "temporal_entity_id": Kind.LINK,
    "source_file_id": Kind.LINK,
    "person_id": Kind.LINK,
    "file_status_id": Kind.LINK,
    "name": Kind.TEXT,
    "mode": Kind.TEXT,
    "comment": Kind.TEXT,
    "representation": Kind.TEXT,
    "extension": Kind.TEXT,
    "sep": Kind.TEXT,
    "revision": Kind.INTEGER,
    "nb_elements": Kind.INTEGER,
}
FIRST_STATUS = "To review"
FIRST_TYPE = "Geometry"
"""What a new file is until somebody looks at it, and what it holds when nobody says."""


def new_output_file(context: Context, row: Entity | AssetInstance, values: Mapping[str, Any]) -> Result:
    """Make the revision asked for, or the next one; the result is the output file.

    `row` is an entity, or a copy of an asset: then `temporal_entity_id` says where the copy is.
    RevisionTaken when the revision asked for is there already, BadPath when the project's tree has no
    place for it.
    """
    found = given_values(values, VALUES)
    about = context.targets.get(row.id)
    _refuse_stray_vendor(context, row, about.project_id if about else None, found["temporal_entity_id"])
    elements = 1 if found["nb_elements"] is None else found["nb_elements"]
    if elements < 1:
        raise Invalid(fields={"nb_elements": ["is not a number of files"]})
    found["output_type_id"] = found["output_type_id"] or usual_output_type(context)
    checked = checked_values(context, facet("OutputFile"), _columns(context, row, found, elements))
    facts = with_vocabulary(context.work.read, _facts(context, row, found), None, found["output_type_id"])
    revision = claim_revision(context.work, _series(checked), found["revision"] or 0)
    asked = PathAsked(
        found["mode"] or "output",
        checked["name"],
        revision,
        checked["representation"],
        elements,
        found["sep"] or "/",
        checked["extension"],
    )
    path = str(build_path(facts, asked))
    made = context.link(facet("OutputFile"), {**checked, "revision": revision, "path": path})
    return context.result_of(made)


def _refuse_stray_vendor(
    context: Context, row: Entity | AssetInstance, project_id: uuid.UUID | None, temporal_id: uuid.UUID | None
) -> None:
    """A vendor sees the sequence of a shot they work on too, but publishes only what they work on."""
    if context.actor.role_in(project_id) != "vendor":
        return
    places = [row.id, getattr(row, "asset_id", None), temporal_id]
    theirs = (
        sa.exists()
        .where(Assignation.person_id == context.actor.person_id, Assignation.deleted_at.is_(None))
        .where(Task.id == Assignation.task_id, Task.entity_id.in_([each for each in places if each]))
    )
    if not context.session.scalar(sa.select(theirs)):
        raise Forbidden("You publish from tasks that you are assigned to.")


def usual_output_type(context: Context) -> uuid.UUID | None:
    """The output type of who does not say; None in a studio that has none."""
    return context.session.scalar(
        sa.select(OutputType.id)
        .where(OutputType.deleted_at.is_(None))
        .order_by(OutputType.name != FIRST_TYPE, OutputType.created_at)
        .limit(1)
    )


def _usual_status(context: Context) -> uuid.UUID | None:
    return context.session.scalar(
        sa.select(Status.id)
        .where(Status.for_file, Status.deleted_at.is_(None))
        .order_by(Status.name != FIRST_STATUS, Status.created_at)
        .limit(1)
    )


def _columns(
    context: Context, row: Entity | AssetInstance, found: Mapping[str, Any], elements: int
) -> dict[str, Any]:
    copy = row if isinstance(row, AssetInstance) else None
    if copy is not None and found["temporal_entity_id"] is None:
        raise Invalid(fields={"temporal_entity_id": ["is required"]})
    return {
        "entity_id": row.id if copy is None else copy.asset_id,
        "asset_instance_id": None if copy is None else copy.id,
        "temporal_entity_id": None if copy is None else found["temporal_entity_id"],
        "output_type_id": found["output_type_id"],
        "task_type_id": found["task_type_id"],
        "source_file_id": found["source_file_id"],
        "person_id": found["person_id"] or author(context),
        "file_status_id": found["file_status_id"] or _usual_status(context),
        "name": found["name"] or ("main" if copy is None else "master"),
        "comment": found["comment"] or "",
        "representation": found["representation"] or "",
        "extension": extension_of(found["extension"] or ""),
        "nb_elements": elements,
    }


def _facts(context: Context, row: Entity | AssetInstance, found: Mapping[str, Any]) -> TreeFacts:
    reader, step = context.work.read, found["task_type_id"]
    if isinstance(row, AssetInstance):
        return of_instance(reader, row.id, found["temporal_entity_id"], step)
    return of_entity(reader, row.id, step)


_COUNTED_BY = (
    "entity_id",
    "asset_instance_id",
    "temporal_entity_id",
    "output_type_id",
    "task_type_id",
    "name",
)


def _series(checked: Mapping[str, Any]) -> Series:
    common = {name: checked[name] for name in _COUNTED_BY}
    return output_series(common, checked["representation"])
