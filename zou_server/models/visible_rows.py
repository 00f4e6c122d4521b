"""Which rows of their projects vendors and clients see: a table by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

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
from zou_server.models.registry import Facet, facet

if TYPE_CHECKING:
    from zou_server.models.visibility import Outsider

ID = Projection((Output("id", "id"),))


def in_projects(wanted: Facet, projects: list[str]) -> Condition:
    """The rows of a facet that belong to projects, as a condition on their own columns."""
    return by_project(wanted, Op.IN, projects)


def by_project(wanted: Facet, op: Op, value: Any = None) -> Condition:
    """The rows of a facet whose project passes a test, as a condition on their own columns."""
    hop, _, rest = wanted.project.partition(".")
    if not rest:
        return Where(wanted.project, op, value)
    link = wanted.hops[hop]
    return InQuery(link.name, Query(facet(link.target), ID, by_project(facet(link.target), op, value)), "id")


def even_chances(condition: Condition) -> Condition:
    """The same condition, of which PostgreSQL knows nothing: it expects no fewer rows by it."""
    return Not(Not(condition))


Rule = Callable[["Outsider"], Condition]


def all_rows(_mine: Outsider) -> Condition:
    """Every row of one's projects."""
    return EVERYTHING


def no_rows(_mine: Outsider) -> Condition:
    """None at all."""
    return NOTHING


def _talk_on_my_tasks(path: str) -> Rule:
    def rule(mine: Outsider) -> Condition:
        notes = Query(facet("Note"), ID, AnyOf((mine.on_task("object_id"), mine.is_me("person_id"))))
        return InQuery(path, notes, "id")

    return rule


def _talk_for_clients(path: str) -> Rule:
    return lambda mine: InQuery(path, Query(facet("Note"), ID, mine.talk_for_clients()), "id")


def _within(path: str, model: str, rule: Rule) -> Rule:
    """The rows whose link at a path leads to a row of the model that the rule lets them see."""
    return lambda mine: InQuery(path, Query(facet(model), ID, rule(mine)), "id")


def _versions_of_my_tasks(mine: Outsider) -> Condition:
    """Links between two versions that are both of tasks assigned to them."""
    return All(tuple(_within(path, "Version", _on_my_tasks)(mine) for path in ("from_id", "to_id")))


def _on_my_tasks(mine: Outsider) -> Condition:
    return mine.on_task("task_id")


def _about_my_tasks(mine: Outsider) -> Condition:
    """Of their own rows, those about tasks that they still have, or about none."""
    return AnyOf((Where("task_id", Op.NULL), mine.on_task("task_id")))


def _descriptors_of_my_departments(mine: Outsider) -> Condition:
    crafts = [str(department) for department in mine.actor.department_ids]
    any_craft, my_craft = (
        Query(facet("FieldDescriptorDepartment"), ID, where)
        for where in (EVERYTHING, Where("department_id", Op.IN, crafts))
    )
    free = InQuery("id", any_craft, "field_descriptor_id", negated=True)
    return AnyOf((free, InQuery("id", my_craft, "field_descriptor_id")))


ATTACHED = "Attachment/attachment_links"
"""The links of attachments to what they belong to."""


FOLLOWED = "HumanUser/followed"
"""The links of people to what they follow."""


def _links_to_my_work(mine: Outsider) -> Condition:
    """What is attached to what they work on, and who follows it."""
    named = Where("field", Op.IN, [ATTACHED, FOLLOWED])
    about = AnyOf((mine.on_task("to_id"), mine.on_entity("to_id"), mine.is_me("from_id")))
    return All((named, about))


def _files_of_my_work(mine: Outsider) -> Condition:
    """Attachments of what they work on, and their own."""
    attached = All((Where("field", Op.EQ, ATTACHED), _links_to_my_work(mine)))
    linked = InQuery("id", Query(facet("PlainLink"), ID, attached), "from_id")
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
    "UserSecurityRoleProject": _within(
        "user_security_role_id", "UserSecurityRole", lambda mine: mine.is_me("person_id")
    ),
}


VENDOR: Mapping[str, Rule] = {
    **_SAME_FOR_ALL,
    "Task": lambda mine: mine.on_task("id"),
    "Assignation": lambda mine: mine.on_task("task_id"),
    "EntityAssignation": lambda mine: mine.is_me("person_id"),
    "GroupAppointment": no_rows,
    "Entity": lambda mine: mine.on_branch("id"),
    "EntityLink": lambda mine: All((mine.on_entity("entity_in_id"), mine.on_entity("entity_out_id"))),
    "EntityConceptLink": lambda mine: All((mine.on_entity("entity_in_id"), mine.on_entity("entity_out_id"))),
    "AssetInstance": lambda mine: mine.on_entity("asset_id"),
    "AssetInstanceLink": lambda mine: mine.on_entity("entity_id"),
    "Note": lambda mine: AnyOf((mine.on_task("object_id"), mine.is_me("person_id"))),
    **{model: _talk_on_my_tasks(path) for model, path in _NOTE_PARTS.items()},
    "Chat": lambda mine: mine.on_entity("object_id"),
    "ChatMessage": _within("chat_id", "Chat", lambda mine: mine.on_entity("object_id")),
    "ChatFile": _within(
        "chat_message_id",
        "ChatMessage",
        _within("chat_id", "Chat", lambda mine: mine.on_entity("object_id")),
    ),
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
    "EventLog": lambda mine: mine.on_work("object_id"),
}
"""Model -> what a vendor sees of it."""


CLIENT: Mapping[str, Rule] = {
    **_SAME_FOR_ALL,
    **dict.fromkeys(
        (
            "Task",
            "Assignation",
            "EntityAssignation",
            "GroupAppointment",
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
            "ChatFile",
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
