"""Rows that a rule changes beside the pipeline: locked, stamped and told of like any change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa

from zou_server.models.base import Identity, Row
from zou_server.models.registry import Facet, facet
from zou_server.services.write.change import Change
from zou_server.services.write.record_changes import record_change
from zou_server.services.write.unit_of_work import UnitOfWork


@contextmanager
def loaded_rows(work: UnitOfWork, facet: Facet, ids: Iterable[uuid.UUID]) -> Iterator[list[Change]]:
    """The live rows among the ids, to be changed in the block; two statements, and the writes."""
    wanted = list(ids)
    if not wanted:
        yield []
        return
    model: Any = facet.model
    rows = work.session.scalars(
        sa.select(model)
        .where(model.id.in_(wanted), model.deleted_at.is_(None))
        .order_by(model.id)
        .with_for_update(key_share=True)
    ).all()
    identities = {
        row.id: row for row in work.session.scalars(sa.select(Identity).where(Identity.id.in_(wanted)))
    }
    changes = [Change(facet, row, identities[row.id], created=False) for row in rows]
    yield changes
    for change in changes:
        if change.is_changed:
            _stamp(work, change.row)
            record_change(work, change)
    work.session.flush()


def _stamp(work: UnitOfWork, row: Row) -> None:
    row.lock_version += 1
    row.updated_at = work.now
    row.updated_by_id = work.actor.person_id if work.actor.person_id.int else None


def loaded_tasks(work: UnitOfWork, task_ids: Iterable[uuid.UUID]) -> AbstractContextManager[list[Change]]:
    """The live tasks among the ids, to be changed in the block; see `loaded_rows`."""
    return loaded_rows(work, facet("Task"), task_ids)
