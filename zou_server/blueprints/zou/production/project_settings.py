"""`/data/projects/<p>/settings/...`: what a project uses of the studio's vocabulary, as gazu.project sets it.

One table says what can be enabled; a row of it gives a list, a POST and a DELETE.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response

from zou_server.blueprints.zou.crud import item_query, json_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, listed, or_null, ref, thing
from zou_server.models.conditions import All, Form, Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.production.enable_in_project import (
    Used,
    disable_in_project,
    enable_in_project,
    use_only,
)
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a project may use.

    `link` is the project's link to many, `facet` what it leads to, `key` how a body calls its id, `through`
    the link row's facet; `says` are the link row's attributes that a body may give, `link_type` its `type`.
    """

    path: str
    link: str
    facet: str
    key: str
    through: str
    says: tuple[str, ...] = ()
    link_type: str = ""


SETTINGS = (
    Setting(
        "task-types",
        "task_types",
        "TaskType",
        "task_type_id",
        "ProjectTaskType",
        ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
        "ProjectTaskTypeLink",
    ),
    Setting(
        "task-status",
        "task_statuses",
        "TaskStatus",
        "task_status_id",
        "StatusUse",
        ("priority", "roles_for_board", "is_client_allowed"),
        "ProjectTaskStatusLink",
    ),
    Setting("asset-types", "asset_types", "AssetType", "asset_type_id", "ProjectAssetType"),
    Setting(
        "status-automations",
        "status_automations",
        "StatusAutomation",
        "status_automation_id",
        "ProjectStatusAutomation",
    ),
    Setting(
        "preview-background-files",
        "preview_background_files",
        "PreviewBackgroundFile",
        "preview_background_file_id",
        "ProjectPreviewBackgroundFile",
    ),
)
_BY_LINK = {setting.link: setting for setting in SETTINGS}
_BY_KEY = {**_BY_LINK, **{f"{setting.key}s": setting for setting in SETTINGS}}
"""What a batch may hold: Kitsu sends `task_types` (objects), `task_status_ids` and `asset_type_ids`."""

REPLACE = "replace_task_types"
"""Kitsu 1.0.51: true lets the project use the steps of the batch alone, false adds them."""

_PROJECT = (("project_id", "Project"),)


class Enable(NamedResource):
    """Letting a project use one thing more."""

    def post(self, project_id: str) -> Response:
        """The body names it; the answer is the project."""
        setting: Setting = self.options["setting"]
        id_ = checked_id(project_id)
        used = used_of(setting, json_body())
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [used])
            return _project(work, id_)


class EnableBatch(NamedResource):
    """Letting a project use several things at once (Kitsu's form for a new production)."""

    def post(self, project_id: str) -> Response:
        """The body has lists of ids, or of objects, under the names of the project's lists or of the ids."""
        id_ = checked_id(project_id)
        given = json_body()
        replaces = isinstance(given, dict) and _flag(given.pop(REPLACE, None))
        wanted = list(_batch(given))
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            if replaces:
                steps = [each.target for each in wanted if each.link == "task_types"]
                use_only(work, uuid.UUID(id_), "task_types", steps)
            enable_in_project(work, uuid.UUID(id_), wanted)
            return _project(work, id_, 200)


class Disable(NamedResource):
    """Letting a project use something no longer."""

    def delete(self, project_id: str, target_id: str) -> Response:
        """What was made with it stays; what was not enabled stays so."""
        setting: Setting = self.options["setting"]
        ids = {"project_id": checked_id(project_id), "target_id": checked_id(target_id)}
        require_owners(self.studio, _PROJECT, ids)
        with self.studio.write(current_actor()) as work:
            disable_in_project(work, uuid.UUID(ids["project_id"]), setting.link, uuid.UUID(ids["target_id"]))
            work.commit()
        return Response(status=204)


class LinkToProject(NamedResource):
    """`/data/task-type-links`, `/data/task-status-links`: the same as a row of its own."""

    def post(self) -> Response:
        """The body names the project too; the answer is the link."""
        setting: Setting = self.options["setting"]
        given = json_body()
        if not isinstance(given, dict) or not isinstance(given.get("project_id"), str):
            raise Invalid(fields={"project_id": ["is required"]})
        id_ = checked_id(given["project_id"])
        used = used_of(setting, {key: value for key, value in given.items() if key != "project_id"})
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [used])
            text = work.read.one(_link_query(setting, id_, used), ZOU)
            work.commit()
        return json_text(text or "null", 201)


