"""The largest batches there are: all of them happens or nothing, by as many statements as for few rows."""

from __future__ import annotations

from typing import Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import Client, Row, Site, new
from tests.contracts.statements import noted

LARGEST = 10_000
NEWEST = [{"column": "id", "direction": "desc"}]
COUNT = [{"field": "id", "type": "count"}]


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def creates(p: Row, name: str, count: int) -> list[Row]:
    each = {"request_type": "create", "entity_type": "Shot"}
    return [{**each, "data": {"project": p, "code": f"{name} {number}"}} for number in range(count)]


def many(sg: Client, name: str) -> int:
    counted: int = sg.summarize("Shot", [["code", "starts_with", name]], COUNT)["summaries"]["id"]
    return counted


@pytest.mark.parametrize(
    "bad",
    [
        {"request_type": "create", "entity_type": "Shot", "data": {"code": "bad", "no_such_field": 1}},
        {"request_type": "create", "entity_type": "Shot", "data": {"code": "bad", "sg_cut_in": "x"}},
        {"request_type": "update", "entity_type": "Shot", "entity_id": 999_999_999, "data": {"code": "bad"}},
        {"request_type": "delete", "entity_type": "Shot", "entity_id": 999_999_999},
    ],
    ids=["unknown field", "wrong value", "update of none", "delete of none"],
)
def test_one_bad_request_in_the_middle_leaves_nothing_of_the_others(sg: Client, p: Row, bad: Row) -> None:
    requests = creates(p, "half", LARGEST - 1)
    middle = LARGEST // 2
    if "data" in bad:
        bad = {**bad, "data": {**bad["data"], "project": p}} if bad["request_type"] == "create" else bad
    before = sg.find_one("EventLogEntry", [], [], NEWEST)
    with pytest.raises(Fault) as refused:
        sg.batch([*requests[:middle], bad, *requests[middle:]])
    words = f"API batch() request with index {middle} failed.  All requests rolled back.\n"
    assert str(refused.value).startswith(words)
    assert many(sg, "half") == many(sg, "bad") == 0
    assert sg.find_one("EventLogEntry", [], [], NEWEST) == before


def test_the_largest_batch_is_answered_in_its_order_and_one_more_is_refused(sg: Client, p: Row) -> None:
    made = sg.batch(creates(p, "whole", LARGEST))
    assert [row["code"] for row in made] == [f"whole {number}" for number in range(LARGEST)]
    assert len({row["id"] for row in made}) == LARGEST == many(sg, "whole")
    with pytest.raises(Fault, match="more than 10000 requests"):
        sg.batch(creates(p, "more", LARGEST + 1))
    assert many(sg, "more") == 0


def test_the_statements_of_a_batch_do_not_grow_with_its_rows(site: Site, sg: Client, p: Row) -> None:
    sequence, asset = new(sg, "Sequence", project=p), new(sg, "Asset", project=p)

    def statements(requests: list[Row]) -> tuple[int, list[Any]]:
        with noted(site.app.extensions["studio"].writes) as asked:
            answers = sg.batch(requests)
        assert len(answers) == len(requests)
        return len(asked), answers

    def round_trip(name: str, count: int) -> list[int]:
        linked = creates(p, name, count)
        for each in linked:
            each["data"] |= {"sg_sequence": sequence, "assets": [asset], "description": "x"}
        made, rows = statements(linked)
        each = {"request_type": "update", "entity_type": "Shot"}
        changes = [{**each, "entity_id": row["id"], "data": {"sg_status_list": "ip"}} for row in rows]
        changed, _ = statements(changes)
        return [made, changed]

    round_trip("warm", 20)
    (made, changed), (many_made, many_changed) = round_trip("few", 20), round_trip("lots", 400)
    assert changed == many_changed
    # Rows are written by the page, not one by one.
    assert many_made <= made + 10
