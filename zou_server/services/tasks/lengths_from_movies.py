"""How long shots are by the newest movies of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.footage.frame_rate import USUAL_RATE, rate_or_none

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

_MOVIES = sa.text("""
SELECT DISTINCT ON (e.id) e.id, p.duration,
       nullif(e.data ->> 'fps', '') AS own, j.fps AS usual
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
    values = {"project": project_id, "step": task_type_id, "episode": episode_id}
    rows = work.session.execute(_MOVIES, values)
    return {str(row.id): round(row.duration * _rate(row.own, row.usual)) for row in rows}


def _rate(own: str | None, usual: str | None) -> float:
    """Frames a second: the shot's, else the project's, else the usual ones."""
    return float(rate_or_none(own) or rate_or_none(usual) or USUAL_RATE)
