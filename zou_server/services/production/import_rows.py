"""Rows of another Zou instance, with the ids they have there: made, or changed when they are here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden
from zou_server.models.registry import Facet
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def import_rows(
    work: UnitOfWork, facet: Facet, rows: Sequence[tuple[uuid.UUID, Mapping[str, Any]]]
) -> list[uuid.UUID]:
    """Make or change each row, all of them or none; the ids. Raises Forbidden for who is no administrator."""
    if not work.actor.is_admin:
        raise Forbidden("Administrators import rows of another instance.")
    ids = [id_ for id_, _ in rows]
    here = set(
        work.session.scalars(
            sa.select(Identity.id).where(Identity.id.in_(ids), Identity.deleted_at.is_(None))
        )
    )
    operations: list[Operation] = []
    for id_, values in rows:
        operations.append(Update(facet, id_, values) if id_ in here else Create(facet, values, id=id_))
        here.add(id_)
    work.execute(operations)
    return ids
