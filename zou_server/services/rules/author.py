"""Who wrote a row, or spent the time: the caller, unless somebody is named whom the caller may write for."""

from __future__ import annotations

from zou_server.models.errors import Forbidden
from zou_server.models.policies import writes_for
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context


def sign(context: Context, change: Change) -> None:
    """Name the caller in a new row that names nobody; see `refuse_forgery`."""
    if change.created and context.actor.person_id.int:
        change.default("person_id", context.actor.person_id)
    refuse_forgery(context, change)


def refuse_forgery(context: Context, change: Change) -> None:
    """Forbidden when a row is made, or given, in the name of somebody whom the caller may not write for."""
    row = change.row
    if not (change.created or change.changed("person_id")):
        return
    project_id = getattr(row, "project_id", None) or context.project_of(change.facet, row)
    role = context.actor.role_in(project_id)
    if not writes_for(context.actor, role, change.facet.policy, getattr(row, "person_id", None)):
        raise Forbidden(f"Your role does not let you make a {change.facet.name} in somebody else's name.")
