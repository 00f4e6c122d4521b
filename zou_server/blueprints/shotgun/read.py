"""The `read` call: filters, fields, sorts and a page, made into one query."""

from __future__ import annotations

from typing import Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, projection_for
from zou_server.blueprints.shotgun.desk.own_marks import with_marks
from zou_server.blueprints.shotgun.filters import Filters
from zou_server.blueprints.shotgun.paths import reach
from zou_server.blueprints.shotgun.presets import with_presets
from zou_server.blueprints.shotgun.schema.wire_types import WireType
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.models.conditions import EVERYTHING, All, Condition, Op, Order, Query, Retired, Where

PAGE_SIZE = 500
LARGEST_PAGE = 5000
MOST_ROWS = 2**53
MOST_SORTS = 30
_RETIRED = {"active": Retired.LIVE, "retired": Retired.RETIRED}
_DIRECTIONS = {"asc": False, "desc": True}
# PostgreSQL writes a row's own keys without blanks, a link's inside it with blanks, and quotes inside
# texts escaped: only rows begin like this.
_NEXT_ROW = ',{"type":"'


def read(call: Call) -> str:
    """Return the rows of one page and what is known of the pages."""
    request = call.request
    wire_type = call.type_in(request)
    size, page = _paging(request)
    query = Query(
        wire_type.facet,
        projection_for(call.words, wire_type, names_in(request, "return_fields")),
        conditions_of(call, wire_type, request),
        _orders(call, wire_type, request),
        limit=size + 1,
        offset=(page - 1) * size or None,
        retired=_retired(request),
    )
    reader = call.studio.read(call.actor)
    found = reader.page(query, SPELLING)
    more = found.count > size
    text = found.text[: found.text.rindex(_NEXT_ROW)] if more else found.text
    text = with_marks(call, wire_type, names_in(request, "return_fields"), text)
    paging: dict[str, Any] = {"current_page": page, "entities_per_page": size, "has_next_page": more}
    if request.get("return_paging_info"):
        count = reader.count(query, SPELLING)
        paging |= {"entity_count": count, "page_count": -(-count // size)}
    return f'{{"entities":[{text}],"paging_info":{orjson.dumps(paging).decode()}}}'


def names_in(request: dict[str, Any], part: str) -> list[str]:
    """A list of field names in a request; absent is empty."""
    names = request.get(part) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise errors.missing(part, "array of strings", request)
    return names


def conditions_of(call: Call, wire_type: WireType, request: dict[str, Any]) -> Condition:
    """The conditions of a request: its filters, and whether archived projects count."""
    terms = [Filters(call.words, wire_type, call.now).parse(request.get("filters"))]
    if request.get("include_archived_projects", True) is False:
        terms.append(_not_archived(wire_type))
    terms.append(wire_type.where)
    return with_presets(call, wire_type, All(tuple(term for term in terms if term is not EVERYTHING)))


def _not_archived(wire_type: WireType) -> Condition:
    project = wire_type.facet.project
    if not project:
        return EVERYTHING
    path = "archived" if project == "id" else f"{project.removesuffix('_id')}.archived"
    return Where(path, Op.NE, value=True)


def _retired(request: dict[str, Any]) -> Retired:
    which = request.get("return_only", "active")
    if not isinstance(which, str) or which not in _RETIRED:
        raise errors.missing("return_only", "'active'/'retired'", request)
    return _RETIRED[which]


def _paging(request: dict[str, Any]) -> tuple[int, int]:
    paging = request.get("paging")
    if paging is None:
        return PAGE_SIZE, 1
    if not isinstance(paging, dict) or not _is_count(paging.get("entities_per_page")):
        raise errors.missing_page_size(request)
    size: int = min(paging["entities_per_page"], LARGEST_PAGE)
    page: Any = paging.get("current_page", 1)
    if not _is_count(page) or page * size > MOST_ROWS:
        raise errors.missing("current_page", "integer", request)
    return size, page


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _orders(call: Call, wire_type: WireType, request: dict[str, Any]) -> tuple[Order, ...]:
    sorts = request.get("sorts") or []
    if not isinstance(sorts, list) or len(sorts) > MOST_SORTS:
        raise errors.missing("sorts", "array", request)
    orders = [order for each in sorts for order in _order(call, wire_type, each)]
    # Equal rows come in the order of their ids.
    return (*orders, *(() if any(order.path == "number" for order in orders) else (Order("number"),)))


def _order(call: Call, wire_type: WireType, sort: Any) -> list[Order]:
    name = sort.get("field_name", sort.get("column")) if isinstance(sort, dict) else None
    if not isinstance(name, str):
        raise errors.missing("field_name", "string", sort)
    direction = sort.get("direction", "asc")
    if not isinstance(direction, str) or direction not in _DIRECTIONS:
        raise errors.missing("direction", "'asc'/'desc'", sort)
    reached = reach(call.words, wire_type, name)
    if reached is None:
        raise errors.unknown_field(wire_type.name, name)
    if reached.dead or reached.scopes:
        return []
    return [Order(f"{reached.prefix}{path}", _DIRECTIONS[direction]) for path in reached.field.order]
