"""Where ftrack's names and types differ from the registry's: tables only, each entry with its reason.

Keys are (facet or model name, canonical field) or (facet or model name, wire key); "*" stands for every
facet. What stands in none of these tables is derived: the wire name is the column's name, and a link is
shown twice, as `x_id` and as `x`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.ftrack.constants import (
    OBJECT_KINDS,
)
from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.status import FOR_OTHERS, FOR_WORK

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
    # a person on a task, on another part of the tree, on a project, and a group on any of these
    "Appointment": ("Assignation", "EntityAssignation", "Membership", "GroupAppointment"),
    "Location": ("NamedPlace", "LocalStorage"),  # a storage of Shotgun's is a place of files too
    "Folder": ("Folder",),  # before the other kinds that are seen as folders: new ones are of this kind
}
"""Wire types made of facets that have no ftrack name of their own, or in another order."""

WITH_WORDS = All((Where("text", Op.NOT_NULL), Where("text", Op.NE, "")))

# A status for nothing in particular is one for work: ftrack gives it no flag.
ONLY: Mapping[Key, Condition] = {
    ("Status", "Status"): AnyOf(
        (
            *(Where(flag, Op.EQ, value=True) for flag in FOR_WORK),
            All(tuple(Where(flag, Op.EQ, value=False) for flag in FOR_OTHERS)),
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
    ("Note", "Note"): WITH_WORDS,
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
    "EntityAssignation": "Appointment",
    "GroupAppointment": "Appointment",
    "Note": "Note",
    "OutputType": "AssetType",
    "Component": "Component",
    "Location": "Location",
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
    ("EntityAssignation", "context_id"): "entity_id",
    ("EntityAssignation", "resource_id"): "person_id",
    ("GroupAppointment", "context_id"): "object_id",
    ("GroupAppointment", "resource_id"): "group_id",
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
    ("UserSecurityRole", "user_id"): "person_id",
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
