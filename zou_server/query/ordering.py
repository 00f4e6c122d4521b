"""The order of rows, and what follows a row in it: a cursor goes on behind the whole sort key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import Row
from zou_server.models.conditions import Order, Query
from zou_server.models.errors import Invalid
from zou_server.models.free_links import custom_name
from zou_server.models.registry import Field, Kind
from zou_server.models.rows_of import may_be_null
from zou_server.query.facets import facet_condition
from zou_server.query.frame import Frame
from zou_server.query.lift import STREAM_FROM
from zou_server.query.operators import resemblance

if TYPE_CHECKING:
    from zou_server.query.compiler import Compiler

HEADS = "ApiEvent"
"""The heads of the log: PostgreSQL joins them to their change sets where something of these is asked for."""
NO_SORT = frozenset({Kind.JSON, Kind.LINKS})


def ordering_of(compiler: Compiler, frame: Frame, query: Query) -> list[tuple[Order, ColumnElement[Any]]]:
    """The sort keys of a query as SQL, with the tie that makes their order whole."""
    found: list[tuple[Order, ColumnElement[Any]]] = []
    for key in query.order:
        leaf = compiler.reach(frame, key.path)
        if leaf.kind in NO_SORT:
            raise Invalid(f"{key.path} cannot be sorted by.", {key.path: ["cannot be sorted by"]})
        if key.like is not None:
            wanted = compiler.parameter(key.like, key.path, Kind.TEXT)
            likeness = resemblance(sa.cast(leaf.expression, sa.Text()), wanted, holding=key.holding)
            found.append((key, directed(likeness, descending=key.descending)))
            continue
        if isinstance(leaf.expression, sa.sql.elements.Null):
            raise Invalid(f"{key.path} cannot be sorted by.", {key.path: ["cannot be sorted by"]})
        order = _order_of(leaf.field) if leaf.field and not _is_veiled(query, leaf.field, key) else None
        values = order(leaf.row) if order and leaf.row is not None else (leaf.expression,)
        found += [(key, directed(value, descending=key.descending)) for value in values]
    return [*found, *_tie(frame.root.row, query, {key.path for key in query.order})]


def picked_by(query: Query) -> tuple[str, ...]:
    """The columns that tell rows apart of which nothing is looked up before those of the page are found.

    It is so where each link is looked up by itself, or many rows are compared to find the best.
    """
    is_page = query.limit is not None and query.limit != STREAM_FROM + 1 and not query.first_of
    is_dear = bool(query.seen_by.limits) or any(key.like is not None for key in query.order)
    if not is_page or not is_dear:
        return ()
    if issubclass(query.facet.model, Row):
        return ("id",)
    return ("base", "ordinal") if query.facet.name == HEADS else ()


def _order_of(found: Field) -> Callable[[FromClause], tuple[ColumnElement[Any], ...]] | None:
    """What a field is sorted by where an index has that, and not the value."""
    if found.computed is not None:
        return found.computed.order
    return None if found.column is None else found.column.info.get("order")


def _tie(row: FromClause, query: Query, paths: set[str]) -> list[tuple[Order, ColumnElement[Any]]]:
    unique = [c for c in sa.inspect(query.facet.model).primary_key if c.name not in paths]
    if paths & {"id", "number"} and "number" in query.facet.fields:
        return []
    down = bool(query.order) and query.order[-1].descending
    return [(Order(c.name, down), row.c[c.name].desc() if down else row.c[c.name].asc()) for c in unique]


def follows(
    compiler: Compiler, frame: Frame, query: Query, ordering: list[tuple[Order, ColumnElement[Any]]]
) -> ColumnElement[bool]:
    """Rows that follow the row with id `after`, compared by the whole sort key."""
    directions = {key.descending for key, _ in ordering}
    if len(directions) != 1 or not all(_can_be_continued(query, key.path) for key, _ in ordering):
        raise Invalid("A cursor needs one sort direction, and sort keys of the row that are never empty.")
    row = frame.root.row
    inner = compiler.frame(query)
    seen = inner.root.row
    last = compiler.parameter(query.after, "cursor", Kind.UUID)
    names = tuple(dict.fromkeys(key.path for key, _ in ordering))
    here: Any = sa.tuple_(*_sort_keys(query, row, names))
    # A row that the reader may not see is as good as none.
    known = [seen.c.id == last, facet_condition(seen, query.facet.where)]
    known.append(compiler.condition(inner, inner.root, query.seen_by.scope))
    known += _narrowed(query, "id", seen, "=", last)

    def of_last(key: ColumnElement[Any]) -> ColumnElement[Any]:
        return sa.select(key).select_from(inner.from_clause()).where(*known).correlate(None).scalar_subquery()

    is_down, first = directions.pop(), query.facet.fields[names[0]]
    there: Any = sa.tuple_(*(of_last(key) for key in _sort_keys(query, seen, names)))
    near = of_last(first.expression(seen))
    if first.computed is not None and first.narrow is not None:  # a number tells all rows apart
        here, there = first.expression(row), near
    test = here < there if is_down else here > there
    return sa.and_(test, *_narrowed(query, names[0], row, "<" if is_down else ">", near))


def _narrowed(
    query: Query, name: str, row: FromClause, sign: str, value: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    """What lets an index serve the comparison of a field, where it has such a thing."""
    narrow = query.facet.fields[name].narrow
    if narrow is not None and (found := narrow(row, sign, value)) is not None:
        yield found


def _can_be_continued(query: Query, name: str) -> bool:
    """A null compares with nothing, so rows after a null sort key could not be found."""
    found = query.facet.fields.get(name)
    if found is None or found.identity or _is_hidden(query, name):
        return False
    return found.computed is not None or not (found.column is None or found.column.nullable)


def _is_hidden(query: Query, name: str) -> bool:
    """Whether the reader may not see a field of the row, or not in every row: its order would tell of it."""
    key = (query.facet.model.__name__, custom_name(name))
    return key in query.seen_by.masked or any(key in fields for fields, _ in query.seen_by.veils)


def _is_veiled(query: Query, found: Field, key: Order) -> bool:
    """Whether a sort key of the row itself is hidden in some rows; one of another row is taken for hidden."""
    return (
        _is_hidden(query, found.name)
        if "." not in key.path
        else bool(query.seen_by.veils or query.seen_by.masked)
    )


def _sort_keys(query: Query, row: FromClause, names: Iterable[str]) -> Iterator[ColumnElement[Any]]:
    """The values that rows are compared by, for fields of the row itself."""
    for name in names:
        found = query.facet.fields[name]
        order = _order_of(found)
        yield from order(row) if order else (found.expression(row),)


def directed(value: ColumnElement[Any], *, descending: bool) -> ColumnElement[Any]:
    """The value as a sort key, nulls last in both directions."""
    ordered = value.desc() if descending else value.asc()
    return ordered.nulls_last() if may_be_null(value) else ordered
