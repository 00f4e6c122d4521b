"""`/data/projects/<p>/settings/...`: what a project uses of the studio's vocabulary, as gazu.project sets it.

One table says what can be enabled; a row of it gives a list, a POST and a DELETE.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response

from zou_server.blueprints.zou.bodies import Shape, body, needed, optional, said, shape_of
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ANYTHING, BOOLEAN, ID, INTEGER, list_of
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, ref
from zou_server.models.conditions import All, Form, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.production.enable_in_project import (
    Used,
    disable_in_project,
    enable_in_project,
    use_only,
)
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@body
class Use:
    """What a project is to use."""

    target: str = needed(ID, "id")


@body
class TaskTypeUse(Use):
    """A task type that a project is to use, and how."""

    target: str = needed(ID, "task_type_id", "id")
    priority: int | None = optional(INTEGER)
    hd_bitrate_compression: int | None = optional(INTEGER)
    ld_bitrate_compression: int | None = optional(INTEGER)
    is_client_visible: bool | None = optional(BOOLEAN)


@body
class TaskStatusUse(Use):
    """A task status that a project is to use, and how."""

    target: str = needed(ID, "task_status_id", "id")
    priority: int | None = optional(INTEGER)
    roles_for_board: list[str] | None = optional(Shape(ANYTHING.read, listed({"type": "string"})))
    is_client_allowed: bool | None = optional(BOOLEAN)


@body
class AssetTypeUse(Use):
    """An asset type that a project is to use."""

    target: str = needed(ID, "asset_type_id", "id")


@body
class StatusAutomationUse(Use):
    """A status automation that a project is to use."""

    target: str = needed(ID, "status_automation_id", "id")


@body
class PreviewBackgroundUse(Use):
    """A background of previews that a project is to use."""

    target: str = needed(ID, "preview_background_file_id", "id")


@body
class TaskTypeLink(TaskTypeUse):
    """A project, and a task type that it is to use."""

    project_id: str = needed(ID)


@body
class TaskStatusLink(TaskStatusUse):
    """A project, and a task status that it is to use."""

    project_id: str = needed(ID)


U = TypeVar("U", bound=Use)


def _use(cls: type[U]) -> Shape[U]:
    """An object that says what to use and how, or its id alone."""
    whole = shape_of(cls)

    def read(given: Any) -> U:
        return whole.read({"id": given} if isinstance(given, str) else given)

    return Shape(read, {"anyOf": [ref("Id"), whole.schema]})


@body
class Uses:
    """All that a project is to use: objects under the names of its lists, or ids under those of the ids.

    `replace_task_types` (Kitsu 1.0.51): true lets the project use the steps of the batch alone.
    """

    replace_task_types: bool | None = optional(BOOLEAN)
    task_types: list[TaskTypeUse] | None = optional(list_of(_use(TaskTypeUse)), "task_types", "task_type_ids")
    task_statuses: list[TaskStatusUse] | None = optional(
        list_of(_use(TaskStatusUse)), "task_statuses", "task_status_ids"
    )
    asset_types: list[AssetTypeUse] | None = optional(
        list_of(_use(AssetTypeUse)), "asset_types", "asset_type_ids"
    )
    status_automations: list[StatusAutomationUse] | None = optional(
        list_of(_use(StatusAutomationUse)), "status_automations", "status_automation_ids"
    )
    preview_background_files: list[PreviewBackgroundUse] | None = optional(
        list_of(_use(PreviewBackgroundUse)), "preview_background_files", "preview_background_file_ids"
    )


@dataclass(frozen=True, slots=True)
class ProjectSetting:
    """Something that a project may use.

    `link` is the project's link to many, `use` the body that enables one, `through` the link row's facet.
    """

    path: str
    link: str
    use: type[Use]
    through: str


SETTINGS = (
    ProjectSetting(
        "task-types",
        "task_types",
        TaskTypeUse,
        "ProjectTaskType",
    ),
    ProjectSetting(
        "task-status",
        "task_statuses",
        TaskStatusUse,
        "StatusUse",
    ),
    ProjectSetting("asset-types", "asset_types", AssetTypeUse, "ProjectAssetType"),
    ProjectSetting(
        "status-automations",
        "status_automations",
        StatusAutomationUse,
        "ProjectStatusAutomation",
    ),
    ProjectSetting(
        "preview-background-files",
        "preview_background_files",
        PreviewBackgroundUse,
        "ProjectPreviewBackgroundFile",
    ),
)

_PROJECT = (("project_id", "Project"),)


class Enable(NamedResource[ProjectSetting]):
    """Letting a project use one thing more."""

    def post(self, project_id: str, sent: Use) -> Response:
        """The body names it; the answer is the project."""
        id_ = checked_id(project_id)
        used = _used(self.options.link, sent)
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [used])
            return _project(work, id_)


class EnableBatch(NamedResource):
    """Letting a project use several things at once (Kitsu's form for a new production)."""

    def post(self, project_id: str, sent: Uses) -> Response:
        """The body has lists of ids, or of objects, under the names of the project's lists or of the ids."""
        id_ = checked_id(project_id)
        wanted = [
            _used(setting.link, use) for setting in SETTINGS for use in getattr(sent, setting.link) or ()
        ]
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            if sent.replace_task_types:
                steps = [each.target for each in wanted if each.link == "task_types"]
                use_only(work, uuid.UUID(id_), "task_types", steps)
            enable_in_project(work, uuid.UUID(id_), wanted)
            return _project(work, id_, 200)


class Disable(NamedResource[ProjectSetting]):
    """Letting a project use something no longer."""

    def delete(self, project_id: str, target_id: str) -> Response:
        """What was made with it stays; what was not enabled stays so."""
        setting = self.options
        ids = {"project_id": checked_id(project_id), "target_id": checked_id(target_id)}
        require_owners(self.studio, _PROJECT, ids)
        with self.studio.write(current_actor()) as work:
            disable_in_project(work, uuid.UUID(ids["project_id"]), setting.link, uuid.UUID(ids["target_id"]))
            work.commit()
        return Response(status=204)


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link row as its route makes and shows it: the project's link, its own facet and keys, its `type`."""

    link: str
    through: str
    key: str
    keys: tuple[str, ...]
    link_type: str

    @property
    def query(self) -> Query:
        """All such links, with the keys that the answer has."""
        plain = (Output(name, name) for name in ("id", "project_id", *self.keys, "created_at", "updated_at"))
        far, named = Output(self.key, self.far), Output("type", self.link_type, Form.LITERAL)
        return Query(facet(self.through), Projection((*plain, far, named)))

    @property
    def far(self) -> str:
        """The attribute of the link row that names what is used."""
        many = facet("Project").fields[self.link].many
        assert many is not None  # noqa: S101 - a link to many
        return many.far


class LinkToProject(NamedResource[LinkShown]):
    """`/data/task-type-links`, `/data/task-status-links`: the same as a row of its own."""

    def post(self, sent: TaskTypeLink | TaskStatusLink) -> Response:
        """The body names the project too; the answer is the link."""
        id_, shown = sent.project_id, self.options
        here = (Where("project_id", Op.EQ, id_), Where(shown.far, Op.EQ, sent.target))
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [_used(shown.link, sent)])
            text = work.read.one(replace(shown.query, where=All(here)), ZOU)
            work.commit()
        return json_text(text or "null", 201)


