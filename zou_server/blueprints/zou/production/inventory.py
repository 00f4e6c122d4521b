"""Machines and licences of departments, and what people are paid: Kitsu's pages of a studio's costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.crud import Collection
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of, rows_of, same
from zou_server.blueprints.zou.shapes import ID
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, ref, thing
from zou_server.models.conditions import Form, Order, Output, Projection
from zou_server.models.errors import NotFound
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.production.keep_salary_scales import keep_salary_scales
from zou_server.services.write.operations import Create, Delete
from zou_server.web import current_actor


@body
class HardwareOfDepartment:
    """The machine that a department works with."""

    hardware_item_id: str = needed(ID)


@body
class SoftwareOfDepartment:
    """The program that a department needs licences of."""

    software_id: str = needed(ID)


@dataclass(frozen=True, slots=True)
class DepartmentLink:
    """What a department has: the facet of the link row, its column, the facet that leads to, and a word."""

    facet: str
    key: str
    target: str
    what: str

    @property
    def hop(self) -> str:
        """The name by which a path goes along the link."""
        return self.key.removesuffix("_id")


HARDWARE = DepartmentLink("HardwareItemDepartmentLink", "hardware_item_id", "HardwareItem", "machines")
SOFTWARE = DepartmentLink("SoftwareDepartmentLink", "software_id", "Software", "programs")


class OfDepartments(NamedResource[DepartmentLink]):
    """What every department has."""

    def get(self) -> Response:
        """Department -> its rows."""
        row = Output("row", self.options.hop, Form.OBJECT, wire_type(facet(self.options.target)).projection())
        projection = Projection((Output("department_id", "department_id"), row))
        found: dict[str, list[object]] = {}
        reader = self.studio.read(current_actor())
        for link in rows_of(reader, self.options.facet, projection, order=(Order("created_at"),)):
            found.setdefault(link["department_id"], []).append(link["row"])
        return json_of(found)


def _shown(link: DepartmentLink) -> Projection:
    names = ("department_id", link.key, "id", "created_at", "updated_at")
    return Projection((*(Output(name, name) for name in names), Output("type", link.facet, Form.LITERAL)))


class AddToDepartment(NamedResource[DepartmentLink]):
    """One thing more for a department."""

    def post(self, department_id: str, sent: HardwareOfDepartment | SoftwareOfDepartment) -> Response:
        """The answer is the link; what the department has already is answered as it is."""
        link, target = self.options, getattr(sent, self.options.key)
        ids = {"department_id": checked_id(department_id), "target": target}
        require(current_actor(), "studio", "update", f"give departments {link.what}")
        require_owners(self.studio, (("department_id", "Department"), ("target", link.target)), ids)
        here = (same("department_id", ids["department_id"]), same(link.key, target))
        with self.studio.write(current_actor()) as work:
            found = rows_of(work.read, link.facet, _shown(link), *here)
            if not found:
                work.execute(
                    [Create(facet(link.facet), {"department_id": ids["department_id"], link.key: target})]
                )
                found = rows_of(work.read, link.facet, _shown(link), *here)
            work.commit()
        return json_of(found[0], 201)


class InDepartment(NamedResource[DepartmentLink]):
    """One thing that a department has."""

    def get(self, department_id: str, **target: str) -> Response:
        """The link."""
        return json_of(self._link(department_id, *target.values()))

    def delete(self, department_id: str, **target: str) -> Response:
        """Take it away; the thing itself stays."""
        link = self._link(department_id, *target.values())
        with self.studio.write(current_actor()) as work:
            work.execute([Delete(facet(self.options.facet), link["id"])])
            work.commit()
        return Response(status=204)

    def _link(self, department_id: str, target: str) -> dict[str, str]:
        here = (same("department_id", checked_id(department_id)), same(self.options.key, checked_id(target)))
        found = rows_of(self.studio.read(current_actor()), self.options.facet, _shown(self.options), *here)
        if not found:
            raise NotFound(f"This department has no such {self.options.target}.")
        return found[0]


class SalaryScales(Collection):
    """`/data/salary-scales`: one row for each department, position and seniority."""

    def get(self) -> Response:
        """All of them; those that were never set are made with no salary."""
        keep_salary_scales(self.studio, current_actor())
        return super().get()


# -- the routes ----------------------------------------------------------------------------------------------


def _routes(path: str, link: DepartmentLink, sends: type) -> Iterator[Named[DepartmentLink]]:
    words, item = path.replace("-", " "), f"{link.hop}_id"
    rows: Schema = {"type": "object", "additionalProperties": listed(ref(link.target))}
    shown: Schema = thing({"id": ref("Id"), "department_id": ref("Id"), link.key: ref("Id")}, ("id",))
    yield Named(
        f"/data/departments/{path}",
        OfDepartments,
        {
            "get": Says(
                link.target, f"List the {words} of all departments", rows, text="By department.", refused=()
            )
        },
        link,
    )
    yield Named(
        f"/data/departments/<department_id>/{path}",
        AddToDepartment,
        {
            "post": Says(
                link.target,
                f"Add one of the {words} to a department",
                shown,
                status=201,
                text="The link.",
                sends=sends,
                refused=(404, 413),
            )
        },
        link,
    )
    yield Named(
        f"/data/departments/<department_id>/{path}/<{item}>",
        InDepartment,
        {
            "get": Says(link.target, f"Read one of the {words} of a department", shown, text="The link."),
            "delete": Says(
                link.target, f"Take one of the {words} from a department", status=204, text="It is out."
            ),
        },
        link,
    )


ROUTES = (
    *_routes("hardware-items", HARDWARE, HardwareOfDepartment),
    *_routes("software-licenses", SOFTWARE, SoftwareOfDepartment),
)
