"""Lists by what they hang on (`/data/projects/<id>/shots`) as a table: path, facet, condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Response

from zou_server.blueprints.zou.crud import create, create_or_find, json_body, list_rows
from zou_server.blueprints.zou.parameters import ListRequest, checked_id, found_or_404
from zou_server.blueprints.zou.production.cast_in import CAST_IN_LINES
from zou_server.blueprints.zou.production.projects import OPEN, PROJECT_EXTRAS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT, NEWEST_FIRST
from zou_server.blueprints.zou.tasks.grids import grid, in_lines, table_arguments
from zou_server.blueprints.zou.tasks.rich_tasks import OWN_TASKS
from zou_server.blueprints.zou.vocabulary import payload_values, wire_type
from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Op,
    Projection,
    Query,
    Tally,
    Where,
)
from zou_server.models.errors import DomainError
from zou_server.models.project import is_open
from zou_server.models.registry import facet
from zou_server.web import RouteResource, current_actor

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader
    from zou_server.services.studio import Studio


@dataclass(frozen=True, slots=True)
class ListRoute(ListRequest):
    """A list at a place of its own: `owners` are (path argument, facet) of what it hangs on.

    `paths` are the attributes that hold those owners' ids; `creates` says that a POST there makes a row,
    `tasks` shows the tasks of each entity. With `through` (facet, attribute) the paths are those of that
    facet, and a row of the list is what its attribute names. `or_path` is another place where the first
    owner's id may be.
    """

    path: str
    facet: str
    owners: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]
    creates: bool = False
    tasks: bool = False
    through: tuple[str, str] = ("", "")
    or_path: str = ""


_PROJECT = (("project_id", "Project"),)
_OUTPUT_TYPE = ("output_type_id", "OutputType")
_COPY = ("asset_instance_id", "AssetInstance")
_COPY_IN = (_COPY, ("temporal_entity_id", "Entity"))
_COPY_ROOT = "asset-instances/<asset_instance_id>/entities/<temporal_entity_id>"
_IS_LAST = Where("is_last", Op.EQ, value=True)
_TO_DO = All((Where("task_status.is_done", Op.NE, value=True), is_open("project.")))


def _of_project(path: str, facet_name: str, *, creates: bool = False, relations: bool = False) -> ListRoute:
    path = f"projects/<project_id>/{path}"
    return ListRoute(path, facet_name, _PROJECT, ("project_id",), creates, relations=relations)


def _below(owner: str, path: str, facet_name: str, attribute: str) -> ListRoute:
    plural, argument = wire_type(facet(owner)).path, f"{owner.lower()}_id"
    return ListRoute(
        f"{plural}/<{argument}>/{path}", facet_name, ((argument, owner),), (attribute,), names=True
    )


_BELOW = {"Episode": "entity[Shot].episode_id", "Sequence": "entity[Shot].parent_id"}
"""Where a task of a shot has the id of what the shot is below of."""


def _task_types(owner: str) -> ListRoute:
    """The steps that an entity has tasks in, or the shots below it."""
    plural, argument = wire_type(facet(owner)).path, f"{owner.lower()}_id"
    path = f"{plural}/<{argument}>/task-types"
    return ListRoute(
        path,
        "TaskType",
        ((argument, owner),),
        ("entity_id",),
        through=("Task", "task_type_id"),
        or_path=_BELOW.get(owner, ""),
    )


def _setting(path: str, facet_name: str, through: str, attribute: str) -> ListRoute:
    """What a project uses of a vocabulary."""
    path = f"projects/<project_id>/{path}"
    return ListRoute(path, facet_name, _PROJECT, ("project_id",), through=(through, attribute))


ROUTES: tuple[ListRoute, ...] = (
    _of_project("episodes", "Episode", creates=True),
    _of_project("sequences", "Sequence", creates=True),
    _of_project("shots", "Shot", creates=True),
    _of_project("scenes", "Scene", creates=True),
    _of_project("edits", "Edit", creates=True),
    _of_project("concepts", "Concept", creates=True),
    _of_project("assets", "Asset"),
    _of_project("tasks", "Task", relations=True),
    _of_project("comments", "Note", relations=True),
    _of_project("notifications", "Notification"),
    _of_project("subscriptions", "Subscription"),
    _of_project("metadata-descriptors", "FieldDescriptor", creates=True),
    ListRoute("projects/<project_id>/preview-files", "PreviewFile", _PROJECT, ("task.project_id",)),
    ListRoute("projects/<project_id>/entity-links", "EntityLink", _PROJECT, ("entity_in.project_id",)),
    ListRoute("projects/<project_id>/team", "Person", _PROJECT, ("projects.id",)),
    ListRoute(
        "projects/<project_id>/asset-types/<asset_type_id>/assets",
        "Asset",
        (("project_id", "Project"), ("asset_type_id", "EntityType")),
        ("project_id", "entity_type_id"),
    ),
    _of_project("milestones", "ProjectMilestone", creates=True),
    _of_project("budgets", "Budget", creates=True),
    _setting("task-types", "TaskType", "ProjectTaskType", "task_type_id"),
    _setting("settings/task-types", "TaskType", "ProjectTaskType", "task_type_id"),
    _setting("settings/task-status", "TaskStatus", "StatusUse", "status_id"),
    _setting("settings/asset-types", "AssetType", "ProjectAssetType", "asset_type_id"),
    _setting(
        "settings/status-automations", "StatusAutomation", "ProjectStatusAutomation", "status_automation_id"
    ),
    _setting(
        "settings/preview-background-files",
        "PreviewBackgroundFile",
        "ProjectPreviewBackgroundFile",
        "preview_background_file_id",
    ),
    _setting("asset-types", "AssetType", "Asset", "entity_type_id"),
    *(_task_types(owner) for owner in ("Episode", "Sequence", "Shot", "Scene", "Asset", "Edit", "Concept")),
    ListRoute(
        "shots/<shot_id>/asset-types",
        "AssetType",
        (("shot_id", "Shot"),),
        ("entities_in.id",),
        through=("Asset", "entity_type_id"),
    ),
    ListRoute(
        "entities/<entity_id>/task-types/<task_type_id>/tasks",
        "Task",
        (("entity_id", "Entity"), ("task_type_id", "TaskType")),
        ("entity_id", "task_type_id"),
        names=True,
    ),
    _below("Episode", "edits", "Edit", "parent_id"),
    _below("Episode", "asset-tasks", "Task", "entity[Asset].source_id"),
    _below("Episode", "shot-tasks", "Task", "entity[Shot].episode_id"),
    _below("Episode", "edit-tasks", "Task", "entity[Edit].parent_id"),
    _below("Sequence", "shot-tasks", "Task", "entity[Shot].parent_id"),
    _below("Person", "day-offs", "DayOff", "person_id"),
    _below("Episode", "sequences", "Sequence", "parent_id"),
    _below("Episode", "shots", "Shot", "episode_id"),
    _below("Episode", "tasks", "Task", "entity_id"),
    _below("Sequence", "shots", "Shot", "parent_id"),
    _below("Sequence", "scenes", "Scene", "parent_id"),
    _below("Sequence", "tasks", "Task", "entity_id"),
    _below("Shot", "tasks", "Task", "entity_id"),
    _below("Entity", "preview-files", "PreviewFile", "task.entity_id"),
    _below("Entity", "time-spents", "TimeSpent", "task.entity_id"),
    _below("Shot", "assets", "Asset", "entities_in.id"),
    _below("Asset", "tasks", "Task", "entity_id"),
    _below("Asset", "assets", "Asset", "entities_in.id"),
    ListRoute(
        "assets/<asset_id>/cast-in",
        "EntityLink",
        (("asset_id", "Asset"),),
        ("entity_out_id",),
        projection=CAST_IN_LINES,
    ),
    _below("Scene", "tasks", "Task", "entity_id"),
    _below("Edit", "tasks", "Task", "entity_id"),
    _below("Concept", "tasks", "Task", "entity_id"),
    ListRoute(
        "persons/<person_id>/tasks",
        "Task",
        (("person_id", "Person"),),
        ("assignees.id",),
        condition=_TO_DO,
        projection=OWN_TASKS,
    ),
    ListRoute(
        "tasks/<task_id>/comments",
        "Note",
        (("task_id", "Task"),),
        ("object_id",),
        projection=COMMENT,
        order=NEWEST_FIRST,
    ),
    _below("Task", "attachment-files", "AttachmentFile", "comment.object_id"),
    ListRoute("projects/<project_id>/attachment-files", "AttachmentFile", _PROJECT, ("comment.project_id",)),
    _below("Task", "working-files", "WorkingFile", "task_id"),
    _below("Entity", "working-files", "WorkingFile", "entity_id"),
    _below("Entity", "output-files", "OutputFile", "entity_id"),
    ListRoute(
        "entities/<entity_id>/output-files/last-revisions",
        "OutputFile",
        (("entity_id", "Entity"),),
        ("entity_id",),
        condition=_IS_LAST,
    ),
    ListRoute(
        "entities/<entity_id>/output-types",
        "OutputType",
        (("entity_id", "Entity"),),
        ("entity_id",),
        through=("OutputFile", "output_type_id"),
    ),
    ListRoute(
        "entities/<entity_id>/output-types/<output_type_id>/output-files",
        "OutputFile",
        (("entity_id", "Entity"), _OUTPUT_TYPE),
        ("entity_id", "output_type_id"),
    ),
    ListRoute("projects/<project_id>/output-files", "OutputFile", _PROJECT, ("entity.project_id",)),
    ListRoute(
        "asset-instances/<asset_instance_id>/output-files", "OutputFile", (_COPY,), ("asset_instance_id",)
    ),
    ListRoute(
        f"{_COPY_ROOT}/output-files", "OutputFile", _COPY_IN, ("asset_instance_id", "temporal_entity_id")
    ),
    ListRoute(
        f"{_COPY_ROOT}/output-files/last-revisions",
        "OutputFile",
        _COPY_IN,
        ("asset_instance_id", "temporal_entity_id"),
        condition=_IS_LAST,
    ),
    ListRoute(
        f"{_COPY_ROOT}/output-types",
        "OutputType",
        _COPY_IN,
        ("asset_instance_id", "temporal_entity_id"),
        through=("OutputFile", "output_type_id"),
    ),
    ListRoute(
        f"{_COPY_ROOT}/output-types/<output_type_id>/output-files",
        "OutputFile",
        (*_COPY_IN, _OUTPUT_TYPE),
        ("asset_instance_id", "temporal_entity_id", "output_type_id"),
    ),
    *(
        ListRoute(f"{wire_type(facet(kind)).path}/with-tasks", kind, (), (), tasks=True)
        for kind in ("Asset", "Shot", "Sequence", "Episode", "Scene", "Edit", "Concept")
    ),
    ListRoute(
        "entities/<entity_id>/entities-linked/with-tasks",
        "Entity",
        (("entity_id", "Entity"),),
        ("entity_concept_links.id",),
        tasks=True,
        or_path="shown_by_concepts.id",
    ),
    ListRoute("assets_types", "AssetType", (), ()),  # so spelt in the page of Zou's first year
    ListRoute("assets/all", "Asset", (), ()),
    ListRoute("scenes/all", "Scene", (), ()),
    ListRoute("edits/all", "Edit", (), ()),
    ListRoute("shots/all", "Shot", (), ()),
    ListRoute("projects/all", "Project", (), (), projection=PROJECT_EXTRAS),
    ListRoute("projects/open", "Project", (), (), condition=OPEN, projection=PROJECT_EXTRAS),
)


class Below(RouteResource):
    """A list that hangs on something, and making a row there."""

    def __init__(self, studio: Studio, route: ListRoute, page_size: int) -> None:
        self.studio, self.route, self.page_size = studio, route, page_size

    def get(self, **ids: str) -> Response:
        """The rows below what the path names; 404 when that does not exist."""
        condition = self._condition({name: checked_id(value) for name, value in ids.items()})
        listed = replace(self.route, condition=condition, page_size=self.page_size)
        return list_rows(self.studio, wire_type(facet(self.route.facet)), listed)

    def _condition(self, ids: dict[str, str]) -> Condition:
        require_owners(self.studio, self.route.owners, ids)
        terms: list[Condition] = [
            Where(path, Op.EQ, ids[argument])
            for path, (argument, _) in zip(self.route.paths, self.route.owners, strict=True)
        ]
        condition: Condition = All((*terms, self.route.condition))
        if self.route.or_path:
            argument = self.route.owners[0][0]
            condition = AnyOf((condition, Where(self.route.or_path, Op.EQ, ids[argument])))
        through, attribute = self.route.through
        if not through:
            return condition
        return InQuery("id", Query(facet(through), Projection(()), condition), attribute)


class EntityTable(Below):
    """Entities with their tasks."""

    def get(self, **ids: str) -> Response:
        """The rows, as an array or one on each line."""
        kind = self.route.facet
        wire, below = wire_type(facet(kind)), self._condition({n: checked_id(v) for n, v in ids.items()})
        condition, arguments = table_arguments(kind, below)
        listed = replace(self.route, condition=condition, page_size=self.page_size, projection=grid(kind))
        lines = in_lines(self.studio.read(current_actor()), wire, listed, arguments)
        return lines or list_rows(self.studio, wire, listed, arguments)


class BelowWithCreate(Below):
    """A list below a project where rows can be made too."""

    def post(self, **ids: str) -> Response:
        """Make a row below what the path names."""
        wire = wire_type(facet(self.route.facet))
        values = payload_values(wire, json_body(), creating=True)
        values.update(
            {
                path: checked_id(ids[argument])
                for path, (argument, _) in zip(self.route.paths, self.route.owners, strict=True)
            }
        )
        try:
            if wire.facet.model.__name__ != "Entity":
                return create(self.studio, wire, values)
            return create_or_find(self.studio, wire, values, ("project_id", "parent_id", "name"))
        except DomainError:
            # The row links to what the path names, so it is looked for only to say what is wrong.
            require_owners(self.studio, self.route.owners, {n: checked_id(v) for n, v in ids.items()})
            raise


class NewAsset(RouteResource):
    """`POST /data/projects/<p>/asset-types/<t>/assets/new`, as gazu.asset.new_asset calls it."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def post(self, project_id: str, asset_type_id: str) -> Response:
        """Make an asset of a type in a project."""
        ids = {"project_id": checked_id(project_id), "asset_type_id": checked_id(asset_type_id)}
        values = payload_values(wire_type(facet("Asset")), json_body(), creating=True)
        values.update(project_id=ids["project_id"], entity_type_id=ids["asset_type_id"])
        keys = ("project_id", "entity_type_id", "name")
        try:
            return create_or_find(self.studio, wire_type(facet("Asset")), values, keys)
        except DomainError:
            require_owners(self.studio, (("project_id", "Project"), ("asset_type_id", "EntityType")), ids)
            raise


