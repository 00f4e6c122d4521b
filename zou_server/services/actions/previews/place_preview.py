"""Moving a preview to another place among those of its revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.services.previews.main_preview import task_of
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def place_preview(context: Context, row: PreviewFile, values: Mapping[str, Any]) -> Result:
    """Put the preview at `position`, counted from 1; the others close up and make room."""
    position = values.get("position")
    if isinstance(position, bool) or not isinstance(position, int | float) or position != int(position):
        raise Invalid(fields={"position": ["is not a whole number"]})
    task = task_of(context, row)
    if task is None:
        raise NotFound("This preview belongs to no task.")
    others = [each for each in _beside(context, row) if each.id != row.id]
    if not 1 <= position <= len(others) + 1:
        raise Invalid(fields={"position": [f"is not between 1 and {len(others) + 1}"]})
    others.insert(int(position) - 1, row)
    for place, each in enumerate(others, 1):
        context.touch(facet("PreviewFile"), each).set("position", place)
    return context.result_of(context.touch(facet("PreviewFile"), row))


def _beside(context: Context, row: PreviewFile) -> list[Any]:
    """The previews of the same revision in their order, locked (the task is, so none can be added)."""
    ids = context.session.scalars(
        sa.select(PreviewFile.id)
        .where(
            PreviewFile.task_id == row.task_id,
            PreviewFile.revision == row.revision,
            PreviewFile.deleted_at.is_(None),
        )
        .order_by(PreviewFile.position, PreviewFile.created_at, PreviewFile.id)
    ).all()
    context.rows.load([(facet("PreviewFile"), id_) for id_ in ids])
    return [found for id_ in ids if (found := context.rows.any(id_)) is not None]
