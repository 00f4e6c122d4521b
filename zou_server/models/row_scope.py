"""What may be seen: the row scope of every facet.

It is one more condition on every query, so that it holds in all dialects at once. Vendors and clients see
less: `visibility`. Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from zou_server.models.actor import Actor
from zou_server.models.companies import is_outsider, known_clients, known_companies, known_people
from zou_server.models.conditions import (
    EVERYTHING,
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
from zou_server.models.policies import POLICIES
from zou_server.models.registry import FACETS, Facet
from zou_server.models.security_roles import closed_events, unknown_fields
from zou_server.models.visibility import is_limited, limit_of
from zou_server.models.visible_rows import even_chances

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
    """Staff know everybody; clients, vendors, and who is of another company, those of `companies`."""
    if actor.role == "client":
        return known_clients(actor)
    if is_outsider(actor):
        return known_people(actor)
    return EVERYTHING


def _companies(actor: Actor, _facet: Facet) -> Condition:
    """Whoever is from outside learns of the companies of people whom they know."""
    return known_companies(actor) if actor.role == "client" or is_outsider(actor) else EVERYTHING


def _roles_of_people(actor: Actor, facet: Facet) -> Condition:
    """Which roles people have beside those of teams is for managers, and for themselves."""
    link = "user_security_role.person_id" if facet.project else "person_id"
    mine = Where(link, Op.EQ, str(actor.person_id))
    if facet.project:
        return AnyOf((mine, Where(facet.project, Op.IN, _projects_as(actor, "manager"))))
    return EVERYTHING if actor.role == "manager" else mine


def _nothing(_actor: Actor, _facet: Facet) -> Condition:
    """What other systems sent is for administrators: it holds people's addresses."""
    return NOTHING


PRIVATE_POLICIES = frozenset(
    {"notification", "personal", "shared_desk", "own_days", "budget", "salary", "share", "security_role"}
)
"""Policies whose rows are for few: what happens to them is told to administrators alone."""


@cache
def _private_kinds() -> list[str]:
    return sorted({each.kind for each in FACETS.values() if each.policy in PRIVATE_POLICIES and each.kind})


def _events(actor: Actor, facet: Facet) -> Condition:
    """What happens in one's projects, but to what everybody there may see."""
    mine: Condition = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    if is_limited(actor):
        mine = even_chances(mine)
    scope = All((mine, Where("kind", Op.NOT_IN, _private_kinds())))
    # Zou tells once of an operation that a row changed, not what: others wait for it beside the closed field.
    return _without_closed(actor, scope) if facet.name == "EventLog" else scope


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


def _without_closed(actor: Actor, scope: All) -> Condition:
    """The events without those that tell of custom fields which are not for the actor's roles."""
    closed = closed_events(actor)
    return scope if closed is None else All((*scope.terms, Not(closed)))


SCOPES: Mapping[str, Callable[[Actor, Facet], Condition]] = {
    "person": _people,
    "company": _companies,
    "security_role": _roles_of_people,
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


def row_scope(actor: Actor, facet: Facet, asked: Condition = EVERYTHING) -> Condition:
    """The rows of a facet that the actor may see, as a condition; `asked` is what they ask for.

    Who asks for a project of theirs gets no condition on projects beside: PostgreSQL would count it as one
    more that has to hold, expect too few rows and read them in the wrong way.
    """
    within = _is_within(actor, facet, asked)
    known = EVERYTHING if within else _known_there(actor, facet)
    if actor.is_admin:
        return known
    wide = EVERYTHING if within else _wide_scope(actor, facet)
    every = (wide, limit_of(actor, facet, asked), known, _known_fields(actor, facet))
    terms = tuple(each for each in every if each is not EVERYTHING)
    return All(terms) if len(terms) > 1 else next(iter(terms), EVERYTHING)


WITHOUT_TEMPLATES = frozenset({"zou", "ftrack", "shotrunner"})
"""The clients whose systems know no tasks but those of projects: templates of tasks are Shotgun's."""


def _known_there(actor: Actor, facet: Facet) -> Condition:
    """The rows of a facet that the system of the actor's client has a word for."""
    is_known = facet.policy != "task" or actor.client not in WITHOUT_TEMPLATES
    return EVERYTHING if is_known else Where(facet.project, Op.NOT_NULL)


def _known_fields(actor: Actor, facet: Facet) -> Condition:
    """The custom fields that the actor reads anywhere."""
    unknown = unknown_fields(actor) if facet.name == "FieldDescriptor" else []
    return Where("id", Op.NOT_IN, unknown) if unknown else EVERYTHING


def _is_within(actor: Actor, facet: Facet, asked: Condition) -> bool:
    """True when all rows asked for are of one project of the actor's."""
    if facet.policy in SCOPES or not facet.project:
        return False
    if isinstance(asked, All):
        return any(_is_within(actor, facet, term) for term in asked.terms)
    if not isinstance(asked, Where) or asked.op is not Op.EQ or asked.path != facet.project:
        return False
    return str(asked.value) in map(str, actor.project_roles)


def _of_no_project(facet: Facet) -> Condition:
    """The rows that are in no project themselves, or hang on such: not those whose project is hidden."""
    hop, _, rest = facet.project.partition(".")
    if not rest:
        return Where(facet.project, Op.NULL)
    link = facet.hops[hop]
    above = FACETS[link.target]
    owners = Query(above, Projection((Output("id", "id"),)), _of_no_project(above))
    return AnyOf((Where(link.name, Op.NULL), InQuery(link.name, owners, "id")))


def _wide_scope(actor: Actor, facet: Facet) -> Condition:
    """The rows that staff may see."""
    if facet.policy in SCOPES:
        return SCOPES[facet.policy](actor, facet)
    if not facet.project:
        return EVERYTHING
    mine: Condition = Where(facet.project, Op.IN, [str(project) for project in actor.project_roles])
    if facet.policy in STUDIO_WIDE_WHEN_EMPTY or (facet.policy == "task" and actor.client == "shotgun"):
        return AnyOf((mine, _of_no_project(facet)))
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
