"""Where ftrack's names and types differ from the registry's: tables only, each entry with its reason.

Keys are (facet or model name, canonical field) or (facet or model name, wire key); "*" stands for every
facet. What stands in none of these tables is derived: the wire name is the column's name, and a link is
shown twice, as `x_id` and as `x`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zou_server.blueprints.ftrack.attributes import (
    BUILD_TYPE,
    PARENT,
    Attribute,
    Branch,
    CollectionRelation,
    Constant,
    ConstantRows,
    Loaded,
    Mapped,
    Reference,
    Value,
    absent,
)
from zou_server.blueprints.ftrack.constants import (
    KIND_OF,
    OBJECT_KINDS,
    OBJECT_TYPES,
    STATE_OF,
    object_type,
)
from zou_server.blueprints.ftrack.custom.configurations import CONFIGURATION
from zou_server.blueprints.ftrack.workflows import WORKFLOW
from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.registry import Kind

Key = tuple[str, str]

# -- types --------------------------------------------------------------------------------------------------

TYPES: Mapping[str, tuple[str, ...]] = {
    "Type": ("TaskType", "EntityType"),  # one vocabulary for what tasks and everything else are
    "Note": ("Note",),  # talk on anything; the studio's other dialects say Comment too
    "AssetType": ("OutputType",),
    "CustomAttributeConfiguration": ("FieldDescriptor",),
    "NoteCategory": ("NoteLabel",),  # one table under two names, in ftrack too
    "Group": ("Group",),
    "Membership": ("GroupUserConnection",),
    "FileComponent": ("FileComponent", "PublishedFile"),  # Shotgun's published files are of versions too
    "Appointment": ("Assignation", "Membership"),  # a person on a task, and one on a project
    "Folder": ("Folder",),  # before the other kinds that are seen as folders: new ones are of this kind
}
"""Wire types made of facets that have no ftrack name of their own, or in another order."""

_WITH_WORDS = All((Where("text", Op.NOT_NULL), Where("text", Op.NE, "")))

# What ftrack gives a status, and what it gives none: a status for nothing in particular is one for work.
_FOR_WORK = ("for_task", "for_entity", "for_version", "for_concept")
_FOR_OTHERS = ("for_project", "for_file", "for_note")

ONLY: Mapping[Key, Condition] = {
    ("Status", "Status"): AnyOf(
        (
            *(Where(flag, Op.EQ, value=True) for flag in _FOR_WORK),
            All(tuple(Where(flag, Op.EQ, value=False) for flag in _FOR_OTHERS)),
        )
    ),
    # A type of asset that is called like a step is that step here: ftrack has one table of types.
    ("Type", "EntityType"): All(
        (
            Where("same_step_id", Op.NULL),
            AnyOf((Where("kind", Op.NULL), Where("kind", Op.IN, [k for k in OBJECT_KINDS if k != "Task"]))),
        )
    ),
    # What somebody says by a status alone is no note: it has no words.
    ("Note", "Note"): _WITH_WORDS,
    ("ObjectType", "ObjectType"): Where("kind", Op.IN, list(OBJECT_KINDS)),
}
"""(Wire type, facet) -> which of the facet's rows ftrack knows."""

CREATED_AS: Mapping[str, str] = {
    "Status": "TaskStatus",  # a status made here is one for tasks: without the flag Zou would not show it
    "Type": "TaskType",  # the kind of type that clients make tasks with
    "Folder": "Folder",
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
    "HumanUser": "User",
    "Entity": "TypedContext",
    "Assignation": "Appointment",
    "Note": "Note",
    "OutputType": "AssetType",
    "Component": "Component",
}
"""Facet that a link points at -> its wire type, where the facet itself has no ftrack name."""

# -- fields that are not shown under their own name ---------------------------------------------------------

HIDDEN: Mapping[Key, str] = {
    ("*", "data"): "custom fields are ftrack's custom attributes",
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
    ("Version", "name"): "ftrack has none",
}
"""(Facet or model, canonical field) -> why it has no attribute of its own."""

