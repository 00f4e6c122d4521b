"""Short ways to read rows for an answer that is put together of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.parameters import found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import All, Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.web import json_text

if TYPE_CHECKING:
    from flask import Response

    from zou_server.services.read.reader import Reader
    from zou_server.services.write.unit_of_work import UnitOfWork

OLDEST_FIRST = (Order("created_at"),)


def shown(**paths: str) -> Projection:
    """The keys of an answer and the paths of their values; keep what this makes."""
    return Projection(tuple(Output(key, path or key) for key, path in paths.items()))


def rows_of(
    reader: Reader, name: str, projection: Projection, *terms: Condition, order: tuple[Order, ...] = ()
) -> list[dict[str, Any]]:
    """The rows of a type, as the answer has them."""
    found: list[dict[str, Any]] = orjson.loads(
        f"[{reader.page(Query(facet(name), projection, All(terms), order), ZOU).text}]"
    )
    return found


def usual_rows(
    reader: Reader,
    name: str,
    *terms: Condition,
    order: tuple[Order, ...] = OLDEST_FIRST,
    relations: bool = False,
) -> list[dict[str, Any]]:
    """The rows of a type with the keys that its list has."""
    return rows_of(reader, name, wire_type(facet(name)).projection(relations=relations), *terms, order=order)


def in_order(rows: Iterable[Mapping[str, Any]], ids: Iterable[str]) -> list[Mapping[str, Any]]:
    """The rows in the order of their ids; what is not among them is left out."""
    by_id = {row["id"]: row for row in rows}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def usual_row(reader: Reader, name: str, id_: str) -> str:
    """One row as the answer to a change shows it; NotFound when there is none."""
    wire = wire_type(facet(name))
    return found_or_404(reader.one(item_query(wire, id_), ZOU), wire, id_)


def committed_row(work: UnitOfWork, name: str, id_: str, status: int = 200) -> Response:
    """The row as it is now, and the end of the transaction."""
    text = usual_row(work.read, name, id_)
    work.commit()
    return json_text(text, status)


def same(path: str, value: object) -> Where:
    """The value at a path is this one."""
    return Where(path, Op.EQ, value)


def json_of(value: Any, status: int = 200) -> Response:
    """An answer that was put together here."""
    return json_text(orjson.dumps(value), status)
