"""How long shots are by the newest movies of a step."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

USUAL_FPS = "25"

_MOVIES = sa.text("""
SELECT DISTINCT ON (e.id) e.id, p.duration,
       coalesce(nullif(e.data ->> 'fps', ''), nullif(j.fps, ''), :usual) AS fps
FROM task t
JOIN entity e ON e.id = t.entity_id AND e.kind = 'Shot' AND e.deleted_at IS NULL
JOIN project j ON j.id = t.project_id
JOIN preview_file p ON p.task_id = t.id AND p.deleted_at IS NULL AND p.is_movie AND p.duration > 0
WHERE t.project_id = :project AND t.task_type_id = :step AND t.deleted_at IS NULL
      AND (CAST(:episode AS uuid) IS NULL OR e.episode_id = CAST(:episode AS uuid))
ORDER BY e.id, p.revision DESC NULLS LAST, p.position, p.created_at
""")


def lengths_from_movies(
    work: UnitOfWork, project_id: str, task_type_id: str, episode_id: str | None = None
) -> dict[str, int]:
    """Shot -> frames of its newest movie; a shot without a movie whose length is known is left out."""
    values = {"project": project_id, "step": task_type_id, "episode": episode_id, "usual": USUAL_FPS}
    rows = work.session.execute(_MOVIES, values)
    return {str(row.id): round(row.duration * _rate(row.fps)) for row in rows}


def _rate(text: str) -> float:
    """Frames a second, as a project or shot says it; the usual ones where it says no number."""
    try:
        return float(Fraction(text.replace(",", ".")))
    except (ValueError, ZeroDivisionError):
        return float(USUAL_FPS)
