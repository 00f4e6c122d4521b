"""The components of previews stay with them: in the version of each, the first as players look for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.versions import Component, StoredFile, Version
from zou_server.services.rules.loaded_rows import loaded_rows
from zou_server.services.rules.show_components import own_name, reviewed_name, reviewed_versions

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Values = dict[str, Any]


class _Placed(NamedTuple):
    """A component of a preview: what it is called, and the version that the preview is a take of."""

    id: uuid.UUID
    called: str | None
    preview: PreviewFile
    version_id: uuid.UUID
    project_id: uuid.UUID | None


def place_components(
    work: UnitOfWork, previews: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]
) -> None:
    """Let components follow previews that went, came back or belong to another version now."""
    found = [_Placed._make(row) for row in work.session.execute(placed(previews))]
    if not found:
        return
    versions = {each.version_id for each in found}
    others = reviewed_versions(work, versions, Component.stored_file_id.is_(None))
    wanted = dict(_wanted(found, others))
    with loaded_rows(work, facet("FileComponent"), wanted) as changes:
        for change in changes:
            for name, value in wanted[change.row.id].items():
                change.set(name, value)


def placed(previews: Sequence[uuid.UUID]) -> sa.Select[*tuple[Any, ...]]:
    """The components of all previews in the versions that these are, or were, in."""
    stored = sa.select(StoredFile.id).where(
        StoredFile.preview_file_id.in_(previews), StoredFile.deleted_at.is_(None)
    )
    now = sa.select(PreviewFile.version_id).where(PreviewFile.id.in_(previews))
    before = sa.select(Component.version_id).where(Component.stored_file_id.in_(stored))
    return (
        sa.select(Component.id, Component.name, PreviewFile, Version.id, Version.project_id)
        .join(StoredFile, StoredFile.id == Component.stored_file_id)
        .join(PreviewFile, PreviewFile.id == StoredFile.preview_file_id)
        .join(Version, Version.id == PreviewFile.version_id)
        .where(
            sa.or_(PreviewFile.version_id.in_(now), PreviewFile.version_id.in_(before)),
            Component.deleted_at.is_(None),
            StoredFile.deleted_at.is_(None),
            PreviewFile.deleted_at.is_(None),
        )
        .order_by(PreviewFile.version_id, PreviewFile.position, PreviewFile.created_at, PreviewFile.id)
    )


def _wanted(found: Iterable[_Placed], reviewed: set[uuid.UUID]) -> Iterator[tuple[uuid.UUID, Values]]:
    """What each component says; its name stays when somebody gave it another."""
    for each in found:
        values: Values = {"version_id": each.version_id, "task_id": each.preview.task_id}
        values["project_id"] = each.project_id
        own, first = own_name(each.preview), reviewed_name(each.preview)
        if each.called in (own, first):
            values["name"] = own if each.version_id in reviewed else first
        reviewed.add(each.version_id)
        yield each.id, values
