"""Rows for calls that answer more than one type: asked for in the client's own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun.call import projection_for
from zou_server.blueprints.shotgun.filters import Filters
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.models.conditions import All, Order, Query

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

Row = dict[str, Any]


def is_(path: str, value: Any, relation: str = "is") -> Row:
    """One condition as clients write it."""
    values = value if relation == "in" else [value]
    return {"path": path, "relation": relation, "values": values}


def rows_of(
    call: Call,
    type_name: str,
    conditions: Iterable[Row],
    names: Iterable[str],
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[Row]:
    """The live rows of a type that meet all conditions."""
    wire_type = call.type_in({"type": type_name})
    filters = Filters(call.words, wire_type, call.now)
    query = Query(
        wire_type.facet,
        projection_for(call.words, wire_type, names),
        All((*(filters.parse(each) for each in conditions), wire_type.where)),
        (Order("number", descending=newest_first),),
        limit=limit,
    )
    found: list[Row] = orjson.loads(f"[{call.studio.read(call.actor).page(query, SPELLING).text}]")
    return found


def answered(value: Any) -> str:
    """The JSON text of an answer."""
    return orjson.dumps(value).decode()
