"""What people from outside see of a project: vendors what they are assigned to, clients what is for them.

A limit is a condition on a row's own columns, so that it holds wherever a row is reached: in its own
list, behind a link, in a count. Staff have none, and their statements stay as they are. A model without
a line is seen like what its rows live and die with; one directly below the project shows them nothing.
Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from zou_server.models.actor import Actor
from zou_server.models.companies import known_clients, known_companies, known_people
from zou_server.models.conditions import (
    EVERYTHING,
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
from zou_server.models.registry import FACETS, Facet, Field, facet
from zou_server.models.visible_rows import (
    CLIENT,
    ID,
    VENDOR,
    Rule,
    all_rows,
    even_chances,
    in_projects,
    no_rows,
)

IDENTITY = ""
"""The key of the limit on what a link to anything shows."""
_JOINED_TO_IDENTITIES = ("Task", "Entity", "Note", "PreviewFile")
"""Models whose rows from outside's own work are known by name where a link leads to them."""


def identity_of(model: str) -> str:
    """The key of the limit on what a link to rows of one model shows."""
    return f"{IDENTITY}.{model}"


OUTSIDE_ROLES = frozenset({"vendor", "client"})

Limits = Mapping[str, Condition]


class KeptLimits(tuple[tuple[str, Condition], ...]):
    """The limits of somebody, made once: what is made of them in turn is kept by which object they are."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether it is this very object; the lists of ids in it cannot be hashed."""
        return self is other

    def __hash__(self) -> int:
        return id(self)


def kept_limits(actor: Actor) -> KeptLimits:
    """The limits of an actor, as long as their role, teams, departments and companies are the same."""
    return _kept_limits(
        actor.person_id,
        actor.role,
        tuple(actor.project_roles.items()),
        actor.department_ids,
        actor.company_ids,
    )


@lru_cache(maxsize=64)
def _kept_limits(
    person_id: uuid.UUID,
    role: str,
    projects: tuple[tuple[uuid.UUID, str], ...],
    departments: tuple[uuid.UUID, ...],
    companies: tuple[uuid.UUID, ...],
) -> KeptLimits:
    """The limits of whoever has these; an actor's other attributes are not there to depend on."""
    roles = dict(projects)
    actor = Actor(person_id, "", role, project_roles=roles, department_ids=departments, company_ids=companies)
    return KeptLimits(limits(actor).items())


def is_limited(actor: Actor) -> bool:
    """True for whoever is a vendor or a client, in the studio or in one of their projects."""
    return actor.role in OUTSIDE_ROLES or not OUTSIDE_ROLES.isdisjoint(actor.project_roles.values())


def limits(actor: Actor) -> Limits:
    """Model -> what the actor sees of its rows; a model that is not named is not limited for them."""
    company = _of_other_companies(actor)
    if not is_limited(actor):
        return company
    mine = Outsider(actor)
    models = {model: mine.limit(FACETS[model]) for model in _limited_models(actor)}
    found = {**models, **mine.identity_limits()}
    both = {key: All((found[key], company[key])) for key in found.keys() & company.keys()}
    return {**company, **found, **both}


def _of_other_companies(actor: Actor) -> Limits:
    """What who is of another company learns of people and companies by links to them."""
    if not actor.company_ids:
        return {}
    people, companies = known_people(actor), known_companies(actor)
    strangers = All((Where("kind", Op.IN, ["Person", "Script"]), Not(people)))
    rivals = All((Where("kind", Op.EQ, "Studio"), Not(companies)))
    return {
        "Person": people,
        "Studio": companies,
        identity_of("Person"): people,
        identity_of("Studio"): companies,
        IDENTITY: All((Not(strangers), Not(rivals))),
    }


_ABOVE = ("parent_id", "sequence_id", "episode_id")
"""Links of an entity to what it hangs on."""
LOG = "EventLog"
"""The model of which a vendor's rows are found by their work alone."""
_NAMES = frozenset({"id", "number", "name", "code"})
"""What a row itself is named by; that of a type, a status or a project names many rows."""
_LINKS = frozenset(
    {"entity_id", "object_id", "parent_id", "task_id", "entity_in_id", "entity_out_id", "asset_id"}
)
"""Links that few rows have in common; a path may end in one."""
_SAME = frozenset({Op.EQ, Op.IN, Op.EQ_CI, Op.IN_CI})


def names_rows(asked: Condition) -> bool:
    """Whether a question is about few rows that it names, or those of one thing."""
    if isinstance(asked, All):
        return any(map(names_rows, asked.terms))
    if isinstance(asked, InQuery):
        return not asked.negated and _is_name(asked.path) and names_rows(asked.query.where)
    return isinstance(asked, Where) and asked.op in _SAME and _is_name(asked.path)


def _is_name(path: str) -> bool:
    return path in _NAMES or path.rpartition(".")[2] in _LINKS