def _used(link: str, use: Use) -> Used:
    says = {name: value for name, value in said(use).items() if name not in ("target", "project_id")}
    return Used(link, uuid.UUID(use.target), says)


def _project(work: UnitOfWork, id_: str, status: int = 201) -> Response:
    """The project as it is now, and the end of the transaction."""
    wire = wire_type(facet("Project"))
    text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
    work.commit()
    return json_text(text, status)


# -- the routes ----------------------------------------------------------------------------------------------


def _routes(setting: ProjectSetting) -> Iterator[Named[ProjectSetting]]:
    words = setting.path.replace("-", " ")
    path = f"/data/projects/<project_id>/settings/{setting.path}"
    enable = Says(
        "Project",
        f"Let a project use one of the {words}",
        ref("Project"),
        status=201,
        text="The project.",
        sends=setting.use,
        refused=(404, 413),
    )
    disable = Says(
        "Project", f"Let a project use one of the {words} no longer", status=204, text="It is off."
    )
    yield Named(path, Enable, {"post": enable}, setting)
    yield Named(f"{path}/<target_id>", Disable, {"delete": disable}, setting)


def _links(path: str, words: str, sends: type[Use], shown: LinkShown) -> Named[LinkShown]:
    says = Says(
        "Project",
        f"Let a project use one of the {words}, by a link",
        row_schema(shown.through, shown.query.projection),
        status=201,
        text="The link.",
        sends=sends,
        refused=(404, 413),
    )
    return Named(f"/data/{path}", LinkToProject, {"post": says}, shown)


_TASK_TYPE_LINK = LinkShown(
    "task_types",
    "ProjectTaskType",
    "task_type_id",
    ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
    "ProjectTaskTypeLink",
)
_TASK_STATUS_LINK = LinkShown(
    "task_statuses",
    "StatusUse",
    "task_status_id",
    ("priority", "roles_for_board", "is_client_allowed"),
    "ProjectTaskStatusLink",
)

ROUTES = (
    *(route for setting in SETTINGS for route in _routes(setting)),
    Named(
        "/data/projects/<project_id>/settings/batch",
        EnableBatch,
        {
            "post": Says(
                "Project",
                "Let a project use several things",
                ref("Project"),
                text="The project.",
                sends=Uses,
                refused=(404, 413),
            )
        },
    ),
    _links("task-type-links", "task types", TaskTypeLink, _TASK_TYPE_LINK),
    _links("task-status-links", "task status", TaskStatusLink, _TASK_STATUS_LINK),
)
