"""Changes of status: which comments gave their task another status than the one before, kept in their rows.

News are counted by it: asking each comment for the one before would read them all for every page.
"""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from zou_server.models.changes_of_status import STATUS_OF_NEW_TASKS
from zou_server.services.write.prepared import Prepared

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def mark_changes(
    work: UnitOfWork, tasks: Iterable[uuid.UUID], locked: Container[uuid.UUID] = frozenset()
) -> None:
    """Say anew of all written, live comments on these tasks whether they change the status.

    Who comments on a task waits for who did so before, whose it would not see; those `locked` have waited.

    Null is said of what is no news: replies, notes without a status, and notes on concepts or no task at all.
    As many statements for many tasks as for one. The first comment is compared with the status of a new task.
    """
    wanted = list(tasks)
    if unlocked := [str(id_) for id_ in wanted if id_ not in locked]:
        _LOCK.run(work, unlocked)
    if wanted:
        _MARK.run(work, [str(id_) for id_ in wanted])


_MARK = Prepared(
    "mark_changes_of_status",
    ("uuid[]",),
    f"""
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
               {STATUS_OF_NEW_TASKS}) END AS changes
    FROM told
)
UPDATE note SET changes_status = said.changes FROM said
WHERE note.id = said.id AND note.changes_status IS DISTINCT FROM said.changes
RETURNING note.id
""",  # noqa: S608 - put together from constants
)

_LOCK = Prepared(
    "lock_commented_tasks",
    ("uuid[]",),
    "SELECT id FROM task WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
)
