"""How many assets an entity uses, and how many of them are ready for each of its tasks.

An asset is ready for a step when it was marked ready for that step or for one that comes later in
the project's pipeline (docs/protocols/zou.md 9). The numbers are kept, because every row of the big
grids shows them; they are counted again for all entities of a change at once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.production import Entity, EntityLink
from zou_server.models.task import Task
from zou_server.services.write.named_event import named_event
from zou_server.services.write.prepared import Prepared

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

_COUNT_USED = sa.text("""
UPDATE entity e SET nb_entities_out = used.n FROM (
    SELECT wanted.id, count(l.id)::int AS n
    FROM unnest(CAST(:ids AS uuid[])) AS wanted(id)
    LEFT JOIN entity_link l ON l.entity_in_id = wanted.id AND l.deleted_at IS NULL
    GROUP BY wanted.id
) used
WHERE e.id = used.id AND e.deleted_at IS NULL AND e.nb_entities_out IS DISTINCT FROM used.n
RETURNING e.id
""")

_COUNT_READY = sa.text("""
UPDATE task SET nb_assets_ready = ready.n, lock_version = task.lock_version + 1, updated_at = :now FROM (
    SELECT t.id, count(a.id) FILTER (
        WHERE coalesce(reached.priority, reached_type.priority, 0)
           >= coalesce(own.priority, own_type.priority, 0)
    )::int AS n
    FROM task t
    LEFT JOIN task_type own_type ON own_type.id = t.task_type_id
    LEFT JOIN project_task_type own
        ON own.project_id = t.project_id AND own.task_type_id = t.task_type_id AND own.deleted_at IS NULL
    LEFT JOIN entity_link l ON l.entity_in_id = t.entity_id AND l.deleted_at IS NULL
    LEFT JOIN entity a ON a.id = l.entity_out_id AND a.deleted_at IS NULL AND a.ready_for IS NOT NULL
    LEFT JOIN task_type reached_type ON reached_type.id = a.ready_for
    LEFT JOIN project_task_type reached
        ON reached.project_id = t.project_id AND reached.task_type_id = a.ready_for
        AND reached.deleted_at IS NULL
    WHERE t.entity_id = ANY(CAST(:ids AS uuid[])) AND t.deleted_at IS NULL
    GROUP BY t.id
) ready
WHERE task.id = ready.id AND task.nb_assets_ready IS DISTINCT FROM ready.n
RETURNING task.id, task.nb_assets_ready
""")

_USERS_OF_ASSETS = Prepared(
    "users_of_assets",
    ("uuid[]",),
    """
SELECT DISTINCT l.entity_in_id FROM task t
JOIN entity_link l ON l.entity_in_id = t.entity_id AND l.deleted_at IS NULL
WHERE t.id = ANY($1)
""",
)


def count_ready_assets(work: UnitOfWork, entity_ids: Collection[uuid.UUID]) -> None:
    """Count again for these entities and their tasks; tasks whose number changed tell so."""
    if not entity_ids:
        return
    ids = {"ids": sorted(str(id_) for id_ in entity_ids)}
    work.session.flush()
    used = work.session.scalars(_COUNT_USED, ids).all()
    rows = work.session.execute(_COUNT_READY, {**ids, "now": work.now})
    ready = {row.id: row.nb_assets_ready for row in rows}
    _forget(work, Entity, used, ("nb_entities_out",))
    _forget(work, Task, ready, ("nb_assets_ready", "lock_version", "updated_at"))
    if ready:
        tasks = work.session.scalars(sa.select(Identity).where(Identity.id.in_(ready)).order_by(Identity.id))
        for task in tasks:
            work.record(named_event("update-casting-stats", task, nb_assets_ready=ready[task.id]))


def after_links(work: UnitOfWork, links: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Links that were made, changed, or went: their entities are counted again, and tell of it."""
    work.session.flush()
    rows = work.session.execute(
        sa.select(
            EntityLink.entity_in_id, EntityLink.entity_out_id, EntityLink.created_at, EntityLink.deleted_at
        ).where(EntityLink.id.in_(links))
    ).all()
    users = {row.entity_in_id for row in rows} - together
    count_ready_assets(work, users)
    cast: dict[uuid.UUID, _Recast] = {id_: _Recast() for id_ in users}
    for row in rows:
        if row.entity_in_id in cast:
            cast[row.entity_in_id].note(row, work.now)
    _announce(work, cast, {row.entity_out_id for row in rows} - together)


def after_assets(work: UnitOfWork, assets: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Assets that became ready for another step: whoever uses them is counted again."""
    users = work.session.scalars(
        sa.select(EntityLink.entity_in_id)
        .where(EntityLink.entity_out_id.in_(assets), EntityLink.deleted_at.is_(None))
        .distinct()
    )
    count_ready_assets(work, users.all())


def after_tasks(work: UnitOfWork, tasks: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """New tasks of entities that use assets start with the right number."""
    users = _USERS_OF_ASSETS.run(work, [str(id_) for id_ in tasks])
    count_ready_assets(work, [id_ for (id_,) in users])


@dataclass(slots=True)
class _Recast:
    """The assets that an entity got and lost."""

    added: list[uuid.UUID] = field(default_factory=list)
    removed: list[uuid.UUID] = field(default_factory=list)

    def note(self, link: Any, now: dt.datetime) -> None:
        if link.deleted_at is not None:
            self.removed.append(link.entity_out_id)
        elif link.created_at >= now:
            self.added.append(link.entity_out_id)


def _announce(work: UnitOfWork, users: Mapping[uuid.UUID, _Recast], used: Collection[uuid.UUID]) -> None:
    """`shot:casting-update`, `asset:casting-update` (docs/protocols/zou.md 15)."""
    wanted = (
        sa.select(Identity, Entity.nb_entities_out)
        .join(Entity, Entity.id == Identity.id)
        .where(Identity.id.in_([*users, *used]), Identity.deleted_at.is_(None))
        .order_by(Identity.kind, Identity.id)
    )
    for entity, amount in work.session.execute(wanted):
        recast = users.get(entity.id)
        facts = recast and {
            "nb_entities_out": amount,
            "added_asset_ids": recast.added,
            "removed_asset_ids": recast.removed,
        }
        work.record(named_event("casting-update", entity, **(facts or {})))


def _forget(
    work: UnitOfWork, model: type[Entity | Task], ids: Collection[uuid.UUID], names: Collection[str]
) -> None:
    """Drop what is loaded of the columns that a statement changed behind the session's back."""
    mapper: Any = sa.inspect(model)
    for id_ in ids:
        loaded = work.session.identity_map.get(mapper.identity_key_from_primary_key((id_,)))
        if loaded is not None:
            work.session.expire(loaded, names)
