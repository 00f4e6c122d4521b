"""The log is kept in parts by number: made ahead, never in the way, and dropped as a whole."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.services.events.test_prune_events import LONG_AGO, log_of
from tests.studio import PLAIN, StudioKit, open_studio
from zou_server.adapters.event_archive import EventArchive
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.event import ChangeSet
from zou_server.models.registry import facet
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.events import log_parts
from zou_server.services.events.log_parts import LogParts, Part, make_parts_ahead
from zou_server.services.events.prune_events import prune_events

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

FIRST = 5_000_001
"""The number that the second part of a new studio begins at."""
NUMBERS = 1_000
"""Numbers of the parts that these tests have made."""


@pytest.fixture
def kit(postgres: SuitePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StudioKit]:
    """A studio of this test's own, whose next numbers are at the end of the first part."""
    monkeypatch.setattr(log_parts, "NUMBERS", NUMBERS)
    with open_studio(postgres, tmp_path) as kit:
        go_on_at(kit, FIRST - 5)
        yield kit


def go_on_at(kit: StudioKit, number: int) -> None:
    """Have the next change begin at a number."""
    with kit.studio.writes.begin() as connection:
        connection.execute(sa.text("UPDATE event_counter SET next = :number"), {"number": number})


def parts_of(kit: StudioKit) -> list[Part]:
    with kit.studio.reads.connect() as connection:
        return LogParts(connection).all()


def rows_in(kit: StudioKit, part: int) -> int:
    with kit.studio.reads.connect() as connection:
        found = connection.execute(sa.text(f"SELECT count(*) FROM event_from_{part}"))
        return int(found.scalar_one())


def test_a_new_studio_has_a_part_and_an_open_one(kit: StudioKit) -> None:
    assert parts_of(kit) == [Part(1, FIRST), Part(FIRST, None)]


def test_the_next_part_is_made_before_its_first_number_is_given(kit: StudioKit) -> None:
    assert make_parts_ahead(kit.studio.writes)
    assert parts_of(kit) == [Part(1, FIRST), Part(FIRST, FIRST + NUMBERS), Part(FIRST + NUMBERS, None)]
    assert not make_parts_ahead(kit.studio.writes)
    for _ in range(5):
        kit.project()
    assert rows_in(kit, FIRST) > 0
    assert rows_in(kit, FIRST + NUMBERS) == 0


def test_where_nobody_makes_parts_the_open_one_takes_what_comes_and_then_ends_behind_it(
    kit: StudioKit,
) -> None:
    go_on_at(kit, FIRST + 3 * NUMBERS + 10)
    project = kit.project()
    before = kit.events(project)
    assert make_parts_ahead(kit.studio.writes)
    closed = FIRST + 4 * NUMBERS
    assert parts_of(kit)[1:] == [Part(FIRST, closed), Part(closed, None)]
    kit.update("Project", project, description="still written to")
    assert kit.events(project)[:-1] == before


def test_parts_are_made_while_others_read_and_write(kit: StudioKit) -> None:
    stop, failures, project = threading.Event(), [], kit.project()

    def work() -> None:
        while not stop.is_set():
            try:
                kit.shot(project)
                kit.events(project)
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    try:
        for _ in range(3):
            make_parts_ahead(kit.studio.writes)
            go_on_at(kit, parts_of(kit)[-1].start)
    finally:
        stop.set()
        for each in workers:
            each.join()
    assert failures == []
    assert len(parts_of(kit)) >= 4


def in_three_parts(kit: StudioKit) -> list[int]:
    """Old changes in the first and second part, and in the third with young ones; where the parts begin."""
    starts = [1, FIRST, FIRST + NUMBERS]
    make_parts_ahead(kit.studio.writes)
    for start in starts[1:]:
        go_on_at(kit, start)
        make_parts_ahead(kit.studio.writes)
        kit.project()
        kit.project()
    with kit.studio.writes.begin() as connection:
        connection.execute(sa.update(ChangeSet).values(created_at=LONG_AGO))
    kit.project()
    return starts


