"""Security roles in ftrack's words: those of accounts, and those that a custom attribute names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.attributes import Attribute, CollectionRelation, Derived, Mapped
from zou_server.blueprints.ftrack.constants import ROLE_IDS, ROLE_ROWS
from zou_server.models.errors import Invalid
from zou_server.models.person import ROLES
from zou_server.models.registry import Kind
from zou_server.models.security_roles import API

SECURITY_ROLES = "security_roles"
"""The loader of the roles that a custom attribute names."""

ROLE = "#security_role"
"""Where the role of an account is written."""
_OURS: Mapping[str, str] = {id_: ours for ours, id_ in ROLE_IDS.items()}

OF_ACCOUNT: Mapping[str, Attribute] = {
    "security_role_id": Mapped("role", Kind.UUID, ROLE_IDS, write=ROLE),
    "security_role": Derived("SecurityRole", ROLE_ROWS, "role", ROLE_IDS, write=ROLE),
    "projects": CollectionRelation(
        "Project", through=("UserSecurityRoleProject", "user_security_role_id", "project_id")
    ),
}
"""What says which role an account has, and where."""


def role_of_account(id_: Any) -> str:
    """The role of an account in projects; Invalid for one that is none."""
    found = _OURS.get(str(id_))
    if found not in ROLES[1:]:
        raise Invalid(
            "An account has a role of the type PROJECT; who administrates the studio is said of the person.",
            {"security_role": ["is no role in projects"]},
        )
    return found


def role_words(name: str, references: Iterable[Mapping[str, Any]]) -> list[str]:
    """The roles that references name, in our words."""
    found = [_OURS.get(str(each.get("id"))) for each in references]
    if None in found:
        raise Invalid(f"{name}: there is no such SecurityRole.", {name: ["does not exist"]})
    return [word for word in dict.fromkeys(found) if word is not None]


def named_roles(words: Iterable[str] | None) -> list[dict[str, Any]]:
    """The rows of the roles that a custom attribute names; where it names none, of all that people have."""
    shown = [word for word in ROLE_IDS if word != API] if words is None else words
    return [dict(ROLE_ROWS[ROLE_IDS[word]]) for word in shown if word in ROLE_IDS]
