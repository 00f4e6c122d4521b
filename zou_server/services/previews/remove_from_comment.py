"""Taking a preview out of the comment that it came with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Delete

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

_ID = Projection((Output("id", "id"),))
_PLAIN = Spelling()


def remove_from_comment(work: UnitOfWork, task_id: str, note_id: str, preview_id: str) -> None:
    """Retire the preview; NotFound unless that comment on that task shows it."""
    there = All(
        (
            Where("id", Op.EQ, note_id),
            Where("object_id", Op.EQ, task_id),
            Where("previews.id", Op.EQ, preview_id),
        )
    )
    if work.read.one(Query(facet("Note"), _ID, there), _PLAIN) is None:
        raise NotFound("There is no such preview in this comment.")
    work.execute([Delete(facet("PreviewFile"), preview_id)])
