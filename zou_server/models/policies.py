"""Who may do what: tables to read, no code to trace.

A write is allowed when one of the alternatives named for (policy, action) holds. Roles are those in
the row's project; for rows without a project the studio role. What a person may *see* is in `row_scope`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden

MANAGERS = frozenset({"admin", "manager"})
LEADS = MANAGERS | {"supervisor"}
"""The roles that lead a project, and those that say who works in it."""
WORKERS = LEADS | {"user", "vendor"}
"""The roles that do the work; clients talk about it."""


class Facts(Protocol):
    """The facts of who works where, for policies that depend on them: a service answers from the database."""

    def works_on(self, row: Any) -> bool:
        """True when the actor is assigned to the task of a row, or made what the task is about."""

    def is_assigned(self, row: Any) -> bool:
        """True when the actor is assigned to the task of a row, or to the part of the tree that it is."""

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
    # Who has which is for managers and for themselves to see: `row_scope`.
    "security_role": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "company": {"create": ("admin",), "update": ("admin",), "delete": ("admin",)},
    "person": {
        "create": ("admin",),
        "update": ("admin", "self"),
        "delete": ("admin",),
        "set_password": ("admin",),
        "give_password": ("admin", "self"),
        "read_notifications": ("self",),
        "mark": ("self",),
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
    "production": {
        "create": ("manager",),
        "update": ("manager", "supervisor", "assignee"),
        "delete": ("manager",),
        "share": ("manager",),
    },
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
        "read_quotas": ("supervisor",),
    },
    "chat": {"create": ("team",), "update": ("team",), "delete": ("manager",)},
    "notification": {"create": ("admin",), "update": ("admin", "owner"), "delete": ("admin", "owner")},
    "personal": {"create": ("anybody",), "update": ("admin", "owner"), "delete": ("admin", "owner")},
    "shared_desk": {
        "create": ("anybody",),
        "update": ("manager", "owner"),
        "delete": ("manager", "owner"),
    },
    # An entry that a tool adds to the log itself is `tell`.
    "event": {"create": ("admin",), "update": (), "delete": (), "tell": ("admin",)},
    "live_event": {"create": ("admin",), "update": (), "delete": ()},
    "import": dict.fromkeys(("create", "update", "delete", "run"), ("admin",)),
    # Whose days they may be is for `rules/planning.py` to say: a create has no row to look at.
    "own_days": {
        "create": ("team",),
        "update": ("manager", "owner"),
        "delete": ("manager", "owner"),
        "read_team": ("supervisor",),
    },
    # Who may say something in a chat is for `rules/chat_message.py` to say: who takes part.
    "chat_message": {"create": ("team",), "update": ("author",), "delete": ("admin", "author")},
    "template": dict.fromkeys(("create", "update", "delete"), ("admin",)),
    "salary": dict.fromkeys(("create", "update", "delete"), ("admin",)),
    "share": dict.fromkeys(("create", "update", "delete"), ("manager",)),
    "build": {"create": ("team",), "update": ("manager", "author"), "delete": ("manager", "author")},
    "planning": {"create": ("manager",), "update": ("manager",), "delete": ("manager",)},
    "budget": dict.fromkeys(("create", "update", "delete", "read_time"), ("manager",)),
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
                "planned_duration",
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
    "production": {
        "supervisor": frozenset({"data", "status_id", "preview_file_id", "thumbnail_id"}),
        # Whoever is on a shot says where it stands, as on a task.
        "assignee": frozenset({"status_id"}),
    },
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


def require(actor: Actor, policy: str, verb: str, what: str, project_id: uuid.UUID | None = None) -> None:
    """Forbidden, in the words of `what`, unless the policy lets the actor's role do that.

    The role is that in the project, or that in the studio without one.
    """
    if not allowed(actor, actor.role_in(project_id), policy, verb, None):
        raise Forbidden(f"Your role does not let you {what}.")
