"""The life of a membership: the rights of the role that it names are those that the person has there."""

from __future__ import annotations

import uuid

from zou_server.models.errors import Invalid
from zou_server.models.person import Membership
from zou_server.models.records import DeclaredRecord
from zou_server.services.rules.appointments import replace_inherited
from zou_server.services.rules.team_members import follow_group, join_groups, leave_groups
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule

ROLE, RIGHTS = "shotrunner_role", "shotrunner_rights"


def take_rights(context: Context, change: Change) -> None:
    """Who is given a role by its name has the rights of that role; it says no more than was decided last."""
    row = change.of(Membership)
    named = (row.data or {}).get(ROLE)
    if named is None:
        return
    if "data" in change.given and named != (change.before.get("data") or {}).get(ROLE):
        role = context.session.get(DeclaredRecord, _id(named))
        rights = (role.data or {}).get(RIGHTS) if role is not None else None
        if rights is not None and rights != row.role:
            change.set("role", rights)
    elif change.changed("role"):
        change.set("data", {ROLE: None})


def _id(named: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(named))
    except ValueError:
        raise Invalid("", {ROLE: ["is not an id"]}) from None


MEMBERSHIP = Rule(
    before=(take_rights,),
    together=(replace_inherited,),
    written=(follow_group,),
    gone=(leave_groups,),
    back=(join_groups,),
)
"""Who is on a team, and as what."""
