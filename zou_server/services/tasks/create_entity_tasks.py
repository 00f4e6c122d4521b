"""The tasks of one entity in several steps at once; a step that has one keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import NotFound
from zou_server.models.production import AssetTypeStep, Entity
from zou_server.models.project import ProjectTaskType
from zou_server.models.registry import facet
from zou_server.models.task import Task, TaskType
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def create_entity_tasks(
    work: UnitOfWork, entity_id: uuid.UUID, task_type_ids: Sequence[str] | None
) -> list[uuid.UUID]:
    """Make the missing tasks and return their ids; None means the steps of the entity's workflow."""
    entity = work.session.scalar(sa.select(Entity).where(Entity.id == entity_id, Entity.deleted_at.is_(None)))
    if entity is None:
        raise NotFound(f"There is no Entity {entity_id}.")
    wanted = _workflow(work, entity) if task_type_ids is None else list(dict.fromkeys(task_type_ids))
    there = set(
        work.session.scalars(
            sa.select(Task.task_type_id).where(Task.entity_id == entity_id, Task.deleted_at.is_(None))
        )
    )
    values = {"project_id": entity.project_id, "entity_id": entity_id}
    made = work.execute(
        [
            Create(facet("Task"), {**values, "task_type_id": step})
            for step in wanted
            if uuid.UUID(str(step)) not in there
        ]
    )
    return [result.id for result in made]


def _workflow(work: UnitOfWork, entity: Any) -> list[uuid.UUID]:
    """The project's steps for this kind of entity; of an asset those of its type, when that has any."""
    own = work.session.scalars(
        sa.select(AssetTypeStep.task_type_id).where(
            AssetTypeStep.asset_type_id == entity.entity_type_id, AssetTypeStep.deleted_at.is_(None)
        )
    ).all()
    steps = (
        sa.select(TaskType.id)
        .join(ProjectTaskType, ProjectTaskType.task_type_id == TaskType.id)
        .where(
            ProjectTaskType.project_id == entity.project_id,
            ProjectTaskType.deleted_at.is_(None),
            TaskType.deleted_at.is_(None),
            TaskType.for_entity == entity.kind,
        )
        .order_by(ProjectTaskType.priority, TaskType.name)
    )
    return list(work.session.scalars(steps.where(TaskType.id.in_(own)) if own else steps))