def limit_of(actor: Actor, wanted: Facet, asked: Condition) -> Condition:
    """What the actor sees of one model's rows that are asked for, as `limits` says it of all."""
    whole = FACETS[wanted.model.__name__]
    is_limit = bool(whole.project) and _is_limited_to(_outside_roles(actor), whole.name)
    if not is_limit:
        return EVERYTHING
    return Outsider(actor).limit(whole) if names_rows(asked) else Outsider(actor).scope(whole)


def _limited_models(actor: Actor) -> list[str]:
    roles = _outside_roles(actor)
    return [model for model in _with_project() if _is_limited_to(roles, model)]


def _outside_roles(actor: Actor) -> frozenset[str]:
    return OUTSIDE_ROLES & {actor.role, *actor.project_roles.values()}


def _is_limited_to(roles: frozenset[str], model: str) -> bool:
    return any(rule_of(role, FACETS[model]) is not all_rows for role in roles)


def _with_project() -> list[str]:
    return [name for name, each in FACETS.items() if each.project and name == each.model.__name__]


@dataclass(frozen=True)
class Outsider:
    """A person from outside, and the sub-queries that say what is theirs."""

    actor: Actor
    lists: bool = False
    """Whether what is theirs is found first, for lists that are theirs; else it is looked up row by row."""

    def projects(self, role: str) -> list[str]:
        """The ids of the projects where they have a role from outside; "" for those where they are staff."""
        return [
            str(project)
            for project, theirs in self.actor.project_roles.items()
            if (theirs if theirs in OUTSIDE_ROLES else "") == role
        ]

    def limit(self, wanted: Facet) -> Condition:
        """The limit on a model: none where they are staff, else what their role's table says."""
        terms: list[Condition] = []
        for role in ("", *sorted(OUTSIDE_ROLES)):
            projects = self.projects(role)
            rule = rule_of(role, wanted) if role else all_rows
            if projects and rule is not no_rows:
                inside = in_projects(wanted, projects)
                inside = even_chances(inside) if wanted.name == LOG else inside
                terms.append(_both(inside, rule(self)))
        if wanted.policy == "project_setting":
            terms.append(Where(wanted.project, Op.NULL))
        if wanted.name == "Task":
            terms.append(All((Where(wanted.project, Op.NULL), self.is_me("created_by_id"))))
        return AnyOf(tuple(terms))

    def scope(self, wanted: Facet) -> Condition:
        """The same as a list is read by: what is theirs found first, each way by an index of its own.

        It is for whoever is nothing but a vendor; the projects of staff are read as staff read them.
        """
        is_vendor_alone = not self.projects("") and not self.projects("client")
        ways = _WAYS.get(wanted.name) if is_vendor_alone else None
        mine = replace(self, lists=True)
        if ways is None:
            return mine.limit(wanted)
        return ways(mine, Where(wanted.project, Op.IN, self.projects("vendor")))

    def identity_limits(self) -> Limits:
        """The limits on what they learn by a link: no names of rows that they may not see.

        A link to rows of one model asks for the limit of that model alone, and for none where there is none.
        """
        models = _limited_models(self.actor)
        staffed: Condition = Where("project_id", Op.IN, self.projects(""))
        own = {
            model: InQuery("id", Query(facet(model), ID, self.limit(facet(model))), "id")
            for model in _JOINED_TO_IDENTITIES
            if model in models
        }
        kinds = {each.kind for each in FACETS.values() if each.model.__name__ in models and each.kind}
        open_to_all: Condition = Not(Where("kind", Op.IN, sorted(kinds)))
        found: dict[str, Condition] = {
            identity_of(model): AnyOf((staffed, own[model])) if model in own else staffed for model in models
        }
        found[IDENTITY] = AnyOf((open_to_all, staffed, *own.values()))
        if self.actor.role == "client":
            people = Not(All((Where("kind", Op.IN, ["Person", "Script"]), Not(known_clients(self.actor)))))
            found |= {identity_of("Person"): people, IDENTITY: All((people, found[IDENTITY]))}
        return found

    @cached_property
    def work(self) -> Query:
        """The assignations of a vendor, in projects where they are one."""
        theirs = Where("person_id", Op.EQ, str(self.actor.person_id))
        inside: Condition = Where("task.project_id", Op.IN, self.projects("vendor"))
        if not self.lists:  # few tasks are looked at: their projects are no way to find them
            inside = even_chances(inside)
        outputs = (Output("task_id", "task_id"), Output("entity_id", "task.entity_id"))
        return Query(facet("Assignation"), Projection(outputs), All((theirs, inside)))

    @cached_property
    def work_anywhere(self) -> Query:
        """The same wherever the tasks are, for a condition that says the projects of the tasks beside it."""
        theirs = Where("person_id", Op.EQ, str(self.actor.person_id))
        return Query(facet("Assignation"), Projection((Output("task_id", "task_id"),)), theirs)

    @cached_property
    def _placed(self) -> Query:
        """What a vendor is put on beside tasks, in projects where they are one."""
        theirs = Where("person_id", Op.EQ, str(self.actor.person_id))
        inside = Where("entity.project_id", Op.IN, self.projects("vendor"))
        placed = Projection((Output("entity_id", "entity_id"),))
        return Query(facet("EntityAssignation"), placed, All((theirs, inside)))

    @cached_property
    def _worked_on(self) -> Query:
        """What the entities hang on that they are on, or have a task on."""
        above = Projection(tuple(Output(name, name) for name in _ABOVE))
        return Query(facet("Entity"), above, self.on_entity("id"))

    def on_task(self, path: str) -> Condition:
        """The id at a path is that of a task assigned to them."""
        if self.lists:
            return InQuery(path, self.work, "task_id", once="my_work")
        return InQuery(path, self.work, "task_id", looked_up=True)

    def on_work(self, path: str) -> Condition:
        """The id at a path is that of such a task or entity; for rows of a log, which holds many others."""
        ways = (
            ("task_id", self.work, "my_work"),
            ("entity_id", self.work, "my_work"),
            ("entity_id", self._placed, "my_places"),
        )
        return AnyOf(tuple(InQuery(path, query, name, once=once, listed=True) for name, query, once in ways))

    def on_entity(self, path: str) -> Condition:
        """The id at a path is that of an entity they are on, or have a task on."""
        if self.lists:
            has_task = InQuery(path, self.work, "entity_id", once="my_work")
            return AnyOf((has_task, InQuery(path, self._placed, "entity_id", once="my_places")))
        has_task = InQuery(path, self.work, "task.entity_id", looked_up=True)
        return AnyOf((has_task, InQuery(path, self._placed, "entity_id", looked_up=True)))

    def on_branch(self, path: str) -> Condition:
        """The id at a path is that of an entity they are on or have a task on, or of what that hangs on."""
        how: dict[str, Any] = {"once": "my_branches"} if self.lists else {"looked_up": True}
        upwards = (InQuery(path, self._worked_on, column, **how) for column in _ABOVE)
        return AnyOf((self.on_entity(path), *upwards))

    def is_client(self, path: str) -> Condition:
        """The id at a path is that of a client, or their own."""
        clients = Query(facet("Person"), ID, Where("role", Op.EQ, "client"))
        return AnyOf((self.is_me(path), InQuery(path, clients, "id")))

    def is_me(self, path: str) -> Condition:
        """The id at a path is their own."""
        return Where(path, Op.EQ, str(self.actor.person_id))

    def talk_for_clients(self) -> Condition:
        """Notes of clients and for them, with answers; only their own where clients are isolated."""
        isolated = Query(facet("Project"), ID, Where("is_clients_isolated", Op.EQ, value=True))
        shared: Condition = AnyOf((Where("for_client", Op.EQ, value=True), self.is_client("person_id")))
        together = All((InQuery("project_id", isolated, "id", negated=True), shared))
        heads = AnyOf((self.is_me("person_id"), together))
        return AnyOf((heads, InQuery("parent_id", Query(facet("Note"), ID, heads), "id")))


