"""`/data/user/...`: what the caller works on, as gazu.user and Kitsu's "my tasks" ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import Response

from zou_server.blueprints.zou.crud import list_rows
from zou_server.blueprints.zou.named import LISTING, Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import ListRequest, checked_id
from zou_server.blueprints.zou.production.projects import OPEN, PROJECT_EXTRAS
from zou_server.blueprints.zou.tasks.rich_tasks import OWN_TASKS
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import ref
from zou_server.models.actor import Actor
from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    InQuery,
    Op,
    Projection,
    Query,
    Where,
)
from zou_server.models.project import is_open
from zou_server.models.registry import facet
from zou_server.models.row_scope import led_tasks
from zou_server.web import current_actor

Ids = Mapping[str, str]
Rows = Callable[[Actor, Ids], Condition]

IN_OPEN_PROJECTS = is_open("project.")
ON_MY_TASKS = "tasks.assignees.id"


@dataclass(frozen=True, slots=True)
class OwnList:
    """A list of the caller's: its facet, which rows are theirs, what the path names (argument, facet)."""

    facet: str
    rows: Rows
    owners: tuple[tuple[str, str], ...] = ()
    projection: Projection | None = None


def to_do(actor: Actor, _: Ids) -> Condition:
    """One's tasks that are not done."""
    return _own_task(actor, Where("task_status.is_done", Op.NE, value=True))


def done(actor: Actor, _: Ids) -> Condition:
    """One's tasks that are done."""
    return _own_task(actor, Where("task_status.is_done", Op.EQ, value=True))


def to_check(actor: Actor, _: Ids) -> Condition:
    """Tasks that wait for a word of the caller: in a manager's projects, a supervisor's departments."""
    waiting = Where("task_status.is_feedback_request", Op.EQ, value=True)
    return All((waiting, IN_OPEN_PROJECTS, led_tasks(actor)))


def _own_task(actor: Actor, test: Condition) -> Condition:
    return All((_is(actor, "assignees.id"), IN_OPEN_PROJECTS, test))


def _is(actor: Actor, path: str) -> Condition:
    """The path leads to the caller."""
    return Where(path, Op.EQ, str(actor.person_id))


def _held_by(actor: Actor, name: str, attribute: str, ids: Mapping[str, str]) -> Condition:
    """Rows that `attribute` names in the caller's rows of a facet, those with these attributes."""
    path = "assignees.id" if name == "Task" else ON_MY_TASKS
    held = (Where(name_, Op.EQ, value) for name_, value in ids.items())
    return InQuery("id", Query(facet(name), Projection(()), All((*held, _is(actor, path)))), attribute)


def _entities(*attributes: str) -> Rows:
    """Entities with a task of the caller's; `attributes` hold what the path names."""

    def rows(actor: Actor, ids: Ids) -> Condition:
        places = (Where(name, Op.EQ, value) for name, value in zip(attributes, ids.values(), strict=True))
        return All((*places, _is(actor, ON_MY_TASKS)))

    return rows


def _above(name: str, attribute: str) -> Rows:
    """What the caller's entities of a facet are below of, and what they have a task of itself."""

    def rows(actor: Actor, ids: Ids) -> Condition:
        mine = AnyOf((_held_by(actor, name, attribute, ids), _is(actor, ON_MY_TASKS)))
        return All((Where("project_id", Op.EQ, ids["project_id"]), mine))

    return rows


def _of_entity(kind: str) -> Iterator[tuple[str, OwnList]]:
    argument = f"{kind.lower()}_id"
    owners, start = ((argument, kind),), f"{wire_type(facet(kind)).path}/<{argument}>"
    yield (
        f"{start}/tasks",
        OwnList(
            "Task",
            lambda actor, ids: All((Where("entity_id", Op.EQ, ids[argument]), _is(actor, "assignees.id"))),
            owners,
        ),
    )
    yield (
        f"{start}/task-types",
        OwnList(
            "TaskType",
            lambda actor, ids: _held_by(actor, "Task", "task_type_id", {"entity_id": ids[argument]}),
            owners,
        ),
    )


_PROJECT = (("project_id", "Project"),)
_SEQUENCE = (("sequence_id", "Sequence"),)

LISTS: Mapping[str, OwnList] = {
    "tasks": OwnList("Task", to_do, projection=OWN_TASKS),
    "done-tasks": OwnList("Task", done, projection=OWN_TASKS),
    "tasks-to-check": OwnList("Task", to_check, projection=OWN_TASKS),
    "projects/open": OwnList("Project", lambda actor, ids: OPEN, projection=PROJECT_EXTRAS),
    "projects/<project_id>/asset-types": OwnList(
        "AssetType", lambda actor, ids: _held_by(actor, "Asset", "entity_type_id", ids), _PROJECT
    ),
    "projects/<project_id>/asset-types/<asset_type_id>/assets": OwnList(
        "Asset",
        _entities("project_id", "entity_type_id"),
        (*_PROJECT, ("asset_type_id", "EntityType")),
    ),
    "projects/<project_id>/sequences": OwnList("Sequence", _above("Shot", "parent_id"), _PROJECT),
    "projects/<project_id>/episodes": OwnList("Episode", _above("Entity", "episode_id"), _PROJECT),
    "sequences/<sequence_id>/shots": OwnList("Shot", _entities("parent_id"), _SEQUENCE),
    "sequences/<sequence_id>/scenes": OwnList("Scene", _entities("parent_id"), _SEQUENCE),
    **{path: own for kind in ("Asset", "Shot", "Scene", "Sequence") for path, own in _of_entity(kind)},
}


class OwnWork(NamedResource[OwnList]):
    """A list of the caller's work; filters and pages are those of every list."""

    def get(self, **ids: str) -> Response:
        """The caller's rows, below what the path names."""
        own = self.options
        checked = {name: checked_id(value) for name, value in ids.items()}
        require_owners(self.studio, own.owners, checked)
        condition = own.rows(current_actor(), {name: checked[name] for name, _ in own.owners})
        shown = ListRequest(condition=condition, page_size=self.parts.page_size, projection=own.projection)
        return list_rows(self.studio, wire_type(facet(own.facet)), shown)


def _route(path: str, own: OwnList) -> Named[OwnList]:
    wire = wire_type(facet(own.facet))
    says = Says(
        own.facet,
        f"List the caller's own: {path}",
        rows_or_page(ref(wire.name)),
        parameters=LISTING,
        refused=(404,) if own.owners else (),
        text="The rows that concern the caller.",
    )
    return Named(f"/data/user/{path}", OwnWork, {"get": says}, own)


ROUTES = tuple(_route(path, own) for path, own in LISTS.items())
