"""Removing something from a production: what has tasks is canceled first, and really goes when forced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.registry import Facet
from zou_server.models.task import Task
from zou_server.services.operations import Delete, Result, Target, Update

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork

CANCELED_FIRST = frozenset({"Asset", "Shot", "Edit", "Scene"})
"""Kinds that Zou cancels while they have tasks (zou-behaviour.md 5)."""


def remove(
    work: UnitOfWork, facet: Facet, id_: Target, *, force: bool = False, version: int | None = None
) -> Result:
    """Cancel an entity that has tasks, retire anything else; `force` retires at once."""
    if not force and facet.model is Entity and _is_canceled_first(work, id_):
        return work.execute([Update(facet, id_, {"canceled": True}, version)])[0]
    return work.execute([Delete(facet, id_, version)])[0]


def _is_canceled_first(work: UnitOfWork, id_: Target) -> bool:
    has_task = sa.exists().where(Task.entity_id == Entity.id, Task.deleted_at.is_(None))
    found = work.session.scalar(
        sa.select(Entity.kind).where(Entity.id == id_, Entity.deleted_at.is_(None), has_task)
    )
    return found in CANCELED_FIRST