RENAMED: Mapping[Key, str] = {
    ("Task", "status_id"): "task_status_id",
    ("Task", "end_date"): "due_date",  # the date a task is due; Zou's end_date is when it really ended
    ("Task", "real_end_date"): "end_date",
    ("Task", "sort"): "sort_order",
    ("Task", "assignments"): "assignations",
    ("Task", "appointments"): "assignations",  # every appointment here is an assignment
    ("Entity", "sort"): "sort_order",
    ("Project", "sort"): "sort_order",
    ("Status", "sort"): "priority",
    ("TaskType", "sort"): "priority",
    ("Priority", "sort"): "sort_order",
    ("Person", "is_active"): "active",
    ("Note", "content"): "text",
    ("Note", "parent_id"): "object_id",  # ftrack's parent is what the note is about
    ("Note", "in_reply_to_id"): "parent_id",
    ("Note", "user_id"): "person_id",
    ("Assignation", "context_id"): "task_id",
    ("Assignation", "resource_id"): "person_id",
    ("Membership", "context_id"): "project_id",
    ("Membership", "resource_id"): "person_id",
    ("Product", "context_id"): "object_id",
    ("Product", "type_id"): "output_type_id",
    ("OutputType", "short"): "short_name",
    ("Version", "asset_id"): "product_id",
    ("Version", "comment"): "description",
    ("Version", "version"): "revision",
    ("Version", "date"): "created_at",
    ("Version", "user_id"): "person_id",
    ("Version", "is_latest_version"): "is_latest",
    ("ComponentLocation", "resource_identifier"): "path",
    ("MetadataEntry", "parent_id"): "object_id",
    ("Timelog", "context_id"): "object_id",
    ("Timelog", "user_id"): "person_id",
    ("Timer", "context_id"): "object_id",
    ("Timer", "user_id"): "person_id",
    ("ClientJob", "user_id"): "person_id",
    ("ClientJob", "data"): "details",
    ("NoteRecipient", "resource_id"): "person_id",
    ("ObjectList", "user_id"): "person_id",
    ("ListObject", "entity_id"): "object_id",
    ("Manager", "context_id"): "object_id",
    ("Manager", "user_id"): "person_id",
    ("CalendarEventResource", "resource_id"): "person_id",
    ("Setting", "group"): "group_name",
    ("CalendarEvent", "end"): "end_at",
    ("GroupUserConnection", "group_id"): "from_id",
    ("GroupUserConnection", "user_id"): "to_id",
}
"""(Facet or model, wire key) -> the canonical field shown under that key instead of its own name."""

# -- attributes that no column gives ------------------------------------------------------------------------

_ENTITY_KINDS = (
    "Episode",
    "Sequence",
    "Shot",
    "Asset",
    "Folder",
    "Milestone",
    "Scene",
    "Edit",
    "Concept",
    "Element",
)
"""The facets of what a project is made of, besides tasks."""
_SEEN_AS_FOLDER = ("Scene", "Edit", "Concept", "Element")


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
    return tuple(Branch(f"{link}[{facet}]", "Context", facet, **extra) for facet in _ENTITY_KINDS)


_EMPTY_APPOINTMENTS: dict[str, Attribute] = {
    name: ConstantRows("Appointment") for name in ("assignments", "appointments", "allocations")
}


def _notes(link: str) -> Attribute:
    """What people wrote about a row."""
    branch = Branch(link, "Note", "Note", _WITH_WORDS)
    return CollectionRelation("Note", (branch,), by="parent_id", attach="object_id")


# ftrack never shows a context without priority, status and type.
_TYPED: Mapping[str, Attribute] = {
    "context_type": Constant("task", Kind.TEXT),
    "parent_id": Value("context", Kind.UUID, write=PARENT),
    "priority_id": Value("urgency_id", Kind.UUID, write="priority_id"),
    "priority": Reference(
        "Priority", "urgency_id", (Branch("urgency", "Priority", "Priority"),), write="priority_id"
    ),
    "allocations": ConstantRows("Appointment"),
}

