"""A site filled by SQL, past the pipeline: what years of work leave behind, in minutes.

Everything is first numbered in tables of its own (schema `filling`, `stages.sql`), then written to the
studio's tables without their indexes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Engine
from sqlalchemy.dialects import postgresql

from tests.big_studio.log import LOG, log_statements, room_statements
from tests.big_studio.rebuild import without_indexes
from tests.big_studio.rows import FILLS, Fill
from tests.big_studio.sizes import ASSET_STEPS, SHOT_STEPS, Size
from zou_server.models.base import Base
from zou_server.services.events.log_parts import LogParts

_NAMES = "ARRAY['lantern','river','harbor','tower','forest','engine','mask','market','bridge','cellar']"

MOST_CHECKED = 100_000
"""Tasks of a studio whose foreign keys are looked at when it is filled."""

STAGES = (Path(__file__).parent / "stages.sql").read_text()
"""The statements that number everything there is."""


def fill(engine: Engine, size: Size, tell: Callable[[str], None] = lambda _: None) -> None:
    """Fill a new studio: rows, and the log of how they came about."""
    tables = sorted({"object", *(each.table for each in FILLS), *LOG})
    stages = STAGES.format(**_figures(size)).strip().rstrip(";").split(";\n")
    with engine.connect() as connection:
        for setting in _SETTINGS:
            connection.exec_driver_sql(f"SET LOCAL {setting}")
        with without_indexes(connection, tables, is_trusted=size.tasks > MOST_CHECKED):
            _run(connection, [*stages, *map(_statement, FILLS), *room_statements()], tell)
            LogParts(connection).make_ahead()
            _run(connection, log_statements(), tell)
            began = time.perf_counter()
        tell(f"{time.perf_counter() - began:6.1f} s  indexes and keys")
        connection.exec_driver_sql("DROP SCHEMA filling CASCADE")
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _run(connection: Connection, statements: Iterable[str], tell: Callable[[str], None]) -> None:
    for statement in statements:
        began = time.perf_counter()
        connection.connection.cursor().execute(statement)
        tell(f"{time.perf_counter() - began:6.1f} s  {' '.join(statement.split())[:70]}")


_SETTINGS = (
    "synchronous_commit = off",
    "work_mem = '256MB'",
    "maintenance_work_mem = '512MB'",
    "statement_timeout = 0",
)


def _figures(size: Size) -> dict[str, Any]:
    return {
        "people": size.people,
        "projects": size.projects,
        "open_projects": size.open_projects,
        "shots_of_first": size.shots_of_first,
        "shots_of_others": size.shots_of_others,
        "notes": size.notes,
        "shot_steps": SHOT_STEPS,
        "asset_steps": ASSET_STEPS,
        "names": _NAMES,
    }


def _statement(fill: Fill) -> str:
    """The INSERT of rows and of what `object` says of them."""
    table = Base.metadata.tables[fill.table]
    stamps = {"created_at": "s.at", "updated_at": "s.at", "created_by_id": "s.by", "updated_by_id": "s.by"}
    given = {**stamps, "id": "s.id" if fill.own_id else "gen_random_uuid()", **fill.columns}
    columns = {column.name: _value(column, given) for column in table.columns}
    written = {name: value for name, value in columns.items() if value}
    chosen = ", ".join(f"{value} AS {name}" for name, value in written.items())
    return f"""
    WITH made AS MATERIALIZED (
        SELECT {chosen}, {fill.name} AS object_name, {fill.project} AS object_project
        FROM {fill.source} WHERE {fill.where}
    ), known AS (
        INSERT INTO object (id, kind, name, project_id)
        SELECT id, '{fill.kind}', object_name, object_project FROM made
    )
    INSERT INTO {fill.table} ({", ".join(written)}) SELECT {", ".join(written)} FROM made"""


def _value(column: Column[Any], given: Mapping[str, str]) -> str | None:
    """The SQL of a column's value: what was given, what the model says, or None for what the table says."""
    if column.name in given:
        return given[column.name]
    default = column.default
    if column.server_default is not None or not isinstance(default, sa.ColumnDefault) or default.is_callable:
        return None
    literal = sa.literal(default.arg, column.type)
    return str(literal.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
