"""What people from outside see of a project: vendors what they are assigned to, clients what is for them.

A limit is a condition on a row's own columns, so that it holds wherever a row is reached: in its own
list, behind a link, in a count. Staff have none, and their statements stay as they are. A model without
a line is seen like what its rows live and die with; one directly below the project shows them nothing.
Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from zou_server.models.actor import Actor
from zou_server.models.companies import known_companies, known_people
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
from zou_server.models.registry import FACETS, Facet, Field, facet

IDENTITY = ""
"""The key of the limit on what a link to anything shows."""
_JOINED_TO_IDENTITIES = ("Task", "Entity", "Note", "PreviewFile")
"""Models whose rows from outside's own work are known by name where a link leads to them."""


def identity_of(model: str) -> str:
    """The key of the limit on what a link to rows of one model shows."""
    return f"{IDENTITY}.{model}"


OUTSIDE_ROLES = frozenset({"vendor", "client"})
_ID = Projection((Output("id", "id"),))

Limits = Mapping[str, Condition]


def is_limited(actor: Actor) -> bool:
    """True for whoever is a vendor or a client, in the studio or in one of their projects."""
    return actor.role in OUTSIDE_ROLES or not OUTSIDE_ROLES.isdisjoint(actor.project_roles.values())


def limits(actor: Actor) -> Limits:
    """Model -> what the actor sees of its rows; a model that is not named is not limited for them."""
    company = _of_other_companies(actor)
    if not is_limited(actor):
        return company
    mine = Outside(actor)
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


