"""Attributes of ftrack's projects, folders and tasks that no column gives: where they hang, notes, teams."""

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
    Reference,
    Value,
    absent,
)
from zou_server.blueprints.ftrack.overrides import WITH_WORDS
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Kind

ENTITY_KINDS = (
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


SEEN_AS_FOLDER = ("Scene", "Edit", "Concept", "Element")


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
    return tuple(Branch(f"{link}[{facet}]", "Context", facet, **extra) for facet in ENTITY_KINDS)


def _appointments(link: str, facet: str) -> CollectionRelation:
    """Who is on something: people along a link, and groups."""
    branches = (
        Branch(link, "Appointment", facet),
        Branch("group_appointments", "Appointment", "GroupAppointment"),
    )
    return CollectionRelation(
        "Appointment", branches, shown=link, by="context_id", pointing=True, is_joined=True
    )


_ON_ENTITY = _appointments("assignations", "EntityAssignation")
_ON_TASK = _appointments("assignations", "Assignation")
_TEAM = _appointments("memberships", "Membership")


def _notes(link: str) -> Attribute:
    """What people wrote about a row."""
    branch = Branch(link, "Note", "Note", WITH_WORDS)
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


ENTITY_ATTRIBUTES: Mapping[str, Attribute] = {
    **_TYPED,
    "assignments": _ON_ENTITY,
    "appointments": _ON_ENTITY,
    "parent": _parent(("Project", *ENTITY_KINDS)),
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


TASK_ATTRIBUTES: Mapping[str, Attribute] = {
    **_TYPED,
    "assignments": _ON_TASK,
    "appointments": _ON_TASK,
    "notes": _notes("comments"),
    "type_id": Value("step_id", Kind.UUID, write="task_type_id"),
    "type": Reference("Type", "step_id", (Branch("step", "Type", "TaskType"),), write="task_type_id"),
    "parent": _parent(("Project", *ENTITY_KINDS, "Task")),
    "bid": Value("estimation", Kind.NUMBER, style="seconds", write="estimation"),  # ftrack counts seconds
    "time_logged": Value("duration", Kind.NUMBER, style="seconds"),
    "link": Loaded("link", {"~path": "entity[Entity].path", "~project": "project_id"}),
    "ancestors": Loaded("ancestors", {"~path": "entity[Entity].path"}, "TypedContext"),
    "descendants": Loaded("descendants", {}, "TypedContext"),
    "children": CollectionRelation("Context", by="parent_id", attach=PARENT),
}


PROJECT_ATTRIBUTES: Mapping[str, Attribute] = {
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
