"""Templates of projects: made of a project, and applied to one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import SYSTEM_COLUMNS
from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import NotFound
from zou_server.models.project import Project
from zou_server.models.project_template import ProjectTemplate
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Edit, Mode, Operation, Update
from zou_server.services.write.record_changes import plain

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SETTINGS = tuple(
    name
    for name in ProjectTemplate.__table__.c.keys()  # noqa: SIM118 - a collection of columns
    if name in Project.__table__.c and name not in SYSTEM_COLUMNS | {"id", "name", "description", "data"}
)
"""What a template and a project say both."""

LISTS: Mapping[str, Mapping[str, str]] = {
    # link to many of both: attribute of the template's link row -> attribute of the project's
    "task_types": {"priority": "priority"},
    "task_statuses": {"priority": "priority", "roles_for_board": "roles_for_board"},
    "asset_types": {},
    "status_automations": {},
    "preview_background_files": {},
}

FIELD = tuple(
    name
    for name in FieldDescriptor.__table__.c.keys()  # noqa: SIM118 - a collection of columns
    if name not in SYSTEM_COLUMNS | {"id", "project_id"}
)
"""What a template keeps of a custom field, beside the departments it is for: all that it says of itself."""
DEPARTMENTS = "departments"
_GROUPS = facet("CustomFieldGroup").table
"""A field goes without the group that it was shown in where that is deleted meanwhile."""


def template_of_project(work: UnitOfWork, project_id: str, values: Mapping[str, Any]) -> uuid.UUID:
    """Make a template of what a project is set up with: its settings, lists and custom fields."""
    project = work.session.get(Project, uuid.UUID(project_id))
    if project is None or project.deleted_at is not None:
        raise NotFound(f"There is no Project {project_id}.")
    said = {name: getattr(project, name) for name in SETTINGS}
    descriptors = _descriptors(work, project_id)
    kept = [_kept_field(work, each) for each in descriptors]
    (made,) = work.execute(
        [Create(facet("ProjectTemplate"), {**said, **values, "metadata_descriptors": kept})]
    )
    _copy_lists(work, ("Project", project_id), ("ProjectTemplate", str(made.id)))
    return made.id


def apply_template(work: UnitOfWork, project_id: str, template_id: str) -> None:
    """Set a project up as a template says; what the project has beside stays."""
    template = work.session.get(ProjectTemplate, uuid.UUID(template_id))
    if template is None or template.deleted_at is not None:
        raise NotFound(f"There is no ProjectTemplate {template_id}.")
    said = {name: getattr(template, name) for name in SETTINGS if getattr(template, name) is not None}
    work.execute([Update(facet("Project"), project_id, said)])
    _copy_lists(work, ("ProjectTemplate", template_id), ("Project", project_id))
    known = {(each.entity_type, each.name) for each in _descriptors(work, project_id)}
    groups = {
        str(id_)
        for id_ in work.session.scalars(sa.select(_GROUPS.c.id).where(_GROUPS.c.deleted_at.is_(None)))
    }
    new = [
        {
            name: value
            for name in (*FIELD, DEPARTMENTS)
            if (value := field.get(name)) is not None and (name != "group_id" or value in groups)
        }
        for field in template.metadata_descriptors or []
        if (field.get("entity_type"), field.get("name")) not in known
    ]
    work.execute([Create(facet("FieldDescriptor"), {**field, "project_id": project_id}) for field in new])


def _kept_field(work: UnitOfWork, field: FieldDescriptor) -> dict[str, Any]:
    """What a template says of a field, as JSON."""
    departments = [
        str(row.department_id) for row in link_rows(work, "FieldDescriptor", field.id, DEPARTMENTS)
    ]
    return {**{name: plain(getattr(field, name)) for name in FIELD}, DEPARTMENTS: departments}


def _descriptors(work: UnitOfWork, project_id: str) -> Sequence[FieldDescriptor]:
    return work.session.scalars(
        sa.select(FieldDescriptor)
        .where(FieldDescriptor.project_id == project_id, FieldDescriptor.deleted_at.is_(None))
        .order_by(FieldDescriptor.position, FieldDescriptor.created_at, FieldDescriptor.id)
    ).all()


def _copy_lists(work: UnitOfWork, source: tuple[str, str], target: tuple[str, str]) -> None:
    """Add to every list of one what the other has in it, and what it says of each."""
    found = {link: link_rows(work, *source, link) for link in LISTS}
    links = {
        link: Edit(Mode.ADD, [getattr(row, _far(source[0], link)) for row in rows])
        for link, rows in found.items()
        if rows
    }
    if not links:
        return
    work.execute([Update(facet(target[0]), target[1], links)])
    operations: list[Operation] = []
    for link in links:
        said = {getattr(row, _far(source[0], link)): row for row in found[link]}
        for row in link_rows(work, *target, link):
            other = said.get(getattr(row, _far(target[0], link)))
            values = {name: getattr(other, name) for name in LISTS[link] if other is not None}
            given = {name: value for name, value in values.items() if value is not None}
            if given:
                operations.append(Update(facet(_many(target[0], link).through), row.id, given))
    work.execute(operations)


def link_rows(work: UnitOfWork, owner: str, id_: str | uuid.UUID, link: str) -> list[Any]:
    """The live link rows of one list, in their order."""
    many = _many(owner, link)
    table = facet(many.through).table
    order = [table.c[many.ordered].nulls_last()] if many.ordered else []
    wanted = sa.select(table).where(table.c[many.near] == id_, table.c.deleted_at.is_(None))
    work.session.flush()
    return list(work.session.execute(wanted.order_by(*order, table.c.created_at, table.c.id)))


def _many(owner: str, link: str) -> Any:
    return facet(owner).fields[link].many


def _far(owner: str, link: str) -> str:
    return str(_many(owner, link).far)
