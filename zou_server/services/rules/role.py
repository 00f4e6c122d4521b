"""The life of a role of ShotRunner's: it gives rights that somebody can have in a project."""

from __future__ import annotations

from zou_server.models.errors import Invalid
from zou_server.models.person import ROLES
from zou_server.models.records import DeclaredRecord
from zou_server.services.rules.membership import RIGHTS
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context


def check_rights(_context: Context, change: Change) -> None:
    """Refuse a role with rights that nobody can have in a project."""
    row = change.of(DeclaredRecord)
    rights = (row.data or {}).get(RIGHTS)
    if row.kind == "Role" and rights is not None and rights not in ROLES[1:]:
        raise Invalid(fields={f"data.{RIGHTS}": [f"is none of {', '.join(ROLES[1:])}"]})