def limit_of(actor: Actor, wanted: Facet) -> Condition:
    """What the actor sees of one model's rows, as `limits` says it of all."""
    whole = FACETS[wanted.model.__name__]
    is_limit = bool(whole.project) and _is_limited_to(_outside_roles(actor), whole.name)
    return Outside(actor).limit(whole) if is_limit else EVERYTHING


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
class Outside:
    """A person from outside, and the sub-queries that say what is theirs."""

    actor: Actor

    def projects(self, role: str) -> list[str]:
        """The ids of the projects where they have a role from outside; "" for those where they are staff."""
        return [
            str(project)
            for project, theirs in self.actor.project_roles.items()
            if (theirs if theirs in OUTSIDE_ROLES else "") == role
        ]

    def limit(self, wanted: Facet) -> Condition:
        """What they see of a model: everything where they are staff, else what their role's table says."""
        terms: list[Condition] = []
        for role in ("", *sorted(OUTSIDE_ROLES)):
            projects = self.projects(role)
            rule = rule_of(role, wanted) if role else all_rows
            if projects and rule is not no_rows:
                terms.append(_both(in_projects(wanted, projects), rule(self)))
        if wanted.policy == "project_setting":
            terms.append(Where(wanted.project, Op.NULL))
        if wanted.name == "Task":
            terms.append(All((Where(wanted.project, Op.NULL), self.is_me("created_by_id"))))
        return AnyOf(tuple(terms))

    def identity_limits(self) -> Limits:
        """What they learn of by a link: no names of rows that they may not see.

        A link to rows of one model asks for the limit of that model alone, and for none where there is none.
        """
        models = _limited_models(self.actor)
        staffed: Condition = Where("project_id", Op.IN, self.projects(""))
        own = {
            model: InQuery("id", Query(facet(model), _ID, self.limit(facet(model))), "id")
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
            people = Not(All((Where("kind", Op.IN, ["Person", "Script"]), Not(self.is_client("id")))))
            found |= {identity_of("Person"): people, IDENTITY: All((people, found[IDENTITY]))}
        return found

    @cached_property
    def _assigned(self) -> Query:
        """The assignations of a vendor, in projects where they are one."""
        theirs = Where("person_id", Op.EQ, str(self.actor.person_id))
        inside = Where("task.project_id", Op.IN, self.projects("vendor"))
        return Query(facet("Assignation"), _ID, All((theirs, inside)))

    def on_task(self, path: str) -> Condition:
        """The id at a path is that of a task assigned to them."""
        return InQuery(path, self._assigned, "task_id")

    def on_entity(self, path: str) -> Condition:
        """The id at a path is that of an entity they have a task on."""
        return InQuery(path, self._assigned, "task.entity_id")

    def on_branch(self, path: str) -> Condition:
        """The id at a path is that of an entity they have a task on, or of what that hangs on."""
        above = ("parent_id", "sequence_id", "episode_id")
        upwards = (InQuery(path, self._assigned, f"task.entity[Entity].{column}") for column in above)
        return AnyOf((self.on_entity(path), *upwards))

    def is_client(self, path: str) -> Condition:
        """The id at a path is that of a client, or their own."""
        clients = Query(facet("Person"), _ID, Where("role", Op.EQ, "client"))
        return AnyOf((self.is_me(path), InQuery(path, clients, "id")))

    def is_me(self, path: str) -> Condition:
        """The id at a path is their own."""
        return Where(path, Op.EQ, str(self.actor.person_id))

    def talk_for_clients(self) -> Condition:
        """Notes of clients and for them, with answers; only their own where clients are isolated."""
        isolated = Query(facet("Project"), _ID, Where("is_clients_isolated", Op.EQ, value=True))
        shared: Condition = AnyOf((Where("for_client", Op.EQ, value=True), self.is_client("person_id")))
        together = All((InQuery("project_id", isolated, "id", negated=True), shared))
        heads = AnyOf((self.is_me("person_id"), together))
        return AnyOf((heads, InQuery("parent_id", Query(facet("Note"), _ID, heads), "id")))


def in_projects(wanted: Facet, projects: list[str]) -> Condition:
    """The rows of a facet that belong to projects, as a condition on their own columns."""
    hop, _, rest = wanted.project.partition(".")
    if not rest:
        return Where(wanted.project, Op.IN, projects)
    link = wanted.hops[hop]
    return InQuery(link.name, Query(facet(link.target), _ID, in_projects(facet(link.target), projects)), "id")


def _both(first: Condition, second: Condition) -> Condition:
    return first if second is EVERYTHING else All((first, second))


Rule = Callable[[Outside], Condition]


def all_rows(_mine: Outside) -> Condition:
    """Every row of one's projects."""
    return EVERYTHING


def no_rows(_mine: Outside) -> Condition:
    """None at all."""
    return NOTHING


def _talk_on_my_tasks(path: str) -> Rule:
    def rule(mine: Outside) -> Condition:
        notes = Query(facet("Note"), _ID, AnyOf((mine.on_task("object_id"), mine.is_me("person_id"))))
        return InQuery(path, notes, "id")

    return rule


def _talk_for_clients(path: str) -> Rule:
    return lambda mine: InQuery(path, Query(facet("Note"), _ID, mine.talk_for_clients()), "id")


def _within(path: str, model: str, rule: Rule) -> Rule:
    """The rows whose link at a path leads to a row of the model that the rule lets them see."""
    return lambda mine: InQuery(path, Query(facet(model), _ID, rule(mine)), "id")


def _versions_of_my_tasks(mine: Outside) -> Condition:
    """Links between two versions that are both of tasks assigned to them."""
    return All(tuple(_within(path, "Version", _on_my_tasks)(mine) for path in ("from_id", "to_id")))


def _on_my_tasks(mine: Outside) -> Condition:
    return mine.on_task("task_id")


def _about_my_tasks(mine: Outside) -> Condition:
    """Of their own rows, those about tasks that they still have, or about none."""
    return AnyOf((Where("task_id", Op.NULL), mine.on_task("task_id")))


def _descriptors_of_my_departments(mine: Outside) -> Condition:
    crafts = [str(department) for department in mine.actor.department_ids]
    any_craft, my_craft = (
        Query(facet("FieldDescriptorDepartment"), _ID, where)
        for where in (EVERYTHING, Where("department_id", Op.IN, crafts))
    )
    free = InQuery("id", any_craft, "field_descriptor_id", negated=True)
    return AnyOf((free, InQuery("id", my_craft, "field_descriptor_id")))


ATTACHED = "Attachment/attachment_links"
"""The links of attachments to what they belong to."""

FOLLOWED = "HumanUser/followed"
"""The links of people to what they follow."""


def _links_to_my_work(mine: Outside) -> Condition:
    """What is attached to what they work on, and who follows it."""
    named = Where("field", Op.IN, [ATTACHED, FOLLOWED])
    about = AnyOf((mine.on_task("to_id"), mine.on_entity("to_id"), mine.is_me("from_id")))
    return All((named, about))


def _files_of_my_work(mine: Outside) -> Condition:
    """Attachments of what they work on, and their own."""
    attached = All((Where("field", Op.EQ, ATTACHED), _links_to_my_work(mine)))
    linked = InQuery("id", Query(facet("PlainLink"), _ID, attached), "from_id")
    return All((Where("kind", Op.EQ, "Attachment"), AnyOf((mine.is_me("created_by_id"), linked))))


_NOTE_PARTS = {
    # model: its column that leads to the note
    "NotePreview": "note_id",
    "NoteMention": "note_id",
    "NoteDepartmentMention": "note_id",
    "NoteAcknowledgement": "note_id",
    "NotePerson": "note_id",
    "NoteLabelLink": "note_id",
    "NoteRecipient": "note_id",
    "AttachmentFile": "comment_id",
}
_SAME_FOR_ALL: dict[str, Rule] = {
    # the project itself and what it is made with; one's own rows and what `SCOPES` says of the others
    **dict.fromkeys(
        (
            "Project",
            "Membership",
            "ProjectAssetType",
            "ProjectTaskType",
            "ProjectStatusAutomation",
            "ProjectPreviewBackgroundFile",
            "StatusUse",
            "FieldDescriptorDepartment",
            "SearchFilter",
            "SearchFilterGroup",
            "Playlist",
        ),
        all_rows,
    ),
    # what the staff plans, measures, collects and shows to others
    **dict.fromkeys(
        (
            "Budget",
            "BudgetEntry",
            "BuildJob",
            "PlaylistShareLink",
            "ScheduleItem",
            "ProductionScheduleVersion",
            "ProductionScheduleVersionTaskLink",
            "ProductionScheduleVersionAssignee",
            "CalendarEvent",
            "CalendarEventResource",
            "Timelog",
            "Timer",
            "Manager",
            "MetadataEntry",
            "ScopeUse",
            "ObjectList",
            "ListObject",
            "ReviewSession",
            "ReviewSessionInvitee",
            "ReviewSessionObject",
            "ReviewSessionObjectStatus",
        ),
        no_rows,
    ),
}

VENDOR: Mapping[str, Rule] = {
    **_SAME_FOR_ALL,
    "Task": lambda mine: mine.on_task("id"),
    "Assignation": lambda mine: mine.on_task("task_id"),
    "Entity": lambda mine: mine.on_branch("id"),
    "EntityLink": lambda mine: All((mine.on_entity("entity_in_id"), mine.on_entity("entity_out_id"))),
    "EntityConceptLink": lambda mine: All((mine.on_entity("entity_in_id"), mine.on_entity("entity_out_id"))),
    "AssetInstance": lambda mine: mine.on_entity("asset_id"),
    "AssetInstanceLink": lambda mine: mine.on_entity("entity_id"),
    "Note": lambda mine: AnyOf((mine.on_task("object_id"), mine.is_me("person_id"))),
    **{model: _talk_on_my_tasks(path) for model, path in _NOTE_PARTS.items()},
    "Chat": lambda mine: mine.on_entity("object_id"),
    "ChatMessage": _within("chat_id", "Chat", lambda mine: mine.on_entity("object_id")),
    "ChatParticipant": lambda mine: mine.is_me("person_id"),
    **dict.fromkeys(("PreviewFile", "WorkingFile"), _on_my_tasks),
    "OutputFile": lambda mine: mine.on_entity("entity_id"),
    **dict.fromkeys(("Product", "Version", "Component"), _on_my_tasks),
    **dict.fromkeys(
        ("ClientJobComponent", "NoteComponent"), _within("component_id", "Component", _on_my_tasks)
    ),
    "VersionLink": _versions_of_my_tasks,
    "ComponentLocation": no_rows,
    "ObjectLink": _links_to_my_work,
    "DeclaredRecord": _files_of_my_work,
    "TimeSpent": lambda mine: mine.is_me("person_id"),
    "FieldDescriptor": _descriptors_of_my_departments,
    "ProjectMilestone": no_rows,
    **dict.fromkeys(("Notification", "Subscription"), _about_my_tasks),
    "EventLog": lambda mine: AnyOf((mine.on_task("object_id"), mine.on_entity("object_id"))),
}
"""Model -> what a vendor sees of it."""

CLIENT: Mapping[str, Rule] = {
    **_SAME_FOR_ALL,
    **dict.fromkeys(
        (
            "Task",
            "Assignation",
            "Entity",
            "EntityLink",
            "EntityConceptLink",
            "AssetInstance",
            "AssetInstanceLink",
            "PreviewFile",
            "Product",
            "Version",
            "VersionLink",
            "ProjectMilestone",
            "Notification",
            "Subscription",
        ),
        all_rows,
    ),
    "Note": lambda mine: mine.talk_for_clients(),
    **{model: _talk_for_clients(path) for model, path in _NOTE_PARTS.items()},
    "FieldDescriptor": lambda mine: Where("for_client", Op.EQ, value=True),
    **dict.fromkeys(
        (
            "Chat",
            "ChatMessage",
            "ChatParticipant",
            "ClientJobComponent",
            "Component",
            "NoteComponent",
            "ComponentLocation",
            "ObjectLink",
            "DeclaredRecord",
            "WorkingFile",
            "OutputFile",
            "TimeSpent",
            "EventLog",
        ),
        no_rows,
    ),
}
"""Model -> what a client sees of it."""

_TABLES: Mapping[str, Mapping[str, Rule]] = {"vendor": VENDOR, "client": CLIENT}


def rule_of(role: str, wanted: Facet) -> Rule:
    """What a role from outside sees of a model: its line, else what they see of what owns its rows."""
    said = _TABLES[role].get(wanted.model.__name__)
    if said is not None:
        return said
    return no_rows if wanted.parent is None else _like_the_owner(wanted.parent, role)


def _like_the_owner(link: Field, role: str) -> Rule:
    owner = facet(link.target)
    rule = rule_of(role, owner)
    if rule in (all_rows, no_rows):
        return rule
    return lambda mine: InQuery(link.name, Query(owner, _ID, rule(mine)), "id")
