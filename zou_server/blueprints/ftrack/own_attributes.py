"""Attributes of ftrack's types that no column gives: paths, links over other rows, what is always empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zou_server.blueprints.ftrack.attributes import (
    OBJECT_TYPE,
    Attribute,
    Branch,
    CollectionRelation,
    Constant,
    Loaded,
    Mapped,
    Reference,
    Value,
)
from zou_server.blueprints.ftrack.constants import (
    KIND_OF,
    OBJECT_KINDS,
    OBJECT_TYPES,
    STATE_OF,
    object_type,
)
from zou_server.blueprints.ftrack.custom.configurations import CONFIGURATION
from zou_server.blueprints.ftrack.overrides import Key
from zou_server.blueprints.ftrack.people.security_roles import OF_ACCOUNT
from zou_server.blueprints.ftrack.pictured import FILED, PICTURED
from zou_server.blueprints.ftrack.tree_attributes import (
    ENTITY_ATTRIBUTES,
    ENTITY_KINDS,
    PROJECT_ATTRIBUTES,
    SEEN_AS_FOLDER,
    TASK_ATTRIBUTES,
)
from zou_server.blueprints.ftrack.workflow.workflows import WORKFLOW
from zou_server.models.registry import Kind
from zou_server.models.status import WORK

_RESOURCE = Reference(
    "Resource", "person_id", (Branch("person[HumanUser]", "Resource", "HumanUser"),), write="person_id"
)


def _of_person(*facets: str) -> CollectionRelation:
    """The appointments of a person."""
    return _on_resource({_LINKS[facet]: facet for facet in facets}, {_TYPES[facet] for facet in facets})


_LINKS = {
    "Assignation": "assignations",
    "EntityAssignation": "entity_assignations",
    "Membership": "memberships",
}
_TYPES = {"Assignation": "assignment", "EntityAssignation": "assignment", "Membership": "allocation"}


def _on_resource(links: Mapping[str, str], types: Iterable[str]) -> CollectionRelation:
    """The appointments of a person or a group, by the links that lead to them."""
    branches = tuple(Branch(link, "Appointment", facet) for link, facet in links.items())
    only = tuple(types)
    return CollectionRelation(
        "Appointment", branches, by="resource_id", only=only[0] if len(only) == 1 else ""
    )


def _of_group(*types: str) -> CollectionRelation:
    """The appointments of a group."""
    return _on_resource({"group_appointments": "GroupAppointment"}, types)


def _in_tree(column: str, name: str = "Context") -> Reference:
    """Something in the tree of contexts that a link to anything leads to."""
    hop = column.removesuffix("_id")
    facets = (*ENTITY_KINDS, "Task") if name == "TypedContext" else ("Project", *ENTITY_KINDS, "Task")
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
    ("Version", "uses_versions"): _through("VersionLink", "to_id", "from_id", "AssetVersion"),
    ("Version", "used_in_versions"): _through("VersionLink", "from_id", "to_id", "AssetVersion"),
    ("Version", "lists"): _through("ListObject", "object_id", "list_id", "AssetVersionList"),
    ("Component", "container"): _component("container_id", "ContainerComponent"),
    ("ComponentLocation", "component"): _component("component_id"),
    **{(model, "url"): Loaded("url", needs) for model, needs in FILED.items()},
    **{(model, "thumbnail"): _component("thumbnail_id") for model in PICTURED},
    **{(model, "thumbnail_url"): Loaded("thumbnail_url", needs) for model, needs in PICTURED.items()},
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


# The row of the kind itself, which a studio may have given another name.
_OBJECT_TYPE = Reference(
    "ObjectType",
    "entity_type_id",
    (Branch("entity_type[ObjectType]", "ObjectType", "ObjectType"),),
    write=OBJECT_TYPE,
)


def _object_types() -> dict[Key, Attribute]:
    found: dict[Key, Attribute] = {}
    seen_as = {facet: wire for wire, facet in KIND_OF.items()} | dict.fromkeys(SEEN_AS_FOLDER, "Folder")
    for facet, wire in seen_as.items():
        found[facet, "object_type_id"] = Constant(OBJECT_TYPES[wire]["id"], Kind.UUID)
        is_own_row = facet in ENTITY_KINDS and facet not in {"Asset", *SEEN_AS_FOLDER}
        found[facet, "object_type"] = _OBJECT_TYPE if is_own_row else object_type(wire)
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
    **dict.fromkeys((*ENTITY_KINDS, "Task"), "task"),
    "Project": "show",
    "Version": "assetversion",
    "ReviewSessionObject": "reviewsessionobject",
}
"""Kind -> what ftrack calls it where a note says what it is about."""


ATTRIBUTES: Mapping[Key, Attribute] = {
    **_keyed("Entity", ENTITY_ATTRIBUTES),
    **_keyed("Task", TASK_ATTRIBUTES),
    **_keyed("Project", PROJECT_ATTRIBUTES),
    **_keyed("ProjectSchema", WORKFLOW),
    **_object_types(),
    **_object_type_flags(),
    **_PUBLISHED,
    **_KEPT,
    **_keyed("UserSecurityRole", OF_ACCOUNT),
    ("UserSecurityRole", "user"): _user(),
    **_CUSTOM,
    ("ObjectType", "icon"): Constant("default", Kind.TEXT),
    ("HumanUser", "resource_type"): Constant("user", Kind.TEXT),
    # Clients ask for whom they log in as, which may be the address.
    ("HumanUser", "username"): Value("login", Kind.TEXT, write="login", also="email"),
    ("HumanUser", "assignments"): _of_person("Assignation", "EntityAssignation"),
    ("HumanUser", "allocations"): _of_person("Membership"),
    ("HumanUser", "appointments"): _of_person("Assignation", "EntityAssignation", "Membership"),
    ("Group", "assignments"): _of_group("assignment"),
    ("Group", "allocations"): _of_group("allocation"),
    ("Group", "appointments"): _of_group("assignment", "allocation"),
    ("Status", "state"): STATE_OF,
    # In which of ftrack's lists a status is; clients never see it.
    **{("Status", f"~{flag}"): Value(flag, Kind.BOOLEAN) for flag in WORK},
    ("Status", "type"): STATE_OF,  # its name in 2015, still in ftrack's documentation
    ("Status", "is_active"): Value("archived", Kind.BOOLEAN, style="negated", write="archived"),
    ("TaskType", "is_billable"): Constant(value=True, kind=Kind.BOOLEAN),
    ("EntityType", "is_billable"): Constant(value=True, kind=Kind.BOOLEAN),
    ("EntityType", "sort"): Constant(0, Kind.INTEGER),
    ("EntityType", "name"): Value("name", Kind.TEXT, choices={"Asset Build": "Asset"}, write="name"),
    ("ObjectType", "name"): Value("name", Kind.TEXT, choices={"Asset Build": "Asset"}, write="name"),
    ("Note", "author"): Reference(
        "User", "person_id", (Branch("person[HumanUser]", "User", "HumanUser"),), write="person_id"
    ),
    ("Note", "date"): Value("created_at", Kind.DATETIME),
    ("Note", "thread_activity"): Value("created_at", Kind.DATETIME),
    ("Note", "parent_type"): Mapped("object_type", Kind.TEXT, _PARENT_TYPES),
    ("Assignation", "type"): Constant("assignment", Kind.TEXT),
    ("Membership", "type"): Constant("allocation", Kind.TEXT),
    ("EntityAssignation", "type"): Constant("assignment", Kind.TEXT),
    ("EntityAssignation", "resource"): _RESOURCE,
    ("EntityAssignation", "context"): Reference(
        "Context",
        "entity_id",
        tuple(Branch(f"entity[{facet}]", "Context", facet) for facet in ENTITY_KINDS),
        identity={"id": Value("entity_id", Kind.UUID), "name": Value("entity.name", Kind.TEXT)},
        write="entity_id",
    ),
    ("GroupAppointment", "resource"): Reference(
        "Resource", "group_id", (Branch("group", "Resource", "Group"),), write="group_id"
    ),
    ("GroupAppointment", "context"): _in_tree("object_id"),
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
    ("*", "user_security_role_projects"): "user_security_role_id",
    ("Project", "user_security_role_projects"): "project_id",
    ("User", "user_security_roles"): "user_id",
    ("Group", "memberships"): "group_id",
    ("User", "memberships"): "user_id",
    ("Status", "tasks"): "status_id",
    ("Type", "tasks"): "type_id",
    ("Priority", "tasks"): "priority_id",
    ("ObjectType", "tasks"): "object_type_id",
}
"""(Wire type, collection) -> the attribute by which its rows point back; "*" stands for every type."""
