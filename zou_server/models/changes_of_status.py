"""Whether a comment changes the status of its task: what the status before it is, for statements in SQL."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql

from zou_server.models.status import default_status

STATUS_OF_NEW_TASKS = str(default_status().compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
"""What the first comment of a task is compared with."""

CHANGES_STATUS = f"""
(n.parent_id IS NULL AND n.sets_status_id IS NOT NULL AND n.sets_status_id IS DISTINCT FROM coalesce(
    (SELECT b.sets_status_id FROM note b
     WHERE b.object_id = n.object_id AND b.parent_id IS NULL AND b.deleted_at IS NULL
           AND b.sets_status_id IS NOT NULL AND (b.created_at, b.id) < (n.created_at, n.id)
     ORDER BY b.created_at DESC, b.id DESC LIMIT 1), {STATUS_OF_NEW_TASKS}))"""  # noqa: S608 - constants
"""Whether a note `n` sets another status than the comment before it."""