def used_of(setting: Setting, given: Any) -> Used:
    """What a body asks for: an id, or an object that names it and says more about its use."""
    values = {setting.key: given} if isinstance(given, str) else given
    if not isinstance(values, dict):
        raise Invalid("The body must be a JSON object.", {"body": ["is not an object"]})
    named = values.get(setting.key, values.get("id"))
    if not isinstance(named, str):
        raise Invalid(fields={setting.key: ["is required"]})
    if unknown := sorted(values.keys() - {setting.key, "id", *setting.says}):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    says = {name: values[name] for name in setting.says if values.get(name) is not None}
    return Used(setting.link, uuid.UUID(checked_id(named)), says)


def _flag(value: Any) -> bool:
    return boolean(str(value), REPLACE)


def _batch(given: Any) -> Iterator[Used]:
    if not isinstance(given, dict):
        raise Invalid("The body must be a JSON object.", {"body": ["is not an object"]})
    if unknown := sorted(given.keys() - _BY_KEY.keys()):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    for key, listed_ in given.items():
        if not isinstance(listed_, list):
            raise Invalid(fields={key: ["is not a list"]})
        yield from (used_of(_BY_KEY[key], each) for each in listed_)


def _project(work: UnitOfWork, id_: str, status: int = 201) -> Response:
    """The project as it is now, and the end of the transaction."""
    wire = wire_type(facet("Project"))
    text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
    work.commit()
    return json_text(text, status)


def _link_query(setting: Setting, project_id: str, used: Used) -> Query:
    through = facet(setting.through)
    many = facet("Project").fields[setting.link].many
    assert many is not None  # noqa: S101 - a link to many
    names = ("id", "project_id", *setting.says, "created_at", "updated_at")
    plain = (Output(name, name) for name in names)
    outputs = (*plain, Output(setting.key, many.far), Output("type", setting.link_type, Form.LITERAL))
    here = (Where("project_id", Op.EQ, project_id), Where(many.far, Op.EQ, str(used.target)))
    return Query(through, Projection(outputs), All(here))


# -- the routes ----------------------------------------------------------------------------------------------

_SAID: Mapping[str, Schema] = {
    "priority": or_null(SENT[Kind.INTEGER]),
    "roles_for_board": or_null(listed({"type": "string"})),
    **dict.fromkeys(("hd_bitrate_compression", "ld_bitrate_compression"), or_null(SENT[Kind.INTEGER])),
    **dict.fromkeys(("is_client_visible", "is_client_allowed"), or_null(SENT[Kind.BOOLEAN])),
}


def _sent(setting: Setting, *more: str) -> Schema:
    said = {name: _SAID[name] for name in setting.says}
    ids = dict.fromkeys((setting.key, *more), ref("Id"))
    return thing({**ids, **said}, ids)


def _routes(setting: Setting) -> Iterator[Named]:
    words = setting.path.replace("-", " ")
    path = f"/data/projects/<project_id>/settings/{setting.path}"
    options = {"setting": setting}
    enable = Says(
        "Project",
        f"Let a project use one of the {words}",
        ref("Project"),
        status=201,
        text="The project.",
        sends=_sent(setting),
        refused=(404, 413),
    )
    disable = Says(
        "Project", f"Let a project use one of the {words} no longer", status=204, text="It is off."
    )
    yield Named(path, Enable, {"post": enable}, options)
    yield Named(f"{path}/<target_id>", Disable, {"delete": disable}, options)


def _links(path: str, setting: Setting) -> Named:
    says = Says(
        "Project",
        f"Let a project use one of the {setting.path.replace('-', ' ')}, by a link",
        {"type": "object"},
        status=201,
        text="The link.",
        sends=_sent(setting, "project_id"),
        refused=(404, 413),
    )
    return Named(f"/data/{path}", LinkToProject, {"post": says}, {"setting": setting})


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
                sends=thing(
                    {**{key: {"type": "array"} for key in _BY_KEY}, REPLACE: or_null(SENT[Kind.BOOLEAN])},
                    additionalProperties=False,
                ),
                refused=(404, 413),
            )
        },
    ),
    _links("task-type-links", _BY_LINK["task_types"]),
    _links("task-status-links", _BY_LINK["task_statuses"]),
)