def require_owners(studio: Studio, owners: tuple[tuple[str, str], ...], ids: dict[str, str]) -> None:
    """NotFound when something that the path names does not exist for the caller."""
    reader = studio.read(current_actor())
    for argument, owner in owners:
        found_or_404(reader.one(_named(owner, ids[argument]), ZOU), wire_type(facet(owner)), ids[argument])


def below_owners(
    reader: Reader, owners: tuple[tuple[str, str], ...], ids: dict[str, str], *queries: Query | Tally
) -> list[str]:
    """The rows of queries about what the path names; NotFound when some of that does not exist.

    It is one statement: the ids of the owners, and then the rows of each query.
    """
    named = [_named(owner, ids[argument]) for argument, owner in owners]
    found = reader.bundle([*named, *queries], ZOU)
    for (argument, owner), text in zip(owners, found, strict=False):
        found_or_404(text or None, wire_type(facet(owner)), ids[argument])
    return found[len(owners) :]


def _named(owner: str, id_: str) -> Query:
    wire = wire_type(facet(owner))
    return Query(wire.facet, wire.projection(fields=("id",)), Where("id", Op.EQ, id_))


Register = Callable[..., None]


def add_navigation(add: Register, routes: tuple[ListRoute, ...], studio: Studio, page_size: int) -> None:
    """Register the lists."""
    for route in routes:
        resource = BelowWithCreate if route.creates else EntityTable if route.tasks else Below
        add(resource, route.path, studio=studio, route=route, page_size=page_size)
    add(NewAsset, "projects/<project_id>/asset-types/<asset_type_id>/assets/new", studio=studio)