_WAYS: Mapping[str, Callable[[Outsider, Condition], Condition]] = {
    "Task": lambda mine, inside: AnyOf(
        (
            All((inside, InQuery("id", mine.work_anywhere, "task_id", listed=True))),
            All((Where("project_id", Op.NULL), mine.is_me("created_by_id"))),
        )
    ),
    "Note": lambda mine, inside: All(
        (
            inside,
            AnyOf(
                (
                    InQuery("object_id", mine.work, "task_id", once="my_work", listed=True),
                    mine.is_me("person_id"),
                )
            ),
        )
    ),
}
"""Model -> what is a vendor's of it, said so that an index finds it by their work; `limit` says the same."""


def _both(first: Condition, second: Condition) -> Condition:
    return first if second is EVERYTHING else All((first, second))


_TABLES: Mapping[str, Mapping[str, Rule]] = {"vendor": VENDOR, "client": CLIENT}


def rule_of(role: str, wanted: Facet) -> Rule:
    """The rule of a role from outside on a model: its line, else that of what owns its rows."""
    said = _TABLES[role].get(wanted.model.__name__)
    if said is not None:
        return said
    return no_rows if wanted.parent is None else _like_the_owner(wanted.parent, role)


def _like_the_owner(link: Field, role: str) -> Rule:
    owner = facet(link.target)
    rule = rule_of(role, owner)
    if rule in (all_rows, no_rows):
        return rule
    return lambda mine: InQuery(link.name, Query(owner, ID, rule(mine)), "id")
