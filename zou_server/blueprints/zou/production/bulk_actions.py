"""What Kitsu does to a selection at once: order, priority, pictures, lengths, sharing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, usually
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import in_order, json_of, rows_of, same, shown, usual_rows
from zou_server.blueprints.zou.shapes import BOOLEAN, ID, IDS, INTEGER
from zou_server.description import Schema, listed, ref, thing
from zou_server.models.actor import Actor
from zou_server.models.conditions import Condition, Form, Op, Order, Output, Projection, Where
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.tasks.lengths_from_movies import lengths_from_movies
from zou_server.services.write.operations import Act, Operation, Update
from zou_server.web import current_actor

_PROJECT = (("project_id", "Project"),)


# -- order ---------------------------------------------------------------------------------------------------


@body
class OrderOfSteps:
    """Steps in their order."""

    task_type_ids: list[str] = needed(IDS)


@body
class OrderOfStatuses:
    """Statuses in their order."""

    task_status_ids: list[str] = needed(IDS)


class ReorderSteps(NamedResource):
    """`/actions/task-types/reorder`: the order of the studio's steps."""

    def post(self, sent: OrderOfSteps) -> Response:
        """The answer lists them in the new order."""
        ids = sent.task_type_ids
        places: list[Operation] = [
            Update(facet("TaskType"), id_, {"priority": place}) for place, id_ in enumerate(ids, 1)
        ]
        with self.studio.write(current_actor()) as work:
            work.execute(places)
            rows = in_order(usual_rows(work.read, "TaskType", Where("id", Op.IN, ids)), ids)
            work.commit()
        return json_of(rows)


@dataclass(frozen=True, slots=True)
class OrderedUses:
    """What a project uses in an order: the facet of the link rows, their `type`, the column, its key."""

    facet: str
    type: str
    column: str
    key: str
    says: tuple[str, ...]

    def projection(self) -> Projection:
        """A link row as Zou shows it."""
        plain = ("project_id", "priority", *self.says, "id", "created_at", "updated_at")
        outputs = (*(Output(name, name) for name in plain), Output(self.key, self.column))
        return Projection((*outputs, Output("type", self.type, Form.LITERAL)))


class ReorderUses(NamedResource[OrderedUses]):
    """The order of the steps or statuses of a project."""

    def post(self, project_id: str, sent: OrderOfSteps | OrderOfStatuses) -> Response:
        """The answer lists the links in the new order; what the project does not use is left out."""
        uses, id_ = self.options, checked_id(project_id)
        (ids,) = (getattr(sent, each.name) for each in fields(sent))
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        here = (same("project_id", id_), Where(uses.column, Op.IN, ids))
        with self.studio.write(current_actor()) as work:
            links = {
                row[uses.key]: row["id"] for row in rows_of(work.read, uses.facet, uses.projection(), *here)
            }
            known = [each for each in ids if each in links]
            work.execute(
                [Update(facet(uses.facet), links[each], {"priority": n}) for n, each in enumerate(known, 1)]
            )
            rows = rows_of(work.read, uses.facet, uses.projection(), *here, order=(Order("priority"),))
            work.commit()
        return json_of(rows)


# -- tasks ---------------------------------------------------------------------------------------------------


@body
class PriorityOfTasks:
    """The priority that tasks get."""

    task_ids: list[str] = needed(IDS)
    priority: int = needed(INTEGER)


@body
class SomeTasks:
    """Tasks."""

    task_ids: list[str] = needed(IDS)


class SetPriority(NamedResource):
    """`/actions/tasks/set-priority`."""

    def put(self, sent: PriorityOfTasks) -> Response:
        """Give it to all of them or to none; the answer lists the tasks."""
        ids, task = sent.task_ids, facet("Task")
        with self.studio.write(current_actor()) as work:
            work.execute([Update(task, id_, {"priority": sent.priority}) for id_ in ids])
            rows = usual_rows(work.read, "Task", Where("id", Op.IN, ids), relations=True)
            work.commit()
        return json_of(in_order(rows, ids))


_PICTURED = shown(id="", entity_id="")


class SetMainPreviews(NamedResource):
    """`/actions/tasks/set-main-preview`: the newest preview of each task as the picture of its entity."""

    def put(self, sent: SomeTasks) -> Response:
        """The answer lists the entities; a task without a preview changes nothing."""
        wanted = (Where("id", Op.IN, sent.task_ids), Where("last_preview_file_id", Op.NOT_NULL))
        with self.studio.write(current_actor()) as work:
            tasks = in_order(rows_of(work.read, "Task", _PICTURED, *wanted), sent.task_ids)
            work.execute([Act("set_last_preview", facet("Task"), task["id"], {}) for task in tasks])
            ids = [task["entity_id"] for task in tasks]
            rows = in_order(usual_rows(work.read, "Entity", Where("id", Op.IN, ids)), ids)
            work.commit()
        return json_of(rows)


@body
class PartOfProject:
    """The episode whose shots are looked at; all without it."""

    episode_id: str | None = optional(ID)


class SetLengths(NamedResource):
    """`.../set-shot-nb-frames`: the length of the newest movie of a step as that of its shot."""

    def post(self, project_id: str, task_type_id: str, sent: PartOfProject) -> Response:
        """The answer lists the shots whose length was taken from a movie, with that length."""
        ids = {"project_id": checked_id(project_id), "task_type_id": checked_id(task_type_id)}
        require_owners(self.studio, (*_PROJECT, ("task_type_id", "TaskType")), ids)
        with self.studio.write(current_actor()) as work:
            found = lengths_from_movies(work, ids["project_id"], ids["task_type_id"], sent.episode_id)
            work.execute([Update(facet("Shot"), id_, {"nb_frames": frames}) for id_, frames in found.items()])
            work.commit()
        return json_of([{"id": id_, "nb_frames": frames} for id_, frames in found.items()])


