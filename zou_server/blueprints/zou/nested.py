"""Rows at a place below others: a budget of a project, an entry of a budget. One table, CRUD for each line.

`navigation.py` has the lists below one row; here the rows themselves have an address there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, request

from zou_server.blueprints.zou.crud import (
    create,
    item_query,
    item_response,
    json_body,
    list_rows,
    wanted_version,
)
from zou_server.blueprints.zou.named import Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import ListRequest, boolean, checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import WireType, payload_values, wire_type
from zou_server.description import Schema, parameter, ref
from zou_server.models.conditions import All, Condition, Op, Query, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Delete, Update
from zou_server.web import current_actor


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows of a facet are: `owners` is argument -> (facet, path from the row to it).

    `gives` are the attributes of a new row that the path says: attribute -> argument. `collection` says
    that the list and the making of rows are here too, and not in `navigation.py`.
    """

    path: str
    facet: str
    owners: Mapping[str, tuple[str, str]]
    gives: Mapping[str, str]
    argument: str
    collection: bool = False


class _Nested(NamedResource[Place]):
    """What a collection and its rows share: the place, and what is true of rows there."""

    @property
    def place(self) -> Place:
        return self.options

    @property
    def wire(self) -> WireType:
        return wire_type(facet(self.place.facet))

    def below(self, ids: Mapping[str, str]) -> Condition:
        """The condition that a row hangs on what the path names; NotFound when that does not exist."""
        owners = tuple((argument, owner) for argument, (owner, _) in self.place.owners.items())
        require_owners(self.studio, owners, dict(ids))
        return All(tuple(Where(path, Op.EQ, ids[name]) for name, (_, path) in self.place.owners.items()))


class NestedCollection(_Nested):
    """The rows at a place."""

    def get(self, **ids: str) -> Response:
        """All of them, filtered by any key, or a page."""
        condition = self.below(_checked(ids))
        return list_rows(
            self.studio, self.wire, ListRequest(condition=condition, page_size=self.parts.page_size)
        )

    def post(self, **ids: str) -> Response:
        """Make a row there."""
        checked = _checked(ids)
        values = payload_values(self.wire, json_body(), creating=True)
        self.below(checked)
        given = {name: checked[argument] for name, argument in self.place.gives.items()}
        return create(self.studio, self.wire, values | given)


class NestedItem(_Nested):
    """One row at a place: 404 when it hangs on something else."""

    def get(self, **ids: str) -> Response:
        """The row with its relations."""
        relations = boolean(request.args.get("relations", "true"), "relations")
        return item_response(self._text(_checked(ids), relations=relations))

    def put(self, **ids: str) -> Response:
        """Change some keys of it."""
        checked = _checked(ids)
        values = payload_values(self.wire, json_body(), creating=False)
        self._text(checked)
        id_ = checked[self.place.argument]
        kept = {name: value for name, value in values.items() if name not in self.place.gives}
        with self.studio.write(current_actor()) as work:
            work.execute([Update(self.wire.facet, id_, kept, wanted_version(), keeps_nulls=True)])
            text = work.read.one(item_query(self.wire, id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, self.wire, id_))

    def delete(self, **ids: str) -> Response:
        """Remove it."""
        checked = _checked(ids)
        self._text(checked)
        force = boolean(request.args.get("force", "false"), "force")
        with self.studio.write(current_actor()) as work:
            work.execute(
                [
                    Delete(
                        self.wire.facet, checked[self.place.argument], wanted_version(), by="zou", force=force
                    )
                ]
            )
            work.commit()
        return Response(status=204)

    def _text(self, ids: Mapping[str, str], *, relations: bool = True) -> str:
        id_ = ids[self.place.argument]
        query = item_query(self.wire, id_, relations=relations)
        here = self.below({name: each for name, each in ids.items() if name in self.place.owners})
        found = self.studio.read(current_actor()).one(_narrowed(query, here), ZOU)
        return found_or_404(found, self.wire, id_)


def _narrowed(query: Query, condition: Condition) -> Query:
    return replace(query, where=All((query.where, condition)))


def _checked(ids: Mapping[str, str]) -> dict[str, str]:
    return {name: checked_id(value) for name, value in ids.items()}


def named(place: Place) -> tuple[Named, ...]:
    """The routes of a place, and what they say of themselves."""
    wire = wire_type(facet(place.facet))
    item = Named(f"/data/{place.path}/<{place.argument}>", NestedItem, _item(wire), place)
    if not place.collection:
        return (item,)
    says = {"get": _list(wire, place), "post": _create(wire, place)}
    return Named(f"/data/{place.path}", NestedCollection, says, place), item


def _where(place: Place) -> str:
    return " and ".join(f"a {owner}" for owner, _ in reversed(list(place.owners.values())))


def _list(wire: WireType, place: Place) -> Says:
    words = wire.path.replace("-", " ")
    return Says(
        place.facet, f"List the {words} of {_where(place)}", rows_or_page(ref(wire.name)), text="The rows."
    )


def _create(wire: WireType, place: Place) -> Says:
    return Says(
        place.facet,
        f"Make a {wire.name} of {_where(place)}",
        ref(wire.name),
        status=201,
        text="The new row.",
        sends={"type": "object"},
        parameters=(ref("IdempotencyKey", "parameters"),),
        refused=(404, 413),
    )


_FORCE: Schema = parameter("force", "query", {"type": "boolean"}, "Remove it though others need it.")


def _item(wire: WireType) -> dict[str, Says]:
    about, row, version = wire.facet.name, ref(wire.name), ref("IfMatch", "parameters")
    return {
        "get": Says(about, f"Read a {wire.name} where it belongs", row, text="The row."),
        "put": Says(
            about,
            f"Change a {wire.name} where it belongs",
            row,
            sends={"type": "object"},
            text="The row as it is now.",
            parameters=(version,),
            refused=(404, 412, 413),
        ),
        "delete": Says(
            about,
            f"Remove a {wire.name} where it belongs",
            status=204,
            text="It is gone.",
            parameters=(version, _FORCE),
            refused=(404, 412),
        ),
    }


_PROJECT = {"project_id": ("Project", "project_id")}
_OF_PROJECT = {"project_id": "project_id"}

PLACES = (
    Place("projects/<project_id>/budgets", "Budget", _PROJECT, _OF_PROJECT, "budget_id"),
    Place(
        "projects/<project_id>/budgets/<budget_id>/entries",
        "BudgetEntry",
        {"project_id": ("Project", "budget.project_id"), "budget_id": ("Budget", "budget_id")},
        {"budget_id": "budget_id"},
        "entry_id",
        collection=True,
    ),
    Place(
        "projects/<project_id>/metadata-descriptors",
        "FieldDescriptor",
        _PROJECT,
        _OF_PROJECT,
        "metadata_descriptor_id",
    ),
)

ROUTES: tuple[Named, ...] = tuple(route for place in PLACES for route in named(place))
