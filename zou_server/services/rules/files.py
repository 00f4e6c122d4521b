"""The life of files: who works on a task publishes for it, in nobody else's name."""

from __future__ import annotations

from zou_server.models.errors import Forbidden
from zou_server.models.policies import writes_for
from zou_server.services.tasks.works_on import OnTask
from zou_server.services.write.rulebook import Asked, Rule


def publish_own(asked: Asked) -> set[str]:
    """Forbidden for files of a task that one does not work on; nobody but managers names somebody else."""
    context, values = asked.context, asked.values
    role = context.actor.role_in(context.rows.identity(asked.row.id).project_id)
    task_id = values.get("task_id")
    if role != "supervisor" and task_id is not None and not context.facts.works_on(OnTask(task_id)):
        raise Forbidden("You publish for tasks that you are assigned to.")
    named = values.get("person_id")
    return set() if writes_for(context.actor, role, "file", named) else {"person_id"}


FILE = Rule(guard=dict.fromkeys(("supervisor", "user", "vendor"), publish_own))
"""What is worked in and published."""