# -- assets --------------------------------------------------------------------------------------------------


@body
class AssetsToShare:
    """The assets that other projects may use, or no longer."""

    asset_ids: list[str] = needed(IDS)
    is_shared: bool = usually(default=True, shape=BOOLEAN)


@body
class Shared:
    """Whether other projects may use them."""

    is_shared: bool = usually(default=True, shape=BOOLEAN)


class ShareAssets(NamedResource):
    """Whether assets may be used by other projects."""

    def post(self, sent: AssetsToShare | Shared, **ids: str) -> Response:
        """Those of the body, or those below the path; the answer lists those that changed."""
        checked = {name: checked_id(value) for name, value in ids.items()}
        owners = {"project_id": "Project", "asset_type_id": "EntityType"}
        require_owners(self.studio, tuple((name, owners[name]) for name in checked), checked)
        columns = {"project_id": "project_id", "asset_type_id": "entity_type_id"}
        where: list[Condition] = [same(columns[name], value) for name, value in checked.items()]
        if isinstance(sent, AssetsToShare):
            where.append(Where("id", Op.IN, sent.asset_ids))
        with self.studio.write(current_actor()) as work:
            found = rows_of(work.read, "Asset", _SHARED_ASSET, *where)
            _require_share(work.actor, {checked.get("project_id"), *(row["project_id"] for row in found)})
            changed = [row["id"] for row in found if row["is_shared"] is not sent.is_shared]
            asset = facet("Asset")
            work.execute([Update(asset, id_, {"is_shared": sent.is_shared}) for id_ in changed])
            rows = usual_rows(work.read, "Asset", Where("id", Op.IN, changed))
            work.commit()
        return json_of(rows)


_SHARED_ASSET = shown(id="", project_id="", is_shared="")


def _require_share(actor: Actor, project_ids: set[str | None]) -> None:
    """Forbidden unless the actor shares what is of each project, and of the studio where there is none."""
    for id_ in (project_ids - {None}) or {None}:
        require(actor, "production", "share", "share assets", uuid.UUID(id_) if id_ else None)


# -- the routes ----------------------------------------------------------------------------------------------

_LINKS: Schema = listed({"type": "object"})


def _post(
    path: str, resource: type, about: str, summary: str, answers: Schema, sends: type, **more: object
) -> Named:
    options = more.pop("options", None)
    says = Says(about, summary, answers, sends=sends, refused=(404, 413), **more)  # type: ignore[arg-type]
    return Named(path, resource, {"post": says}, options)


def _put(path: str, resource: type, summary: str, answers: Schema, sends: type, text: str) -> Named:
    says = Says("Task", summary, answers, sends=sends, refused=(404, 413), text=text)
    return Named(path, resource, {"put": says})


_USES: Mapping[str, tuple[OrderedUses, type]] = {
    "task-type-links": (
        OrderedUses(
            "ProjectTaskType",
            "ProjectTaskTypeLink",
            "task_type_id",
            "task_type_id",
            ("hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
        ),
        OrderOfSteps,
    ),
    "task-status-links": (
        OrderedUses(
            "StatusUse",
            "ProjectTaskStatusLink",
            "status_id",
            "task_status_id",
            ("roles_for_board", "is_client_allowed"),
        ),
        OrderOfStatuses,
    ),
}

ROUTES = (
    _post(
        "/actions/task-types/reorder",
        ReorderSteps,
        "TaskType",
        "Order the studio's steps",
        listed(ref("TaskType")),
        OrderOfSteps,
        text="The steps, in their new order.",
    ),
    *(
        _post(
            f"/actions/projects/<project_id>/{path}/reorder",
            ReorderUses,
            "Project",
            f"Order what a project uses: its {path.replace('-', ' ')}",
            _LINKS,
            sends,
            options=uses,
            text="What the project uses, in its new order.",
        )
        for path, (uses, sends) in _USES.items()
    ),
    _put(
        "/actions/tasks/set-priority",
        SetPriority,
        "Give tasks a priority",
        listed(ref("Task")),
        PriorityOfTasks,
        "The tasks, as they are now.",
    ),
    _put(
        "/actions/tasks/set-main-preview",
        SetMainPreviews,
        "Show the newest previews of tasks on their entities",
        listed({"type": "object"}),
        SomeTasks,
        "The entities, as they are now.",
    ),
    _post(
        "/actions/projects/<project_id>/task-types/<task_type_id>/set-shot-nb-frames",
        SetLengths,
        "Shot",
        "Take the lengths of shots from the movies of a step",
        listed(thing({"id": ref("Id"), "nb_frames": {"type": "integer"}}, ("id", "nb_frames"))),
        PartOfProject,
        sends_required=False,
        text="The shots whose length was taken.",
    ),
    _post(
        "/actions/assets/share",
        ShareAssets,
        "Asset",
        "Let other projects use assets, or no longer",
        listed(ref("Asset")),
        AssetsToShare,
        text="The assets, as they are now.",
    ),
    *(
        _post(
            f"/actions/projects/<project_id>/{path}assets/share",
            ShareAssets,
            "Asset",
            f"Let other projects use all assets of {words}, or no longer",
            listed(ref("Asset")),
            Shared,
            text="The assets, as they are now.",
        )
        for path, words in (("", "a project"), ("asset-types/<asset_type_id>/", "a type in a project"))
    ),
)
