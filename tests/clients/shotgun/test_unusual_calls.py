"""Calls that are legal and seldom made: what the answer says, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import Client, Row, call, new


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    """A project of four tasks."""
    p = new(sg, "Project")
    for status in ("wtg", "wtg", "ip", "fin"):
        new(sg, "Task", project=p, sg_status_list=status)
    return p


@pytest.mark.parametrize(
    ("kind", "status", "share"),
    [
        ("status_percentage", None, 25),
        ("status_percentage", "fin", 25),
        ("status_percentage", "wtg", 50),
        ("status_percentage", "none such", 0),
        ("status_percentage_as_float", "ip", 25.0),
    ],
)
def test_the_share_of_any_status_is_summed_up(
    sg: Client, p: Row, kind: str, status: str | None, share: float
) -> None:
    asked: Row = {"field": "sg_status_list", "type": kind}
    asked |= {} if status is None else {"value": status}
    found = sg.summarize("Task", [["project", "is", p]], [asked])["summaries"]
    assert found == {"sg_status_list": share}


def test_a_share_of_what_is_no_status_is_refused(sg: Client) -> None:
    asked = {"field": "sg_status_list", "type": "status_percentage", "value": {"a": 1}}
    with pytest.raises(Fault, match=r"Task\.sg_status_list value expected"):
        sg.summarize("Task", [], [asked])


@pytest.mark.parametrize("value", ["2031-02-30", "2031/02/03", "tomorrow", "2031-02", " "])
def test_what_is_no_date_is_refused_as_none(sg: Client, p: Row, value: str) -> None:
    task = new(sg, "Task", project=p)
    expected = r"Task\.start_date expected a date \(YYYY-MM-DD\)"
    for refused in (
        lambda: sg.update("Task", task["id"], {"start_date": value}),
        lambda: sg.find("Task", [["start_date", "is", value]]),
    ):
        with pytest.raises(Fault, match=expected):
            refused()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2031-05-11", "2031-05-10", "end_date must follow start_date"),
        ("2000-01-01", "2031-05-10", "more than 3700 days"),
        ("x", "2031-05-10", r"start_date expected a date \(YYYY-MM-DD\)"),
    ],
)
def test_a_span_of_work_days_that_cannot_be_is_refused_for_what_it_is(
    sg: Client, first: str, last: str, words: str
) -> None:
    with pytest.raises(Fault, match=words):
        sg.work_schedule_read(first, last)


UNUSUAL: list[tuple[str, Row, Any]] = [
    ("no page is the first", {"paging": None}, 4),
    ("a page behind the last", {"paging": {"entities_per_page": 2, "current_page": 9}}, 0),
    ("any of nothing", {"filters": {"logical_operator": "or", "conditions": []}}, 4),
    ("a field twice", {"return_fields": ["id", "content", "content", "type"]}, 4),
    ("a field that is none", {"return_fields": ["nope", "entity.Nope.code"]}, 4),
]


@pytest.mark.parametrize(
    ("payload", "count"), [each[1:] for each in UNUSUAL], ids=[each[0] for each in UNUSUAL]
)
def test_an_unusual_question_is_answered(sg: Client, p: Row, payload: Row, count: int) -> None:
    mine = {"path": "project", "relation": "is", "values": [p]}
    named = {"path": "content", "relation": "starts_with", "values": ["Task "]}
    live = {"path": "sg_status_list", "relation": "in", "values": ["WTG", "Ip", "fin"]}
    tree = payload.get("filters", {"logical_operator": "and", "conditions": []})
    filters = {"logical_operator": "and", "conditions": [mine, named, live, tree]}
    before = call(sg, "read", {"type": "Task", "return_fields": [], "filters": filters})["entities"]
    found = call(sg, "read", {"type": "Task", "return_fields": [], **payload, "filters": filters})
    # Other tests of this file make tasks of the project too.
    assert len(found["entities"]) == (len(before) if count else 0)
    assert len(before) >= 4
    assert {"type", "id"} <= set(before[0])
