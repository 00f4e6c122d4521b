"""The life of a type of asset; the fixed kinds (Shot, Sequence) are rows of the same table, and stay."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.production import EntityType
from zou_server.services.rules.codes import defaults_of
from zou_server.services.write.rulebook import Rule

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork

KINDS = "ObjectType"
"""The facet of the fixed kinds."""


def refuse_new_kind(context: Context, change: Change) -> None:
    """Refuse another kind: nothing could be made of it, and it would be a type of asset in disguise."""
    if change.created and change.facet.name == KINDS and change.of(EntityType).kind is None:
        raise Invalid("The kinds of things in a production are fixed: make a type of asset instead.")


def keep_kinds(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Refuse to remove a fixed kind, also one that nothing is of yet."""
    fixed = sa.select(EntityType.name).where(EntityType.id.in_(ids), EntityType.kind.is_not(None)).limit(1)
    name = work.session.scalar(fixed)
    if name is not None:
        raise Invalid(f"{name} is one of the kinds of things in a production: it stays.")


ENTITY_TYPE = Rule(
    before=(refuse_new_kind,),
    after=(defaults_of(EntityType),),
    gone=(keep_kinds,),
)
"""A type of asset, or a fixed kind."""
