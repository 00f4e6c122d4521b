"""Templates of projects, as gazu.project_template and Kitsu keep, fill and apply them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import committed_row, in_order, json_of, usual_rows
from zou_server.blueprints.zou.shapes import ANYTHING, ID, IDS, INTEGER, TEXT, TEXTS, list_of
from zou_server.description import Schema, listed, ref
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.production.use_template import apply_template, link_rows, template_of_project
from zou_server.services.write.operations import Edit, Mode, Operation, Update
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.web import current_actor

_TEMPLATE = (("template_id", "ProjectTemplate"),)


@body
class StepOfTemplate:
    """A step that a template has, and its place in the pipeline."""

    task_type_id: str = needed(ID)
    priority: int | None = optional(INTEGER)


@body
class StatusOfTemplate:
    """A status that a template has, its place, and the boards it is on."""

    task_status_id: str = needed(ID)
    priority: int | None = optional(INTEGER)
    roles_for_board: list[str] | None = optional(TEXTS)


@body
class AssetTypeOfTemplate:
    """A type of assets that a template has."""

    asset_type_id: str = needed(ID)


@body
class AutomationOfTemplate:
    """A rule that a template has."""

    status_automation_id: str = needed(ID)


@body
class BackgroundOfTemplate:
    """A background that a template offers."""

    preview_background_file_id: str = needed(ID)


@body
class DefaultBackground:
    """The background that is chosen at first; null for none."""

    default_preview_background_file_id: str | None = optional(ID)


@body
class FieldsOfTemplate:
    """The custom fields that a template has."""

    metadata_descriptors: list[object] = needed(list_of(ANYTHING))


@body
class StepOrder:
    """The steps in their order."""

    task_type_ids: list[str] = needed(IDS)


@body
class StatusOrder:
    """The statuses in their order."""

    task_status_ids: list[str] = needed(IDS)


@body
class NamedTemplate:
    """What a template that is made of a project is called."""

    name: str = needed(TEXT)
    description: str | None = optional(TEXT)


@body
class NoChoice:
    """Nothing: the path says which template."""


Member = StepOfTemplate | StatusOfTemplate | AssetTypeOfTemplate | AutomationOfTemplate | BackgroundOfTemplate


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list that a template keeps: its link to many, what that leads to, the key of a member's id."""

    link: str
    facet: str
    key: str


class Members(NamedResource[KeptList]):
    """A list of a template."""

    def get(self, template_id: str) -> Response:
        """Its members, in their order."""
        id_ = checked_id(template_id)
        require_owners(self.studio, _TEMPLATE, {"template_id": id_})
        with self.studio.write(current_actor()) as work:
            return json_of(_members(work, id_, self.options))

    def post(self, template_id: str, sent: Member) -> Response:
        """Add one, or say more of one; the answer is the template."""
        id_, kept, values = checked_id(template_id), self.options, said(sent)
        target = values.pop(kept.key)
        require_owners(
            self.studio, (*_TEMPLATE, ("target", kept.facet)), {"template_id": id_, "target": target}
        )
        with self.studio.write(current_actor()) as work:
            template = facet("ProjectTemplate")
            work.execute([Update(template, id_, {kept.link: Edit(Mode.ADD, [target])})])
            many = template.fields[kept.link].many
            if values and many is not None:
                row = next(
                    r
                    for r in link_rows(work, template.name, id_, kept.link)
                    if str(getattr(r, many.far)) == target
                )
                work.execute([Update(facet(many.through), row.id, values)])
            return committed_row(work, template.name, id_, 201)


class MemberOfTemplate(NamedResource[KeptList]):
    """One member of a list of a template."""

    def delete(self, template_id: str, **target: str) -> Response:
        """Take it out; what is not in it stays so."""
        (gone,) = (checked_id(each) for each in target.values())
        with self.studio.write(current_actor()) as work:
            change = {self.options.link: Edit(Mode.REMOVE, [gone])}
            work.execute([Update(facet("ProjectTemplate"), checked_id(template_id), change)])
            work.commit()
        return Response(status=204)


class Reorder(NamedResource[KeptList]):
    """The order of the steps or statuses of a template."""

    def post(self, template_id: str, sent: StepOrder | StatusOrder) -> Response:
        """The body lists ids; the answer is the list in its new order."""
        id_, kept = checked_id(template_id), self.options
        (ids,) = (getattr(sent, each.name) for each in fields(sent))
        template = facet("ProjectTemplate")
        many = template.fields[kept.link].many
        assert many is not None  # noqa: S101 - a link to many
        require_owners(self.studio, _TEMPLATE, {"template_id": id_})
        with self.studio.write(current_actor()) as work:
            rows = {str(getattr(r, many.far)): r.id for r in link_rows(work, template.name, id_, kept.link)}
            places: list[Operation] = [
                Update(facet(many.through), rows[each], {many.ordered: place})
                for place, each in enumerate((each for each in ids if each in rows), 1)
            ]
            work.execute(places)
            found = _members(work, id_, kept)
            work.commit()
        return json_of(found)


