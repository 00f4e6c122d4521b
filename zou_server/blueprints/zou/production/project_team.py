"""Who is on a project and in which role (`/data/projects/<p>/team`), and the order of its custom fields."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.crud import item_query, json_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, one_of, or_null, ref, thing
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import ROLES
from zou_server.models.registry import facet
from zou_server.services.production.enable_in_project import Used, disable_in_project, enable_in_project
from zou_server.services.read.reader import Reader
from zou_server.services.write.operations import Operation, Update
from zou_server.web import current_actor, json_text

_PROJECT = (("project_id", "Project"),)


class Join(NamedResource):
    """One person more on the team."""

    def post(self, project_id: str) -> Response:
        """The body names the person, and the role they have here if it is another one."""
        given = _object({"person_id", "role"})
        if not isinstance(given.get("person_id"), str):
            raise Invalid(fields={"person_id": ["is required"]})
        says = {"role": given["role"]} if given.get("role") is not None else {}
        used = Used("team", uuid.UUID(checked_id(given["person_id"])), says)
        id_, wire = checked_id(project_id), wire_type(facet("Project"))
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [used])
            text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
            work.commit()
        return json_text(text, 201)


class Member(NamedResource):
    """Somebody on the team."""

    def put(self, project_id: str, person_id: str) -> Response:
        """Give them a role on this project; null is the role they have in the studio."""
        given = _object({"role"})
        ids = {"project_id": checked_id(project_id), "person_id": checked_id(person_id)}
        require_owners(self.studio, _PROJECT, ids)
        with self.studio.write(current_actor()) as work:
            member = _membership(work.read, ids)
            work.execute([Update(facet("Membership"), member["id"], {"role": given.get("role")})])
            found = _membership(work.read, ids)
            work.commit()
        return json_text(orjson.dumps(found))

    def delete(self, project_id: str, person_id: str) -> Response:
        """Take them off the team; what they did stays."""
        ids = {"project_id": checked_id(project_id), "person_id": checked_id(person_id)}
        require_owners(self.studio, _PROJECT, ids)
        with self.studio.write(current_actor()) as work:
            disable_in_project(work, uuid.UUID(ids["project_id"]), "team", uuid.UUID(ids["person_id"]))
            work.commit()
        return Response(status=204)


class ReorderDescriptors(NamedResource):
    """The order of the custom fields of a type in a project."""

    def post(self, project_id: str) -> Response:
        """The body lists their ids; the answer is the list in the new order."""
        given = _object({"entity_type", "descriptor_ids"})
        ids = given.get("descriptor_ids")
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise Invalid(fields={"descriptor_ids": ["is not a list of ids"]})
        if not isinstance(given.get("entity_type"), str):
            raise Invalid(fields={"entity_type": ["is required"]})
        wanted, project = [checked_id(each) for each in ids], checked_id(project_id)
        require_owners(self.studio, _PROJECT, {"project_id": project})
        wire = wire_type(facet("FieldDescriptor"))
        here = (Where("project_id", Op.EQ, project), Where("entity_type", Op.EQ, given["entity_type"]))
        with self.studio.write(current_actor()) as work:
            known = _ids(work.read, Query(wire.facet, _ID, All(here)))
            if strangers := [each for each in wanted if each not in known]:
                raise Invalid(fields={"descriptor_ids": [f"{strangers[0]} is no field of this type here"]})
            places: list[Operation] = [
                Update(wire.facet, each, {"position": place}) for place, each in enumerate(wanted, 1)
            ]
            work.execute(places)
            query = Query(wire.facet, wire.projection(relations=True), All(here), (Order("position"),))
            text = work.read.page(query, ZOU).text
            work.commit()
        return json_text(f"[{text}]")


_ID = Projection((Output("id", "id"),))
_MEMBER = Projection(tuple(Output(key, key) for key in ("id", "project_id", "person_id", "role")))


def _membership(reader: Reader, ids: dict[str, str]) -> dict[str, Any]:
    where = All(tuple(Where(name, Op.EQ, value) for name, value in ids.items()))
    text = reader.one(Query(facet("Membership"), _MEMBER, where), ZOU)
    if text is None:
        raise NotFound(f"Person {ids['person_id']} is not on the team.")
    found: dict[str, Any] = orjson.loads(text)
    return found


def _ids(reader: Reader, query: Query) -> set[str]:
    return {row["id"] for row in orjson.loads(f"[{reader.page(query, ZOU).text}]")}


def _object(known: set[str]) -> dict[str, Any]:
    given = json_body()
    if not isinstance(given, dict):
        raise Invalid("The body must be a JSON object.", {"body": ["is not an object"]})
    if unknown := sorted(given.keys() - known):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    return given


_ROLE: Schema = or_null(one_of(ROLES[1:]))

ROUTES = (
    Named(
        "/data/projects/<project_id>/team",
        Join,
        {
            "post": Says(
                "Project",
                "Put somebody on the team",
                ref("Project"),
                status=201,
                sends=thing({"person_id": ref("Id"), "role": _ROLE}, ("person_id",)),
                text="The project.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/projects/<project_id>/team/<person_id>",
        Member,
        {
            "put": Says(
                "Project",
                "Give somebody a role on this project",
                thing({name: {} for name in ("id", "project_id", "person_id", "role")}),
                sends=thing({"role": _ROLE}),
                text="Who, and as what.",
                refused=(404, 413),
            ),
            "delete": Says("Project", "Take somebody off the team", status=204, text="They are off."),
        },
    ),
    Named(
        "/data/projects/<project_id>/metadata-descriptors/reorder",
        ReorderDescriptors,
        {
            "post": Says(
                "FieldDescriptor",
                "Put the custom fields of a type into an order",
                listed(ref("MetadataDescriptor")),
                sends=thing(
                    {"entity_type": {"type": "string"}, "descriptor_ids": listed(ref("Id"))},
                    ("entity_type", "descriptor_ids"),
                ),
                text="All of them, in order.",
                refused=(404, 413),
            )
        },
    ),
)
