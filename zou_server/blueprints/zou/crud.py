"""Generic CRUD for every type: one collection resource, one item resource."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.overrides import CREATE_REQUIRED
from zou_server.blueprints.zou.parameters import (
    ListRequest,
    boolean,
    checked_id,
    found_or_404,
)
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import WireType, payload_values
from zou_server.models.conditions import All, Condition, Op, Query, Where
from zou_server.models.errors import Conflict, Invalid
from zou_server.services.write.operations import Create, Delete, Update
from zou_server.web import RouteResource, current_actor, json_rows, json_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader
    from zou_server.services.studio import Studio

_VERSION = re.compile(r'"lock_version":(\d+)')


def list_rows(
    studio: Studio, wire: WireType, listed: ListRequest, arguments: dict[str, list[str]] | None = None
) -> Response:
    """A list: a bare array, or an object with `data` when a page was asked for.

    `arguments` are those of the request, where a route has looked at some of them itself.
    """
    asked = listed.asked(wire, request.args.to_dict(flat=False) if arguments is None else arguments)
    query, reader = asked.query(wire), studio.read(current_actor())
    return _page(reader, asked, query) if asked.is_paged else json_rows(reader.listed(query, ZOU))


def _page(reader: Reader, asked: ListRequest, query: Query) -> Response:
    if asked.cursor is not None:
        page = reader.page(query, ZOU)
        more = _json(page.count == asked.limit)
        return json_text(f'{{"data":[{page.text}],"limit":{asked.limit},"has_more":{more}}}')
    page = reader.counted_page(query, ZOU)
    pages = -(-(page.total or 0) // asked.limit)
    return json_text(
        f'{{"data":[{page.text}],"total":{page.total},"nb_pages":{pages},"limit":{asked.limit},'
        f'"offset":{query.offset},"page":{asked.page}}}'
    )


def _json(value: bool) -> str:  # noqa: FBT001 - JSON's own word for it
    return "true" if value else "false"


def item_query(wire: WireType, id_: str, *, relations: bool = True, whole: bool = False) -> Query:
    """The query of one row by id; `whole` as a read of it shows it, not as the answer to a change."""
    shown = wire.projection(relations=relations, item=True, whole=whole)
    return Query(wire.facet, shown, Where("id", Op.EQ, id_))


def item_response(text: str, status: int = 200) -> Response:
    """One row with its version as ETag."""
    version = _VERSION.search(text)
    return json_text(text, status, {"ETag": f'"{version[1]}"'} if version else None)


def wanted_version() -> int | None:
    """The version that If-Match asks for; None when the client did not say."""
    if not request.headers.get("If-Match"):
        return None
    tags = request.if_match
    if tags.star_tag:
        return None
    found = [tag for tag in tags.as_set(include_weak=True) if tag and re.fullmatch("[0-9]{1,9}", tag)]
    if len(found) != 1:
        raise Invalid(
            "If-Match must be the ETag that the server gave.", {"If-Match": ["is not an ETag of ours"]}
        )
    return int(found[0])


def json_body() -> Any:
    """The JSON body; Invalid when there is none, 415 when the request does not say that it is JSON."""
    found = request.get_json(silent=True)
    if found is None and request.get_data() and not request.is_json:
        raise UnsupportedMediaType("The body must be JSON: send the content type application/json.")
    if found is None:
        raise Invalid("The body must be JSON.", {"body": ["is not JSON"]})
    return found


def json_object() -> dict[str, Any]:
    """The JSON body, which is an object; Invalid when it is anything else."""
    found = json_body()
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object.", {"body": ["is not an object"]})
    return found


class Collection(RouteResource):
    """`/data/<plural>`: list and create."""

    def __init__(self, studio: Studio, wire: WireType, page_size: int) -> None:
        self.studio, self.wire, self.page_size = studio, wire, page_size

    def get(self) -> Response:
        """All rows, filtered by any key, or a page of them."""
        return list_rows(self.studio, self.wire, ListRequest(page_size=self.page_size))

    def post(self) -> Response:
        """Make a row; the answer is the row with its relations."""
        values = payload_values(self.wire, json_body(), creating=True)
        return create(self.studio, self.wire, values)


class Item(RouteResource):
    """`/data/<plural>/<id>`: read, change, remove."""

    def __init__(self, studio: Studio, wire: WireType) -> None:
        self.studio, self.wire = studio, wire

    def get(self, id: str) -> Response:  # noqa: A002 - the name in the route
        """One row with its relations."""
        relations = boolean(request.args.get("relations", "true"), "relations")
        text = self.studio.read(current_actor()).one(
            item_query(self.wire, checked_id(id), relations=relations, whole=True), ZOU
        )
        return item_response(found_or_404(text, self.wire, id))

    def put(self, id: str) -> Response:  # noqa: A002
        """Change some keys of a row; 412 when If-Match names another version."""
        values = payload_values(self.wire, json_body(), creating=False)
        id_ = checked_id(id)
        with self.studio.write(current_actor()) as work:
            work.execute([Update(self.wire.facet, id_, values, wanted_version(), keeps_nulls=True)])
            text = work.read.one(item_query(self.wire, id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, self.wire, id))

    def delete(self, id: str) -> Response:  # noqa: A002
        """Remove a row; an asset or shot that has tasks is canceled unless `force` is true."""
        force = boolean(request.args.get("force", "false"), "force")
        with self.studio.write(current_actor()) as work:
            work.execute([Delete(self.wire.facet, checked_id(id), wanted_version(), by="zou", force=force)])
            work.commit()
        return Response(status=204)


def create(studio: Studio, wire: WireType, values: dict[str, Any]) -> Response:
    """Make one row and answer it; a repeated Idempotency-Key answers what it answered before."""
    _require(wire, values)
    with studio.write(current_actor()) as work:
        return answered_once(work, lambda: _created(work, wire, values))


def create_or_find(studio: Studio, wire: WireType, values: dict[str, Any], keys: tuple[str, ...]) -> Response:
    """Make one row, or answer the one that has the same values under `keys`, as it is.

    Zou answers so where scripts make shots and their like: running one again makes nothing twice.
    """
    try:
        return create(studio, wire, values)
    except Conflict:
        terms = [_same(key, values.get(key)) for key in keys]
        query = replace(item_query(wire, ""), where=All(tuple(terms)))
        text = studio.read(current_actor()).one(query, ZOU)
        if text is None:
            raise
        return item_response(text, 201)


def _same(key: str, value: Any) -> Condition:
    return Where(key, Op.NULL) if value is None else Where(key, Op.EQ, value)


def _created(work: Any, wire: WireType, values: dict[str, Any]) -> tuple[str, int]:
    result = work.execute([Create(wire.facet, values)])[0]
    text = work.read.one(item_query(wire, str(result.id)), ZOU)
    return found_or_404(text, wire, str(result.id)), 201


def _require(wire: WireType, values: dict[str, Any]) -> None:
    missing = [n for n in CREATE_REQUIRED.get(wire.facet.name, ()) if values.get(n) in (None, "")]
    if missing:
        raise Invalid("A required field is missing.", {name: ["is required"] for name in missing})
