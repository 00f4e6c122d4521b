"""From a query string, as the client writes it, to a read; and every way to get it wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pyactiveresource import util

from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.parameters import AskedParameters, read_parameters, read_shape
from zou_server.blueprints.shotrunner.refusals import BadRequest
from zou_server.blueprints.shotrunner.vocabulary import vocabularies
from zou_server.models.conditions import NOTHING, All, AnyOf, Condition, Not, Op, Order, Retired, Where

SHOTS = vocabularies()["shots"]
TASKS = vocabularies()["tasks"]
USERS = vocabularies()["users"]


def asked(vocabulary: Any = SHOTS, **parameters: Any) -> AskedParameters:
    """What the client's own spelling of these parameters asks for."""
    query = parse_qsl(util.to_query(parameters), keep_blank_values=True)
    return read_parameters(vocabulary, query)


def one(vocabulary: Any = SHOTS, **parameters: Any) -> Condition:
    """The only condition of one filter."""
    (condition,) = asked(vocabulary, **parameters).conditions
    return condition


@pytest.mark.parametrize(
    ("parameters", "condition"),
    [
        ({"status": "fin"}, Where("status.code", Op.EQ, "fin")),
        ({"shot_code": "A"}, Where("name", Op.EQ, "A")),
        ({"frame_count": 96}, Where("nb_frames", Op.EQ, 96)),
        ({"canceled": True}, Where("canceled", Op.EQ, value=True)),
        ({"canceled": "f"}, Where("canceled", Op.EQ, value=False)),
        ({"id": 5}, Where("number", Op.EQ, 5)),
        ({"sequence_id": 3}, link_to("sequence_id", "Sequence", 3)),
        ({"sequence_id": {"ne": 3}}, Not(link_to("sequence_id", "Sequence", 3))),
        ({"sequence_id": [3, 4]}, AnyOf((link_to("sequence_id", "Sequence", 3, 4),))),
        ({"sequence_id": {"gt": 3}}, Where("sequence.number", Op.GT, 3)),
        ({"supervisor_id": None}, Where("supervisor.number", Op.NULL)),
        ({"supervisor_id": {"ne": "nil"}}, Where("supervisor.number", Op.NOT_NULL)),
        ({"frame_count": ""}, Where("nb_frames", Op.NULL)),
        ({"title": ""}, AnyOf((Where("title", Op.NULL), Where("title", Op.EQ, "")))),
        ({"title": None}, Where("title", Op.NULL)),
        ({"status": ["a", "b"]}, AnyOf((Where("status.code", Op.IN, ["a", "b"]),))),
        ({"status": ["a", None]}, AnyOf((Where("status.code", Op.IN, ["a"]), Where("status.code", Op.NULL)))),
        ({"status": {"not_in": ["a"]}}, Not(AnyOf((Where("status.code", Op.IN, ["a"]),)))),
        ({"title": {"contains": "x"}}, Where("title", Op.CONTAINS, "x")),
        ({"created_by": "sam"}, Where("created_by.login", Op.EQ, "sam")),
    ],
)
def test_a_filter_means_one_condition(parameters: dict[str, Any], condition: Condition) -> None:
    assert one(**parameters) == condition


def test_a_comparison_is_a_parameter_of_its_own() -> None:
    found = asked(TASKS, due_date={"gte": "2010-01-01", "lt": "2010-02-01"}).conditions
    assert found == [
        Where("due_date", Op.GE, dt.datetime(2010, 1, 1, tzinfo=dt.UTC)),
        Where("due_date", Op.LT, dt.datetime(2010, 2, 1, tzinfo=dt.UTC)),
    ]


def test_a_moment_means_the_second_that_it_is_shown_in() -> None:
    moment = dt.datetime(2010, 3, 8, 12, tzinfo=dt.UTC)
    assert one(TASKS, due_date=moment) == All(
        (
            Where("due_date", Op.GE, moment),
            Where("due_date", Op.LT, moment + dt.timedelta(seconds=1)),
        )
    )


