"""The rows that a statement speaks of: aliases of tables, as light as a statement needs them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import Base


def row_of(table: FromClause) -> FromClause:
    """A row of a table under a name of its own; the table's name says which table it is.

    SQLAlchemy copies each column of a table for each of its aliases, with keys, defaults and events. A
    statement needs names and types, and making those takes a tenth of the time: most of a question's first.
    """
    return _names_and_types(table).alias()


def is_of_log(statement: Any) -> bool:
    """Whether the tables whose rows a statement speaks of are all parts of the event log."""
    read = map(_table_behind, _parts(statement))
    return all(table.info.get("log") for table in read if table is not None)


def _parts(part: Any) -> Iterator[Any]:
    """A part of a statement and all below it; what rows are read from, which is named last, comes first.

    So a look for tables ends soon: going through every column took twice to three times as long.
    """
    yield part
    for each in reversed(tuple(part.get_children())):
        yield from _parts(each)


def may_be_null(value: ColumnElement[Any]) -> bool:
    """Whether a value may be null: the column of a row says so, of anything else nothing is known."""
    table = _table_behind(getattr(getattr(value, "table", None), "element", None))
    return table is None or bool(table.columns[str(value.key)].nullable)


def _table_behind(part: object) -> sa.Table | None:
    """The table itself that a part of a statement is, or stands for."""
    if isinstance(part, sa.Table):
        return part
    known = Base.metadata.tables.get(part.name) if isinstance(part, sa.TableClause) else None
    return known if known is not None and _names_and_types(known) is part else None


@cache
def _names_and_types(table: sa.Table) -> sa.TableClause:
    return sa.table(table.name, *(sa.column(each.name, each.type) for each in table.columns))
