"""Who may do what: tables to read, no code to trace.

A write is allowed when one of the alternatives named for (policy, action) holds. Roles are those in
the row's project; for rows without a project the studio role. What a person may *see* is the row
scope: one more condition on every query, so that it holds in all dialects at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from zou_server.models.actor import Actor
from zou_server.models.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Condition,
    InQuery,
    Op,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.errors import Forbidden
from zou_server.models.registry import FACETS, Facet
from zou_server.models.visibility import limit_of

MANAGERS = frozenset({"admin", "manager"})
LEADS = MANAGERS | {"supervisor"}
"""The roles that lead a project, and those that say who works in it."""
WORKERS = LEADS | {"user", "vendor"}
"""The roles that do the work; clients talk about it."""


class Facts(Protocol):
    """Who works where, for policies that depend on it: answered from the database by a service."""

    def works_on(self, row: Any) -> bool:
        """True when the actor is assigned to the task of a row, or made what the task is about."""

    def is_assigned(self, row: Any) -> bool:
        """True when the actor is assigned to the task of a row."""

    def leads(self, row: Any) -> bool:
        """True when the step of a task is of the actor's departments, or they have none."""

    def shares_craft(self, row: Any) -> bool:
        """True when the step of a task is of one of the actor's departments."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a policy: the actor, their role where the row is, the row, and who works where.

    `row` is None for a create, `facts` None where only the role is asked about.
    """

    actor: Actor
    role: str | None
    row: Any = None
    facts: Facts | None = None


Predicate = Callable[[Ask], bool]

PREDICATES: Mapping[str, Predicate] = {
    "admin": lambda ask: ask.role == "admin",
    "manager": lambda ask: ask.role in MANAGERS,
    "supervisor": lambda ask: ask.role in LEADS,
    "artist": lambda ask: ask.role in LEADS or ask.role == "user",
    "team": lambda ask: ask.role is not None,
    "client": lambda ask: ask.role == "client",
    "vendor": lambda ask: ask.role == "vendor",
    "author": lambda ask: (
        ask.actor.person_id in (getattr(ask.row, "created_by_id", None), getattr(ask.row, "person_id", None))
    ),
    "self": lambda ask: getattr(ask.row, "id", None) == ask.actor.person_id,
    "owner": lambda ask: getattr(ask.row, "person_id", None) == ask.actor.person_id,
    "worker": lambda ask: ask.role in WORKERS and ask.facts is not None and ask.facts.works_on(ask.row),
    "assignee": lambda ask: ask.facts is not None and ask.facts.is_assigned(ask.row),
    "craft_lead": lambda ask: ask.role == "supervisor" and ask.facts is not None and ask.facts.leads(ask.row),
    "craft": lambda ask: ask.role == "user" and ask.facts is not None and ask.facts.shares_craft(ask.row),
    "server": lambda ask: not ask.actor.person_id.int,
    "anybody": lambda ask: True,
}
"""Name -> test of one question. `worker` works on the task that the row is, or hangs on."""

Rule = tuple[str, ...]

