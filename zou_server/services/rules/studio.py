"""The life of a company: one of them is the studio's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.studio_settings import PRIMARY, Studio
from zou_server.services.write.change import Change
from zou_server.services.write.operations import Update
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def _is_primary(change: Change) -> bool:
    return change.changed("data") and bool((change.of(Studio).data or {}).get(PRIMARY))


def only_one(work: UnitOfWork, chosen: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """The company that was the studio's own before is so no more."""
    others = sa.select(Studio.id).where(
        Studio.id.not_in(chosen[-1:]), Studio.deleted_at.is_(None), Studio.data[PRIMARY].astext == "true"
    )
    operations = [
        Update(facet("Studio"), id_, {"data": {PRIMARY: None}}) for id_ in work.session.scalars(others)
    ]
    if operations:
        work.execute(operations)


STUDIO = Rule(after=(After(_is_primary, only_one),))
"""Whom people work for."""
