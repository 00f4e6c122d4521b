"""What shotgun_api3 can ask: every relation of every data type, dotted paths, sorts and pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import shotgun_api3
from shotgun_api3 import Fault

from tests.clients.shotgun_site import Site, new, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres

Row = dict[str, Any]
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served studio for this module."""
    with open_site(postgres, tmp_path_factory.mktemp("shotgun_filters")) as site:
        yield site


@pytest.fixture(scope="module")
def sg(site: Site) -> Iterator[shotgun_api3.Shotgun]:
    """The administrator's script, connected."""
    with site.client() as sg:
        yield sg


@pytest.fixture(scope="module")
def rows(site: Site, sg: shotgun_api3.Shotgun) -> dict[str, Row]:
    """Three shots, their tasks, and whatever they link to, by short names."""
    found: dict[str, Row] = {"project": new(sg, "Project", name="Ask"), "other": new(sg, "Project", name="Other")}
    project = found["project"]
    found["q1"] = new(sg, "Sequence", project=project, code="Bunny_010")
    found["q2"] = new(sg, "Sequence", project=project, code="bunny_020")
    found["bob"] = new(sg, "Asset", project=project, code="Bob", sg_asset_type="Character")
    found["cup"] = new(sg, "Asset", project=project, code="Cup", sg_asset_type="Prop")
    shots: list[Row] = [
        {"code": "Ab_1", "sg_sequence": found["q1"], "sg_status_list": "ip", "sg_cut_duration": 0, "sg_cut_in": 1001,
         "description": "Grün_und", "assets": [found["bob"], found["cup"]]},
        {"code": "ab%2", "sg_sequence": found["q2"], "sg_status_list": "fin", "sg_cut_duration": 10,
         "sg_cut_in": 1100, "assets": [found["bob"]]},
        {"code": "c3", "description": "x"},
    ]
    for name, values in zip(("s1", "s2", "s3"), shots, strict=True):
        found[name] = new(sg, "Shot", project=project, **values)
    for name in ("Ann", "Ben"):
        person = sg.create("HumanUser", {"name": f"{name} Q", "login": name.lower(), "email": f"{name}@x.example"})
        found[name.lower()] = {"type": "HumanUser", "id": person["id"]}
    tasks: list[Row] = [
        {"content": "t1", "entity": found["s1"], "task_assignees": [found["ann"], found["ben"]],
         "start_date": str(TODAY), "due_date": "2020-02-29", "est_in_mins": 90},
        {"content": "t2", "entity": found["bob"], "task_assignees": [found["ann"]],
         "start_date": str(TODAY - dt.timedelta(days=5)), "due_date": "2020-03-01", "sg_status_list": "fin"},
        {"content": "t3", "start_date": str(TODAY + dt.timedelta(days=40))},
    ]
    for values in tasks:
        found[values["content"]] = new(sg, "Task", project=project, **values)
    return found


def names(sg: shotgun_api3.Shotgun, rows: dict[str, Row], kind: str, *filters: Any) -> str:
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


SHOT_QUESTIONS: list[tuple[list[Any], str]] = [
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
    ({"filter_operator": "all", "filters": [
        ["code", "is_not", "c3"], {"filter_operator": "any", "filters": [["sg_cut_duration", "is", 10]]},
    ]}, "s2"),
    # one with nothing to show yet
    (["image", "is", None], "s1 s2 s3"),
    (["image", "is_not", None], ""),
]

TASK_QUESTIONS: list[tuple[list[Any], str]] = [
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
    values = [rows[v[1:-3]]["id"] if isinstance(v, str) and v.endswith(".id") else filled(v, rows) for v in values]
    return [path, relation, *values]


@pytest.mark.parametrize(("question", "expected"), SHOT_QUESTIONS, ids=str)
def test_shots_are_found_by_every_relation(
    sg: shotgun_api3.Shotgun, rows: dict[str, Row], question: Any, expected: str
) -> None:
    assert names(sg, rows, "Shot", substituted(question, rows)) == expected


@pytest.mark.parametrize(("question", "expected"), TASK_QUESTIONS, ids=str)
def test_tasks_are_found_by_every_relation(
    sg: shotgun_api3.Shotgun, rows: dict[str, Row], question: Any, expected: str
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
        (["archived", "is", False], "ann ben"),
        (["archived", "is_not", False], ""),
        (["projects", "is", None], "ann ben"),
    ],
    ids=str,
)
def test_people_are_found_by_what_is_kept_otherwise(
    sg: shotgun_api3.Shotgun, rows: dict[str, Row], question: Any, expected: str
) -> None:
    assert names(sg, rows, "HumanUser", question) == expected


