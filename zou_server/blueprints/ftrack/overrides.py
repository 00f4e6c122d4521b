"""Where ftrack's names and types differ from the registry's: tables only, each entry with its reason.

Keys are (facet or model name, canonical field) or (facet or model name, wire key); "*" stands for every
facet. What stands in none of these tables is derived: the wire name is the column's name, and a link is
shown twice, as `x_id` and as `x`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zou_server.blueprints.ftrack.attributes import (
    PARENT,
    Attribute,
    Branch,
    Collection,
    Constant,
    Loaded,
    Reference,
    Rows,
    Value,
    absent,
)
from zou_server.blueprints.ftrack.constants import (
    DEFAULT_PRIORITY,
    OBJECT_TYPES,
    SCHEMAS,
    STATE_OF,
    TYPES_OF,
    WORKFLOW,
    object_type,
)
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Kind

Key = tuple[str, str]

# -- types --------------------------------------------------------------------------------------------------

TYPES: Mapping[str, tuple[str, ...]] = {
    "Type": ("TaskType", "AssetType"),  # one vocabulary for what tasks and asset builds are
    "Note": ("Note",),  # talk on anything; the studio's other dialects say Comment too
    "Appointment": ("Assignation",),  # a person on a task; ftrack's allocations have no model yet
}
"""Wire types made of facets that have no ftrack name of their own."""

CREATED_AS: Mapping[str, str] = {
    "Status": "TaskStatus",  # a status made here is one for tasks: without the flag Zou would not show it
    "Type": "TaskType",  # the kind of type that clients make tasks with
}
"""Wire type -> the facet that its new rows are made through, when it is not the member's own."""

TARGETS: Mapping[str, str] = {
    "Person": "User",
    "Status": "Status",
    "TaskStatus": "Status",
    "ProjectStatus": "Status",
    "FileStatus": "Status",
    "EntityType": "Type",
    "TaskType": "Type",
    "Entity": "TypedContext",
    "Assignation": "Appointment",
    "Note": "Note",
}
"""Facet that a link points at -> its wire type, where the facet itself has no ftrack name."""

DEFAULT_PROJECTIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("Context", "Project", "TypedContext", *OBJECT_TYPES), ("context_type", "id", "name")),
    "SchemaStatus": ("status_id", "schema_id"),
    "SchemaType": ("type_id", "schema_id"),
}
"""What a query without projections gets; every other type answers its primary key."""

PRIMARY_KEYS: Mapping[str, tuple[str, ...]] = {
    "SchemaStatus": ("status_id", "schema_id"),
    "SchemaType": ("type_id", "schema_id"),
}

# -- fields that are not shown under their own name ---------------------------------------------------------

HIDDEN: Mapping[Key, str] = {
    ("*", "data"): "custom fields are ftrack's custom attributes, which are not served yet",
    ("*", "object_kind"): "the type of an entity is its __entity_type__",
    ("*", "display_name"): "it is the name under which each type already shows it",
    ("*", "context"): "shown as parent",
    ("Entity", "kind"): "the type of an entity is its __entity_type__",
    ("Entity", "path"): "shown as link and ancestors",
    ("Entity", "full_entity_name"): "shown as link",
    ("Entity", "parent_id"): "shown as parent, which may be the project",
    ("Entity", "children"): "shown as children, with the tasks",
    ("Entity", "entity_type_id"): "fixed for everything but asset builds",
    ("Task", "entity_id"): "shown as parent, which may be the project",
    ("Task", "priority"): "Zou's number; shown as the Priority it stands for",
    ("Project", "project_status_id"): "shown as the words active and hidden",
    ("EntityType", "kind"): "tells object types from asset types, which are two types here",
    ("Person", "is_bot"): "a User is never a bot",
}
"""(Facet or model, canonical field) -> why it has no attribute of its own."""

