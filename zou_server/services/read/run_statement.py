"""Statements that come often are prepared in each connection: planning joins costs more than running them.

What a connection has prepared is noted in its pool record, which ends with the connection.
"""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import AsIs

from zou_server.query.statement import Statement

WORTH_PREPARING = 3
"""A statement wanted this often is prepared."""
MAX_PREPARED = 300
"""Plans that one connection keeps; queries without end must not fill the database's memory."""
LONG_LIST = 500
"""A list of values longer than this has a plan of its own: a kept one, made for a few, compares each row with
each value."""

SHARED = "shared"
"""What the record of a connection notes when its session is another one in each transaction: nothing is
prepared there."""


def run(cursor: Any, known: dict[str, Any], statement: Statement, parameters: dict[str, Any]) -> None:
    """Execute a statement on a cursor in autocommit, prepared where that pays."""
    if any(len(parameters[name]) > LONG_LIST for name in statement.lists):
        cursor.execute(statement.sql, parameters)
        return
    if statement.name not in known and not _prepared(cursor, known, statement):
        cursor.execute(statement.sql, parameters)
        return
    cursor.execute(statement.run_prepared(), parameters)


def _prepared(cursor: Any, known: dict[str, Any], statement: Statement) -> bool:
    if SHARED in known:
        return False
    statement.uses += 1
    if statement.uses < WORTH_PREPARING or len(known) >= MAX_PREPARED:
        return False
    places = {name: AsIs(f"${number}") for number, (name, _) in enumerate(statement.binders, 1)}
    text = cursor.mogrify(statement.sql, {**statement.fixed, **places}).decode()
    cursor.execute(f"PREPARE {statement.name} AS {text}")
    known[statement.name] = True
    return True
