"""Saved searches of lists, one's own and those shared: gazu.user's filters and Kitsu's search bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.crud import create, item_query, item_response, json_object
from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import WireType, payload_values, wire_type
from zou_server.description import SENT, Schema, listed, or_null, ref, thing
from zou_server.models.actor import Actor
from zou_server.models.conditions import AnyOf, Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind, facet
from zou_server.services.read.reader import rows_of
from zou_server.services.write.operations import Delete, Update
from zou_server.web import current_actor, json_text

FOR_ALL = "all"
"""The key of what belongs to no project."""


def desk_query(kind: str, actor: Actor) -> Query:
    """The filters or groups that a person finds in their lists, oldest first."""
    wire = wire_type(facet(kind))
    mine = Where("person_id", Op.EQ, str(actor.person_id))
    shared = Where("is_shared", Op.EQ, value=True)
    return Query(wire.facet, wire.projection(), AnyOf((mine, shared)), (Order("created_at"),))


def by_list(rows: str) -> str:
    """Rows, as JSON objects joined by commas, by the list they are for and their project."""
    found: dict[str, dict[str, list[Any]]] = {}
    for row in rows_of(rows):
        found.setdefault(row["list_type"], {}).setdefault(row["project_id"] or FOR_ALL, []).append(row)
    return orjson.dumps(found).decode()


def by_list_schema(kind: str) -> Schema:
    """The schema of rows by their list and project."""
    rows = listed(row_schema(kind, wire_type(facet(kind)).projection()))
    of_project: Schema = {
        "type": "object",
        "additionalProperties": rows,
        "description": "By project id, or `all`.",
    }
    return {"type": "object", "additionalProperties": of_project, "description": "By the list they are for."}


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """Whether the routes are about filters, or about groups of them: the facet."""

    kind: str


class OwnDesk(NamedResource[DeskOptions]):
    """`/data/user/filters` and `/data/user/filter-groups`."""

    def get(self) -> Response:
        """What the caller finds in their lists."""
        actor = current_actor()
        page = self.studio.read(actor).page(desk_query(self.options.kind, actor), ZOU)
        return json_text(by_list(page.text))

    def post(self) -> Response:
        """Keep one more."""
        wire = wire_type(facet(self.options.kind))
        return create(self.studio, wire, _values(wire, json_object(), creating=True))


class OnDesk(NamedResource[DeskOptions]):
    """One filter, or one group."""

    def get(self, id: str) -> Response:  # noqa: A002 - the name in the route
        """Read it."""
        wire = wire_type(facet(self.options.kind))
        text = self.studio.read(current_actor()).one(item_query(wire, checked_id(id)), ZOU)
        return item_response(found_or_404(text, wire, id))

    def put(self, id: str) -> Response:  # noqa: A002
        """Change it; keys that are not sent stay as they are."""
        wire, id_ = wire_type(facet(self.options.kind)), checked_id(id)
        values = _values(wire, json_object(), creating=False)
        with self.studio.write(current_actor()) as work:
            work.execute([Update(wire.facet, id_, values)])
            text = found_or_404(work.read.one(item_query(wire, id_), ZOU), wire, id)
            work.commit()
        return item_response(text)

    def delete(self, id: str) -> Response:  # noqa: A002
        """Forget it."""
        with self.studio.write(current_actor()) as work:
            work.execute([Delete(facet(self.options.kind), checked_id(id))])
            work.commit()
        return Response(status=204)


NEEDED: Mapping[str, tuple[str, ...]] = {
    "SearchFilter": ("name", "query", "list_type"),
    "SearchFilterGroup": ("name",),
}
"""Keys without which Zou makes none."""


def _values(wire: WireType, body: dict[str, Any], *, creating: bool) -> dict[str, Any]:
    """The values of a body, in which the search may be called `query` (gazu.user.new_filter)."""
    if creating:
        missing = [name for name in NEEDED[wire.facet.name] if body.get(name) is None]
        if missing:
            raise Invalid(fields={name: ["Field required"] for name in missing})
    named = {"search_query" if key == "query" else key: value for key, value in body.items()}
    return payload_values(wire, named, creating=creating)


_TEXT = SENT[Kind.TEXT]


def _sent(kind: str) -> tuple[Schema, Schema]:
    """What a POST and a PUT may hold."""
    changed = ref(f"{wire_type(facet(kind)).name}Values")
    if kind == "SearchFilter":
        changed = {"anyOf": [changed, {"type": "object"}]}
    made = thing(
        {
            **dict.fromkeys(("name", "query", "list_type", "color"), _TEXT),
            "entity_type": or_null(_TEXT),
            **dict.fromkeys(("project_id", "department_id", "search_filter_group_id"), or_null(ref("Id"))),
            "is_shared": SENT[Kind.BOOLEAN],
        },
        NEEDED[kind],
    )
    return made, changed


def _routes(path: str, kind: str, word: str, many: str) -> tuple[Named[DeskOptions], Named[DeskOptions]]:
    made, changed = _sent(kind)
    row, options = ref(wire_type(facet(kind)).name), DeskOptions(kind)
    grouped = by_list_schema(kind)
    return (
        Named(
            f"/data/user/{path}",
            OwnDesk,
            {
                "get": Says(kind, f"List the caller's {many}, and those shared", grouped, refused=()),
                "post": Says(
                    kind, f"Keep a {word}", row, status=201, text="It.", sends=made, refused=(403, 413)
                ),
            },
            options,
        ),
        Named(
            f"/data/user/{path}/<id>",
            OnDesk,
            {
                "get": Says(kind, f"Read a {word}", row),
                "put": Says(
                    kind,
                    f"Change a {word}",
                    row,
                    text="It as it is now.",
                    sends=changed,
                    refused=(403, 404, 413),
                ),
                "delete": Says(kind, f"Forget a {word}", status=204, text="It is gone.", refused=(403, 404)),
            },
            options,
        ),
    )


ROUTES = (
    *_routes("filters", "SearchFilter", "filter", "filters"),
    *_routes("filter-groups", "SearchFilterGroup", "group of filters", "groups of filters"),
)
