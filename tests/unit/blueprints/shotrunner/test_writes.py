"""From a body to operations: what is new, what is asked to change, what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from zou_server.blueprints.shotrunner.refusals import BadRequest, WrongAttributes
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.blueprints.shotrunner.writes import attributes_of_body, change, creation, version_of
from zou_server.services.write.operations import Create, Edit, Mode, Ref, RefBy, Update

SHOTS = vocabularies()["shots"]
TASKS = vocabularies()["tasks"]
USERS = vocabularies()["users"]
PROJECTS = vocabularies()["projects"]

SHOWN = {
    "id": 5,
    "shot_code": "A",
    "sequence_id": 3,
    "status": "wip",
    "title": None,
    "frame_count": 96,
    "created_by": "sam",
    "created_at": "2010-03-08T12:00:00Z",
    "lock_version": 2,
    "supervisor_id": None,
}
TASK = {
    "id": 7,
    "taskable_type": "Shot",
    "taskable_id": 5,
    "user_id": 4,
    "estimated_time": 1.6666666666666667,
    "due_date": "2010-03-08T12:00:00Z",
    "title": "comp",
}


def values(
    vocabulary: Vocabulary, given: dict[str, Any], shown: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The canonical values of the first operation that a body means."""
    made = creation(vocabulary, given) if shown is None else change(vocabulary, shown["id"], given, shown)
    assert isinstance(made[0], Create | Update)
    return dict(made[0].values)


