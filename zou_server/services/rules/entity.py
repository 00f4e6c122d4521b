"""The life of an entity: kind, type, project, path, sequence and episode, and what it takes along."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.errors import Invalid
from zou_server.models.production import KIND_IDS, Entity
from zou_server.services.casting.count_ready_assets import after_assets
from zou_server.services.rules.frame_rate import check_frame_rate
from zou_server.services.rules.supervisors import supervise_entity
from zou_server.services.rules.take_along import take_along
from zou_server.services.rules.task_template import apply_templates
from zou_server.services.rules.twins import KEYS, tell_apart
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

MAX_DEPTH = 64
TYPE_OF_KIND = {kind: uuid.UUID(id_) for kind, id_ in KIND_IDS}
KIND_OF_TYPE = {id_: kind for kind, id_ in TYPE_OF_KIND.items()}
"""The types of the fixed kinds have fixed ids; every other type is one of assets."""


def place_in_tree(context: Context, change: Change) -> None:
    """Complete a new entity, and move what is below one that was moved."""
    if change.created or (change.changed("entity_type_id") and change.of(Entity).entity_type_id is None):
        _give_type(change)
    if not (change.created or change.changed("parent_id", "project_id")):
        return
    row = change.of(Entity)
    parent = _parent(context, row.parent_id)
    if parent is not None:
        _refuse_bad_parent(row, parent)
        if row.project_id is None or ("parent_id" in change.given and "project_id" not in change.given):
            _join(change, parent)
        elif parent.project_id not in (None, row.project_id):
            raise Invalid(fields={"parent_id": ["is in another project"]})
    if not change.created:
        context.once(_moved).setdefault(row.id, list(row.path or []))
    _set_place(row, parent)


def _moved(_context: Context) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Entity -> the path that it had before it was moved."""
    return {}


def settle_tree(context: Context) -> None:
    """Place what one list of operations made and moved, when it hung things below each other in any order."""
    # What hangs on a row that the list leaves alone had its place when it was hung there.
    entities = [change for change in context.changes.values() if isinstance(change.row, Entity)]
    hung = [change for change in entities if change.of(Entity).parent_id in context.changes]
    for _ in range(MAX_DEPTH):
        if not [change for change in hung if _place_again(context, change)]:
            return


def _join(change: Change, parent: Entity) -> None:
    """Put a row into the project of its parent; for one that was there before that is a change to tell of."""
    if change.created:
        change.of(Entity).project_id = parent.project_id
    else:
        change.set("project_id", parent.project_id)


def _place_again(context: Context, change: Change) -> bool:
    row = change.of(Entity)
    parent = _parent(context, row.parent_id)
    before = (row.path, row.project_id)
    if parent is not None and parent.project_id is not None:
        _join(change, parent)
    _set_place(row, parent)
    return before != (row.path, row.project_id)


def _refuse_bad_parent(row: Entity, parent: Any) -> None:
    if row.id in (parent.path or []):
        raise Invalid(fields={"parent_id": ["would make a loop"]})
    if len(parent.path or []) >= MAX_DEPTH:
        raise Invalid(fields={"parent_id": [f"is {MAX_DEPTH} levels deep already"]})


def _parent(context: Context, parent_id: uuid.UUID | None) -> Any:
    if parent_id is None:
        return None
    return (
        context.rows.any(parent_id)
        or context.targets.place(parent_id)
        or context.session.get(Entity, parent_id)  # an import is many lists, and the session knows it
    )


def _set_place(row: Entity, parent: Any) -> None:
    row.path = [*(parent.path or []), row.id] if parent is not None else [row.id]
    row.sequence_id = (
        None if parent is None else parent.id if parent.kind == "Sequence" else parent.sequence_id
    )
    row.episode_id = None if parent is None else parent.id if parent.kind == "Episode" else parent.episode_id


def _give_type(change: Change) -> None:
    """The type says the kind and the kind says the type, whichever is given."""
    row = change.of(Entity)
    if row.kind is None:
        if row.entity_type_id is None:
            raise Invalid(fields={"entity_type_id": ["is required"]})
        row.kind = KIND_OF_TYPE.get(row.entity_type_id, "Asset")
    if row.entity_type_id is None:
        row.entity_type_id = TYPE_OF_KIND.get(row.kind)
    elif row.kind != "Asset" and KIND_OF_TYPE.get(row.entity_type_id) != row.kind:
        raise Invalid(fields={"entity_type_id": [f"is not the type of a {row.kind}"]})


def move_below(context: Context, _changes: Sequence[Change]) -> None:
    """Give what hangs below moved entities their new path, sequence, episode and project."""
    for id_, old in context.once(_moved).items():
        _move_below(context, context.changes[id_].of(Entity), old)


def _move_below(context: Context, row: Entity, old: list[uuid.UUID]) -> None:
    if old == row.path and not context.changes[row.id].changed("project_id"):
        return
    table: Any = Entity.__table__
    tail = table.c.path[
        sa.func.cardinality(sa.cast(old, ARRAY(sa.Uuid()))) + 1 : sa.func.cardinality(table.c.path)
    ]
    below = sa.and_(table.c.path.contains([row.id]), table.c.id.not_in(list(context.changes)))
    context.session.execute(
        sa.update(table)
        .where(below)
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


def made_for(work: UnitOfWork, ids: Sequence[uuid.UUID]) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The assets that were made for an episode go with it."""
    found = work.session.scalars(
        sa.select(Entity.id).where(Entity.source_id.in_(ids), Entity.deleted_at.is_(None))
    )
    table: sa.Table = Entity.__table__  # type: ignore[assignment]
    return table, list(found)


_PLACE = frozenset({"parent_id", "project_id"})
_number_twins = tell_apart(Entity)

ENTITY = Rule(
    before=(place_in_tree, check_frame_rate),
    together=(settle_tree, _number_twins, apply_templates),
    written=(move_below, take_along),
    along=made_for,
    after=(After(lambda change: not change.created and change.changed("ready_for"), after_assets),),
    guard={"supervisor": supervise_entity},
    asks_of={
        place_in_tree: _PLACE | {"entity_type_id"},
        check_frame_rate: frozenset({"data"}),
        settle_tree: _PLACE,
        _number_twins: frozenset(KEYS[Entity]),
        apply_templates: frozenset({"data"}),
        move_below: _PLACE,
        take_along: frozenset({"project_id"}),
    },
)
"""Shots, assets and whatever else hangs in the tree."""