_ENTITY: Mapping[str, Attribute] = {
    **_TYPED,
    **_EMPTY_APPOINTMENTS,
    "parent": _parent(("Project", *_ENTITY_KINDS)),
    "notes": _notes("remarks"),
    "time_logged": Constant(0, Kind.NUMBER),
    "status_id": Value("standing_id", Kind.UUID, write="status_id"),
    "status": Reference(
        "Status", "standing_id", (Branch("standing", "Status", "Status"),), write="status_id"
    ),
    "type_id": Value("build_type_id", Kind.UUID, write=BUILD_TYPE),
    "type": Reference(
        "Type",
        "build_type_id",
        (
            Branch("build_type[TaskType]", "Type", "TaskType"),
            Branch("build_type[EntityType]", "Type", "EntityType"),
        ),
        identity={
            "id": Value("build_type_id", Kind.UUID),
            "name": Value("build_type.name", Kind.TEXT),
        },
        write=BUILD_TYPE,
    ),
    "link": Loaded("link", {"~path": "path", "~project": "project_id"}),
    "ancestors": Loaded("ancestors", {"~path": "path"}, "TypedContext"),
    "descendants": Loaded("descendants", {}, "TypedContext"),
    "children": CollectionRelation(
        "Context",
        (*_below("children", None), Branch("tasks", "Context", "Task")),
        by="parent_id",
        attach=PARENT,
    ),
}

_TASK: Mapping[str, Attribute] = {
    **_TYPED,
    "notes": _notes("comments"),
    "type_id": Value("step_id", Kind.UUID, write="task_type_id"),
    "type": Reference("Type", "step_id", (Branch("step", "Type", "TaskType"),), write="task_type_id"),
    "parent": _parent(("Project", *_ENTITY_KINDS, "Task")),
    "bid": Value("estimation", Kind.NUMBER, style="seconds", write="estimation"),  # ftrack counts seconds
    "time_logged": Value("duration", Kind.NUMBER, style="seconds"),
    "link": Loaded("link", {"~path": "entity[Entity].path", "~project": "project_id"}),
    "ancestors": Loaded("ancestors", {"~path": "entity[Entity].path"}, "TypedContext"),
    "descendants": Loaded("descendants", {}, "TypedContext"),
    "children": CollectionRelation("Context", by="parent_id", attach=PARENT),
}

_TEAM = CollectionRelation(
    "Appointment", (Branch("memberships", "Appointment", "Membership"),), shown="memberships"
)

_PROJECT: Mapping[str, Attribute] = {
    "assignments": ConstantRows("Appointment"),
    "allocations": _TEAM,
    "appointments": _TEAM,
    "notes": _notes("remarks"),
    "context_type": Constant("show", Kind.TEXT),
    "full_name": Value("full_title", Kind.TEXT, write="title"),
    "project_id": Value("id", Kind.UUID),  # custom attributes are looked up by it
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
    "link": Loaded("link", {"~project": "id"}),
    "children": CollectionRelation(
        "Context",
        (
            *_below("entities", Where("parent_id", Op.NULL)),
            Branch("tasks", "Context", "Task", Where("entity_id", Op.NULL)),
        ),
        by="parent_id",
        attach=PARENT,
    ),
    "descendants": CollectionRelation(
        "TypedContext",
        (*_below("entities", None), Branch("tasks", "TypedContext", "Task")),
        by="project_id",
    ),
}


_RESOURCE = Reference(
    "Resource", "person_id", (Branch("person[HumanUser]", "User", "HumanUser"),), write="person_id"
)


def _of_person(*facets: str) -> CollectionRelation:
    """The appointments of a person."""
    links = {"Assignation": "assignations", "Membership": "memberships"}
    types = {"Assignation": "assignment", "Membership": "allocation"}
    branches = tuple(Branch(links[facet], "Appointment", facet) for facet in facets)
    only = tuple(types[facet] for facet in facets)
    return CollectionRelation(
        "Appointment", branches, by="resource_id", only=only[0] if len(only) == 1 else ""
    )


