"""Who may take lists out of the studio as files: more than a screen at a time, and names of the staff.

What each may see of the rows is the row scope, as in every read; this is about the kind of list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS, MANAGERS

STAFF = LEADS | {"user", "vendor"}

READERS: Mapping[str, frozenset[str]] = {
    # name of a file of the whole studio: the roles that may have it; the others everybody who is staff
    "persons": MANAGERS,
    "time-spents": MANAGERS,
    "tasks": LEADS,
}


def require_reader(actor: Actor, name: str, project_id: uuid.UUID | None) -> None:
    """Forbidden for whoever may not have the file of a project, or of the studio where that is None."""
    role = actor.role_in(project_id)
    allowed = STAFF if project_id is not None else READERS.get(name, STAFF)
    if role not in allowed:
        raise Forbidden(f"Your role does not let you export {name}.")
