"""The frame rate of a project, a cut, a shot and what holds shots is one, or it is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from zou_server.footage.frame_rate import frame_rate
from zou_server.models.errors import Invalid
from zou_server.models.project import Project

if TYPE_CHECKING:
    from zou_server.models.production import Entity
    from zou_server.models.records import DeclaredRecord
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context

WITH_FRAMES = frozenset({"Shot", "Sequence", "Episode", "Scene", "Edit", "Cut"})
"""Kinds whose field `fps` is a frame rate; an asset's may be anything."""


def check_frame_rate(context: Context, change: Change) -> None:
    """Refuse a value of `data.fps` that is no frame rate; nothing said is nothing wrong."""
    row = cast("Project | Entity | DeclaredRecord", change.row)
    if not (isinstance(row, Project) or row.kind in WITH_FRAMES) or not change.changed("data"):
        return
    given = (row.data or {}).get("fps")
    if given in (None, "") or given == (change.before.get("data") or {}).get("fps"):
        return
    try:
        frame_rate(given)
    except ValueError as error:
        raise Invalid(fields={"data.fps": [str(error)]}) from None