def _in_tree(column: str, name: str = "Context") -> Reference:
    """Something in the tree of contexts that a link to anything leads to."""
    hop = column.removesuffix("_id")
    facets = (*_ENTITY_KINDS, "Task") if name == "TypedContext" else ("Project", *_ENTITY_KINDS, "Task")
    return Reference(
        name,
        column,
        tuple(Branch(f"{hop}[{facet}]", name, facet) for facet in facets),
        identity={"id": Value(column, Kind.UUID), "name": Value(f"{hop}.name", Kind.TEXT)},
        write=column,
    )


def _user(column: str = "person_id", target: str = "User") -> Reference:
    """A person."""
    hop = column.removesuffix("_id")
    return Reference(target, column, (Branch(f"{hop}[HumanUser]", "User", "HumanUser"),), write=column)


_VERSIONS = Reference(
    "AssetVersion", "version_id", (Branch("version", "AssetVersion", "Version"),), write="version_id"
)
_COMPONENTS = ("FileComponent", "SequenceComponent", "ContainerComponent", "PublishedFile")


def _component(column: str, target: str = "Component") -> Reference:
    """A component of whatever kind."""
    hop = column.removesuffix("_id")
    return Reference(
        target,
        column,
        tuple(Branch(f"{hop}[{facet}]", "Component", facet) for facet in _COMPONENTS),
        identity={"id": Value(column, Kind.UUID)},
        write=column,
    )


def _through(link: str, near: str, far: str, target: str) -> CollectionRelation:
    """Many to many by rows of the facet `link`: a write replaces them."""
    return CollectionRelation(target, through=(link, near, far))


_PUBLISHED: Mapping[Key, Attribute] = {
    ("Product", "parent"): _in_tree("object_id"),
    ("Product", "latest_version"): Loaded("latest_version", {}, ""),
    ("Version", "status_id"): Value("standing_id", Kind.UUID, write="status_id"),
    ("Version", "status"): Reference(
        "Status", "standing_id", (Branch("standing", "Status", "Status"),), write="status_id"
    ),
    ("Version", "asset"): Reference(
        "Asset", "product_id", (Branch("product", "Asset", "Product"),), write="product_id"
    ),
    ("Version", "user"): _user(),
    ("Version", "link"): Loaded(
        "version_link", {"~object": "object_id", "~revision": "revision", "~asset": "product.name"}
    ),
    ("Version", "thumbnail"): _component("thumbnail_id"),
    ("Version", "uses_versions"): _through("VersionLink", "to_id", "from_id", "AssetVersion"),
    ("Version", "used_in_versions"): _through("VersionLink", "from_id", "to_id", "AssetVersion"),
    ("Version", "lists"): _through("ListObject", "object_id", "list_id", "AssetVersionList"),
    ("Component", "container"): _component("container_id", "ContainerComponent"),
    ("ComponentLocation", "component"): _component("component_id"),
    ("ComponentLocation", "url"): Constant(None, Kind.JSON),
    **{(model, "thumbnail"): _component("thumbnail_id") for model in ("Entity", "Task", "Project", "Person")},
}
"""What is made and reviewed."""


def _custom(project: str) -> Loaded:
    """The values of custom attributes."""
    needs = {"~data": "data"} | ({"~project": project} if project else {})
    return Loaded("custom_attributes", needs, "CustomAttributeValue")


_CUSTOM: Mapping[Key, Attribute] = {
    **{("FieldDescriptor", name): each for name, each in CONFIGURATION.items()},
    ("Project", "custom_attributes"): _custom("id"),
    ("Person", "custom_attributes"): _custom(""),
    **{
        (model, "custom_attributes"): _custom("project_id")
        for model in ("Entity", "Task", "Version", "Product", "ObjectList")
    },
}
"""Custom attributes, and their configurations."""

