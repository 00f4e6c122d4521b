"""Who may do what with previews, beyond what the policy of their table says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS
from zou_server.services.tasks.works_on import works_on

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline


def is_author(pipeline: Pipeline, row: Any) -> bool:
    """True for who made a comment or preview, or in whose name it was made."""
    return pipeline.actor.person_id in (row.person_id, row.created_by_id)


def refuse_stranger(pipeline: Pipeline, row: Any, project_id: Any, what: str) -> None:
    """Forbidden unless the actor leads the project or is the author of the row."""
    if pipeline.actor.role_in(project_id) not in LEADS and not is_author(pipeline, row):
        raise Forbidden(f"Only its author and those who lead the project may {what}.")


def refuse_bystander(pipeline: Pipeline, preview: Any, task: Any, *, clients: bool = False) -> None:
    """Forbidden unless the actor leads the project, works on the task or made the preview.

    With `clients` those of the project may too: they review.
    """
    role = pipeline.actor.role_in(task.project_id)
    if role in LEADS or (clients and role == "client") or is_author(pipeline, preview):
        return
    if role is None or role == "client" or not works_on(pipeline.session, task, pipeline.actor.person_id):
        raise Forbidden("Only those who work on the task may do this.")
