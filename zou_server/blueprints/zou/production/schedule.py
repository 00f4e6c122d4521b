"""The schedule of a project as Kitsu shows it: items by step and part, and versions of the schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import below_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of, rows_of, same, shown, usual_rows
from zou_server.blueprints.zou.shapes import ID
from zou_server.description import Schema, listed, or_null, thing
from zou_server.models.conditions import All, Condition, InQuery, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.production.plan_schedule import (
    Place,
    apply_version,
    keep_items,
    require_staff,
    take_from_project,
    take_from_version,
)
from zou_server.services.read.reader import Reader
from zou_server.services.read.reader import rows_of as rows_in
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.studio import Studio

_PROJECT = (("project_id", "Project"),)
_ITEM = ("id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id")
ITEM = shown(**dict.fromkeys(_ITEM, ""))
NAMED = shown(**dict.fromkeys(("id", "name"), ""))
STEPS_OF_PROJECT = Projection((Output("task_type_id", "task_type_id"),))


class StepSchedule(NamedResource):
    """`.../schedule-items/task-types`: one item for each step of the project."""

    def get(self, project_id: str) -> Response:
        """The items; those that nobody made yet begin today."""
        id_ = checked_id(project_id)
        here = same("project_id", id_)
        uses = Query(facet("ProjectTaskType"), STEPS_OF_PROJECT, here, (Order("priority"),))
        read = partial(_items, self.studio, _PROJECT, {"project_id": id_}, uses, Where("object_id", Op.NULL))
        used, items = read()
        steps = [row["task_type_id"] for row in used]
        if missing := [(step, None) for step in steps if (step, None) not in items]:
            keep_items(self.studio, id_, missing)
            _, items = read()
        return json_of([items[step, None] for step in steps if (step, None) in items])


def _items(
    studio: Studio, owners: tuple[tuple[str, str], ...], ids: dict[str, str], listed: Query, *which: Condition
) -> tuple[list[dict[str, Any]], dict[Place, dict[str, Any]]]:
    """What a page lists, and items of the project by their places; Forbidden for who is not of its staff."""
    here = All((same("project_id", ids["project_id"]), *which))
    items = Query(facet("ScheduleItem"), ITEM, here)
    texts = below_owners(studio.read(current_actor()), owners, ids, listed, items)
    require_staff(current_actor(), ids["project_id"])
    rows, found = map(rows_in, texts)
    return rows, {(item["task_type_id"], item["object_id"]): item for item in found}


@dataclass(frozen=True, slots=True)
class ScheduledParts:
    """The parts of a project that a step is planned for: their facet, and which of its rows they are."""

    facet: str
    rows: Callable[[str], Condition]


def _asset_types(project_id: str) -> Condition:
    used = Query(facet("Asset"), Projection(()), same("project_id", project_id))
    return InQuery("id", used, "entity_type_id")


PARTS: Mapping[str, ScheduledParts] = {
    "asset-types": ScheduledParts("AssetType", _asset_types),
    **{
        path: ScheduledParts(name, lambda project_id: same("project_id", project_id))
        for path, name in (("episodes", "Episode"), ("sequences", "Sequence"), ("edits", "Edit"))
    },
}


class PartSchedule(NamedResource[ScheduledParts]):
    """`.../schedule-items/<task_type_id>/sequences`: one item for each part of the project, in one step."""

    def get(self, project_id: str, task_type_id: str) -> Response:
        """The items with the names of the parts."""
        ids = {"project_id": checked_id(project_id), "task_type_id": checked_id(task_type_id)}
        step, where = ids["task_type_id"], self.options.rows(ids["project_id"])
        listed = Query(facet(self.options.facet), NAMED, where, (Order("name"),))
        owners = (*_PROJECT, ("task_type_id", "TaskType"))
        read = partial(_items, self.studio, owners, ids, listed, same("task_type_id", step))
        parts, items = read()
        if missing := [(step, part["id"]) for part in parts if (step, part["id"]) not in items]:
            keep_items(self.studio, ids["project_id"], missing)
            parts, items = read()
        found = [(items.get((step, part["id"])), part["name"]) for part in parts]
        return json_of([{**item, "name": name} for item, name in found if item is not None])


# -- versions ------------------------------------------------------------------------------------------------


@body
class OtherVersion:
    """The version whose dates are taken."""

    production_schedule_version_id: str = needed(ID)


@body
class NoValues:
    """Nothing: the path says it all."""


_VERSION = shown(id="", project_id="")


def _project_of(reader: Reader, version_id: str) -> str:
    """The project of a version; NotFound for who may not see it."""
    found = rows_of(reader, "ProductionScheduleVersion", _VERSION, same("id", version_id))
    if not found:
        raise NotFound(f"ProductionScheduleVersion {version_id} not found.")
    return str(found[0]["project_id"])


class TaskLinks(NamedResource):
    """The tasks of a version, with its dates and people for them."""

    def get(self, version_id: str) -> Response:
        """In the order of the tasks."""
        id_, reader = checked_id(version_id), self.studio.read(current_actor())
        _project_of(reader, id_)
        here = same("production_schedule_version_id", id_)
        return json_of(usual_rows(reader, "ProductionScheduleVersionTaskLink", here, relations=True))


Doing = Callable[[UnitOfWork, str, str], int]


@dataclass(frozen=True, slots=True)
class VersionAction:
    """What is done with a version and its project, and what the answer calls the number of tasks."""

    run: Doing
    counted: str


class DoWithVersion(NamedResource[VersionAction]):
    """Taking the project's schedule into a version, or giving it that of the version."""

    def post(self, version_id: str, sent: NoValues) -> Response:  # noqa: ARG002 - it has no values
        """The answer says how many tasks there were."""
        id_ = checked_id(version_id)
        with self.studio.write(current_actor()) as work:
            amount = self.options.run(work, id_, _project_of(work.read, id_))
            work.commit()
        return json_of({"success": True, self.options.counted: amount})


