"""The life of files: who works on a task publishes for it, in nobody else's name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import writes_for
from zou_server.models.versions import Product, Version
from zou_server.services.tasks.works_on import OnTask
from zou_server.services.write.rulebook import Asked, Rule

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def publish_own(asked: Asked) -> set[str]:
    """Forbidden for files of a task that one does not work on; nobody but managers names somebody else."""
    context, values = asked.context, asked.values
    role = context.actor.role_in(context.rows.identity(asked.row.id).project_id)
    task_id = _task_of(context, values)
    if role != "supervisor" and task_id is not None and not context.facts.works_on(OnTask(task_id)):
        raise Forbidden("You publish for tasks that you are assigned to.")
    named = values.get("person_id")
    return set() if writes_for(context.actor, role, "file", named) else {"person_id"}


def _task_of(context: Context, values: Mapping[str, Any]) -> uuid.UUID | None:
    """The task that files are made for: their own, else that of their version or product."""
    if values.get("task_id") is not None:
        found: uuid.UUID = values["task_id"]
        return found
    owners = (context.once(_owner, model, values.get(name)) for name, model in _OWNERS)
    return next((owner.task_id for owner in owners if owner is not None and owner.task_id), None)


_OWNERS: tuple[tuple[str, type[Version | Product]], ...] = (("version_id", Version), ("product_id", Product))


def _owner(
    context: Context, model: type[Version | Product], id_: uuid.UUID | None
) -> Version | Product | None:
    if id_ is None:
        return None
    made: Any = context.rows.any(id_)
    found: Version | Product | None = made or context.session.get(model, id_)
    return found


FILE = Rule(guard=dict.fromkeys(("supervisor", "user", "vendor"), publish_own))
"""What is worked in and published."""
