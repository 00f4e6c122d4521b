"""Tasks of one step for many entities at once; an entity that has one keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.production import Entity
from zou_server.models.registry import Facet, facet
from zou_server.models.task import Task
from zou_server.query.facets import facet_condition
from zou_server.services.write.operations import Create
from zou_server.services.write.targets import KNOWN, Known

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def create_tasks(
    work: UnitOfWork, project_id: str, task_type_id: str, kind: Facet, entity_ids: Sequence[str]
) -> list[uuid.UUID]:
    """Make the missing tasks and return their ids; no entity ids means every entity of the kind."""
    table = Entity.__table__
    wanted = KNOWN.join(Entity, Entity.id == Identity.id).where(
        Entity.project_id == project_id,
        Entity.deleted_at.is_(None),
        facet_condition(table, kind.where),
        # Not a correlated EXISTS: right after a big import PostgreSQL has no figures, and would look
        # through all tasks for each entity.
        Entity.id.not_in(
            sa.select(Task.entity_id).where(
                Task.project_id == project_id,
                Task.task_type_id == task_type_id,
                Task.entity_id.is_not(None),
                Task.deleted_at.is_(None),
            )
        ),
    )
    if entity_ids:
        wanted = wanted.where(Entity.id.in_(entity_ids))
    shared = {"project_id": uuid.UUID(project_id), "task_type_id": uuid.UUID(task_type_id)}
    rows = work.session.execute(wanted.order_by(Entity.created_at, Entity.id))
    entities = [Known(*row) for row in rows]
    creates = [Create(facet("Task"), {**shared, "entity_id": each.id}) for each in entities]
    return [result.id for result in work.execute(creates, entities)]