RENAMED: Mapping[Key, str] = {
    ("Task", "type_id"): "task_type_id",  # "Type" is ftrack's word for the step
    ("Task", "status_id"): "task_status_id",
    ("Task", "end_date"): "due_date",  # the date a task is due; Zou's end_date is when it really ended
    ("Task", "real_end_date"): "end_date",
    ("Task", "sort"): "sort_order",
    ("Task", "assignments"): "assignations",
    ("Task", "appointments"): "assignations",  # every appointment here is an assignment
    ("Asset", "type_id"): "entity_type_id",
    ("Entity", "sort"): "sort_order",
    ("Project", "sort"): "sort_order",
    ("Project", "full_name"): "title",
    ("Status", "sort"): "priority",
    ("TaskType", "sort"): "priority",
    ("Priority", "sort"): "sort_order",
    ("Person", "username"): "login",
    ("Person", "is_active"): "active",
    ("Task", "notes"): "comments",
    ("Note", "content"): "text",
    ("Note", "parent_id"): "object_id",  # ftrack's parent is what the note is about
    ("Note", "in_reply_to_id"): "parent_id",
    ("Note", "user_id"): "person_id",
    ("Assignation", "context_id"): "task_id",
    ("Assignation", "resource_id"): "person_id",
}
"""(Facet or model, wire key) -> the canonical field shown under that key instead of its own name."""

# -- attributes that no column gives ------------------------------------------------------------------------

_ENTITY_KINDS = {
    "Episode": "Episode",
    "Sequence": "Sequence",
    "Shot": "Shot",
    "AssetBuild": "Asset",
    "Folder": "Folder",
    "Milestone": "Milestone",
}


def _parent(facets: Iterable[str]) -> Reference:
    """What a context hangs on: its parent, else its project, so a row of one of these facets."""
    return Reference(
        "Context",
        "context",
        tuple(Branch(f"context[{facet}]", "Context", facet) for facet in facets),
        identity={"id": Value("context", Kind.UUID), "name": Value("context.name", Kind.TEXT)},
        write=PARENT,
    )


def _below(link: str, only: Where | None) -> tuple[Branch, ...]:
    """The entities along a link to many, and the tasks."""
    extra = {"where": only} if only else {}
    return tuple(Branch(f"{link}[{facet}]", "Context", facet, **extra) for facet in _ENTITY_KINDS.values())


_EMPTY_APPOINTMENTS: dict[str, Attribute] = {
    name: Rows("Appointment") for name in ("assignments", "appointments", "allocations")
}

# Only tasks have a link to many notes; those on anything else are found by what they are about.
_NOTES: Attribute = Collection("Note", by="parent_id", attach="object_id")

_TYPED: Mapping[str, Attribute] = {
    "context_type": Constant("task", Kind.TEXT),
    "parent_id": Value("context", Kind.UUID, write=PARENT),
    "priority_id": Value("priority_id", Kind.UUID, write="priority_id", default=DEFAULT_PRIORITY),
    "allocations": Rows("Appointment"),
}

_ENTITY: Mapping[str, Attribute] = {
    **_TYPED,
    **_EMPTY_APPOINTMENTS,
    "parent": _parent(("Project", *_ENTITY_KINDS.values())),
    "notes": _NOTES,
    "bid": Constant(0, Kind.NUMBER),
    "time_logged": Constant(0, Kind.NUMBER),
    "type_id": Constant(None, Kind.UUID),
    "type": absent("Type"),
    "link": Loaded("link", {"~path": "path", "~project": "project_id"}),
    "ancestors": Loaded("ancestors", {"~path": "path"}, "TypedContext"),
    "descendants": Loaded("descendants", {}, "TypedContext"),
    "children": Collection(
        "Context",
        (*_below("children", None), Branch("tasks", "Context", "Task")),
        by="parent_id",
        attach=PARENT,
    ),
}

_TASK: Mapping[str, Attribute] = {
    **_TYPED,
    "parent": _parent(("Project", *_ENTITY_KINDS.values(), "Task")),
    "bid": Value("estimation", Kind.NUMBER, style="seconds", write="estimation"),  # ftrack counts seconds
    "time_logged": Value("duration", Kind.NUMBER, style="seconds", computed=True),
    "link": Loaded("link", {"~path": "entity[Entity].path", "~project": "project_id"}),
    "ancestors": Loaded("ancestors", {"~path": "entity[Entity].path"}, "TypedContext"),
    "descendants": Loaded("descendants", {}, "TypedContext"),
    "children": Collection("Context", by="parent_id", attach=PARENT),
}