def test_colours_compare_as_they_are_written(sg: shotgun_api3.Shotgun) -> None:
    step = sg.find_one("Step", [["color", "is", "0,150,136"]], ["color", "code"])
    assert (step["code"], step["color"]) == ("Animation", "0,150,136")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([], "s1 s2 s3"),
        ([("code", "desc")], "s3 s2 s1"),
        ([("sg_cut_duration", "asc")], "s1 s2 s3"),
        ([("sg_cut_duration", "desc")], "s2 s1 s3"),
        ([("sg_sequence", "desc")], "s2 s1 s3"),
        ([("sg_sequence.Sequence.code", "asc"), ("id", "asc")], "s1 s2 s3"),
        ([("project", "asc"), ("id", "desc")], "s3 s2 s1"),
        ([("assets", "desc")], "s1 s2 s3"),
    ],
    ids=str,
)
def test_rows_are_sorted_with_nulls_last_in_both_directions(
    sg: shotgun_api3.Shotgun, rows: dict[str, Row], order: list[tuple[str, str]], expected: str
) -> None:
    sorts = [{"field_name": name, "direction": direction} for name, direction in order]
    known = {row["id"]: name for name, row in rows.items() if row["type"] == "Shot"}
    found = sg.find("Shot", [["project", "is", rows["project"]]], order=sorts)
    assert " ".join(known[row["id"]] for row in found) == expected


def test_pages_limits_and_counts_agree(site: Site, rows: dict[str, Row]) -> None:
    with site.client() as sg:
        mine = [["project", "is", rows["project"]]]
        assert len(sg.find("Shot", mine, limit=2)) == 2
        assert [row["id"] for row in sg.find("Shot", mine, limit=2, page=2)] == [rows["s3"]["id"]]
        assert sg.find("Shot", mine, limit=2, page=9) == []
        sg.config._records_per_page = 2
        assert len(sg.find("Shot", mine)) == 3
        sg.config._records_per_page = 3
        assert len(sg.find("Shot", mine)) == 3
        raw = sg._call_rpc("read", {  # noqa: SLF001 - older clients ask for the counts
            "type": "Shot", "return_fields": ["id"], "return_paging_info": True,
            "filters": {"logical_operator": "and", "conditions": [
                {"path": "project", "relation": "is", "values": [rows["project"]]}]},
            "paging": {"entities_per_page": 2, "current_page": 1},
        })
    assert raw["paging_info"] == {
        "current_page": 1, "entities_per_page": 2, "has_next_page": True, "entity_count": 3, "page_count": 2
    }


def test_rows_of_archived_projects_are_left_out_when_asked(sg: shotgun_api3.Shotgun) -> None:
    project = new(sg, "Project", archived=True)
    shot = new(sg, "Shot", project=project)
    by_id = [["id", "is", shot["id"]]]
    assert len(sg.find("Shot", by_id)) == 1
    assert sg.find("Shot", by_id, include_archived_projects=False) == []
    assert sg.find("Project", [["id", "is", project["id"]]], include_archived_projects=False) == []


FAULTS = [
    (["no_such", "is", 1], "API read() Shot.no_such doesn't exist."),
    (["code.Shot.code", "is", 1], "API read() Shot.code.Shot.code doesn't exist."),
    (["code", "foo", "x"], "API read() Shot.code's 'text' data type doesn't support 'foo' 'relation'. Value: {"),
    (["assets", "contains", "x"], "API read() Shot.assets's 'multi_entity' data type doesn't support 'contains'"),
    (["code", "is", 1], "API read() Shot.code expected [String, NilClass] data type(s) but got Integer: 1"),
    (["sg_cut_duration", "is", 1.5], "API read() Shot.sg_cut_duration expected [Integer, NilClass] data type(s)"),
    (["sg_cut_duration", "between", [1]], "API read() Shot.sg_cut_duration expected two values: [1]"),
    (["sg_sequence", "is", 26342], "API read() invalid/missing entity hash: 26342"),
    (["sg_sequence", "is", {"id": 1}], "API read() invalid/missing entity hash string 'type': {\"id\":1}"),
    (["sg_sequence", "is", {"type": "Sequence"}], "API read() invalid/missing entity hash integer 'id': {"),
    (["canceled", "is", None], "API read() Shot.canceled expected [TrueClass, FalseClass] data type(s)"),
    (["created_at", "in_last", [1, "FORTNIGHT"]], "API read() Shot.created_at expected a count and one of HOUR"),
    (["created_at", "in_calendar_year", 9999], "API read() Shot.created_at is out of range: [9999]"),
    (["created_at", "is", "yesterday"], "API read() Shot.created_at expected a time"),
    (["image", "is", "x"], "API read() Shot.image expected [NilClass] data type(s) but got String"),
]


@pytest.mark.parametrize(("question", "message"), FAULTS, ids=str)
def test_wrong_questions_are_refused_in_known_words(
    sg: shotgun_api3.Shotgun, question: list[Any], message: str
) -> None:
    with pytest.raises(Fault) as caught:
        sg.find("Shot", [question])
    assert str(caught.value).startswith(message)


def test_values_that_are_not_compared_cannot_be_filtered(sg: shotgun_api3.Shotgun) -> None:
    with pytest.raises(Fault, match=r"EventLogEntry.meta's 'serializable' data type cannot be used in a filter\."):
        sg.find("EventLogEntry", [["meta", "is", 1]])
    with pytest.raises(Fault, match=r"HumanUser.password_proxy's 'password' data type cannot be used in a filter\."):
        sg.find("HumanUser", [["password_proxy", "is", "x"]])


def test_a_type_that_does_not_exist_is_named_with_those_that_do(sg: shotgun_api3.Shotgun) -> None:
    with pytest.raises(Fault, match=r"^API read\(\) invalid/missing string entity 'type': .*\nValid entity types: \["):
        sg.find("Spaceship", [])