_KEPT: Mapping[Key, Attribute] = {
    ("Timelog", "context"): _in_tree("object_id"),
    ("Timelog", "user"): _user(),
    ("Timer", "context"): _in_tree("object_id"),
    ("Timer", "user"): _user(),
    ("ClientJob", "user"): _user(),
    ("ClientJobComponent", "component"): _component("component_id"),
    ("NoteComponent", "component"): _component("component_id"),
    ("NoteRecipient", "user"): _user(),
    ("NoteRecipient", "recipient"): _user(target="Resource"),
    ("Note", "category"): Loaded("first_label", {}, ""),
    ("ObjectList", "owner"): _user(),
    ("VersionList", "items"): _through("ListObject", "list_id", "object_id", "AssetVersion"),
    ("ContextList", "items"): _through("ListObject", "list_id", "object_id", "TypedContext"),
    ("Dependency", "from"): _in_tree("from_id", "TypedContext"),
    ("Dependency", "to"): _in_tree("to_id", "TypedContext"),
    ("Manager", "context"): _in_tree("object_id"),
    ("Manager", "user"): _user(),
    ("ReviewSessionObject", "asset_version"): _VERSIONS,
    ("ReviewSessionObject", "version"): Value("version", Kind.TEXT, write="version"),
    ("ReviewSessionObjectStatus", "invitee"): Reference(
        "ReviewSessionInvitee",
        "review_session_invitee_id",
        (Branch("review_session_invitee", "ReviewSessionInvitee", "ReviewSessionInvitee"),),
        write="review_session_invitee_id",
    ),
    ("CalendarEventResource", "resource"): _user(target="Resource"),
    ("Group", "resource_type"): Constant("group", Kind.TEXT),
    ("Group", "local"): Constant(value=True, kind=Kind.BOOLEAN),
    ("GroupUserConnection", "group"): Reference(
        "Group", "from_id", (Branch("from[Group]", "Group", "Group"),), write="from_id"
    ),
    ("GroupUserConnection", "user"): _user("to_id"),
    **{
        (model, "scopes"): _through("ScopeUse", "object_id", "scope_id", "Scope")
        for model in ("Entity", "Task", "Project")
    },
    **{
        (model, "lists"): _through("ListObject", "object_id", "list_id", "TypedContextList")
        for model in ("Entity", "Task")
    },
}
"""What people keep beside the work."""


def _keyed(name: str, attributes: Mapping[str, Attribute]) -> dict[Key, Attribute]:
    return {(name, key): attribute for key, attribute in attributes.items()}


def _object_types() -> dict[Key, Attribute]:
    found: dict[Key, Attribute] = {}
    seen_as = {facet: wire for wire, facet in KIND_OF.items()} | dict.fromkeys(_SEEN_AS_FOLDER, "Folder")
    for facet, wire in seen_as.items():
        found[facet, "object_type_id"] = Constant(OBJECT_TYPES[wire]["id"], Kind.UUID)
        found[facet, "object_type"] = object_type(wire)
    return found


# Which kinds are leaves of the tree, get dates, may have tasks below them, and take time.
_FLAGS: Mapping[str, frozenset[str]] = {
    "is_leaf": frozenset({"Task", "Milestone"}),
    "is_schedulable": frozenset({"Task", "Milestone"}),
    "is_statusable": frozenset(OBJECT_KINDS),
    "is_taskable": frozenset(OBJECT_KINDS) - {"Task", "Milestone"},
    "is_time_reportable": frozenset({"Task"}),
    "is_typeable": frozenset({"Task", "Asset"}),
}


def _object_type_flags() -> dict[Key, Attribute]:
    return {
        ("ObjectType", flag): Mapped("kind", Kind.BOOLEAN, {kind: kind in kinds for kind in OBJECT_KINDS})
        for flag, kinds in _FLAGS.items()
    }


_PARENT_TYPES = {
    **dict.fromkeys((*_ENTITY_KINDS, "Task"), "task"),
    "Project": "show",
    "Version": "assetversion",
    "ReviewSessionObject": "reviewsessionobject",
}
"""Kind -> what ftrack calls it where a note says what it is about."""

