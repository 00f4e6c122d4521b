"""Who is asking: the person or script behind a request, with the roles that policies look at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zou_server.models.security_roles import ClosedField


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one request.

    `role` is the studio role; `project_roles` holds the projects whose team the person is on, with
    the role there (a studio admin stays admin everywhere). `sudo` is the real caller when a script
    acts as somebody else. `client` names the dialect and tool in the event log. `company_ids` are the
    company that somebody from another company than the studio's own works for, and the studio's own.
    `closed_fields` are the custom fields that only some roles read or write, `types_with_defaults` the types
    whose custom fields have defaults (None: not known). No row is hidden from administrators (`is_admin`).
    """

    person_id: uuid.UUID
    name: str
    role: str
    kind: str = "Person"
    project_roles: Mapping[uuid.UUID, str] = field(default_factory=dict)
    department_ids: tuple[uuid.UUID, ...] = ()
    session_id: uuid.UUID | None = None
    sudo_id: uuid.UUID | None = None
    client: str = ""
    session_uuid: str | None = None
    company_ids: tuple[uuid.UUID, ...] = ()
    closed_fields: tuple[ClosedField, ...] = ()
    types_with_defaults: frozenset[str] | None = None
    is_admin: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_admin", self.role == "admin")

    def role_in(self, project_id: uuid.UUID | None) -> str | None:
        """The role in a project; None for an outsider. Without a project: the studio role."""
        if self.is_admin or project_id is None:
            return self.role
        return self.project_roles.get(project_id)


SYSTEM = Actor(uuid.UUID(int=0), "system", "admin", kind="System", client="zou-server")
"""The server itself: first data, migrations, jobs without an author."""
