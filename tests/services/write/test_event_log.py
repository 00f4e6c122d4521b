"""The event log: gapless, in the order of commits, with old and new values, author and client."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.studio import PLAIN, StudioKit
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.write.operations import Create


def test_a_change_is_told_by_attribute_with_old_and_new_value(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), description="before")
    kit.update("Shot", shot, description="after", data={"lens": 35})
    changes = [(e["attribute"], e["old"], e["new"]) for e in kit.events(shot) if e["action"] == "update"]
    assert changes == [("description", "before", "after"), ("data.lens", None, 35)]


def test_the_author_and_the_client_are_on_every_event(kit: StudioKit) -> None:
    project = kit.project()
    actor = replace(kit.person("manager", {project: None}), client="shotgun")
    shot = kit.create("Shot", actor, name="SH010", project_id=project)
    assert {(e["client"], e["actor_id"]) for e in kit.events(shot)} == {("shotgun", str(actor.person_id))}


def test_one_operation_has_one_head_event_and_only_heads_have_an_id(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), nb_frames=5)
    kit.update("Shot", shot, nb_frames=6, description="x")
    heads = [(e["action"], e["attribute"]) for e in kit.events(shot) if e["id"]]
    assert heads == [("create", None), ("update", "nb_frames")]


def test_a_failed_transaction_leaves_no_event_and_no_gap(kit: StudioKit) -> None:
    project = kit.project()
    last = kit.events()[-1]["number"]
    with pytest.raises(Invalid):
        kit.execute(
            Create(facet("Shot"), {"name": "SH010", "project_id": project}),
            Create(facet("Shot"), {"name": "SH020", "nonsense": 1}),
        )
    kit.shot(project)
    assert kit.events()[-1]["number"] > last
    numbers = [e["number"] for e in kit.events()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_many_writers_at_once_leave_no_gap_and_a_polling_reader_misses_nothing(kit: StudioKit) -> None:
    project = kit.project()
    start = kit.events()[-1]["number"]
    seen: list[int] = []
    done = threading.Event()

    def poll() -> None:
        last = start
        while True:
            finished = done.is_set()
            rows = kit.rows(
                "EventLog", "number", where=Where("number", Op.GT, last), order=(Order("number"),)
            )
            seen.extend(row["number"] for row in rows)
            last = seen[-1] if seen else last
            if finished and not rows:
                return

    def write(writer: int) -> None:
        for index in range(15):
            kit.create("Shot", name=f"SH {writer} {index}", project_id=project)

    reader = threading.Thread(target=poll)
    reader.start()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    done.set()
    reader.join()
    assert len(kit.rows("Shot", "id", where=Where("project_id", Op.EQ, str(project)))) == 90
    assert seen == list(range(start + 1, start + 1 + len(seen)))
    assert len(seen) == 90 * 3


def test_retiring_tells_of_everything_that_went(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    task = kit.create("Task", entity_id=shot)
    kit.delete("Shot", shot)
    assert [e["action"] for e in kit.events(task)][-1] == "delete"
    assert [e["action"] for e in kit.events(shot)][-1] == "delete"


def test_link_rows_are_told_by_the_row_that_has_the_link(kit: StudioKit) -> None:
    project, person = kit.project(), kit.person().person_id
    kit.create("Membership", project_id=project, person_id=person)
    before = len(kit.events())
    kit.create("Task", project_id=project, assignees=[person])
    kinds = {e["kind"] for e in kit.events()[before:]}
    assert kinds == {"Task"}


def test_a_new_row_is_written_as_one_row_of_the_log_and_read_as_many(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), description="first", data={"lens": 35})
    kit.update("Shot", shot, nb_frames=5)
    events = kit.events(shot)
    told = [(e["action"], e["attribute"], e["new"], bool(e["id"])) for e in events]
    assert told[0] == ("create", None, None, True)
    assert ("create", "description", "first", False) in told
    assert ("create", "data.lens", 35, False) in told
    assert told[-1] == ("update", "nb_frames", 5, True)
    numbers = [e["number"] for e in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    with kit.studio.writes.connect() as connection:
        written = connection.scalar(sa.text("SELECT count(*) FROM event WHERE object_id = :id"), {"id": shot})
    assert written == 2


def test_an_event_is_found_by_its_number_wherever_it_is_in_its_change_set(kit: StudioKit) -> None:
    shot = kit.shot(kit.project(), description="first")
    for event in kit.events(shot):
        number = event["number"]
        for sign, wanted in ((Op.EQ, number), (Op.GT, number + 1), (Op.GE, number), (Op.LE, number)):
            descending = sign is Op.LE
            order = (Order("number", descending=descending),)
            found = kit.rows("EventLog", "number", where=Where("number", sign, number), order=order, limit=1)
            assert [row["number"] for row in found] in ([wanted], [] if sign is Op.GT else [wanted])


def test_a_follower_reads_the_log_from_where_it_was_and_not_from_its_start(kit: StudioKit) -> None:
    after = Where("number", Op.GT, 5)
    query = Query(
        facet("EventLog"), Projection((Output("number", "number"),)), after, (Order("number"),), limit=100
    )
    statement, parameters = statement_for(query, PLAIN, AnswerShape.ARRAY)
    with kit.studio.writes.connect() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        lines: Any = connection.exec_driver_sql(f"EXPLAIN {statement.sql}", parameters)
        plan = "\n".join(line for (line,) in lines)
    assert re.search(r"base_idx on event_from_1 .*\n *Index Cond: \(base >= ", plan), plan
    assert re.search(r"pkey on change_set_from_1 .*\n *Index Cond: .*\(base >= ", plan), plan
