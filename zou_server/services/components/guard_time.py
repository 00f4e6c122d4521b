"""Whose time somebody may note, and until when: closed weeks are for managers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import MANAGERS
from zou_server.services.tasks.locked_weeks import refuse_locked_days

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def guard_time(pipeline: Pipeline, change: Change) -> None:
    """An entry is its author's own unless a manager writes it, and in no closed week."""
    row: Any = change.row
    actor = pipeline.actor
    if change.created and actor.person_id.int:
        change.default("person_id", actor.person_id)
    task = pipeline.targets.get(row.task_id)
    if actor.role_in(task.project_id if task else None) in MANAGERS:
        return
    if row.person_id != actor.person_id:
        raise Forbidden("Only managers note the time of others.")
    days = [day for day in (row.date, change.before.get("date")) if isinstance(day, dt.date)]
    refuse_locked_days(pipeline.work, days)
