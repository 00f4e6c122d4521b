"""Removing many entities of a project at once: those with tasks are canceled first, unless forced."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden, NotFound
from zou_server.models.policies import allowed
from zou_server.models.production import CANCELED_FIRST, Entity
from zou_server.models.registry import facet
from zou_server.models.task import Task
from zou_server.services.write.operations import Update
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def remove_entities(
    work: UnitOfWork, project_id: uuid.UUID, ids: Sequence[uuid.UUID], *, force: bool
) -> list[uuid.UUID]:
    """Cancel or retire them and return those that are really gone.

    Raises NotFound, and changes nothing, when one of them is not in the project.
    """
    role = work.actor.role_in(project_id)
    if role is None:
        raise NotFound(f"There is no Project {project_id}.")
    if not allowed(work.actor, role, "production", "delete", None):
        raise Forbidden("Your role does not let you delete an Entity.")
    has_task = sa.exists().where(Task.entity_id == Entity.id, Task.deleted_at.is_(None))
    rows = work.session.execute(
        sa.select(Entity.id, Entity.kind, has_task.label("has_task"))
        .where(Entity.id.in_(ids), Entity.project_id == project_id, Entity.deleted_at.is_(None))
        .order_by(Entity.id)
        .with_for_update(key_share=True, of=Entity)
    ).all()
    if missing := sorted(str(id_) for id_ in set(ids) - {row.id for row in rows}):
        raise NotFound(f"There is no Entity {missing[0]} in this project.")
    kept = [row.id for row in rows if row.has_task and row.kind in CANCELED_FIRST and not force]
    gone = [row.id for row in rows if row.id not in set(kept)]
    work.execute([Update(facet("Entity"), id_, {"canceled": True}) for id_ in kept])
    if gone:
        retire_all(work, facet("Entity"), gone)
    return gone
