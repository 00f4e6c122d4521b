"""Statements that come often are prepared in each connection: planning joins costs more than running them.

Each has one plan for all values where that is about as good as one for the values at hand: what it costs more
is less than what planning costs. By itself PostgreSQL plans at each use for the smallest difference.
What a connection has prepared is noted in its pool record, which ends with the connection.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
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
COST_OF_A_MILLISECOND = 500.0
"""What PostgreSQL plans with for about a millisecond of work."""
CHEAPER = 0.9
"""A plan for any values estimated below this share of one for those at hand is not better: it knows less."""
DEARER = 10.0
"""Nor is one that is estimated so many times as dear: planning seems slow where the processors are busy."""
SMALL = 20.0
"""A difference of cost that says nothing."""
DECIDED_FOR = 15 * 60.0
"""Seconds after which the two plans are compared again: tables grow, and others ask."""

SHARED = "shared"
"""What the record of a connection notes when its session is another one in each transaction: nothing is
prepared there."""
_ONE_PLAN = "SET plan_cache_mode = force_generic_plan"


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """Whether a connection runs a statement by its one plan, and until when that is so."""

    has_one: bool
    until: float


def run(cursor: Any, known: dict[str, Any], statement: Statement, parameters: dict[str, Any]) -> None:
    """Execute a statement on a cursor, by one plan for all values where that pays."""
    if _has_one_plan(cursor, known, statement, parameters):
        cursor.execute(statement.run_prepared(), parameters)
    else:
        cursor.execute(statement.sql, parameters)


def _has_one_plan(
    cursor: Any, known: dict[str, Any], statement: Statement, parameters: dict[str, Any]
) -> bool:
    if statement.of_patterns or (
        statement.lists and any(len(parameters[name]) > LONG_LIST for name in statement.lists)
    ):
        return False
    choice: PlanChoice | None = known.get(statement.name)
    if choice is None:
        statement.uses += 1
        if SHARED in known or statement.uses < WORTH_PREPARING or len(known) >= MAX_PREPARED:
            return False
    if choice is None or choice.until < time.monotonic():
        choice = known[statement.name] = _choose(cursor, known, statement, parameters)
    return choice.has_one


def _choose(
    cursor: Any, known: dict[str, Any], statement: Statement, parameters: dict[str, Any]
) -> PlanChoice:
    """Compare the plan for any values with one for these."""
    before: PlanChoice | None = known.get(statement.name)
    if before is None or not before.has_one:
        places = {name: AsIs(f"${number}") for number, (name, _) in enumerate(statement.binders, 1)}
        text = cursor.mogrify(statement.sql, {**statement.fixed, **places}).decode()
        cursor.execute(f"PREPARE {statement.name} AS {text}; {_ONE_PLAN}")
        known[statement.name] = PlanChoice(has_one=True, until=0.0)  # also when these values are refused
    one = _explained(cursor, statement.run_prepared(), parameters)
    own = _explained(cursor, statement.sql, parameters)
    own_cost, cost = own["Plan"]["Total Cost"], one["Plan"]["Total Cost"]
    planning = own["Planning Time"] * COST_OF_A_MILLISECOND
    most = min(own_cost + planning, own_cost * DEARER + SMALL)
    has_one = own_cost * CHEAPER - SMALL <= cost <= most
    if not has_one:
        cursor.execute(f"DEALLOCATE {statement.name}")
    return PlanChoice(has_one, time.monotonic() + DECIDED_FOR)


def _explained(cursor: Any, sql: str, parameters: dict[str, Any]) -> dict[str, Any]:
    cursor.execute(f"EXPLAIN (FORMAT JSON, SUMMARY) {sql}", parameters)
    found: dict[str, Any] = cursor.fetchone()[0][0]
    return found