def wrong(
    vocabulary: Vocabulary, given: dict[str, Any], shown: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What is said about a body that is refused."""
    with pytest.raises(WrongAttributes) as refused:
        values(vocabulary, given, shown)
    return refused.value.fields


def test_a_body_is_read_with_and_without_its_root() -> None:
    assert attributes_of_body(SHOTS, {"shot": {"title": "x"}}) == {"title": "x"}
    assert attributes_of_body(SHOTS, {"title": "x"}) == {"title": "x"}
    assert attributes_of_body(SHOTS, {}) == {}


@pytest.mark.parametrize("body", [[], "x", 5, None, [{"title": "x"}]])
def test_a_body_that_is_no_object_is_a_bad_request(body: Any) -> None:
    with pytest.raises(BadRequest):
        attributes_of_body(SHOTS, body)


def test_attributes_that_do_not_exist_are_named() -> None:
    with pytest.raises(WrongAttributes) as refused:
        attributes_of_body(SHOTS, {"shot": {"staus": 1, "title": "x"}, "extra": 2})
    assert set(refused.value.fields) == {"shot", "extra"}
    with pytest.raises(WrongAttributes) as refused:
        attributes_of_body(SHOTS, {"shot": {"staus": 1, "title": "x"}})
    assert refused.value.fields == {"staus": ["is not an attribute"]}


def test_a_new_object_has_references_in_place_of_numbers_and_codes() -> None:
    body = {"shot_code": "A", "sequence_id": "3", "status": "wip", "frame_count": "96", "supervisor_id": 4}
    assert values(SHOTS, body) == {
        "name": "A",
        "parent_id": Ref("Sequence", 3),
        "status_id": RefBy("Status", "code", "wip"),
        "nb_frames": 96,
        "supervisor_id": Ref("Person", 4),
    }


def test_what_is_null_or_read_only_is_left_out_of_a_new_object() -> None:
    body = {"shot_code": "A", "sequence_id": 3, "title": None, "id": 9, "created_by": "x", "lock_version": 4}
    assert set(values(SHOTS, body)) == {"name", "parent_id"}


def test_a_new_object_without_what_it_needs_is_refused() -> None:
    blank = ["can't be blank"]
    assert wrong(SHOTS, {"shot_code": "", "sequence_id": None}) == {"shot_code": blank, "sequence_id": blank}
    assert wrong(PROJECTS, {}) == {"code": blank}


def test_an_object_sent_back_asks_for_nothing_but_the_comparison_of_versions() -> None:
    (operation,) = change(SHOTS, 5, dict(SHOWN), SHOWN)
    assert operation == Update(SHOTS.facet, Ref("Shot", 5), {}, 2)
    assert change(TASKS, 7, dict(TASK), TASK) == [Update(TASKS.facet, Ref("Task", 7), {}, None)]


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("frame_count", "96"),
        ("frame_count", 96.0),
        ("title", None),
        ("sequence_id", "3"),
        ("supervisor_id", ""),
        ("lock_version", "2"),
        ("created_at", "2001-01-01"),
    ],
)
def test_the_same_in_another_spelling_is_no_change(key: str, sent: Any) -> None:
    assert values(SHOTS, {key: sent}, SHOWN) == {}


@pytest.mark.parametrize(
    "sent", ["2010-03-08 12:00:00", "2010-03-08T13:00:00+01:00", "2010-03-08T12:00:00.9Z"]
)
def test_the_same_moment_in_another_spelling_is_no_change(sent: str) -> None:
    assert values(TASKS, {"due_date": sent}, TASK) == {}


def test_only_what_differs_is_written() -> None:
    changed = {**SHOWN, "status": None, "title": "", "frame_count": 97}
    assert values(SHOTS, changed, SHOWN) == {"status_id": None, "title": "", "nb_frames": 97}


def test_what_must_be_there_cannot_be_taken_away_but_may_be_missing() -> None:
    assert wrong(SHOTS, {"shot_code": ""}, SHOWN) == {"shot_code": ["can't be blank"]}
    orphan = {**SHOWN, "sequence_id": None}
    assert values(SHOTS, {"sequence_id": None, "title": "x"}, orphan) == {"title": "x"}


@pytest.mark.parametrize(
    ("vocabulary", "key", "sent", "sentence"),
    [
        (SHOTS, "frame_count", "many", "is not a whole number"),
        (SHOTS, "frame_count", [1], "is not a whole number"),
        (SHOTS, "title", {"a": 1}, "is not text"),
        (SHOTS, "title", "\x00", "is not text"),
        (SHOTS, "sequence_id", "x", "is not a whole number"),
        (SHOTS, "canceled", "maybe", "is neither true nor false"),
        (TASKS, "due_date", "soon", "is not a date and time"),
        (TASKS, "estimated_time", "1e999", "is not a number"),
        (TASKS, "due_date", "0001-01-01T00:00:00+14:00", "is not a date and time"),
        (TASKS, "taskable_type", "Project", "is not included in the list"),
        (TASKS, "taskable_id", "x", "is not a whole number"),
        (USERS, "state", "NYC", "is too long (maximum is 2 characters)"),
        (USERS, "status", "Z", "is not included in the list"),
        (USERS, "departments", "x", "is not a list of whole numbers"),
        (USERS, "departments", ["x"], "is not a list of whole numbers"),
        (PROJECTS, "from_schedule_version_id", "x", "is not a uuid"),
        (USERS, "last_presence", "x", "is not a date"),
    ],
)
def test_a_value_that_cannot_be_one_is_named(
    vocabulary: Vocabulary, key: str, sent: Any, sentence: str
) -> None:
    assert wrong(vocabulary, {key: sent}, {**TASK, "id": 1})[key] == [sentence]


def test_a_version_is_a_number_or_not_there() -> None:
    assert version_of({}) is None
    assert version_of({"lock_version": None}) is None
    assert version_of({"lock_version": ""}) is None
    assert version_of({"lock_version": "3"}) == 3
    with pytest.raises(WrongAttributes):
        version_of({"lock_version": "x"})


def test_half_of_a_target_is_completed_from_the_object() -> None:
    assert values(TASKS, {"taskable_id": 6}, TASK) == {"entity_id": Ref("Shot", 6)}
    assert values(TASKS, {"taskable_type": "Asset"}, TASK) == {"entity_id": Ref("Asset", 5)}
    assert wrong(TASKS, {"taskable_type": "Asset", "taskable_id": "x"}, TASK) == {
        "taskable_id": ["is not a whole number"]
    }


def test_hours_are_kept_in_minutes_and_own_attributes_among_the_custom_fields() -> None:
    assert values(TASKS, {"estimated_time": 2}, TASK) == {"estimation": 120}
    given = {"login": "a", "state": "NY", "company_id": 4, "status": "A", "im_type": "AIM"}
    assert values(USERS, given) == {
        "login": "a",
        "active": True,
        "studio_id": Ref("Studio", 4),
        "data": {"shotrunner_state": "NY", "shotrunner_im_type": "AIM", "shotrunner_pending": None},
    }
    assert values(USERS, {"state": None}, {"id": 1, "state": "NY"}) == {"data": {"shotrunner_state": None}}


def test_the_flag_of_administrators_is_a_role_and_says_nothing_of_other_roles() -> None:
    assert values(USERS, {"admin": True}, {"id": 1, "admin": False}) == {"role": "admin"}
    assert values(USERS, {"admin": False}, {"id": 1, "admin": True}) == {"role": "user"}
    assert values(USERS, {"admin": False}, {"id": 1, "admin": False}) == {}


def test_another_assignee_takes_the_place_of_the_one_shown() -> None:
    first, second = change(TASKS, 7, {"user_id": 6, "title": "x"}, TASK)
    assert isinstance(first, Update)
    assert isinstance(second, Update)
    assert first.values == {"assignees": Edit(Mode.REMOVE, [Ref("Person", 4)]), "name": "x"}
    assert second.values == {"assignees": Edit(Mode.ADD, [Ref("Person", 6)])}
    assert second.version is None, "the first has raised it"
    (only,) = change(TASKS, 7, {"user_id": None}, TASK)
    assert isinstance(only, Update)
    assert only.values == {"assignees": Edit(Mode.REMOVE, [Ref("Person", 4)])}
    assert (
        values(TASKS, {"taskable_type": "Shot", "taskable_id": 5, "user_id": 6})["assignees"].mode is Mode.ADD
    )


def test_a_target_of_a_type_that_only_other_tools_show_can_be_sent_back() -> None:
    sequences = vocabularies()["sequences"]
    shown = {"id": 3, "parent_type": "Episode", "parent_id": 2}
    assert values(sequences, {"parent_id": 4}, shown) == {"parent_id": Ref("Episode", 4)}


def test_another_number_of_a_type_that_is_not_allowed_is_refused() -> None:
    on_project = {**TASK, "taskable_type": "Project"}
    assert wrong(TASKS, {"taskable_id": 6}, on_project) == {"taskable_id": ["needs another taskable_type"]}
    assert values(TASKS, {**on_project, "title": "x"}, on_project) == {"name": "x"}
