"""What PostgreSQL does to answer: the statements that were sent, and the plans it makes for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from sqlalchemy import Engine, event


class Asked(list[str]):
    """The statements that were sent, with their values in them."""


@contextmanager
def asked(*engines: Engine) -> Iterator[Asked]:
    """Note what these engines are asked from now on."""
    found = Asked()

    def note(connection: Any, _record: Any) -> None:
        base: Any = connection.cursor_factory or psycopg2.extensions.cursor

        class Noting(base):
            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
                super().execute(query, vars)
                found.append(self.query.decode())

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


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def plans(
    engine: Engine, statements: list[str], how: str = "FORMAT JSON"
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The questions among statements, and the plan of each: also of those that a connection has prepared."""
    with engine.connect() as connection:
        connection.detach()  # what is prepared here is known to no pool
        cursor = connection.connection.cursor()
        for text in statements:
            if re.match(r"\s*PREPARE\b", text):
                cursor.execute(text)
            elif re.match(r"\s*(SELECT|WITH|EXECUTE)\b", text):
                cursor.execute(f"EXPLAIN ({how}) {text}")
                (plan,) = cursor.fetchall()[0]
                yield text, (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