def test_hours_are_compared_in_minutes_and_words_by_what_they_stand_for() -> None:
    assert one(TASKS, estimated_time={"gt": 1.5}) == Where("estimation", Op.GT, 90.0)
    assert one(USERS, admin=True) == Where("is_admin", Op.EQ, value=True)
    assert one(USERS, status="A") == AnyOf((Where("active", Op.EQ, value=True),))
    assert one(USERS, status={"lt": "I"}) == one(USERS, status="A")
    assert asked(USERS, order="status").order == (Order("active", descending=True),)
    with pytest.raises(BadRequest):
        one(USERS, status="Z")


def test_a_target_is_a_type_and_a_number() -> None:
    assert asked(TASKS, taskable_type="Shot", taskable_id=5).conditions == [
        Where("entity.object_kind", Op.EQ, "Shot"),
        Where("entity.number", Op.EQ, 5),
    ]
    assert one(TASKS, taskable_type=["Shot", "User"]) == AnyOf(
        (Where("entity.object_kind", Op.IN, ["Shot", "Person"]),)
    )


def test_a_key_that_never_holds_anything_is_always_null() -> None:
    projects = vocabularies()["projects"]
    assert one(projects, deleted_at=None) == All()
    assert one(projects, deleted_at={"gt": "2010-01-01"}) == NOTHING


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("staus=fin", "staus"),
        ("status[near]=1", "status[near]"),
        ("status[[]=1", "status[[]"),
        ("qq=x", "qq"),
        ("frame_count=many", "frame_count"),
        ("frame_count[gt]=", "frame_count[gt]"),
        ("deep=1", "deep"),
        ("frame_count[gt]=1&frame_count[gt]=2", "frame_count[gt]"),
        ("created_at=soon", "created_at"),
        ("canceled=maybe", "canceled"),
        ("id=99999999999999999999", "id"),
        ("title=%00", "title"),
        ("order=shoe", "order"),
        ("order=title sideways", "order"),
        ("order=tasks", "order"),
        ("fields=shoe", "fields"),
        ("include=shoe", "include"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("page=0", "page"),
        ("per_page=0", "per_page"),
        ("offset=1.5", "offset"),
        ("limit=9999999999999", "limit"),
        ("page=1&limit=1", "page"),
        ("with_deleted=perhaps", "with_deleted"),
        ("limit=٣", "limit"),
        ("data=1", "data"),
        ("is_bot=1", "is_bot"),
    ],
)
def test_what_means_nothing_is_refused_by_name(query: str, name: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_parameters(SHOTS, parse_qsl(query, keep_blank_values=True))
    assert list(refused.value.fields) == [name]
    assert all(refused.value.fields.values())


def test_without_parameters_it_is_everything_in_the_usual_order() -> None:
    everything = read_parameters(SHOTS, [])
    assert everything.order == (Order("sort_order"), Order("number"))
    assert (everything.limit, everything.offset, everything.is_paged) == (None, None, False)
    assert everything.keys == SHOTS.shown
    assert read_parameters(TASKS, []).order == (Order("number"),)


def test_pages_and_slices_limit_the_answer() -> None:
    assert (asked(page=3, per_page=20).limit, asked(page=3, per_page=20).offset) == (20, 40)
    assert (asked(page=2).limit, asked(page=2).offset) == (30, 30)
    assert (asked(limit=5).limit, asked(offset=7).offset) == (5, 7)
    assert asked(limit=0).is_paged


def test_an_order_is_spelled_in_three_ways() -> None:
    assert asked(order="-shot_code, title desc,id asc").order == (
        Order("name", descending=True),
        Order("title", descending=True),
        Order("number"),
    )


def test_the_deleted_are_there_when_asked_for() -> None:
    assert asked(with_deleted=1).retired is Retired.BOTH
    assert asked(only_deleted="True").retired is Retired.RETIRED
    assert asked(only_deleted=False).retired is Retired.LIVE


def test_fields_choose_and_include_adds() -> None:
    assert asked(fields="id,shot_code").keys == ("id", "shot_code")
    assert asked(include="project_id,id").keys == (*SHOTS.shown, "project_id")
    assert read_shape(SHOTS, [("fields", "title")]) == ("title", "id"), "one alone would be unwrapped"
    assert read_shape(SHOTS, [("fields", "id")]) == ("id", "sequence_id")
    with pytest.raises(BadRequest):
        read_shape(SHOTS, [("status", "fin")])