ATTRIBUTES: Mapping[Key, Attribute] = {
    **_keyed("Entity", _ENTITY),
    **_keyed("Task", _TASK),
    **_keyed("Project", _PROJECT),
    **_keyed("ProjectSchema", WORKFLOW),
    **_object_types(),
    **_object_type_flags(),
    **_PUBLISHED,
    **_KEPT,
    **_CUSTOM,
    ("ObjectType", "icon"): Constant("default", Kind.TEXT),
    ("HumanUser", "resource_type"): Constant("user", Kind.TEXT),
    # Clients ask for whom they log in as, which may be the address.
    ("HumanUser", "username"): Value("login", Kind.TEXT, write="login", also="email"),
    ("HumanUser", "assignments"): _of_person("Assignation"),
    ("HumanUser", "allocations"): _of_person("Membership"),
    ("HumanUser", "appointments"): _of_person("Assignation", "Membership"),
    ("Status", "state"): STATE_OF,
    ("Status", "type"): STATE_OF,  # its name in 2015, still in ftrack's documentation
    ("Status", "is_active"): Value("archived", Kind.BOOLEAN, style="negated", write="archived"),
    ("TaskType", "is_billable"): Constant(value=True, kind=Kind.BOOLEAN),
    ("EntityType", "is_billable"): Constant(value=True, kind=Kind.BOOLEAN),
    ("EntityType", "sort"): Constant(0, Kind.INTEGER),
    ("EntityType", "name"): Value("name", Kind.TEXT, choices={"Asset Build": "Asset"}, write="name"),
    ("ObjectType", "name"): Value("name", Kind.TEXT, choices={"Asset Build": "Asset"}),
    ("Note", "author"): Reference(
        "User", "person_id", (Branch("person[HumanUser]", "User", "HumanUser"),), write="person_id"
    ),
    ("Note", "date"): Value("created_at", Kind.DATETIME),
    ("Note", "thread_activity"): Value("created_at", Kind.DATETIME),
    ("Note", "parent_type"): Mapped("object_type", Kind.TEXT, _PARENT_TYPES),
    ("Assignation", "type"): Constant("assignment", Kind.TEXT),
    ("Membership", "type"): Constant("allocation", Kind.TEXT),
    ("Assignation", "resource"): _RESOURCE,
    ("Membership", "resource"): _RESOURCE,
    ("Assignation", "context"): Reference(
        "Context", "task_id", (Branch("task", "Context", "Task"),), write="task_id"
    ),
    ("Membership", "context"): Reference(
        "Context", "project_id", (Branch("project", "Context", "Project"),), write="project_id"
    ),
}
"""(Facet or model, wire key) -> an attribute that is written out here."""

BACK: Mapping[Key, str] = {
    ("*", "notes"): "parent_id",
    ("*", "metadata"): "parent_id",
    ("*", "versions"): "asset_id",
    ("*", "components"): "version_id",
    ("*", "members"): "container_id",
    ("*", "component_locations"): "component_id",
    ("*", "location_components"): "location_id",
    ("*", "incoming_links"): "to_id",
    ("*", "outgoing_links"): "from_id",
    ("*", "replies"): "in_reply_to_id",
    ("*", "recipients"): "note_id",
    ("*", "note_components"): "note_id",
    ("*", "note_label_links"): "note_id",
    ("*", "review_sessions"): "project_id",
    ("*", "review_session_objects"): "review_session_id",
    ("AssetVersion", "review_session_objects"): "version_id",
    ("*", "review_session_invitees"): "review_session_id",
    ("ReviewSessionObject", "statuses"): "review_session_object_id",
    ("ReviewSessionInvitee", "statuses"): "review_session_invitee_id",
    ("*", "job_components"): "job_id",
    ("*", "timelogs"): "context_id",
    ("User", "timelogs"): "user_id",
    ("*", "managers"): "context_id",
    ("*", "assets"): "context_id",
    ("AssetType", "assets"): "type_id",
    ("*", "calendar_events"): "project_id",
    ("*", "calendar_event_resources"): "calendar_event_id",
    ("*", "task_templates"): "project_schema_id",
    ("TaskTemplate", "items"): "template_id",
    ("Disk", "projects"): "disk_id",
    ("ListCategory", "lists"): "category_id",
    ("*", "custom_attribute_configurations"): "group_id",
    ("Group", "memberships"): "group_id",
    ("User", "memberships"): "user_id",
    ("Status", "tasks"): "status_id",
    ("Type", "tasks"): "type_id",
    ("Priority", "tasks"): "priority_id",
    ("ObjectType", "tasks"): "object_type_id",
}
"""(Wire type, collection) -> the attribute by which its rows point back; "*" stands for every type."""
