"""Roles in projects beside those of the team, and who reads and writes a custom field by role."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.conditions import (
    NOTHING,
    All,
    AnyOf,
    Condition,
    InQuery,
    Not,
    Op,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.event import BACK
from zou_server.models.free_links import MANY
from zou_server.models.person import ROLES
from zou_server.models.registry import FACETS, Facet, entity, facet
from zou_server.models.visible_rows import by_project

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.models.policies import Facts
    from zou_server.models.veils import Veils

_FTRACK: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "shotrunner"))
ASSIGNED, API = "assigned", "api"
"""Roles of nobody's account: whoever is on the task of a row, and keys that are of no person."""


@entity(
    "user-security-roles",
    names={**_FTRACK, "ftrack": "UserSecurityRole"},
    policy="security_role",
    display="role",
)
class UserSecurityRole(Row):
    """A person has a role in projects, in all open ones, or in all, whether or not they are on the teams."""

    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    role: Mapped[str] = mapped_column(info={"choices": ROLES[1:]})
    is_all_projects: Mapped[bool] = mapped_column(default=False)
    is_all_open_projects: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.Index("ix_user_security_role_person_id", "person_id", postgresql_where=LIVE),)


@entity(
    "user-security-role-projects",
    names={**_FTRACK, "ftrack": "UserSecurityRoleProject"},
    policy="security_role",
    display="",
)
class UserSecurityRoleProject(Row):
    """A role of a person holds in a project."""

    user_security_role_id: Mapped[uuid.UUID] = owner("user_security_role", nullable=False)
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_user_security_role_project",
            "user_security_role_id",
            "project_id",
            unique=True,
            postgresql_where=LIVE,
        ),
    )


@dataclass(frozen=True, slots=True)
class ClosedField:
    """A custom field that not everybody reads or writes who sees its row; None where everybody does."""

    id: uuid.UUID
    entity_type: str
    key: str
    project_id: uuid.UUID | None
    read: frozenset[str] | None
    write: frozenset[str] | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> ClosedField:
        """The field as the database says it."""
        id_, entity_type, key, project_id, read, write = row
        return cls(
            uuid.UUID(id_),
            entity_type,
            key,
            uuid.UUID(project_id) if project_id else None,
            None if read is None else frozenset(read),
            None if write is None else frozenset(write),
        )

    def facets(self) -> Iterator[Facet]:
        """The sorts of rows that have it: one with a place in the whole tree is of everything in it."""
        names = _TREE if self.entity_type == "Entity" else (self.entity_type,)
        yield from (FACETS[name] for name in names if name in FACETS)


Pair = tuple[Any, Any]
"""The value of a custom field before and after."""
_TREE = ("Project", "Entity", "Task", "Version", "Product")
_ID = Projection((Output("id", "id"),))


def closed_veils(actor: Actor) -> Veils:
    """The custom fields that the actor does not read, except in the rows where the condition holds.

    Those that are closed in the same rows have one condition, which a statement has to test in each row.
    """
    alike: dict[tuple[str, frozenset[str], uuid.UUID | None], set[tuple[str, str]]] = {}
    for field in actor.closed_fields:
        for of in field.facets() if field.read is not None else ():
            where = (of.name, field.read or frozenset(), field.project_id)
            alike.setdefault(where, set()).add((of.model.__name__, f"data.{field.key}"))
    return tuple(
        (frozenset(names), _is_open(actor, FACETS[of], roles, project))
        for (of, roles, project), names in alike.items()
    )


def _is_open(actor: Actor, of: Facet, roles: frozenset[str], project_id: uuid.UUID | None) -> Condition:
    """The rows in which the actor has one of the roles, and those that the field is not of."""
    terms: list[Condition] = [Not(of.where)] if of.where != All() else []
    if of.project:
        mine = [str(project) for project, role in actor.project_roles.items() if role in roles]
        terms.append(by_project(of, Op.IN, mine))
        if project_id is not None:
            terms.append(by_project(of, Op.NE, str(project_id)))
            terms.append(by_project(of, Op.NULL))
        elif actor.role in roles:
            terms.append(by_project(of, Op.NULL))
    elif actor.role in roles:
        return All()
    if ASSIGNED in roles and of.model.__name__ == "Task":
        own = Query(facet("Assignation"), _ID, Where("person_id", Op.EQ, str(actor.person_id)))
        terms.append(InQuery("id", own, "task_id"))
    return AnyOf(tuple(terms)) if terms else NOTHING


def unwritable(
    actor: Actor, of: Facet, row: Any, given: Mapping[str, Pair], project: Any, facts: Facts
) -> set[str]:
    """The custom fields among those given that the actor's roles do not let them set in a row.

    One that stays as the actor reads it is none: clients send all of `data` back.
    """
    refused = set()
    for field in actor.closed_fields:
        roles = field.write
        if roles is None or field.key not in given or field.project_id not in (None, project):
            continue
        if not any(each.model is of.model and fits(each, row) for each in field.facets()):
            continue
        if _has_role(actor, roles, row, project, facts):
            continue
        before, now = given[field.key]
        is_read = field.read is None or _has_role(actor, field.read, row, project, facts)
        if before != now or not is_read:
            refused.add(field.key)
    return refused


def _has_role(actor: Actor, roles: frozenset[str], row: Any, project: Any, facts: Facts) -> bool:
    return actor.role_in(project) in roles or (ASSIGNED in roles and facts.is_assigned(row))


def fits(of: Facet, row: Any) -> bool:
    """Whether a row is of a facet, as far as columns of its own say it."""
    where = of.where
    if isinstance(where, Where) and where.op is Op.EQ:
        return bool(getattr(row, where.path, None) == where.value)
    return True


def unknown_fields(actor: Actor) -> list[str]:
    """The ids of the custom fields that the actor reads nowhere."""
    roles = {actor.role, *actor.project_roles.values(), ASSIGNED}
    return [str(each.id) for each in actor.closed_fields if each.read is not None and not each.read & roles]


def closed_events(actor: Actor) -> Condition | None:
    """The events that tell of custom fields which the actor does not read; None where there are none."""
    closed = [field for field in actor.closed_fields if field.read is not None]
    found = [_told(actor, field, of) for field in closed for of in field.facets()]
    return AnyOf(tuple(found)) if found else None


def _told(actor: Actor, field: ClosedField, of: Facet) -> Condition:
    roles = field.read or frozenset()
    mine = [str(project) for project, role in actor.project_roles.items() if role in roles]
    alike = [each for each in FACETS.values() if each.model is of.model]
    if of.kind and of.name != of.model.__name__:
        alike = [of]
    links = [f"{MANY}{name}/{field.key}" for each in alike if (name := each.named("shotgun"))]
    kinds = sorted({each.kind for each in alike if each.kind})
    here: list[Condition] = [
        Where("attribute", Op.IN, [f"data.{field.key}", *links]),
        Where("kind", Op.IN, kinds),
    ]
    if field.project_id is not None:
        here.append(Where("project_id", Op.EQ, str(field.project_id)))
    # What is linked hears of it too, of whatever kind and project it is.
    ends = [f"{BACK}{link}" for link in links] + [f"{BACK}{kind}.data.{field.key}" for kind in kinds]
    told = AnyOf((All(tuple(here)), Where("attribute", Op.IN, ends)))
    return All((told, Not(Where("project_id", Op.IN, mine))))