class TakeFromVersion(NamedResource):
    """Taking another version's dates and people."""

    def post(self, version_id: str, sent: OtherVersion) -> Response:
        """The answer says how many tasks there were."""
        id_, other = checked_id(version_id), sent.production_schedule_version_id
        with self.studio.write(current_actor()) as work:
            if _project_of(work.read, id_) != _project_of(work.read, other):
                raise NotFound("The two versions are of different projects.")
            amount = take_from_version(work, id_, other)
            work.commit()
        return json_of({"success": True, "task_link_count": amount})


# -- the routes ----------------------------------------------------------------------------------------------

_ITEM_ROW = row_schema("ScheduleItem", ITEM)
_ITEMS = listed(_ITEM_ROW)
_NAMED_ITEMS = listed(
    thing({**_ITEM_ROW["properties"], "name": or_null({"type": "string"})}, (*_ITEM_ROW["required"], "name"))
)
_ABOUT = "ScheduleItem"
_VERSIONS = "ProductionScheduleVersion"


def _counts(key: str) -> Schema:
    return thing({"success": {"type": "boolean"}, key: {"type": "integer"}}, ("success", key))


def _action(path: str, summary: str, action: VersionAction) -> Named[VersionAction]:
    says = Says(
        _VERSIONS,
        summary,
        _counts(action.counted),
        text="How many tasks there were.",
        sends=NoValues,
        sends_required=False,
        refused=(404, 413),
    )
    return Named(
        f"/actions/production-schedule-versions/<version_id>/{path}", DoWithVersion, {"post": says}, action
    )


ROUTES = (
    Named(
        "/data/projects/<project_id>/schedule-items/task-types",
        StepSchedule,
        {"get": Says(_ABOUT, "The schedule of a project by step", _ITEMS, text="One item for each step.")},
    ),
    *(
        Named(
            f"/data/projects/<project_id>/schedule-items/<task_type_id>/{path}",
            PartSchedule,
            {
                "get": Says(
                    _ABOUT,
                    f"The schedule of a step by its {path.replace('-', ' ')}",
                    _NAMED_ITEMS,
                    text="One item for each of them, with its name.",
                )
            },
            parts,
        )
        for path, parts in PARTS.items()
    ),
    Named(
        "/data/production-schedule-versions/<version_id>/task-links",
        TaskLinks,
        {"get": Says(_VERSIONS, "List the tasks of a version of a schedule", listed({"type": "object"}))},
    ),
    _action(
        "set-task-links-from-production",
        "Take the schedule of the project into a version",
        VersionAction(take_from_project, "task_link_count"),
    ),
    Named(
        "/actions/production-schedule-versions/<version_id>/set-task-links-from-production-schedule-version",
        TakeFromVersion,
        {
            "post": Says(
                _VERSIONS,
                "Take the schedule of another version into a version",
                _counts("task_link_count"),
                sends=OtherVersion,
                text="How many tasks there were.",
                refused=(404, 413),
            )
        },
    ),
    _action(
        "apply-to-production",
        "Give the tasks of a project the schedule of a version",
        VersionAction(apply_version, "task_count"),
    ),
)