POLICIES: Mapping[str, Mapping[str, Rule]] = {
    "vocabulary": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "studio": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "person": {
        "create": ("admin",),
        "update": ("admin", "self"),
        "delete": ("admin",),
        "set_password": ("admin",),
        "read_notifications": ("self",),
        "invite": ("admin",),
        "read_log_ins": ("admin",),
        "disable_two_factor": ("admin",),
        "read_presence": ("admin",),
    },
    "membership": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "project": {
        "create": ("admin",),
        "update": ("manager",),
        "delete": ("admin",),
        "delete_tasks": ("manager",),
    },
    "project_setting": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    # What of it somebody may set who is not a manager is in `SETS`.
    "production": {"create": ("manager",), "update": ("manager", "supervisor"), "delete": ("manager",)},
    "assignation": {"create": ("supervisor",), "update": ("supervisor",), "delete": ("manager",)},
    "task": {
        "create": ("supervisor",),
        "update": ("manager", "craft_lead", "worker"),
        "delete": ("manager",),
        # Starting it and handing it in: clients talk about work, they do not do it.
        "work": ("supervisor", "worker"),
        "comment": ("supervisor", "client", "worker"),
        # Whom somebody may put on a task or take off it is for `actions/assign_task.py`: artists, themselves.
        "assign": ("manager", "craft_lead", "craft"),
        "spend_time": ("manager", "assignee"),
        "show_preview": ("supervisor", "worker"),
        "publish": ("artist", "vendor"),
    },
    # Who may change what of a note is for `rules/note.py` to say: it depends on the field.
    "note": {
        "create": ("team",),
        "update": ("team",),
        "delete": ("manager", "author"),
        "reply": ("team",),
        "acknowledge": ("supervisor", "worker", "assignee"),
        "attach": ("manager", "author"),
        "move": ("manager",),
        "add_preview": ("supervisor", "author"),
    },
    "file": {
        "create": ("artist", "vendor"),
        "update": ("supervisor", "author"),
        "delete": ("manager", "author"),
        # The next revision of the files of a task: a vendor sees only tasks of their own.
        "next_revision": ("artist", "vendor"),
    },
    # Types that are declared and have no rules of their own: tickets, releases, custom entities.
    "declared": {
        "create": ("artist", "vendor"),
        "update": ("supervisor", "author"),
        "delete": ("manager", "author"),
    },
    "preview": {
        "receive": ("supervisor", "author"),
        "place": ("supervisor", "author", "worker"),
        "annotate": ("supervisor", "client", "author", "worker"),
        # What became of it is for the job that makes its renditions to say.
        "settle": ("server",),
    },
    "layout": {"create": ("artist",), "update": ("artist",), "delete": ("manager", "author")},
    "attachment": {
        "create": ("manager",),
        "update": ("manager", "author"),
        "delete": ("manager", "author"),
    },
    "time": {
        "create": ("artist", "vendor"),
        "update": ("manager", "author"),
        "delete": ("manager", "author"),
    },
    "chat": {"create": ("team",), "update": ("team",), "delete": ("manager",)},
    "notification": {"create": ("admin",), "update": ("admin", "owner"), "delete": ("admin", "owner")},
    "personal": {"create": ("anybody",), "update": ("admin", "owner"), "delete": ("admin", "owner")},
    "shared_desk": {
        "create": ("anybody",),
        "update": ("manager", "owner"),
        "delete": ("manager", "owner"),
    },
    "event": {"create": ("admin",), "update": (), "delete": ()},
    "live_event": {"create": ("admin",), "update": (), "delete": ()},
    "import": dict.fromkeys(("create", "update", "delete", "run"), ("admin",)),
    # Whose days they may be is for `rules/planning.py` to say: a create has no row to look at.
    "own_days": {"create": ("team",), "update": ("manager", "owner"), "delete": ("manager", "owner")},
    # Who may say something in a chat is for `rules/chat_message.py` to say: who takes part.
    "chat_message": {"create": ("team",), "update": ("author",), "delete": ("admin", "author")},
    "template": dict.fromkeys(("create", "update", "delete"), ("admin",)),
    "salary": dict.fromkeys(("create", "update", "delete"), ("admin",)),
    "share": dict.fromkeys(("create", "update", "delete"), ("manager",)),
    "build": {"create": ("team",), "update": ("manager", "author"), "delete": ("manager", "author")},
    "planning": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "budget": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "playlist": {
        "create": ("supervisor",),
        "update": ("manager", "author"),
        "delete": ("manager", "author"),
    },
}
"""Policy -> action -> the alternatives; reviving is allowed to whoever may delete."""

SETS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "task": {
        # Whoever leads its department says how urgent it is, when, how long, who, and where it stands.
        "craft_lead": frozenset(
            {
                "priority",
                "priority_id",
                "start_date",
                "due_date",
                "estimation",
                "difficulty",
                "data",
                "assignees",
                "task_status_id",
                "completion_rate",
                "nb_drawings",
                "sort_order",
            }
        ),
        # Whoever works on it says how the work goes. When it is done follows from who may say so.
        "worker": frozenset(
            {"task_status_id", "completion_rate", "real_start_date", "end_date", "description"}
        ),
    },
    "production": {"supervisor": frozenset({"data", "status_id", "preview_file_id"})},
}
"""Policy -> an alternative of its `update` -> the fields that it lets somebody set; all, without a line."""

WRITES_FOR: Mapping[str, str] = {"personal": "admin", "shared_desk": "admin"}
"""Policy -> who makes its rows in the name of somebody else; the managers, without a line."""

