"""Custom fields of all projects at once: `/data/metadata-descriptors/all-projects`."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.rows import json_of, rows_of, same, shown, usual_rows
from zou_server.blueprints.zou.shapes import ANYTHING, BOOLEAN, ID, IDS, INTEGER, TEXT, TEXTS
from zou_server.description import listed, parameter, ref
from zou_server.models.conditions import Condition, Op, Order, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete, Operation, Update
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.web import current_actor


@body
class FieldEverywhere:
    """A custom field that every open project gets."""

    name: str = needed(TEXT)
    entity_type: str = needed(TEXT)
    data_type: str | None = optional(TEXT)
    choices: list[object] | None = optional(ANYTHING)
    for_client: bool | None = optional(BOOLEAN)
    departments: list[str] | None = optional(IDS)
    task_type_id: str | None = optional(ID)
    position: int | None = optional(INTEGER)


@body
class ChangeEverywhere:
    """What changes of a custom field, in every project that has it."""

    name: str | None = optional(TEXT)
    entity_type: str | None = optional(TEXT)
    data_type: str | None = optional(TEXT)
    choices: list[object] | None = optional(ANYTHING)
    for_client: bool | None = optional(BOOLEAN)
    departments: list[str] | None = optional(IDS)
    task_type_id: str | None = optional(ID)
    position: int | None = optional(INTEGER)


@body
class OrderEverywhere:
    """The order of the custom fields of a type: the names of their keys, or ids of fields with them."""

    entity_type: str = needed(TEXT)
    field_names: list[str] | None = optional(TEXTS)
    descriptor_ids: list[str] | None = optional(IDS)


_IS_OPEN = "project_status.name"
_ID = shown(id="")
_PLACED = shown(id="", project_id="", field_name="")


class FieldsEverywhere(NamedResource):
    """A new custom field in all open projects that the caller may see."""

    def post(self, sent: FieldEverywhere) -> Response:
        """Projects that have one of this name keep theirs; the answer lists the field of each project."""
        with self.studio.write(current_actor()) as work:
            projects = [row["id"] for row in rows_of(work.read, "Project", _ID, same(_IS_OPEN, "Open"))]
            where = (same("entity_type", sent.entity_type), same("name", sent.name))
            known = {row["project_id"] for row in rows_of(work.read, "FieldDescriptor", _PLACED, *where)}
            values = said(sent)
            work.execute(
                [
                    Create(facet("FieldDescriptor"), {**values, "project_id": each})
                    for each in projects
                    if each not in known
                ]
            )
            return _answer(work, *where, Where("project_id", Op.IN, projects), status=201)


class FieldOfAll(NamedResource):
    """One custom field, in every project that has it."""

    def put(self, field_name: str, sent: ChangeEverywhere) -> Response:
        """The answer lists the field of each project."""
        values = said(sent)
        kind = values.pop("entity_type", None) or request.args.get("entity_type")
        with self.studio.write(current_actor()) as work:
            ids = _found(work, field_name, kind)
            work.execute([Update(facet("FieldDescriptor"), id_, values) for id_ in ids])
            return _answer(work, Where("id", Op.IN, ids))

    def delete(self, field_name: str) -> Response:
        """Take it out of all of them; what was filled in stays."""
        with self.studio.write(current_actor()) as work:
            ids = _found(work, field_name, request.args.get("entity_type"))
            work.execute([Delete(facet("FieldDescriptor"), id_) for id_ in ids])
            work.commit()
        return Response(status=204)


class ReorderEverywhere(NamedResource):
    """The order of the custom fields of a type, the same in every project."""

    def post(self, sent: OrderEverywhere) -> Response:
        """The answer lists the fields of all projects in their order."""
        with self.studio.write(current_actor()) as work:
            names = sent.field_names or _names(work, sent.descriptor_ids or [])
            where = (same("entity_type", sent.entity_type), Where("field_name", Op.IN, names))
            rows = rows_of(work.read, "FieldDescriptor", _PLACED, *where)
            places = {name: place for place, name in enumerate(names, 1)}
            changes: list[Operation] = [
                Update(facet("FieldDescriptor"), row["id"], {"position": places[row["field_name"]]})
                for row in rows
            ]
            work.execute(changes)
            return _answer(work, *where)


def _names(work: UnitOfWork, ids: list[str]) -> list[str]:
    rows = rows_of(work.read, "FieldDescriptor", _PLACED, Where("id", Op.IN, ids))
    by_id = {row["id"]: row["field_name"] for row in rows}
    return list(dict.fromkeys(by_id[each] for each in ids if each in by_id))


def _found(work: UnitOfWork, field_name: str, kind: Any) -> list[str]:
    where: list[Condition] = [same("field_name", field_name), Where("project_id", Op.NOT_NULL)]
    if kind:
        where.append(same("entity_type", str(kind)))
    ids = [row["id"] for row in rows_of(work.read, "FieldDescriptor", _ID, *where)]
    if not ids:
        raise NotFound(f"No project has a custom field '{field_name}'.")
    return ids


def _answer(work: UnitOfWork, *where: Condition, status: int = 200) -> Response:
    rows = usual_rows(work.read, "FieldDescriptor", *where, order=(Order("position"), Order("created_at")))
    work.commit()
    return json_of(rows, status)


# -- the routes ----------------------------------------------------------------------------------------------

_ABOUT = "FieldDescriptor"
_ROWS = listed(ref("MetadataDescriptor"))
_NAME = {"field_name": {"type": "string"}}
_TYPE = (parameter("entity_type", "query", {"type": "string"}, "Only the field of this type."),)

ROUTES = (
    Named(
        "/data/metadata-descriptors/all-projects",
        FieldsEverywhere,
        {
            "post": Says(
                _ABOUT,
                "Make a custom field in all open projects",
                _ROWS,
                status=201,
                sends=FieldEverywhere,
                text="The field of each project.",
                refused=(413,),
            )
        },
    ),
    Named(
        "/data/metadata-descriptors/all-projects/<field_name>",
        FieldOfAll,
        {
            "put": Says(
                _ABOUT,
                "Change a custom field in all projects",
                _ROWS,
                sends=ChangeEverywhere,
                text="The field of each project.",
                parameters=_TYPE,
                refused=(404, 413),
            ),
            "delete": Says(
                _ABOUT, "Remove a custom field from all projects", status=204, text="Gone.", parameters=_TYPE
            ),
        },
        arguments=_NAME,
    ),
    Named(
        "/actions/metadata-descriptors/all-projects/reorder",
        ReorderEverywhere,
        {
            "post": Says(
                _ABOUT,
                "Order the custom fields of a type in all projects",
                _ROWS,
                sends=OrderEverywhere,
                text="The fields of all projects, in order.",
                refused=(413,),
            )
        },
    ),
)