def test_parts_that_are_old_altogether_are_dropped_and_of_the_next_one_the_rows(
    kit: StudioKit, tmp_path: Path
) -> None:
    first, second, third = in_three_parts(kit)
    before = log_of(kit)
    young = [each for each in before if each["created_at"] > LONG_AGO]
    with EventArchive(tmp_path / "events.jsonl") as archive:
        removed = prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1), archive.keep)
    assert removed == len(before) - len(young)
    assert log_of(kit) == young
    assert young
    assert {first, second}.isdisjoint(part.start for part in parts_of(kit))
    assert parts_of(kit)[0].start == third
    kept = [json.loads(line)["number"] for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert kept == [each["base"] + each["ordinal"] for each in before if each not in young]


def test_a_part_that_could_not_be_kept_stays(kit: StudioKit) -> None:
    starts, before = in_three_parts(kit), log_of(kit)

    def keep(lines: Any) -> None:
        list(lines)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        prune_events(kit.studio.writes, datetime.now(UTC), keep)
    assert log_of(kit) == before
    assert [part.start for part in parts_of(kit)][:3] == starts


def test_all_may_go_and_the_next_change_still_has_the_next_number(kit: StudioKit) -> None:
    in_three_parts(kit)
    last = log_of(kit)[-1]["last"]
    prune_events(kit.studio.writes, datetime.now(UTC) + timedelta(days=1))
    assert log_of(kit) == []
    project = kit.project()
    assert kit.events(project)[0]["number"] == last + 1


def test_an_event_is_found_by_its_id_in_whichever_part_it_is(kit: StudioKit) -> None:
    in_three_parts(kit)
    heads = [each for each in kit.events() if each["id"]]
    for each in (heads[0], heads[-1]):
        assert kit.rows("ApiEvent", "id", where=Where("id", Op.EQ, each["id"])) == [{"id": each["id"]}]
    known = [heads[0]["id"], heads[-1]["id"]]
    found = kit.rows("ApiEvent", "id", where=Where("id", Op.IN, known), order=(Order("number"),))
    assert [each["id"] for each in found] == known
    other = "00000000-0000-8000-8000-00000fffffff"
    assert kit.rows("ApiEvent", "id", where=Where("id", Op.EQ, other)) == []


@pytest.mark.parametrize(
    ("name", "where", "after"),
    [
        ("EventLog", Where("number", Op.GT, FIRST + NUMBERS), None),
        ("EventLog", Where("number", Op.EQ, FIRST + NUMBERS), None),
        ("ApiEvent", Where("id", Op.EQ, f"00000000-0000-8000-8000-{FIRST + NUMBERS:012x}"), None),
        ("ApiEvent", Where("action", Op.EQ, "create"), f"00000000-0000-8000-8000-{FIRST + NUMBERS:012x}"),
    ],
)
def test_a_question_by_number_reads_no_part_that_it_is_not_about(
    kit: StudioKit, name: str, where: Where, after: str | None
) -> None:
    in_three_parts(kit)
    order = (Order("number", descending=after is not None),)
    query = Query(facet(name), Projection((Output("number", "number"),)), where, order, limit=1, after=after)
    statement, parameters = statement_for(query, PLAIN, AnswerShape.ARRAY)
    with kit.studio.writes.connect() as connection:
        for table in ("event", "change_set"):
            connection.exec_driver_sql(f"ANALYZE {table}")
        # The tables of a test are so small that reading them whole is cheapest.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        explained = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) {statement.sql}"
        (plan,) = connection.exec_driver_sql(explained, parameters).one()
    wanted = FIRST if after else FIRST + NUMBERS
    assert f"event_from_{wanted}" in touched(plan[0]["Plan"])
    assert "event_from_1" not in touched(plan[0]["Plan"])


def touched(plan: dict[str, Any]) -> set[str]:
    """The tables of a plan that rows were asked of."""
    found = {plan["Relation Name"]} if plan.get("Relation Name") and plan["Actual Loops"] else set()
    return found.union(*(touched(part) for part in plan.get("Plans", ())))
