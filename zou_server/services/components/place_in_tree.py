"""Where an entity hangs: its kind and type, its project, its path, its sequence and episode."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.errors import Invalid
from zou_server.models.production import Entity
from zou_server.services.first_data import KINDS

if TYPE_CHECKING:
    from zou_server.services.change import Change
    from zou_server.services.pipeline import Pipeline

MAX_DEPTH = 64
TYPE_OF_KIND = {kind: uuid.UUID(id_) for kind, id_ in KINDS}
KIND_OF_TYPE = {id_: kind for kind, id_ in TYPE_OF_KIND.items()}
"""The types of the fixed kinds have fixed ids; every other type is one of assets."""


def place_in_tree(pipeline: Pipeline, change: Change) -> None:
    """Complete a new entity, and move what is below one that was moved."""
    if change.created:
        _give_type(change)
    if not (change.created or change.changed("parent_id", "project_id")):
        return
    row: Any = change.row
    parent = _parent(pipeline, row.parent_id)
    if parent is not None:
        _refuse_bad_parent(row, parent)
        if row.project_id is None or (change.changed("parent_id") and not change.changed("project_id")):
            row.project_id = parent.project_id
        elif row.project_id != parent.project_id:
            raise Invalid(fields={"parent_id": ["is in another project"]})
    old = list(row.path or [])
    _set_place(row, parent)
    if not change.created and old != row.path:
        _move_below(pipeline, row, old)


def _refuse_bad_parent(row: Any, parent: Any) -> None:
    if row.id in (parent.path or []):
        raise Invalid(fields={"parent_id": ["would make a loop"]})
    if len(parent.path or []) >= MAX_DEPTH:
        raise Invalid(fields={"parent_id": [f"is {MAX_DEPTH} levels deep already"]})


def _parent(pipeline: Pipeline, parent_id: uuid.UUID | None) -> Any:
    if parent_id is None:
        return None
    found = pipeline.rows.any(parent_id)
    return found or pipeline.remembered(f"entity {parent_id}", lambda p: p.session.get(Entity, parent_id))


def _set_place(row: Any, parent: Any) -> None:
    row.path = [*(parent.path or []), row.id] if parent is not None else [row.id]
    row.sequence_id = (
        None if parent is None else parent.id if parent.kind == "Sequence" else parent.sequence_id
    )
    row.episode_id = None if parent is None else parent.id if parent.kind == "Episode" else parent.episode_id


def _give_type(change: Change) -> None:
    """The type says the kind and the kind says the type, whichever is given."""
    row: Any = change.row
    if row.kind is None:
        if row.entity_type_id is None:
            raise Invalid(fields={"entity_type_id": ["is required"]})
        row.kind = KIND_OF_TYPE.get(row.entity_type_id, "Asset")
    if row.entity_type_id is None:
        row.entity_type_id = TYPE_OF_KIND.get(row.kind)
    elif row.kind != "Asset" and KIND_OF_TYPE.get(row.entity_type_id) != row.kind:
        raise Invalid(fields={"entity_type_id": [f"is not the type of a {row.kind}"]})


def _move_below(pipeline: Pipeline, row: Any, old: list[uuid.UUID]) -> None:
    """Give everything below a moved entity its new path, sequence, episode and project."""
    pipeline.session.flush()
    table: Any = Entity.__table__
    tail = table.c.path[
        sa.func.cardinality(sa.cast(old, ARRAY(sa.Uuid()))) + 1 : sa.func.cardinality(table.c.path)
    ]
    pipeline.session.execute(
        sa.update(table)
        .where(table.c.path.contains([row.id]), table.c.id != row.id)
        .values(
            path=sa.func.array_cat(sa.cast(row.path, ARRAY(sa.Uuid())), tail),
            project_id=row.project_id,
            sequence_id=sa.case(
                (table.c.sequence_id.in_(old), row.sequence_id if row.kind != "Sequence" else row.id),
                else_=table.c.sequence_id,
            ),
            episode_id=sa.case(
                (table.c.episode_id.in_(old), row.episode_id if row.kind != "Episode" else row.id),
                (table.c.episode_id.is_(None), row.episode_id if row.kind != "Episode" else row.id),
                else_=table.c.episode_id,
            ),
        )
    )
