"""A comment that is edited gives a status of tasks, and one that the caller may give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.policies import LEADS
from zou_server.models.status import Status

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def check_status(pipeline: Pipeline, change: Change) -> None:
    """Refuse a status that the caller could not have given; the task follows, see `follow_changes`."""
    row: Any = change.row
    if change.created or not change.changed("sets_status_id") or row.sets_status_id is None:
        return
    status = pipeline.session.get(Status, row.sets_status_id)
    if status is None or not status.for_task:
        raise Invalid(fields={"sets_status_id": ["does not exist"]})
    role = pipeline.actor.role_in(row.project_id)
    allowed = status.is_client_allowed if role == "client" else status.is_artist_allowed
    if role not in LEADS and not allowed:
        raise Forbidden(f"Your role does not let you set the status '{status.name}'.")
