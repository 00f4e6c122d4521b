"""The named routes of this wing, in the order to register them."""

from __future__ import annotations

from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.tasks import (
    assignments,
    comment_parts,
    comments,
    create_tasks,
    delete_tasks,
    full_task,
    many_comments,
    open_tasks,
    quota_shots,
    quotas,
    task_time,
)

ROUTES: tuple[Named, ...] = (
    *create_tasks.ROUTES,
    *comments.ROUTES,
    *comment_parts.ROUTES,
    *many_comments.ROUTES,
    *assignments.ROUTES,
    *full_task.ROUTES,
    *task_time.ROUTES,
    *delete_tasks.ROUTES,
    *open_tasks.ROUTES,
    *quotas.ROUTES,
    *quota_shots.ROUTES,
)
