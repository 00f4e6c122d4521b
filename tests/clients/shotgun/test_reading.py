"""How answers come to shotgun_api3: sorted, in pages, summed up; and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import Client, Site, call, new, set_page_size
from tests.contracts.statements import noted

if TYPE_CHECKING:
    pass

Row = dict[str, Any]


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
    sg: Client, rows: dict[str, Row], order: list[tuple[str, str]], expected: str
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
        set_page_size(sg, 2)
        assert len(sg.find("Shot", mine)) == 3
        set_page_size(sg, 3)
        assert len(sg.find("Shot", mine)) == 3
        raw = call(
            sg,
            "read",
            {
                "type": "Shot",
                "return_fields": ["id"],
                "return_paging_info": True,
                "filters": {
                    "logical_operator": "and",
                    "conditions": [{"path": "project", "relation": "is", "values": [rows["project"]]}],
                },
                "paging": {"entities_per_page": 2, "current_page": 1},
            },
        )
    assert raw["paging_info"] == {
        "current_page": 1,
        "entities_per_page": 2,
        "has_next_page": True,
        "entity_count": 3,
        "page_count": 2,
    }


def test_rows_of_archived_projects_are_left_out_when_asked(sg: Client) -> None:
    project = new(sg, "Project", archived=True)
    shot = new(sg, "Shot", project=project)
    by_id = [["id", "is", shot["id"]]]
    assert len(sg.find("Shot", by_id)) == 1
    assert sg.find("Shot", by_id, include_archived_projects=False) == []
    assert sg.find("Project", [["id", "is", project["id"]]], include_archived_projects=False) == []


FAULTS = [
    (["no_such", "is", 1], "API read() Shot.no_such doesn't exist."),
    (["code.Shot.code", "is", 1], "API read() Shot.code.Shot.code doesn't exist."),
    (
        ["code", "foo", "x"],
        "API read() Shot.code's 'text' data type doesn't support 'foo' 'relation'. Value: {",
    ),
    (
        ["assets", "contains", "x"],
        "API read() Shot.assets's 'multi_entity' data type doesn't support 'contains'",
    ),
    (["code", "is", 1], "API read() Shot.code expected [String, NilClass] data type(s) but got Integer: 1"),
    (
        ["sg_cut_duration", "is", 1.5],
        "API read() Shot.sg_cut_duration expected [Integer, NilClass] data type(s)",
    ),
    (["sg_cut_duration", "between", [1]], "API read() Shot.sg_cut_duration expected two values: [1]"),
    (["sg_sequence", "is", 26342], "API read() invalid/missing entity hash: 26342"),
    (["sg_sequence", "is", {"id": 1}], "API read() invalid/missing entity hash string 'type': {\"id\":1}"),
    (["sg_sequence", "is", {"type": "Sequence"}], "API read() invalid/missing entity hash integer 'id': {"),
    (
        ["project.Project.archived", "is", None],
        "API read() Project.archived expected [TrueClass, FalseClass] data type(s)",
    ),
    (
        ["created_at", "in_last", [1, "FORTNIGHT"]],
        "API read() Shot.created_at expected a count and one of HOUR",
    ),
    (["created_at", "in_calendar_year", 9999], "API read() Shot.created_at is out of range: [9999]"),
    (["created_at", "is", "yesterday"], "API read() Shot.created_at expected a time"),
    (["image", "is", "x"], "API read() Shot.image expected [NilClass] data type(s) but got String"),
]


@pytest.mark.parametrize(("question", "message"), FAULTS, ids=str)
def test_wrong_questions_are_refused_in_known_words(sg: Client, question: list[Any], message: str) -> None:
    with pytest.raises(Fault) as caught:
        sg.find("Shot", [question])
    assert str(caught.value).startswith(message)


def test_values_that_are_not_compared_cannot_be_filtered(sg: Client) -> None:
    with pytest.raises(
        Fault, match=r"EventLogEntry.meta's 'serializable' data type cannot be used in a filter\."
    ):
        sg.find("EventLogEntry", [["meta", "is", 1]])
    with pytest.raises(
        Fault, match=r"HumanUser.password_proxy's 'password' data type cannot be used in a filter\."
    ):
        sg.find("HumanUser", [["password_proxy", "is", "x"]])


def test_a_type_that_does_not_exist_is_named_with_those_that_do(sg: Client) -> None:
    with pytest.raises(
        Fault, match=r"^API read\(\) invalid/missing string entity 'type': .*\nValid entity types: \["
    ):
        sg.find("Spaceship", [])


# -- summaries -------------------------------------------------------------------------------------


def test_rows_are_summed_up(sg: Client, rows: dict[str, Row]) -> None:
    found = sg.summarize(
        "Shot",
        [["project", "is", rows["project"]]],
        [
            {"field": "id", "type": "count"},
            {"field": "sg_cut_duration", "type": "sum"},
            {"field": "description", "type": "count"},
            {"field": "sg_sequence.Sequence.code", "type": "record_count"},
        ],
    )
    assert found == {
        "summaries": {"id": 3, "sg_cut_duration": 10, "description": 2, "sg_sequence.Sequence.code": 3},
        "groups": [],
    }


@pytest.mark.parametrize(
    ("field", "how"), [("id", "count"), ("id", "record_count"), ("code", "record_count")]
)
def test_rows_are_counted_when_nothing_else_is_asked(
    sg: Client, rows: dict[str, Row], field: str, how: str
) -> None:
    asked, mine = [{"field": field, "type": how}], ["project", "is", rows["project"]]
    for filters, count in (([mine], 3), ([mine, ["code", "is", "Ab_1"]], 1), ([mine, ["id", "is", 0]], 0)):
        assert sg.summarize("Shot", filters, asked) == {"summaries": {field: count}, "groups": []}


def test_rows_are_summed_up_in_groups_of_groups(sg: Client, rows: dict[str, Row]) -> None:
    found = sg.summarize(
        "Task",
        [["project", "is", rows["project"]]],
        [{"field": "due_date", "type": "latest"}, {"field": "sg_status_list", "type": "status_percentage"}],
        grouping=[
            {"field": "entity", "type": "entitytype", "direction": "desc"},
            {"field": "due_date", "type": "month"},
        ],
    )
    assert [(g["group_value"], [inner["group_name"] for inner in g["groups"]]) for g in found["groups"]] == [
        (None, [""]),
        ("Shot", ["2020-02"]),
        ("Asset", ["2020-03"]),
    ]
    assert found["summaries"] == {"due_date": "2020-03-01", "sg_status_list": 33}
    by_link = sg.summarize(
        "Shot",
        [["sg_sequence", "is", rows["q1"]]],
        [{"field": "id", "type": "count"}],
        grouping=[{"field": "sg_sequence", "type": "exact"}],
    )
    assert by_link["groups"][0]["group_value"] == {**rows["q1"], "valid": "valid"}


def test_rows_that_are_alike_are_counted_by_the_database(site: Site, sg: Client) -> None:
    project = new(sg, "Project")
    for number in range(12):
        new(sg, "Shot", project=project, sg_cut_duration=number % 3, code=f"sh {number}")
    tools = {"grouping": [{"field": "sg_cut_duration", "type": "exact", "direction": "desc"}]}
    asked = [{"field": "id", "type": "count"}, {"field": "sg_cut_duration", "type": "average"}]
    with noted(site.app.extensions["studio"].reads) as statements:
        found = sg.summarize("Shot", [["project", "is", project]], asked, **tools)
    assert found["summaries"] == {"id": 12, "sg_cut_duration": 1}
    assert [(each["group_value"], each["summaries"]["id"]) for each in found["groups"]] == [
        (2, 4),
        (1, 4),
        (0, 4),
    ]
    assert "GROUP BY" in statements[-1]


def test_what_cannot_be_summed_up_is_refused(sg: Client) -> None:
    with pytest.raises(Fault, match=r"API summarize\(\) Shot.code cannot be used in summaries as 'sum'"):
        sg.summarize("Shot", [], [{"field": "code", "type": "sum"}])
    with pytest.raises(Fault, match=r"API summarize\(\) Shot.assets cannot be used in grouping as 'exact'"):
        sg.summarize(
            "Shot", [], [{"field": "id", "type": "count"}], grouping=[{"field": "assets", "type": "exact"}]
        )
