"""Connections through a pooler that gives each transaction whatever session is free (PgBouncer and its like).

It is told by the number of the process that answers, which the pooler does not know when it greets us. What
belongs to a session is then done without: nothing is prepared, settings are said in each transaction, nobody
waits for a NOTIFY. Locks, cursors and temporary tables of ours end with their transaction in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg2
from sqlalchemy import Engine, event

from zou_server.services.read.run_statement import SHARED

_REFUSAL = "unsupported startup parameter"


def suit_pooler(engine: Engine, options: Mapping[str, str]) -> None:
    """Make an engine find out for each of its connections whether the session behind it is its own."""
    said = "".join(f"SET LOCAL {name} = '{value}';" for name, value in options.items())

    def connect(dialect: Any, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*arguments, **options)
        except psycopg2.OperationalError as error:
            if _REFUSAL not in str(error):
                raise
        return dialect.connect(*arguments, **{**options, "options": None})

    def look(connection: Any, record: Any) -> None:
        if is_shared(connection):
            record.info[SHARED] = True
            connection.say_before(said)

    event.listen(engine, "do_connect", connect)
    # Before the dialect asks the first connection about the database.
    event.listen(engine, "connect", look, insert=True)


def is_shared(connection: Any) -> bool:
    """Whether a pooler stands between us and the session of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (found,) = cursor.fetchone()
    connection.rollback()
    return bool(found != connection.get_backend_pid())
