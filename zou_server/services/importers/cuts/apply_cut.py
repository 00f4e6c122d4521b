"""Brings the shots of a production to a cut: all of it in the caller's transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.services.importers.cuts.plan_cut import STATE_BEFORE, CutPlan, PlannedShot, is_omitted
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

OMITTED = "canceled"
"""The state of a shot that is in no cut any more."""

SHOWN = "running"


@dataclass(frozen=True, slots=True)
class CutRules:
    """How a cut is taken: case in names, compared only or applied, what is gone omitted, handles."""

    match_case: bool = True
    validate: bool = False
    omit: bool = False
    handles: int | None = None


AS_IT_IS = CutRules()


def apply_cut(
    work: UnitOfWork, project_id: uuid.UUID, plan: CutPlan, rules: CutRules
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Make, change, omit and reinstate shots; returns the new ones and those that changed.

    The rows of the plan's shots are filled in.
    """
    operations: list[Operation] = [_operation(project_id, shot, rules) for shot in plan.shots]
    if rules.omit:
        operations += [_omit(row) for row in plan.gone if not is_omitted(row)]
    # Held here, so that the pipeline finds all parents in the session instead of one by one in the database.
    ids = {shot.parent for shot in plan.shots if shot.parent}
    parents = work.session.scalars(sa.select(Entity).where(among(Entity.id, ids))).all()
    results = work.execute(operations)
    del parents
    for shot, result in zip(plan.shots, results, strict=False):
        shot.id = result.id
    done = list(zip(operations, results, strict=True))
    return (
        [result.id for operation, result in done if isinstance(operation, Create)],
        [result.id for operation, result in done if isinstance(operation, Update) and result.changed],
    )


def _operation(project_id: uuid.UUID, shot: PlannedShot, rules: CutRules) -> Operation:
    values: dict[str, Any] = {"nb_frames": shot.now.frames, "data": _data(shot, rules)}
    if shot.id is None:
        place = {"name": shot.name, "project_id": project_id, "parent_id": shot.parent}
        return Create(facet("Shot"), {**place, **values})
    if is_omitted(shot.row):
        values["production_state"] = shot.row.data[STATE_BEFORE] or SHOWN
        values["data"][STATE_BEFORE] = None
    if shot.old_name:
        values["name"] = shot.name
    return Update(facet("Shot"), shot.id, values)


def _data(shot: PlannedShot, rules: CutRules) -> dict[str, Any]:
    """The custom fields that a cut says: a key whose value is None goes away."""
    source = shot.now.source or (None, None)
    cdl = next((item["cdl"] for item in shot.items if "cdl" in item), None)
    said: dict[str, Any] = {
        "frame_in": shot.now.first,
        "frame_out": shot.now.last,
        "source_in": source[0],
        "source_out": source[1],
        "speed": None if shot.now.speed == 1.0 else shot.now.speed,
        "cdl": cdl,
    }
    if rules.handles is not None:
        said |= {"handle_in": rules.handles, "handle_out": rules.handles}
    old = {} if shot.row is None else shot.row.data or {}
    return {key: value for key, value in said.items() if value is not None or key in old}


def _omit(row: Any) -> Update:
    values = {"production_state": OMITTED, "data": {STATE_BEFORE: row.production_state or ""}}
    return Update(facet("Shot"), row.id, values)