_PROJECT: Mapping[str, Attribute] = {
    **_EMPTY_APPOINTMENTS,
    "notes": _NOTES,
    "context_type": Constant("show", Kind.TEXT),
    "project_id": Value("id", Kind.UUID, computed=True),  # custom attributes are looked up by it
    "parent_id": Constant(None, Kind.UUID),
    "parent": absent("Context"),
    "status": Value(
        "project_status.name",
        Kind.TEXT,
        choices={"active": "Open", "hidden": "Closed"},
        write="project_status_id",
        by=("ProjectStatus", "name"),
    ),
    "is_global": Constant(value=False, kind=Kind.BOOLEAN),
    "is_private": Constant(value=False, kind=Kind.BOOLEAN),
    "root": Constant("", Kind.TEXT),
    "link": Loaded("link", {"~project": "id"}),
    "children": Collection(
        "Context",
        (
            *_below("entities", Where("parent_id", Op.NULL)),
            Branch("tasks", "Context", "Task", Where("entity_id", Op.NULL)),
        ),
        by="parent_id",
        attach=PARENT,
    ),
    "descendants": Collection(
        "TypedContext",
        (*_below("entities", None), Branch("tasks", "TypedContext", "Task")),
        by="project_id",
    ),
}


def _keyed(name: str, attributes: Mapping[str, Attribute]) -> dict[Key, Attribute]:
    return {(name, key): attribute for key, attribute in attributes.items()}


def _object_types() -> dict[Key, Attribute]:
    found: dict[Key, Attribute] = {}
    for wire, facet in (*_ENTITY_KINDS.items(), ("Task", "Task")):
        found[facet, "object_type_id"] = Constant(OBJECT_TYPES[wire]["id"], Kind.UUID, sent=True)
        found[facet, "object_type"] = object_type(wire)
    return found


ATTRIBUTES: Mapping[Key, Attribute] = {
    **_keyed("Entity", _ENTITY),
    **_keyed("Task", _TASK),
    **_keyed("Project", _PROJECT),
    **_keyed("ProjectSchema", WORKFLOW),
    **_object_types(),
    ("HumanUser", "resource_type"): Constant("user", Kind.TEXT, sent=True),
    # A person has no link to many assignations, so criteria cannot go this way.
    ("HumanUser", "assignments"): Collection("Appointment", by="resource_id"),
    ("Status", "state"): STATE_OF,
    ("Status", "type"): STATE_OF,  # its name in 2015, still in ftrack's documentation
    ("Status", "is_active"): Value("archived", Kind.BOOLEAN, style="negated", write="archived"),
    ("TaskType", "is_billable"): Constant(value=True, kind=Kind.BOOLEAN),
    ("EntityType", "is_billable"): Constant(value=False, kind=Kind.BOOLEAN),
    ("EntityType", "sort"): Constant(0, Kind.INTEGER),
    ("ObjectType", "name"): Value("name", Kind.TEXT, choices={"Asset Build": "Asset"}),
    ("Note", "author"): Reference(
        "User", "person_id", (Branch("person[HumanUser]", "User", "HumanUser"),), write="person_id"
    ),
    ("Note", "date"): Value("created_at", Kind.DATETIME),
    ("Note", "is_todo"): Constant(value=False, kind=Kind.BOOLEAN),
    ("Assignation", "type"): Constant("assignment", Kind.TEXT),
}
"""(Facet or model, wire key) -> an attribute that is written out here."""

# -- types whose members are seen through a constant --------------------------------------------------------


_SEEN_AS = {"TaskStatus": "Status"}


def _schema_rows(
    what: str, target: str, facets: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, Mapping[str, Attribute]], ...]:
    """One member per schema and facet: the rows of the facet, each seen as used by that schema."""
    return tuple(
        (
            facet,
            {
                "schema_id": Constant(SCHEMAS[wire]["id"], Kind.UUID),
                f"{what}_id": Value("id", Kind.UUID, computed=True),
                f"task_{what}": Reference(target, "id", (Branch("", target, _SEEN_AS.get(facet, facet)),)),
                "sort": Constant(0, Kind.INTEGER),
            },
        )
        for wire in SCHEMAS
        for facet in facets[wire]
    )


SEEN_THROUGH: Mapping[str, tuple[tuple[str, Mapping[str, Attribute]], ...]] = {
    "SchemaStatus": _schema_rows("status", "Status", dict.fromkeys(SCHEMAS, ("TaskStatus",))),
    "SchemaType": _schema_rows("type", "Type", TYPES_OF),
}
"""Wire types of link rows that we do not keep: every status is used by every schema."""
