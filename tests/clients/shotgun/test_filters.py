"""What shotgun_api3 can ask: every relation of every data type, and dotted paths."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.shotgun.site import Client

if TYPE_CHECKING:
    pass

Row = dict[str, Any]


def names(sg: Client, rows: dict[str, Row], kind: str, *filters: Any) -> str:
    """The short names of the rows of our project that pass, in order."""
    known = {row["id"]: name for name, row in rows.items() if row["type"] == kind}
    mine = [] if kind == "HumanUser" else [["project", "is", rows["project"]]]
    found = [row["id"] for row in sg.find(kind, [*mine, *filters])]
    return " ".join(known[id_] for id_ in found if id_ in known)


def filled(value: Any, rows: dict[str, Row]) -> Any:
    """The value with `@name` replaced by that row."""
    if isinstance(value, list):
        return [filled(each, rows) for each in value]
    return rows[value[1:]] if isinstance(value, str) and value.startswith("@") else value


SHOT_QUESTIONS: list[tuple[Any, str]] = [
    # text
    (["code", "is", "AB_1"], "s1"),
    (["code", "is_not", "ab_1"], "s2 s3"),
    (["code", "contains", "_"], "s1"),
    (["code", "contains", "%"], "s2"),
    (["code", "not_contains", "B"], "s3"),
    (["code", "starts_with", "AB"], "s1 s2"),
    (["code", "ends_with", "3"], "s3"),
    (["code", "in", ["C3", "ab_1"]], "s1 s3"),
    (["code", "not_in", ["C3", "ab_1"]], "s2"),
    (["description", "is", None], "s2"),
    (["description", "is", ""], "s2"),
    (["description", "is_not", None], "s1 s3"),
    (["description", "is_not", "x"], "s1 s2"),
    (["description", "contains", "GRÜN_"], "s1"),
    (["description", "not_contains", "x"], "s1 s2"),
    (["description", "in", ["x", None]], "s2 s3"),
    (["description", "not_in", ["x", None]], "s1"),
    # number
    (["sg_cut_duration", "is", 0], "s1"),
    (["sg_cut_duration", "is", None], "s3"),
    (["sg_cut_duration", "is_not", 0], "s2 s3"),
    (["sg_cut_duration", "is_not", None], "s1 s2"),
    (["sg_cut_duration", "less_than", 10], "s1"),
    (["sg_cut_duration", "greater_than", 0], "s2"),
    (["sg_cut_duration", "between", [0, 5]], "s1"),
    (["sg_cut_duration", "not_between", [0, 5]], "s2 s3"),
    (["sg_cut_duration", "in", [10, None]], "s2 s3"),
    (["sg_cut_duration", "not_in", [10]], "s1 s3"),
    (["sg_cut_in", "greater_than", 1050], "s2"),
    (["sg_cut_in", "is", None], "s3"),
    (["id", "in", []], ""),
    (["id", "is", "@s2.id"], "s2"),
    # status
    (["sg_status_list", "is", "IP"], "s1"),
    (["sg_status_list", "is_not", "ip"], "s2 s3"),
    (["sg_status_list", "in", ["ip", "fin", "something else"]], "s1 s2"),
    (["sg_status_list", "not_in", ["ip"]], "s2 s3"),
    (["sg_status_list", "is", None], "s3"),
    # one link
    (["sg_sequence", "is", "@q1"], "s1"),
    (["sg_sequence", "is", None], "s3"),
    (["sg_sequence", "is_not", "@q1"], "s2 s3"),
    (["sg_sequence", "is_not", None], "s1 s2"),
    (["sg_sequence", "in", ["@q1", "@q2"]], "s1 s2"),
    (["sg_sequence", "not_in", ["@q1"]], "s2 s3"),
    (["sg_sequence", "type_is", "Sequence"], "s1 s2"),
    (["sg_sequence", "type_is_not", "Sequence"], "s3"),
    (["sg_sequence", "name_is", "bunny_010"], "s1"),
    (["sg_sequence", "name_contains", "BUNNY"], "s1 s2"),
    (["sg_sequence", "name_not_contains", "020"], "s1 s3"),
    (["sg_sequence", "name_starts_with", "bunny"], "s1 s2"),
    (["sg_sequence", "name_ends_with", "020"], "s2"),
    (["sg_sequence", "is", {"type": "Group", "id": 1}], ""),
    (["project", "is", "@other"], ""),
    # links to many
    (["assets", "is", "@cup"], "s1"),
    (["assets", "is", None], "s3"),
    (["assets", "is_not", "@cup"], "s2 s3"),
    (["assets", "in", ["@cup", "@bob"]], "s1 s2"),
    (["assets", "not_in", ["@cup"]], "s2 s3"),
    (["assets", "type_is", "Asset"], "s1 s2"),
    (["assets", "type_is_not", "Asset"], "s3"),
    (["assets", "name_contains", "cu"], "s1"),
    (["assets", "name_not_contains", "cu"], "s2 s3"),
    (["tasks", "is", "@t1"], "s1"),
    # dotted
    (["sg_sequence.Sequence.code", "is", "bunny_020"], "s2"),
    (["sg_sequence.Sequence.id", "is", "@q1.id"], "s1"),
    (["sg_sequence.Sequence.project", "is", "@project"], "s1 s2"),
    (["assets.Asset.sg_asset_type", "is", "prop"], "s1"),
    (["tasks.Task.task_assignees.HumanUser.login", "is", "ben"], "s1"),
    (["tasks.Task.task_assignees", "is", "@ben"], "s1"),
    (["sg_sequence.Asset.code", "is", None], "s1 s2 s3"),
    (["sg_sequence.Asset.code", "is", "x"], ""),
    # moments
    (["created_at", "in_last", 1, "HOUR"], "s1 s2 s3"),
    (["created_at", "not_in_last", 1, "HOUR"], ""),
    (["created_at", "in_calendar_year", -1], ""),
    (["created_at", "greater_than", dt.datetime(2100, 1, 1, tzinfo=dt.UTC)], ""),
    (["created_at", "between", ["2020-01-01", "2100-01-01T00:00:00Z"]], "s1 s2 s3"),
    # groups
    ({"filter_operator": "any", "filters": [["code", "is", "c3"], ["code", "is", "ab_1"]]}, "s1 s3"),
    ({"filter_operator": "any", "filters": []}, "s1 s2 s3"),
    (
        {
            "filter_operator": "all",
            "filters": [
                ["code", "is_not", "c3"],
                {"filter_operator": "any", "filters": [["sg_cut_duration", "is", 10]]},
            ],
        },
        "s2",
    ),
    # one with nothing to show yet
    (["image", "is", None], "s1 s2 s3"),
    (["image", "is_not", None], ""),
]

TASK_QUESTIONS: list[tuple[Any, str]] = [
    (["entity", "is", "@s1"], "t1"),
    (["entity", "is", "@bob"], "t2"),
    (["entity", "type_is", "Asset"], "t2"),
    (["entity", "type_is_not", "Asset"], "t1 t3"),
    (["entity", "in", ["@s1", "@bob", None]], "t1 t2 t3"),
    (["entity", "name_is", "ab_1"], "t1"),
    (["entity.Shot.code", "is", "ab_1"], "t1"),
    (["entity.Shot.sg_sequence", "is", "@q1"], "t1"),
    (["entity.Shot.sg_sequence.Sequence.code", "contains", "010"], "t1"),
    (["entity.Asset.sg_asset_type", "is", "character"], "t2"),
    (["task_assignees", "is", "@ben"], "t1"),
    (["task_assignees", "is_not", "@ben"], "t2 t3"),
    (["task_assignees", "is", None], "t3"),
    (["task_assignees", "in", ["@ann", "@ben"]], "t1 t2"),
    (["task_assignees.HumanUser.login", "is", "ANN"], "t1 t2"),
    (["task_assignees.ApiUser.firstname", "is", "ANN"], ""),
    (["est_in_mins", "greater_than", 60], "t1"),
    (["due_date", "is", "2020-02-29"], "t1"),
    (["due_date", "is_not", "2020-02-29"], "t2 t3"),
    (["due_date", "is", None], "t3"),
    (["due_date", "greater_than", "2020-02-29"], "t2"),
    (["due_date", "less_than", "2020-03-01"], "t1"),
    (["due_date", "between", ["2020-02-29", "2020-03-01"]], "t1 t2"),
    (["due_date", "not_between", ["2020-02-29", "2020-02-29"]], "t2 t3"),
    (["due_date", "in", ["2020-02-29", None]], "t1 t3"),
    (["due_date", "not_in", ["2020-02-29"]], "t2 t3"),
    (["start_date", "in_last", 7, "DAY"], "t1 t2"),
    (["start_date", "in_last", 1, "WEEK"], "t1 t2"),
    (["start_date", "not_in_last", 7, "DAY"], "t3"),
    (["start_date", "in_next", 2, "MONTH"], "t1 t3"),
    (["start_date", "not_in_next", 1, "YEAR"], "t2"),
    (["start_date", "in_calendar_day", 0], "t1"),
    (["start_date", "in_calendar_day", -5], "t2"),
]


def substituted(question: Any, rows: dict[str, Row]) -> Any:
    """The question with its `@name` and `@name.id` filled in."""
    if isinstance(question, dict):
        return question
    path, relation, *values = question
    values = [
        rows[v[1:-3]]["id"] if isinstance(v, str) and v.endswith(".id") else filled(v, rows) for v in values
    ]
    return [path, relation, *values]


@pytest.mark.parametrize(("question", "expected"), SHOT_QUESTIONS, ids=str)
def test_shots_are_found_by_every_relation(
    sg: Client, rows: dict[str, Row], question: Any, expected: str
) -> None:
    assert names(sg, rows, "Shot", substituted(question, rows)) == expected


@pytest.mark.parametrize(("question", "expected"), TASK_QUESTIONS, ids=str)
def test_tasks_are_found_by_every_relation(
    sg: Client, rows: dict[str, Row], question: Any, expected: str
) -> None:
    assert names(sg, rows, "Task", substituted(question, rows)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (["sg_status_list", "is", "act"], "ann ben"),
        (["sg_status_list", "is", "dis"], ""),
        (["sg_status_list", "is_not", "dis"], "ann ben"),
        (["sg_status_list", "in", ["dis", "act"]], "ann ben"),
        (["permission_rule_set", "name_contains", "artist"], "ann ben"),
        (["permission_rule_set", "is", {"type": "PermissionRuleSet", "id": 1}], ""),
        (["name", "is", "ann q"], "ann"),
        (["projects", "is", None], ""),  # who is assigned is on the team
        (["projects.Project.name", "is_not", ""], "ann ben"),
    ],
    ids=str,
)
def test_people_are_found_by_what_is_kept_otherwise(
    sg: Client, rows: dict[str, Row], question: Any, expected: str
) -> None:
    assert names(sg, rows, "HumanUser", question) == expected


def test_colours_compare_as_they_are_written(sg: Client) -> None:
    step = sg.find_one("Step", [["color", "is", "0,150,136"]], ["color", "code"])
    assert (step["code"], step["color"]) == ("Animation", "0,150,136")
