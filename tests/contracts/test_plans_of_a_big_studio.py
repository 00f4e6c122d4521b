"""Questions of bounded size never read or sort a table that grows, whoever asks: plans say so.

What is asked, and who asks, is what `benchmarks/big_studio.py` asks of a studio of a million tasks.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from tests.big_studio.fill import fill
from tests.big_studio.people import settle
from tests.big_studio.plans import asked, nodes, plans
from tests.big_studio.questions import QUESTIONS, Keys, Question, log_in
from tests.big_studio.sizes import Size
from tests.contracts.world import World

SIZE = Size(tasks=12_000, projects=16, open_projects=4, people=100, first=4)
ASKERS = ("admin", "manager", "artist", "client", "vendor")
MANY = 2_000
"""Rows that nobody needs to sort for an answer of bounded size."""
# Entities are few beside their tasks: as many as here are read whole by right.
GROWING = frozenset(
    {
        "assignation",
        "change_set_from_1",
        "event_from_1",
        "note",
        "note_preview",
        "notification",
        "object",
        "object_link",
        "preview_file",
        "product",
        "task",
        "time_spent",
        "version",
    }
)


class BigStudio:
    """A filled studio, and the keys of those who ask."""

    def __init__(self, world: World) -> None:
        """Fill it."""
        self.world = world
        engine = world.kit.studio.writes
        fill(engine, SIZE)
        callers = settle(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
        self._changes = itertools.count()
        self._client = world.app.test_client(use_cookies=False)
        self.keys: dict[str, Keys] = {name: log_in(callers[name], self.send) for name in ASKERS}

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
        """One request."""
        answer = self._client.open(path, method=method, headers=dict(headers), data=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data()

    def read_whole(self, question: Question, asker: str) -> list[str]:
        """What PostgreSQL reads or sorts from one end to the other to answer."""
        return [said for step in self.steps(question, asker) if (said := _is_too_much(step))]

    def steps(self, question: Question, asker: str, how: str = "FORMAT JSON") -> list[dict[str, Any]]:
        """What PostgreSQL does to answer, where the server keeps no answer of before."""
        reads, admin = self.world.studio.reads, self.keys["admin"]
        if question.after_change:
            headers = {"Authorization": f"Bearer {admin.bearer}", "Content-Type": "application/json"}
            body = json.dumps({"description": str(next(self._changes))}).encode()
            self.send("PUT", f"/data/tasks/{admin.caller.places['task']}", headers, body)
        with asked(reads) as statements:
            question.how.ask(self.keys[asker], self.send)
        found = [step for _, plan in plans(reads, statements, how) for step in nodes(plan)]
        assert found
        return found


def _is_too_much(step: dict[str, Any]) -> str:
    kind, table = step["Node Type"], step.get("Relation Name", "")
    if kind.endswith("Seq Scan") and table in GROWING:
        return f"reads all of {table}"
    if kind == "Sort" and step["Plans"][0]["Plan Rows"] > MANY:
        return f"sorts {step['Plans'][0]['Plan Rows']} rows by {step['Sort Key']}"
    return ""


@pytest.fixture(scope="module")
def big(world: World) -> BigStudio:
    """The studio, filled by SQL."""
    return BigStudio(world)


@pytest.mark.parametrize(
    "question",
    [each for each in QUESTIONS if not each.grows and not each.without_plan],
    ids=lambda question: question.name,
)
def test_no_table_that_grows_is_read_or_sorted_whole(big: BigStudio, question: Question) -> None:
    askers = [each for each in ASKERS if each in question.askers]
    assert {each: big.read_whole(question, each) for each in askers} == {each: [] for each in askers}


@pytest.mark.parametrize("name", ["news of the project", "news of all projects"])
def test_news_are_counted_by_an_index(big: BigStudio, name: str) -> None:
    (news,) = (each for each in QUESTIONS if each.name == name)
    assert {each: big.read_whole(news, each) for each in ("admin", "artist")} == {"admin": [], "artist": []}


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("last 100 events of a quiet project", "event_from_1_project_id_base_idx: .*project_id ="),
        ("last 100 events of a seldom name", "event_from_1_expr_base_idx: .*action.* ="),
        ("last events with files", "event_from_1_base_idx1: "),
        ("last 100 events before a day", "event_from_1_base_idx: .*base <="),
        ("Shotgun: events since a day", "event_from_1_base_idx: .*base >="),
    ],
)
def test_the_log_is_entered_where_the_answer_is(big: BigStudio, name: str, index: str) -> None:
    (question,) = (each for each in QUESTIONS if each.name == name)
    steps = [step for step in big.steps(question, "admin") if step.get("Relation Name") == "event_from_1"]
    # The index of a bitmap stands below it.
    inner = [part for step in steps for part in nodes(step)]
    used = [f"{part['Index Name']}: {part.get('Index Cond', '')}" for part in inner if "Index Name" in part]
    assert any(re.match(index, each) for each in used), used


def test_each_line_of_a_list_is_put_together_once(big: BigStudio) -> None:
    (question,) = (each for each in QUESTIONS if each.name == "shots of the project")
    steps = big.steps(question, "admin", "VERBOSE, FORMAT JSON")
    made = [step["Node Type"] for step in steps if "row_to_json(" in str(step.get("Output"))]
    # What sums up the sizes of lines names them, as they were made below it.
    assert made[-2:] == ["Aggregate", "Subquery Scan"]


@pytest.mark.parametrize("name", ["Shotgun: events from the middle", "Shotgun: events since a day"])
def test_the_log_is_read_from_where_the_projects_of_the_reader_began(big: BigStudio, name: str) -> None:
    (question,) = (each for each in QUESTIONS if each.name == name)
    steps = [step for step in big.steps(question, "artist") if step.get("Relation Name") == "event_from_1"]
    entered = [
        step.get("Index Cond", "") for step in steps if step.get("Index Name") == "event_from_1_base_idx"
    ]
    assert any(condition.count("base >= ") == 2 for condition in entered), entered


def test_tasks_of_a_sequence_are_found_from_it_and_not_by_their_numbers(big: BigStudio) -> None:
    (question,) = (each for each in QUESTIONS if each.name == "Shotgun: tasks by three links")
    steps = [step for step in big.steps(question, "admin") if step.get("Relation Name") == "object"]
    conditions = [f"{step.get('Index Cond')} {step.get('Filter')}" for step in steps]
    assert not [each for each in conditions if "project_id" in each], conditions


@pytest.mark.parametrize(
    "name",
    [
        *("one task", "comments of a task", "previews of a task"),
        *("one shot", "previews of a shot", "shots of a sequence", "casting of a sequence"),
        *("Shotgun: a shot by its code", "ftrack: one shot", "ShotRunner: shots by code"),
    ],
)
def test_a_question_about_one_thing_does_not_find_all_that_a_vendor_works_on(
    big: BigStudio, name: str
) -> None:
    (question,) = (each for each in QUESTIONS if each.name == name)
    steps = big.steps(question, "vendor")
    parts = [step.get("Subplan Name", "") for step in steps]
    assert [each for each in parts if each.startswith("CTE my_")] == []
    of_who_asks = [step for step in steps if step.get("Relation Name") == "assignation"]
    entered = [step.get("Index Cond", "") for step in of_who_asks]
    assert entered
    assert [each for each in entered if "task_id = " not in each] == [], "found from the person's end"


@pytest.mark.parametrize(
    ("name", "table"), [("ftrack: tasks of a project", "task"), ("page of 100 comments", "note")]
)
def test_what_a_page_shows_a_vendor_of_its_rows_is_looked_up_when_they_are_found(
    big: BigStudio, name: str, table: str
) -> None:
    (question,) = (each for each in QUESTIONS if each.name == name)
    limits = [step for step in big.steps(question, "vendor") if step["Node Type"] == "Limit"]
    pages = [{part.get("Relation Name") for part in nodes(step)} for step in limits]
    picking = [tables for tables in pages if table in tables]
    assert picking
    assert not [tables for tables in picking if tables & {"object", "entity", "person"}]


@pytest.mark.parametrize("name", ["last 100 events", "last 100 events of the project"])
def test_change_sets_are_looked_up_for_the_events_of_a_vendors_page_alone(big: BigStudio, name: str) -> None:
    (question,) = (each for each in QUESTIONS if each.name == name)
    limits = [step for step in big.steps(question, "vendor") if step["Node Type"] == "Limit"]
    pages = [{part.get("Relation Name") for part in nodes(step)} for step in limits]
    picking = [tables for tables in pages if "event_from_1" in tables]
    assert picking
    assert not [tables for tables in picking if "change_set_from_1" in tables]


def test_a_row_that_a_vendor_works_on_is_known_before_all_their_work_is_found(big: BigStudio) -> None:
    (question,) = (each for each in QUESTIONS if each.name == "tasks of a shot")
    steps = big.steps(question, "vendor", "ANALYZE, TIMING OFF, FORMAT JSON")
    known = [step for step in steps if step.get("CTE Name", "").startswith("my_")]
    assert [step["CTE Name"] for step in known if step["Actual Loops"]] == []