RESTRICTED: Mapping[str, Mapping[str, Rule]] = {
    "person": dict.fromkeys(
        (
            "role",
            "position",
            "seniority",
            "contract_type",
            "studio_id",
            "is_guest",
            "is_generated_from_ldap",
            "ldap_uid",
            "shotgun_id",
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


def allowed(
    actor: Actor, role: str | None, policy: str, verb: str, row: Any, facts: Facts | None = None
) -> bool:
    """True when one alternative of the rule holds; they are tried in order, so roles come first."""
    rule = POLICIES[policy]["delete" if verb == "revive" else verb]
    ask = Ask(actor, role, row, facts)
    return any(PREDICATES[name](ask) for name in rule)


def unsettable(
    actor: Actor, role: str | None, policy: str, names: set[str], row: Any, facts: Facts
) -> set[str] | None:
    """The fields among `names` that no alternative of `update` lets this actor set; None when none holds."""
    ask, fields = Ask(actor, role, row, facts), SETS.get(policy, {})
    left, holds = names, False
    for name in POLICIES[policy]["update"]:
        if not PREDICATES[name](ask):
            continue
        holds, left = True, left - fields[name] if name in fields else set()
        if not left:
            break
    return left if holds else None


def writes_for(actor: Actor, role: str | None, policy: str, person_id: uuid.UUID | None) -> bool:
    """True when the actor may make a row of this policy in the name of that person, or it is their own."""
    return person_id in (None, actor.person_id) or PREDICATES[WRITES_FOR.get(policy, "manager")](
        Ask(actor, role)
    )


def refused_fields(actor: Actor, role: str | None, policy: str, names: set[str], row: Any) -> list[str]:
    """The fields among `names` that this actor may not set."""
    rules, ask = RESTRICTED.get(policy, {}), Ask(actor, role, row)
    return sorted(name for name in names & rules.keys() if not any(PREDICATES[p](ask) for p in rules[name]))


def require(actor: Actor, policy: str, verb: str, what: str) -> None:
    """Forbidden, in the words of `what`, unless the policy lets the actor's role in the studio do that."""
    if not allowed(actor, actor.role_in(None), policy, verb, None):
        raise Forbidden(f"Your role does not let you {what}.")


# -- what may be seen ----------------------------------------------------------------------------------------

STUDIO_WIDE_WHEN_EMPTY = frozenset({"project_setting", "declared"})
"""Policies whose rows without a project are for everybody."""


def _own(actor: Actor, facet: Facet) -> Condition:
    """One's own rows, but for those of projects that one has left, and those of the projects one manages."""
    mine = Where("person_id", Op.EQ, str(actor.person_id))
    if not facet.project:
        return mine
    teams = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    managed = Where(facet.project, Op.IN, _projects_as(actor, "manager"))
    return AnyOf((All((mine, AnyOf((Where(facet.project, Op.NULL), teams)))), managed))


def _own_or_shared(actor: Actor, facet: Facet) -> Condition:
    """One's own rows, and those shared with one's project and department."""
    mine = Where("person_id", Op.EQ, str(actor.person_id))
    teams = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    crafts = Where("department_id", Op.IN, [str(department) for department in actor.department_ids])
    shared = (
        Where("is_shared", Op.EQ, value=True),
        AnyOf((Where(facet.project, Op.NULL), teams)),
        AnyOf((Where("department_id", Op.NULL), crafts)),
    )
    return AnyOf((mine, All(shared)))


def _own_days(actor: Actor, _facet: Facet) -> Condition:
    """Managers see everybody's days, anybody else their own."""
    return EVERYTHING if actor.role == "manager" else Where("person_id", Op.EQ, str(actor.person_id))


def _managed(actor: Actor, facet: Facet) -> Condition:
    """What a project costs is for its managers."""
    return Where(facet.project, Op.IN, _projects_as(actor, "manager"))


def _playlists(actor: Actor, facet: Facet) -> Condition:
    """The team sees all playlists, clients those made for them, vendors none."""
    team = Where(facet.project, Op.IN, _projects_as(actor, "manager", "supervisor", "user"))
    client = Where(facet.project, Op.IN, _projects_as(actor, "client"))
    return AnyOf((team, All((client, Where("for_client", Op.EQ, value=True)))))


def _projects_as(actor: Actor, *roles: str) -> list[str]:
    return [str(project) for project, role in actor.project_roles.items() if role in roles]


def _people(actor: Actor, _facet: Facet) -> Condition:
    """Staff know everybody; a vendor who shares a project with them, a client other clients."""
    oneself = Where("id", Op.EQ, str(actor.person_id))
    if actor.role == "vendor":
        teams = Where("project_id", Op.IN, [str(project) for project in actor.project_roles])
        mates = Query(FACETS["Membership"], Projection((Output("id", "id"),)), teams)
        return AnyOf((oneself, InQuery("id", mates, "person_id")))
    if actor.role == "client":
        return AnyOf((oneself, Where("role", Op.EQ, "client")))
    return EVERYTHING


def _nothing(_actor: Actor, _facet: Facet) -> Condition:
    """What other systems sent is for administrators: it holds people's addresses."""
    return NOTHING


PRIVATE_POLICIES = frozenset(
    {"notification", "personal", "shared_desk", "own_days", "budget", "salary", "share"}
)
"""Policies whose rows are for few: what happens to them is told to administrators alone."""


@cache
def _private_kinds() -> list[str]:
    return sorted({each.kind for each in FACETS.values() if each.policy in PRIVATE_POLICIES and each.kind})


def _events(actor: Actor, facet: Facet) -> Condition:
    """What happens in one's projects, but to what everybody there may see."""
    mine = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    return All((mine, Where("kind", Op.NOT_IN, _private_kinds())))


def _for_managers(actor: Actor, _facet: Facet) -> Condition:
    """What people are paid and how productions start is for who runs one."""
    return EVERYTHING if actor.role == "manager" or _projects_as(actor, "manager") else NOTHING


def _of_staff(actor: Actor, facet: Facet) -> Condition:
    """What the staff of a project makes for itself."""
    return Where(facet.project, Op.IN, _projects_as(actor, "manager", "supervisor", "user"))


TOLD_TO_ONE = frozenset({"Notification"})
"""Kinds whose events name the one person who is told of them, as they happen."""


def _live_events(actor: Actor, facet: Facet) -> Condition:
    """The same as it happens: whoever speaks to people keeps what is for one person from the others."""
    mine = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    nowhere = All((Where("kind", Op.IN, sorted(TOLD_TO_ONE)), Where(facet.project, Op.NULL)))
    hidden = [kind for kind in _private_kinds() if kind not in TOLD_TO_ONE]
    return All((AnyOf((mine, nowhere)), Where("kind", Op.NOT_IN, hidden)))


SCOPES: Mapping[str, Callable[[Actor, Facet], Condition]] = {
    "person": _people,
    "import": _nothing,
    "notification": _own,
    "personal": _own,
    "own_days": _own_days,
    "budget": _managed,
    "playlist": _playlists,
    "shared_desk": _own_or_shared,
    "event": _events,
    "live_event": _live_events,
    "salary": _for_managers,
    "template": _for_managers,
    "share": _managed,
    "build": _of_staff,
}
"""Policies whose rows are not simply those of one's projects."""


def row_scope(actor: Actor, facet: Facet) -> Condition:
    """The rows of a facet that the actor may see, as a condition."""
    if actor.is_admin:
        return EVERYTHING
    limit = limit_of(actor, facet)
    wide = _wide_scope(actor, facet)
    return wide if limit is EVERYTHING else All((wide, limit))


def _wide_scope(actor: Actor, facet: Facet) -> Condition:
    """The rows that staff may see."""
    if facet.policy in SCOPES:
        return SCOPES[facet.policy](actor, facet)
    if not facet.project:
        return EVERYTHING
    mine: Condition = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    if facet.policy in STUDIO_WIDE_WHEN_EMPTY:
        return AnyOf((mine, Where(facet.project, Op.NULL)))
    if facet.policy in ("task", "file"):
        return AnyOf(
            (mine, All((Where(facet.project, Op.NULL), Where("created_by_id", Op.EQ, str(actor.person_id)))))
        )
    return mine


_RETIRED: Mapping[str, Callable[[Actor, Facet], Condition]] = {
    "manager": lambda actor, facet: (
        _managed(actor, facet) if facet.project else EVERYTHING if actor.role == "manager" else NOTHING
    ),
    "author": lambda actor, facet: AnyOf(
        tuple(
            Where(name, Op.EQ, str(actor.person_id))
            for name in ("created_by_id", "person_id")
            if name in facet.fields
        )
    ),
    "owner": lambda actor, facet: Where("person_id", Op.EQ, str(actor.person_id)),
}


def retired_scope(actor: Actor, facet: Facet) -> Condition:
    """The retired rows of a facet that the actor may see: those that they may bring back."""
    if actor.is_admin:
        return EVERYTHING
    rule = POLICIES[facet.policy].get("delete", ())
    terms = tuple(_RETIRED[name](actor, facet) for name in rule if name in _RETIRED)
    return AnyOf(terms) if terms else NOTHING


def led_tasks(actor: Actor) -> Condition:
    """The tasks that the actor leads: all of a manager's projects, their departments' for a supervisor."""
    if actor.is_admin:
        return EVERYTHING
    craft: Condition = EVERYTHING
    if actor.department_ids:
        craft = Where("task_type.department_id", Op.IN, [str(each) for each in actor.department_ids])
    managed = Where("project_id", Op.IN, _projects_as(actor, "manager"))
    return AnyOf((managed, All((Where("project_id", Op.IN, _projects_as(actor, "supervisor")), craft))))
