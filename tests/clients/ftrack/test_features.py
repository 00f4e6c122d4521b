"""What ftrack's own documentation has users do, and which test shows each; and all of its types."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.clients.ftrack.site import Session
from zou_server.blueprints.ftrack.recorded import recorded

HERE = Path(__file__).parent
ROWS = [line.split("\t") for line in (HERE / "features.tsv").read_text().splitlines()]
"""Number, feature, and the tests that show it as `file::test`; or after a dash why none can."""


@cache
def named_tests(file: str) -> frozenset[str]:
    tree = ast.parse((HERE / f"{file}.py").read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_each_feature_has_a_line() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 88))


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_each_feature_is_shown_by_tests_that_exist(row: list[str]) -> None:
    _, _, shown = row
    if shown.startswith("- "):
        return
    for each in shown.split():
        file, _, name = each.partition("::")
        assert name in named_tests(file), each


def test_every_type_of_ftrack_is_known_with_its_attributes(session: Session) -> None:
    for name, wanted in recorded().items():
        found = {each.name for each in session.types[name].attributes}
        assert set(wanted.attributes) <= found, name
    assert len(recorded()) > 100