def _members(work: UnitOfWork, template_id: str, kept: KeptList) -> list[object]:
    many = facet("ProjectTemplate").fields[kept.link].many
    assert many is not None  # noqa: S101 - a link to many
    ids = [str(getattr(row, many.far)) for row in link_rows(work, "ProjectTemplate", template_id, kept.link)]
    return [*in_order(usual_rows(work.read, kept.facet, Where("id", Op.IN, ids)), ids)]


class ChangeTemplate(NamedResource):
    """One of the values of a template that have an address of their own."""

    def put(self, template_id: str, sent: DefaultBackground | FieldsOfTemplate) -> Response:
        """The answer is the template."""
        id_ = checked_id(template_id)
        values = {each.name: getattr(sent, each.name) for each in fields(sent)}
        with self.studio.write(current_actor()) as work:
            work.execute([Update(facet("ProjectTemplate"), id_, values)])
            return committed_row(work, "ProjectTemplate", id_)


class FromProject(NamedResource):
    """A template made of a project."""

    def post(self, project_id: str, sent: NamedTemplate) -> Response:
        """The answer is the template."""
        id_ = checked_id(project_id)
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            made = template_of_project(work, id_, said(sent))
            return committed_row(work, "ProjectTemplate", str(made), 201)


class ApplyTemplate(NamedResource):
    """A project set up as a template says."""

    def post(self, project_id: str, template_id: str, sent: NoChoice) -> Response:  # noqa: ARG002 - no values
        """The answer is the project."""
        ids = {"project_id": checked_id(project_id), "template_id": checked_id(template_id)}
        require_owners(self.studio, (("project_id", "Project"), *_TEMPLATE), ids)
        with self.studio.write(current_actor()) as work:
            apply_template(work, ids["project_id"], ids["template_id"])
            return committed_row(work, "Project", ids["project_id"])


# -- the routes ----------------------------------------------------------------------------------------------

_LISTS: tuple[tuple[str, KeptList, type, type | None], ...] = (
    ("task-types", KeptList("task_types", "TaskType", "task_type_id"), StepOfTemplate, StepOrder),
    (
        "task-statuses",
        KeptList("task_statuses", "TaskStatus", "task_status_id"),
        StatusOfTemplate,
        StatusOrder,
    ),
    ("asset-types", KeptList("asset_types", "AssetType", "asset_type_id"), AssetTypeOfTemplate, None),
    (
        "status-automations",
        KeptList("status_automations", "StatusAutomation", "status_automation_id"),
        AutomationOfTemplate,
        None,
    ),
    (
        "preview-background-files",
        KeptList("preview_background_files", "PreviewBackgroundFile", "preview_background_file_id"),
        BackgroundOfTemplate,
        None,
    ),
)
_ABOUT = "ProjectTemplate"
_ROW: Schema = ref(_ABOUT)


def _routes(path: str, kept: KeptList, sends: type, order: type | None) -> Iterator[Named[KeptList]]:
    words, root = path.replace("-", " "), f"/data/project-templates/<template_id>/{path}"
    rows = listed(ref(kept.facet))
    yield Named(
        root,
        Members,
        {
            "get": Says(_ABOUT, f"List the {words} of a template", rows, text="In their order."),
            "post": Says(
                _ABOUT,
                f"Add one of the {words} to a template",
                _ROW,
                status=201,
                text="The template.",
                sends=sends,
                refused=(404, 413),
            ),
        },
        kept,
    )
    gone = Says(_ABOUT, f"Take one of the {words} out of a template", status=204, text="It is out.")
    yield Named(f"{root}/<{kept.key}>", MemberOfTemplate, {"delete": gone}, kept)
    if order is not None:
        says = Says(
            _ABOUT,
            f"Order the {words} of a template",
            rows,
            sends=order,
            text="In order.",
            refused=(404, 413),
        )
        yield Named(f"/actions/project-templates/<template_id>/{path}/reorder", Reorder, {"post": says}, kept)


def _change(path: str, summary: str, sends: type) -> Named[None]:
    says = Says(_ABOUT, summary, _ROW, sends=sends, text="The template.", refused=(404, 413))
    return Named(f"/data/project-templates/<template_id>/{path}", ChangeTemplate, {"put": says})


ROUTES: tuple[Named[Any], ...] = (
    *(route for line in _LISTS for route in _routes(*line)),
    _change(
        "default-preview-background-file", "Choose the first background of a template", DefaultBackground
    ),
    _change("metadata-descriptors", "Say the custom fields of a template", FieldsOfTemplate),
    Named(
        "/data/project-templates/from-project/<project_id>",
        FromProject,
        {
            "post": Says(
                _ABOUT,
                "Make a template of a project",
                _ROW,
                status=201,
                sends=NamedTemplate,
                text="The template.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/projects/<project_id>/apply-template/<template_id>",
        ApplyTemplate,
        {
            "post": Says(
                "Project",
                "Set a project up as a template says",
                ref("Project"),
                sends=NoChoice,
                sends_required=False,
                text="The project.",
                refused=(404, 413),
            )
        },
    ),
)
