"""Changes of status: which comments gave their task another status than the one before, kept in their rows.

News are counted by it: asking each comment for the one before would read them all for every page.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from zou_server.services.write.prepared import Prepared

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def mark_changes(work: UnitOfWork, tasks: Iterable[uuid.UUID]) -> None:
    """Say anew of all written, live comments on these tasks whether they change the status.

    Null is said of what is no news: replies, notes without a status, and notes on concepts or no task at all.
    One statement, however many tasks. The first comment is compared with the status of a new task.
    """
    if listed := [str(id_) for id_ in tasks]:
        _MARK.run(work, listed)


_MARK = Prepared(
    "mark_changes_of_status",
    ("uuid[]",),
    """
WITH told AS (
    SELECT n.id, n.object_id, n.sets_status_id, n.created_at,
           n.parent_id IS NULL AND n.sets_status_id IS NOT NULL AND t.id IS NOT NULL
           AND e.kind IS DISTINCT FROM 'Concept' AS is_news
    FROM note n
    LEFT JOIN task t ON t.id = n.object_id
    LEFT JOIN entity e ON e.id = t.entity_id
    WHERE n.object_id = ANY($1) AND n.deleted_at IS NULL
), said AS (
    SELECT id, CASE WHEN is_news THEN sets_status_id IS DISTINCT FROM coalesce(
               lag(sets_status_id) OVER (PARTITION BY object_id, is_news ORDER BY created_at, id),
               (SELECT s.id FROM status s WHERE s.for_task AND s.deleted_at IS NULL
                ORDER BY s.is_default DESC, s.for_concept, s.priority, s.created_at LIMIT 1)) END AS changes
    FROM told
)
UPDATE note SET changes_status = said.changes FROM said
WHERE note.id = said.id AND note.changes_status IS DISTINCT FROM said.changes
RETURNING note.id
""",
)
