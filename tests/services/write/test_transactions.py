"""Transactions whose BEGIN and COMMIT travel with the statements, and statements that are prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import InFailedSqlTransaction
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, ISOLATION_LEVEL_READ_COMMITTED
from sqlalchemy import create_engine, text

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Unavailable
from zou_server.models.registry import facet
from zou_server.services.read.run_statement import MAX_PREPARED
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update
from zou_server.services.write.prepared import ONE_PLAN


@pytest.fixture
def raw(kit: StudioKit) -> Iterator[Any]:
    """A connection of the pool for writes, with a table of its own."""
    connection: Any = kit.studio.writes.raw_connection()
    with closing(connection):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE kept (n integer)")
        connection.commit()
        yield connection
        connection.invalidate()


def put(connection: Any, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (%s)", (number,))


def kept(connection: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept ORDER BY n")
        found = [row[0] for row in cursor.fetchall()]
    connection.rollback()
    return found


def test_what_is_committed_stays_and_what_is_rolled_back_goes(raw: Any) -> None:
    put(raw, 1)
    put(raw, 2)
    raw.commit()
    put(raw, 3)
    raw.rollback()
    raw.rollback()
    raw.commit()
    assert kept(raw) == [1, 2]


def test_a_failed_transaction_is_never_taken_for_a_committed_one(raw: Any) -> None:
    put(raw, 1)
    with pytest.raises(psycopg2.errors.UndefinedTable):
        raw.cursor().execute("SELECT * FROM nowhere")
    with pytest.raises(InFailedSqlTransaction):
        raw.commit()
    raw.rollback()
    put(raw, 2)
    raw.commit()
    assert kept(raw) == [2]


def test_a_first_statement_that_fails_leaves_a_connection_that_works(raw: Any) -> None:
    with pytest.raises(psycopg2.errors.SyntaxError):
        raw.cursor().execute("SELEKT 1")
    raw.rollback()
    put(raw, 1)
    raw.commit()
    assert kept(raw) == [1]


def test_in_autocommit_each_statement_stands_alone(raw: Any) -> None:
    raw.dbapi_connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    put(raw, 1)
    raw.rollback()
    raw.dbapi_connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
    put(raw, 2)
    raw.rollback()
    assert kept(raw) == [1]


def test_begin_and_commit_cost_no_statement_of_their_own(kit: StudioKit) -> None:
    with noted(kit.studio.writes) as statements:
        kit.execute(Create(facet("Department"), {"name": "Lighting of this test"}))
    assert not [each for each in statements if each.strip().upper() in ("BEGIN", "COMMIT", "ROLLBACK")]
    assert len([each for each in statements if each.endswith("COMMIT")]) == 1


def test_a_connection_that_knows_too_many_statements_still_writes(kit: StudioKit) -> None:
    with kit.studio.write(SYSTEM) as work:
        info = work.pooled_connection().info
        info.update({f"filler {number}": True for number in range(MAX_PREPARED)})
        made = work.execute([Create(facet("Department"), {"name": "One too many"})])
        work.commit()
        for name in [name for name in info if str(name).startswith("filler")]:
            del info[name]
    assert kit.row("Department", made[0].id, "name") == "One too many"


def test_a_plan_made_while_a_table_is_small_finds_rows_by_index(kit: StudioKit) -> None:
    department = kit.create("Department", name="Planned")
    with kit.studio.write(SYSTEM) as work:
        work.execute([Update(facet("Department"), department, {"name": "Planned again"})])
        with work.pooled_connection().cursor() as cursor:
            cursor.execute(f"{ONE_PLAN} EXPLAIN EXECUTE zou_lock_department (ARRAY[]::uuid[])")
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_what_the_rows_of_a_long_list_share_is_theirs_and_nobody_elses(kit: StudioKit) -> None:
    project = kit.project()
    said = [{"description": "the same"} if number else {} for number in range(20)]
    made = kit.execute(
        *(
            Create(facet("Shot"), {"name": f"SH{number:03}", "project_id": project, "nb_frames": 8, **more})
            for number, more in enumerate(said)
        )
    )
    where, order = Where("project_id", Op.EQ, str(project)), (Order("name"),)
    rows = kit.rows("Shot", "name", "nb_frames", "description", where=where, order=order)
    assert [row["description"] for row in rows] == [None] + ["the same"] * 19
    assert {row["nb_frames"] for row in rows} == {8}
    kit.execute(*(Update(facet("Shot"), each.id, {"nb_frames": None}) for each in made[1:]))
    rows = kit.rows("Shot", "nb_frames", where=where, order=order)
    assert [row["nb_frames"] for row in rows] == [8] + [None] * 19


def change_and_lose_the_connection(kit: StudioKit, name: str) -> None:
    """Make a project in a transaction whose backend ends before it is committed."""
    with kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet("Project"), {"name": name})])
        pid = work.session.scalar(text("SELECT pg_backend_pid()"))
        with kit.studio.reads.connect() as other:
            assert other.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        work.commit()


def test_a_connection_that_is_lost_on_the_way_is_told_as_such_and_used_no_more(kit: StudioKit) -> None:
    name = unique("lost")
    with pytest.raises(Unavailable, match="cannot be reached"):
        change_and_lose_the_connection(kit, name)
    assert kit.rows("Project", "id", where=Where("name", Op.EQ, name)) == []
    assert kit.row("Project", kit.create("Project", name=name), "name") == name


def test_a_database_that_goes_before_a_change_begins_is_told_as_away(kit: StudioKit) -> None:
    away = create_engine("postgresql+psycopg2://nobody@/nothing?host=/nowhere")
    studio = Studio(kit.studio.reads, away, RULEBOOK)
    with pytest.raises(Unavailable, match="cannot be reached"), studio.write(SYSTEM):
        pass


def test_a_database_that_goes_in_the_middle_of_a_change_is_told_as_away(kit: StudioKit) -> None:
    with pytest.raises(Unavailable), kit.studio.write(SYSTEM) as work:
        work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
