"""What an application asks of its database, statement by statement, below everything that could hide some."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from sqlalchemy import Engine, event


class Statements(list[str]):
    """The statements so far; those that only prepare another one, or ask how it is planned, are left out."""

    def add(self, statement: Any) -> None:
        """Note a statement."""
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        if not text.lstrip().upper().startswith(("PREPARE", "EXPLAIN", "DEALLOCATE")):
            self.append(text)


@contextmanager
def noted(*engines: Engine) -> Iterator[Statements]:
    """Note every statement that these engines send from now on."""
    found = Statements()

    def note(connection: Any, _record: Any) -> None:
        base: Any = connection.cursor_factory or psycopg2.extensions.cursor

        class Noting(base):
            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
                found.add(query)
                super().execute(query, vars)

            def executemany(self, query: Any, vars_list: Any) -> None:
                found.add(query)
                super().executemany(query, vars_list)

        connection.cursor_factory = Noting

    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "connect", note)
            engine.dispose()
