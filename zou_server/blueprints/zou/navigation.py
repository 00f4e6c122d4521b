"""Lists by what they hang on (`/data/projects/<id>/shots`) as a table: path, facet, condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response
from flask_restful import Resource

from zou_server.blueprints.zou.crud import create, json_body, list_rows
from zou_server.blueprints.zou.parameters import Shown, checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import payload_values, wire_type
from zou_server.models.conditions import EVERYTHING, All, Condition, Op, Query, Where
from zou_server.models.registry import facet
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.studio import Studio


@dataclass(frozen=True, slots=True)
class Route:
    """A list at a place of its own: `owners` are (path argument, facet) of what it hangs on.

    `paths` are the attributes that hold those owners' ids, `extra` what else is true of its rows;
    `creates` says that a POST there makes one. `names` shows names beside ids, `tasks` the tasks of
    each entity; `limit` is how many rows come when the client does not say (0: all).
    """

    path: str
    facet: str
    owners: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]
    creates: bool = False
    extra: Condition = EVERYTHING
    names: bool = False
    tasks: bool = False
    limit: int = 0


_PROJECT = (("project_id", "Project"),)


def _of_project(path: str, facet_name: str, *, creates: bool = False) -> Route:
    return Route(f"projects/<project_id>/{path}", facet_name, _PROJECT, ("project_id",), creates)


def _below(owner: str, path: str, facet_name: str, attribute: str) -> Route:
    plural, argument = wire_type(facet(owner)).path, f"{owner.lower()}_id"
    return Route(f"{plural}/<{argument}>/{path}", facet_name, ((argument, owner),), (attribute,), names=True)


ROUTES: tuple[Route, ...] = (
    _of_project("episodes", "Episode", creates=True),
    _of_project("sequences", "Sequence", creates=True),
    _of_project("shots", "Shot", creates=True),
    _of_project("scenes", "Scene", creates=True),
    _of_project("edits", "Edit", creates=True),
    _of_project("concepts", "Concept", creates=True),
    _of_project("assets", "Asset"),
    _of_project("tasks", "Task"),
    _of_project("comments", "Note"),
    _of_project("metadata-descriptors", "FieldDescriptor", creates=True),
    Route("projects/<project_id>/preview-files", "PreviewFile", _PROJECT, ("task.project_id",)),
    Route("projects/<project_id>/entity-links", "EntityLink", _PROJECT, ("entity_in.project_id",)),
    Route("projects/<project_id>/team", "Person", _PROJECT, ("projects.id",)),
    Route(
        "projects/<project_id>/asset-types/<asset_type_id>/assets",
        "Asset",
        (("project_id", "Project"), ("asset_type_id", "EntityType")),
        ("project_id", "entity_type_id"),
    ),
    _below("Episode", "sequences", "Sequence", "parent_id"),
    _below("Episode", "shots", "Shot", "episode_id"),
    _below("Episode", "tasks", "Task", "entity_id"),
    _below("Sequence", "shots", "Shot", "parent_id"),
    _below("Sequence", "scenes", "Scene", "parent_id"),
    _below("Sequence", "tasks", "Task", "entity_id"),
    _below("Shot", "tasks", "Task", "entity_id"),
    _below("Shot", "assets", "Asset", "entities_in.id"),
    _below("Asset", "tasks", "Task", "entity_id"),
    _below("Asset", "assets", "Asset", "entities_in.id"),
    _below("Asset", "cast-in", "Entity", "entities_out.id"),
    _below("Scene", "tasks", "Task", "entity_id"),
    _below("Edit", "tasks", "Task", "entity_id"),
    _below("Concept", "tasks", "Task", "entity_id"),
    _below("Person", "tasks", "Task", "assignees.id"),
    _below("Task", "comments", "Note", "object_id"),
    Route("events/last", "ApiEvent", (), (), limit=100),
    *(
        Route(f"{wire_type(facet(kind)).path}/with-tasks", kind, (), (), tasks=True)
        for kind in ("Asset", "Shot", "Sequence", "Episode", "Edit", "Concept")
    ),
    Route("assets/all", "Asset", (), ()),
    Route("shots/all", "Shot", (), ()),
    Route("projects/all", "Project", (), ()),
    Route(
        "projects/open",
        "Project",
        (),
        (),
        extra=Where("project_status.name", Op.EQ, "Open"),
    ),
)


class Below(Resource):
    """A list that hangs on something, and making a row there."""

    def __init__(self, studio: Studio, route: Route, page_size: int) -> None:
        self.studio, self.route, self.page_size = studio, route, page_size

    def get(self, **ids: str) -> Response:
        """The rows below what the path names; 404 when that does not exist."""
        condition = self._condition({name: checked_id(value) for name, value in ids.items()})
        return list_rows(self.studio, wire_type(facet(self.route.facet)), self._shown(condition))

    def _shown(self, condition: Condition) -> Shown:
        route = self.route
        return Shown(condition, self.page_size, names=route.names, tasks=route.tasks, limit=route.limit)

    def _condition(self, ids: dict[str, str]) -> Condition:
        require_owners(self.studio, self.route.owners, ids)
        terms: list[Condition] = [
            Where(path, Op.EQ, ids[argument])
            for path, (argument, _) in zip(self.route.paths, self.route.owners, strict=True)
        ]
        return All((*terms, self.route.extra))


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
        require_owners(self.studio, self.route.owners, {n: checked_id(v) for n, v in ids.items()})
        return create(self.studio, wire, values)


class NewAsset(Resource):
    """`POST /data/projects/<p>/asset-types/<t>/assets/new`, as gazu.asset.new_asset calls it."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def post(self, project_id: str, asset_type_id: str) -> Response:
        """Make an asset of a type in a project."""
        ids = {"project_id": checked_id(project_id), "asset_type_id": checked_id(asset_type_id)}
        require_owners(self.studio, (("project_id", "Project"), ("asset_type_id", "EntityType")), ids)
        values = payload_values(wire_type(facet("Asset")), json_body(), creating=True)
        values.update(project_id=ids["project_id"], entity_type_id=ids["asset_type_id"])
        return create(self.studio, wire_type(facet("Asset")), values)


def require_owners(studio: Studio, owners: tuple[tuple[str, str], ...], ids: dict[str, str]) -> None:
    """NotFound when something that the path names does not exist for the caller."""
    reader = studio.read(current_actor())
    for argument, owner in owners:
        wire = wire_type(facet(owner))
        query = Query(wire.facet, wire.projection(fields=("id",)), Where("id", Op.EQ, ids[argument]))
        found_or_404(reader.one(query, ZOU), wire, ids[argument])


Register = Callable[..., None]


def add_navigation(add: Register, studio: Studio, page_size: int) -> None:
    """Register every route of the table."""
    for route in ROUTES:
        resource = BelowWithCreate if route.creates else Below
        add(resource, route.path, studio=studio, route=route, page_size=page_size)
    add(NewAsset, "projects/<project_id>/asset-types/<asset_type_id>/assets/new", studio=studio)
