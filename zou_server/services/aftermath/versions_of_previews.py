"""A version that was nothing but its previews goes with the last of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.review import PreviewFile
from zou_server.models.versions import Component, Version

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def versions_of_previews(
    work: UnitOfWork, previews: Sequence[uuid.UUID]
) -> tuple[sa.Table, Sequence[uuid.UUID]]:
    """The versions of these previews that have no other, and nothing else that somebody gave them."""
    left = sa.exists().where(
        PreviewFile.version_id == Version.id,
        PreviewFile.deleted_at.is_(None),
        PreviewFile.id.not_in(previews),
    )
    files = sa.exists().where(Component.version_id == Version.id, Component.deleted_at.is_(None))
    bare = sa.and_(Version.data.is_(None), Version.description.is_(None), Version.status_id.is_(None))
    of_these = sa.select(PreviewFile.version_id).where(PreviewFile.id.in_(previews))
    found = work.session.scalars(
        sa.select(Version.id)
        .where(Version.id.in_(of_these), Version.deleted_at.is_(None), bare, ~left, ~files)
        .order_by(Version.id)
        .with_for_update(key_share=True)
    )
    table: sa.Table = Version.__table__  # type: ignore[assignment]
    return table, list(found)
