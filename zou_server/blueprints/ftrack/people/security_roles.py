"""Security roles in ftrack's words: those of accounts, and those that a custom attribute names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zou_server.blueprints.ftrack.attributes import Attribute, CollectionRelation, Derived, Mapped
from zou_server.blueprints.ftrack.constants import ROLE_IDS, ROLE_ROWS
from zou_server.blueprints.ftrack.ids import reference_id
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.security_roles import API

ROLES_LOADER = "security_roles"
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


def role_of_account(id_: str | None) -> str | None:
    """The role that an account is given, in our words; which of them it can have the model says."""
    return None if id_ is None else _word("security_role", id_)


def role_words(name: str, listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """The roles that references name, in our words."""
    ids = (reference_id(name, each) for each in listed)
    return list(dict.fromkeys(_word(name, id_) for id_ in ids))


def _word(name: str, id_: str | None) -> str:
    found = _OURS.get(str(id_))
    if found is None:
        raise Invalid(f"{name}: there is no such SecurityRole.", {name: ["does not exist"]})
    return found


def named_roles(words: Iterable[str] | None) -> list[dict[str, Any]]:
    """The rows of the roles that a custom attribute names; where it names none, of all that people have."""
    shown = [word for word in ROLE_IDS if word != API] if words is None else words
    return [dict(ROLE_ROWS[ROLE_IDS[word]]) for word in shown if word in ROLE_IDS]
