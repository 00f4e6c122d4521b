"""Every route that Kitsu calls: `tests/clients/zou/kitsu/routes.tsv` lists them, and each is served.

What a route does is in the tests of its wing, in `tests/clients/zou/kitsu/recorded.tsv` and in
`tests/clients/zou/kitsu/test_each_route.py`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

from tests.clients.zou.kitsu.test_each_route import DAY
from tests.clients.zou.kitsu.test_walk import recorded

if TYPE_CHECKING:
    from tests.clients.zou.people.own.site import OwnSite

SAMPLES = {"<date>": "2026-03-04", "<year>": "2026", "<month>": "3", "<week>": "3", "<day>": "4"}
AN_ID = "01234567-89ab-4def-8123-456789abcdef"


def routes() -> list[tuple[str, str]]:
    """Method and path of every route in the list."""
    with Path(__file__).with_name("routes.tsv").open(newline="") as lines:
        return [(row["method"], row["path"]) for row in csv.DictReader(lines, delimiter="\t")]


def test_every_route_that_kitsu_calls_is_served(site: OwnSite) -> None:
    served = site.app.url_map.bind("localhost")
    missing = []
    for method, path in routes():
        sample = re.sub(r"<\w+>", lambda found: SAMPLES.get(found[0], AN_ID), path)
        try:
            rule, _ = served.match(f"/api{sample}", method, return_rule=True)
        except HTTPException as error:
            missing.append((method, path, error.code))
        else:
            assert "<path:" not in rule.rule, (path, "is what answers for pages that are not there")
    assert len(routes()) > 370
    assert missing == []


def test_what_kitsu_was_seen_to_ask_is_in_the_list() -> None:
    listed = [(method, re.compile(re.sub(r"<\w+>", "[^/]+", path))) for method, path in routes()]
    asked = [(each.method, each.path) for each in recorded()] + [(each.method, each.path) for each in DAY]
    unlisted = [
        (verb, where)
        for verb, where in asked
        if not any(
            method == verb and path.fullmatch(where.split("?")[0].rstrip("/")) for method, path in listed
        )
    ]
    assert unlisted == []
