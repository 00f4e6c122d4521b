"""Who is on a project and in which role (`/data/projects/<p>/team`), and the order of its custom fields."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import Shape, body, needed, optional
from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ID, IDS, PLAIN_TEXT, TEXT
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, one_of, ref
from zou_server.models.conditions import All, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import ROLES
from zou_server.models.registry import facet
from zou_server.services.production.enable_in_project import Used, disable_in_project, enable_in_project
from zou_server.services.read.reader import Reader
from zou_server.services.write.operations import Operation, Update
from zou_server.web import current_actor, json_text

_PROJECT = (("project_id", "Project"),)


_ROLE: Shape[str] = Shape(TEXT.read, one_of(ROLES[1:]))


@body
class NewMember:
    """Who joins a team, and in which role if it is another one than in the studio."""

    person_id: str = needed(ID)
    role: str | None = optional(_ROLE)


@body
class MemberRole:
    """The role of somebody in a project; null is the one they have in the studio."""

    role: str | None = optional(_ROLE)


@body
class DescriptorOrder:
    """The custom fields of a type, in the order in which they are to be."""

    entity_type: str = needed(PLAIN_TEXT)
    descriptor_ids: list[str] = needed(IDS, missing="is not a list of ids")


class Join(NamedResource):
    """One person more on the team."""

    def post(self, project_id: str, sent: NewMember) -> Response:
        """The body names the person, and the role they have here if it is another one."""
        says = {} if sent.role is None else {"role": sent.role}
        used = Used("team", uuid.UUID(sent.person_id), says)
        id_, wire = checked_id(project_id), wire_type(facet("Project"))
        require_owners(self.studio, _PROJECT, {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            enable_in_project(work, uuid.UUID(id_), [used])
            text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id_)
            work.commit()
        return json_text(text, 201)


class TeamMember(NamedResource):
    """Somebody on the team."""

    def put(self, project_id: str, person_id: str, sent: MemberRole) -> Response:
        """Give them a role on this project; null is the role they have in the studio."""
        ids = {"project_id": checked_id(project_id), "person_id": checked_id(person_id)}
        require_owners(self.studio, _PROJECT, ids)
        with self.studio.write(current_actor()) as work:
            member = _membership(work.read, ids)
            work.execute([Update(facet("Membership"), member["id"], {"role": sent.role})])
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

    def post(self, project_id: str, sent: DescriptorOrder) -> Response:
        """The body lists their ids; the answer is the list in the new order."""
        wanted, project = sent.descriptor_ids, checked_id(project_id)
        require_owners(self.studio, _PROJECT, {"project_id": project})
        wire = wire_type(facet("FieldDescriptor"))
        here = (Where("project_id", Op.EQ, project), Where("entity_type", Op.EQ, sent.entity_type))
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
    return {row["id"] for row in reader.rows(query, ZOU)}


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
                sends=NewMember,
                text="The project.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/projects/<project_id>/team/<person_id>",
        TeamMember,
        {
            "put": Says(
                "Project",
                "Give somebody a role on this project",
                row_schema("Membership", _MEMBER),
                sends=MemberRole,
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
                sends=DescriptorOrder,
                text="All of them, in order.",
                refused=(404, 413),
            )
        },
    ),
)
