"""From the wire to queries and values, and back to texts, without a database."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from zou_server.blueprints.shotgun import dates, errors
from zou_server.blueprints.shotgun.call import projection_for
from zou_server.blueprints.shotgun.custom import Words, custom_field
from zou_server.blueprints.shotgun.errors import About, Fault, fault_for
from zou_server.blueprints.shotgun.filters import MOST_CONDITIONS, Filters
from zou_server.blueprints.shotgun.paths import reach
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import READERS
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.blueprints.shotgun.writes import attributes, given_fields
from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Not, Op, Query, Some, Where
from zou_server.models.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Locked,
    NotFound,
    Stale,
    Unauthenticated,
    Unavailable,
    UnknownField,
)
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.read.reader import rows_of
from zou_server.services.write.operations import Edit, Mode, Ref, RefBy

NOW = dt.datetime(2026, 3, 31, 12, 30, tzinfo=dt.UTC)
DESCRIPTORS = (
    '{"entity_type":"Shot","field_name":"level","name":"Level","data_type":"number","choices":null},'
    '{"entity_type":"Shot","field_name":"sg_tags","name":"Tags","data_type":"taglist","choices":null},'
    '{"entity_type":"Nothing","field_name":"x","name":"X","data_type":"string","choices":null}'
)


@pytest.fixture
def words() -> Words:
    """The vocabulary with three custom fields, one of a type that is not shown."""
    return Words(SimpleNamespace(rows=lambda query, spelling: rows_of(DESCRIPTORS)))  # type: ignore[arg-type]


def condition(words: Words, kind: str, path: str, relation: str, *values: Any) -> Condition:
    """What one leaf becomes."""
    return Filters(words, vocabulary().types[kind], NOW).parse(
        {"path": path, "relation": relation, "values": list(values)}
    )


# -- filters ---------------------------------------------------------------------------------------


def test_a_text_is_compared_without_case_and_empty_is_null(words: Words) -> None:
    assert condition(words, "Shot", "code", "is", "x") == Where("name", Op.EQ_CI, "x")
    assert condition(words, "Shot", "code", "is_not", "x") == Not(Where("name", Op.EQ_CI, "x"))
    assert condition(words, "Shot", "code", "is", "") == condition(words, "Shot", "code", "is", None)


def test_a_link_is_compared_by_the_id_of_the_row_it_means(words: Words) -> None:
    words._ids["Step", 4] = "an id"  # noqa: SLF001 - there is no database here
    step = {"type": "Step", "id": 4}
    assert condition(words, "Task", "step", "is", step) == Where("task_type_id", Op.EQ, "an id")
    assert condition(words, "Task", "step", "in", step, None) == AnyOf(
        (Where("task_type_id", Op.EQ, "an id"), Where("task_type.id", Op.NULL))
    )


def test_a_link_to_a_row_that_is_not_there_is_never_found(words: Words) -> None:
    group = {"type": "Nothing", "id": 4}
    assert condition(words, "Task", "entity", "is", group) == Where("entity_id", Op.IN, [])


def test_links_to_many_ask_for_one_row_that_fits(words: Words) -> None:
    words._ids["HumanUser", 4] = "an id"  # noqa: SLF001 - there is no database here
    found = condition(words, "Task", "task_assignees", "is", {"type": "HumanUser", "id": 4})
    assert found == Some("assignees", Where("id", Op.IN, ["an id"]))


def test_a_way_over_many_links_asks_for_one_row_that_fits(words: Words) -> None:
    assert condition(words, "Task", "task_assignees.HumanUser.login", "is", "a") == Some(
        "assignees[HumanUser]", Where("login", Op.EQ_CI, "a")
    )


def test_a_dotted_path_narrows_a_link_that_may_lead_elsewhere(words: Words) -> None:
    assert condition(words, "Task", "entity.Shot.sg_sequence.Sequence.code", "is", "a") == Where(
        "entity[Shot].sequence.name", Op.EQ_CI, "a"
    )


def test_a_search_by_id_says_the_kind_because_numbers_are_indexed_with_it(words: Words) -> None:
    assert condition(words, "Shot", "id", "in", 1, 2) == All(
        (Where("object_kind", Op.EQ, "Shot"), Where("number", Op.IN, [1, 2]))
    )
    assert condition(words, "EventLogEntry", "id", "greater_than", 7) == Where("number", Op.GT, 7)


def test_a_day_is_the_whole_day(words: Words) -> None:
    assert condition(words, "Task", "due_date", "is", "2026-02-28") == All(
        (Where("due_date", Op.GE, dt.date(2026, 2, 28)), Where("due_date", Op.LT, dt.date(2026, 3, 1)))
    )


def test_after_a_moment_means_after_its_second(words: Words) -> None:
    after = condition(words, "Shot", "created_at", "greater_than", "2026-01-01T00:00:00Z")
    assert after == Where("created_at", Op.GE, dt.datetime(2026, 1, 1, 0, 0, 1, tzinfo=dt.UTC))


def test_an_event_type_is_a_kind_and_an_action_or_what_a_tool_said(words: Words) -> None:
    found = condition(words, "EventLogEntry", "event_type", "is", "Shotgun_Step_Retirement")
    gone = All((Where("action", Op.EQ, "delete"), Where("attribute", Op.NULL)))
    said = Where("action", Op.IN_CI, ["tool:shotgun_step_retirement"])
    assert found == AnyOf((All((Where("kind", Op.IN, ["TaskType"]), gone)), said))


def test_custom_fields_are_compared_as_their_own_kind(words: Words) -> None:
    assert condition(words, "Shot", "sg_level", "less_than", 2) == Where("data.level::number", Op.LT, 2.0)
    kept = "data.sg_tags::text"
    assert condition(words, "Shot", "sg_tags", "is", 'a"b') == AnyOf(
        (
            Where(kept, Op.CONTAINS, '"a\\"b"'),
            Where(kept, Op.CONTAINS, ',a"b,'),
            Where(kept, Op.CONTAINS, ', a"b,'),
            Where(kept, Op.ENDS, ',a"b'),
            Where(kept, Op.ENDS, ', a"b'),
            Where(kept, Op.STARTS, 'a"b,'),
            Where(kept, Op.EQ_CI, 'a"b'),
        )
    )


def test_no_filter_holds_for_everything(words: Words) -> None:
    trees: tuple[Any, ...] = (None, {}, [])
    for tree in trees:
        assert Filters(words, vocabulary().types["Shot"], NOW).parse(tree) is EVERYTHING


def test_filters_without_end_are_refused(words: Words) -> None:
    leaf = {"path": "code", "relation": "is", "values": ["x"]}
    deep: Any = leaf
    for _ in range(200):
        deep = {"logical_operator": "and", "conditions": [deep]}
    wide = {"logical_operator": "and", "conditions": [leaf] * (MOST_CONDITIONS + 1)}
    for tree in (deep, wide):
        with pytest.raises(Fault, match="more than"):
            Filters(words, vocabulary().types["Shot"], NOW).parse(tree)


@pytest.mark.parametrize("kind", sorted(vocabulary().types))
def test_every_answer_can_be_compiled_and_is_compiled_once(words: Words, kind: str) -> None:
    wire_type = vocabulary().types[kind]
    first, again = (projection_for(words, wire_type, wire_type.fields) for _ in range(2))
    assert first is again
    assert statement_for(Query(wire_type.facet, first), SPELLING, AnswerShape.ARRAY)[0].sql.startswith(
        "SELECT"
    )


# -- dotted names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["entity.Shot", "nope", "entity.Nope.code", "code.Shot.code", "a.b.c.d.e", "", "."]
)
def test_names_that_lead_nowhere_are_unknown(words: Words, name: str) -> None:
    assert reach(words, vocabulary().types["Task"], name) is None


def test_a_link_to_another_type_is_dead_not_wrong(words: Words) -> None:
    found = reach(words, vocabulary().types["Task"], "project.Shot.code")
    assert found is not None
    assert found.dead


# -- spans of time ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "first", "end"),
    [
        (dates.last(NOW, 1, "MONTH", days=True), "2026-02-28", "2026-04-01"),
        (dates.last(NOW, 36, "HOUR", days=True), "2026-03-30", "2026-04-01"),
        (dates.coming(NOW, 1, "YEAR", days=True), "2026-03-31", "2027-04-01"),
        (dates.CALENDAR["in_calendar_day"](NOW.date(), -1), "2026-03-30", "2026-03-31"),
        (dates.CALENDAR["in_calendar_week"](NOW.date(), 0), "2026-03-30", "2026-04-06"),
        (dates.CALENDAR["in_calendar_month"](NOW.date(), -1), "2026-02-01", "2026-03-01"),
        (dates.CALENDAR["in_calendar_year"](NOW.date(), 1), "2027-01-01", "2028-01-01"),
    ],
)
def test_spans_of_days_include_today_and_end_before_the_next(span: dates.Span, first: str, end: str) -> None:
    assert (str(span[0]), str(span[1])) == (first, end)


# -- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data_type", "given", "kept"),
    [
        ("text", "  a b ", "a b"),
        ("text", " ", None),
        ("number", "12", 12),
        ("float", "1.5", 1.5),
        ("duration", 90.9, 90),
        ("date", "2026-01-02", dt.date(2026, 1, 2)),
        ("date_time", "2026-01-02T03:04:05+02:00", dt.datetime(2026, 1, 2, 1, 4, 5, tzinfo=dt.UTC)),
        ("date_time", "2026-01-02", dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
        ("color", "255,0,16", "#ff0010"),
        ("checkbox", False, False),
        ("entity", {"type": "Step", "id": 3, "name": "x"}, Ref("TaskType", 3)),
        ("multi_entity", [{"type": "HumanUser", "id": 3}], [Ref("Person", 3)]),
    ],
)
def test_values_are_read_by_data_type(data_type: str, given: Any, kept: Any) -> None:
    assert READERS[data_type]("Shot.x", given) == kept


@pytest.mark.parametrize(
    ("data_type", "given"),
    [
        ("text", 1),
        ("text", "a\0"),
        ("number", 1.0),
        ("number", True),
        ("number", 2**31),
        ("float", "x"),
        ("float", 1e300),
        ("date", "2026-02-30"),
        ("date", 3),
        ("date_time", "soon"),
        ("checkbox", None),
        ("checkbox", "true"),
        ("color", "1,2"),
        ("color", "1,2,256"),
        ("entity", []),
        ("entity", {"type": "Shot"}),
        ("entity", {"type": "Shot", "id": "1"}),
        ("entity", {"type": "Nope", "id": 1}),
        ("multi_entity", {}),
        ("multi_entity", [None]),
        ("tag_list", "x"),
    ],
)
def test_other_values_are_faults(data_type: str, given: Any) -> None:
    with pytest.raises(Fault):
        READERS[data_type]("Shot.x", given)


def test_fields_become_attributes(words: Words) -> None:
    fields = [
        {"field_name": "code", "value": "a"},
        {"field_name": "sg_status_list", "value": "ip"},
        {"field_name": "sg_cut_in", "value": 1},
        {"field_name": "sg_level", "value": 2},
        {"field_name": "assets", "value": [{"type": "Asset", "id": 1}], "multi_entity_update_mode": "add"},
        {"field_name": "sg_sequence", "value": None},
    ]
    found = attributes(words, vocabulary().types["Shot"], given_fields({"fields": fields}))
    assert found == {
        "name": "a",
        "status_id": RefBy("Status", "shotgun_code", "ip"),
        "data": {"frame_in": 1, "level": 2.0},
        "entities_out": Edit(Mode.ADD, [Ref("Asset", 1)]),
        "parent_id": None,
    }


def test_a_persons_name_and_status_are_taken_apart(words: Words) -> None:
    fields = [
        {"field_name": "name", "value": "Ada King Lovelace"},
        {"field_name": "sg_status_list", "value": "dis"},
    ]
    found = attributes(words, vocabulary().types["HumanUser"], given_fields({"fields": fields}))
    assert found == {"first_name": "Ada", "last_name": "King Lovelace", "active": False}


def test_a_custom_field_keeps_the_key_it_has(words: Words) -> None:
    row = {"field_name": "sg_look", "name": "Look", "data_type": "list", "choices": ["a"]}
    assert custom_field(row, vocabulary(), "Shot").key == "sg_look"
    assert custom_field(row | {"field_name": "look"}, vocabulary(), "Shot").key == "sg_look"
    assert custom_field(row, vocabulary(), "Shot").choices == ("a",)
    assert set(words.custom) == {"Shot"}


# -- errors ----------------------------------------------------------------------------------------

ERRORS: list[tuple[DomainError, int, str]] = [
    (UnknownField("Shot", "name"), 103, "Shot.code doesn't exist."),
    (Invalid(fields={"name": ["is required"]}), 103, "Shot.code is required"),
    (
        Conflict("taken", {"name": ["has already been taken"]}),
        104,
        "CRUD ERROR #61: Update failed for [Shot].",
    ),
    (Stale("old"), 104, "CRUD ERROR #5: Update failed for [Shot]. old"),
    (Forbidden("no"), 104, "CRUD ERROR #4: Update failed for [Shot]. no"),
    (NotFound("gone"), 104, "gone"),
    (Unauthenticated("who"), 102, "who"),
    (Locked("wait"), 102, "wait"),
    (Unavailable("busy"), 104, "busy"),
]


@pytest.mark.parametrize(("error", "code", "text"), ERRORS, ids=lambda value: type(value).__name__)
def test_what_the_domain_refuses_has_a_code_and_a_text(error: DomainError, code: int, text: str) -> None:
    fault = fault_for(error, About("update", vocabulary().types["Shot"]))
    assert (fault.code, fault.text.startswith(text)) == (code, True)


def test_long_values_are_cut_in_texts() -> None:
    assert len(errors.wrong_value("Shot.code", "is bad", "x" * 10_000).text) < 400
