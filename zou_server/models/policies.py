"""Who may do what: tables to read, no code to trace.

A write is allowed when one of the alternatives named for (policy, action) holds. Roles are those in
the row's project; for rows without a project the studio role. What a person may *see* is the row
scope: one more condition on every query, so that it holds in all dialects at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zou_server.models.actor import Actor
from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Op, Where
from zou_server.models.registry import Facet

Predicate = Callable[[Actor, str | None, Any], bool]

PREDICATES: Mapping[str, Predicate] = {
    "admin": lambda actor, role, row: role == "admin",
    "manager": lambda actor, role, row: role in ("admin", "manager"),
    "supervisor": lambda actor, role, row: role in ("admin", "manager", "supervisor"),
    "artist": lambda actor, role, row: role in ("admin", "manager", "supervisor", "user"),
    "team": lambda actor, role, row: role is not None,
    "author": lambda actor, role, row: (
        actor.person_id in (getattr(row, "created_by_id", None), getattr(row, "person_id", None))
    ),
    "self": lambda actor, role, row: getattr(row, "id", None) == actor.person_id,
}
"""Name -> test of (actor, the actor's role where the row is, the row or None for a create)."""

Rule = tuple[str, ...]

POLICIES: Mapping[str, Mapping[str, Rule]] = {
    "vocabulary": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "studio": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "person": {"create": ("admin",), "update": ("admin", "self"), "delete": ("admin",)},
    "membership": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "project": {"create": ("admin",), "update": ("manager",), "delete": ("admin",)},
    "project_setting": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "production": {"create": ("manager",), "update": ("supervisor",), "delete": ("manager",)},
    "task": {"create": ("supervisor",), "update": ("supervisor",), "delete": ("manager",)},
    "note": {"create": ("team",), "update": ("manager", "author"), "delete": ("manager", "author")},
    "file": {"create": ("artist",), "update": ("supervisor", "author"), "delete": ("manager", "author")},
    "time": {"create": ("artist",), "update": ("manager", "author"), "delete": ("manager", "author")},
    "event": {"create": ("admin",), "update": (), "delete": ()},
}
"""Policy -> action -> the alternatives; reviving is allowed to whoever may delete."""

RESTRICTED: Mapping[str, Mapping[str, Rule]] = {
    "person": dict.fromkeys(
        (
            "role",
            "active",
            "archived",
            "is_bot",
            "daily_salary",
            "expiration_date",
            "email",
            "login",
            "projects",
            "departments",
        ),
        ("admin",),
    ),
}
"""Fields of a policy that need more than its `update` rule."""

MASKED: Mapping[str, frozenset[tuple[str, str]]] = {
    "manager": frozenset(
        {
            ("Organisation", "chat_token_slack"),
            ("Organisation", "chat_token_discord"),
            ("Organisation", "chat_webhook_mattermost"),
        }
    ),
}
_PRIVATE = MASKED["manager"] | {("Person", "daily_salary")}


def masked_fields(actor: Actor) -> frozenset[tuple[str, str]]:
    """The (model, field) pairs that are null for this actor, in answers, filters and sorts."""
    return frozenset() if actor.is_admin else MASKED.get(actor.role, _PRIVATE)


def allowed(actor: Actor, role: str | None, policy: str, action: str, row: Any) -> bool:
    """True when one alternative of the rule holds."""
    rule = POLICIES[policy]["delete" if action == "revive" else action]
    return any(PREDICATES[name](actor, role, row) for name in rule)


def refused_fields(actor: Actor, role: str | None, policy: str, names: set[str], row: Any) -> list[str]:
    """The fields among `names` that this actor may not set."""
    rules = RESTRICTED.get(policy, {})
    return sorted(
        name for name in names & rules.keys() if not any(PREDICATES[p](actor, role, row) for p in rules[name])
    )


# -- what may be seen ----------------------------------------------------------------------------------------

_VENDOR_PATHS: Mapping[str, str] = {
    "Task": "assignations.person_id",
    "Entity": "tasks.assignations.person_id",
    "Note": "object[Task].assignations.person_id",
    "PreviewFile": "task.assignations.person_id",
    "WorkingFile": "task.assignations.person_id",
    "TimeSpent": "person_id",
}
"""Model -> the path that ends at the vendor for rows a vendor may see; others follow the project."""

STUDIO_WIDE_WHEN_EMPTY = frozenset({"project_setting"})
"""Policies whose rows without a project are for everybody."""


def row_scope(actor: Actor, facet: Facet) -> Condition:
    """The rows of a facet that the actor may see, as a condition."""
    if actor.is_admin or not facet.project:
        return EVERYTHING
    mine: Condition = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    vendor = _VENDOR_PATHS.get(facet.model.__name__)
    if actor.role == "vendor" and vendor:
        return All((mine, Where(vendor, Op.EQ, str(actor.person_id))))
    if facet.policy in STUDIO_WIDE_WHEN_EMPTY:
        return AnyOf((mine, Where(facet.project, Op.NULL)))
    if facet.policy == "task":
        return AnyOf(
            (mine, All((Where(facet.project, Op.NULL), Where("created_by_id", Op.EQ, str(actor.person_id)))))
        )
    return mine
