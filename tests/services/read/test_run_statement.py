"""Which statements a connection prepares, and when it plans for the values at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
import sqlalchemy as sa

from tests.big_studio.plans import asked
from zou_server.models.conditions import Op
from zou_server.models.registry import Kind
from zou_server.query.statement import Binder, Statement
from zou_server.services.read.run_statement import WORTH_PREPARING, PlanChoice, run

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

ROWS, FEW = 300_000, 10
MANY = ROWS - FEW
SQL = "SELECT count(other) FROM skewed WHERE kind = %(p0)s"


@pytest.fixture(scope="module")
def engine(postgres: SuitePostgres) -> Iterator[sa.Engine]:
    """A table where one kind is nearly all rows, and the other a few."""
    engine = sa.create_engine(postgres.empty_database(), isolation_level="AUTOCOMMIT", pool_size=1)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE skewed (kind integer, other integer)"))
        rows = "INSERT INTO skewed SELECT (n <= :few)::integer, n FROM generate_series(1, :all) n"
        connection.execute(sa.text(rows), {"few": FEW, "all": ROWS})
        connection.execute(sa.text("CREATE INDEX ON skewed (kind)"))
        connection.execute(sa.text("VACUUM ANALYZE skewed"))
    yield engine
    engine.dispose()


def statement(name: str, op: Op = Op.EQ, sql: str = SQL) -> Statement:
    return Statement(sql, {}, (("p0", Binder(0, "kind", Kind.INTEGER, op)),), name)


class Connection:
    """A connection of the pool and what it was asked."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def answers(self, of: Statement, *values: Any) -> list[Any]:
        """What the statement finds for each value, on one connection."""
        raw: Any = self._engine.raw_connection()
        found = []
        try:
            for value in values:
                with raw.cursor() as cursor:
                    run(cursor, raw.info, of, {"p0": value})
                    found.append(cursor.fetchone()[0])
        finally:
            self.known = dict(raw.info)
            raw.close()
        return found

    def last(self, of: Statement, value: Any) -> str:
        """How the statement is sent for a value."""
        with asked(self._engine) as statements:
            self.answers(replace(of, uses=WORTH_PREPARING), value, value)
        return statements[-1].split()[0]


def test_a_statement_whose_one_plan_is_as_good_is_planned_once(engine: sa.Engine) -> None:
    one = statement("zou_even", sql="SELECT count(other) FROM skewed WHERE other %% 2 = %(p0)s")
    assert Connection(engine).answers(one, 0, 1, 0, 1, 0) == [ROWS // 2] * 5
    assert Connection(engine).last(one, 1) == "EXECUTE"


def test_a_value_that_few_rows_have_is_planned_for_where_another_has_most(engine: sa.Engine) -> None:
    assert Connection(engine).last(statement("zou_few"), 1) == "SELECT"
    found = Connection(engine).answers(statement("zou_some"), 0, 1, 0, 1, 0)
    assert found == [MANY, FEW, MANY, FEW, MANY]


def test_the_choice_is_made_again_after_a_while(engine: sa.Engine) -> None:
    of, connection = statement("zou_again"), Connection(engine)
    raw: Any = engine.raw_connection()
    raw.info[of.name] = PlanChoice(has_one=False, until=0.0)
    raw.close()
    assert connection.answers(of, 0, 1) == [MANY, FEW]
    assert connection.known[of.name].until > 0


def test_a_value_that_is_refused_leaves_the_statement_to_others(engine: sa.Engine) -> None:
    of, connection = statement("zou_refused"), Connection(engine)
    of.uses = WORTH_PREPARING
    for _ in range(2):
        with pytest.raises(psycopg2.Error):
            connection.answers(of, "no number")
    assert connection.answers(of, 1, 1) == [FEW, FEW]


def test_what_values_are_to_be_like_is_planned_for(engine: sa.Engine) -> None:
    like = statement("zou_like", Op.CONTAINS, "SELECT count(*) FROM skewed WHERE kind::text LIKE %(p0)s")
    assert Connection(engine).last(like, "%7%") == "SELECT"
