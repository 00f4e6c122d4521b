"""ARCHITECTURE.md names what is there, and all of it; the decisions have their four headings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers import ROOT
from zou_server.models import Base

TEXT = (ROOT / "ARCHITECTURE.md").read_text()
NAMED = set(re.findall(r"`((?:zou_server|migrations|config|docs|tests)/[\w./]*|[\w]+\.toml)`", TEXT))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
WALK = ROOT / "docs" / "adr" / "0005-the-domain-walked-on-paper.md"
COLUMN = re.compile(r"`([a-z_]+)\.([a-z_]+)`")
HEADINGS = ["Context", "Decision", "Status", "Consequences"]


def test_everything_that_is_named_exists() -> None:
    assert len(NAMED) > 20
    assert sorted(name for name in NAMED if not (ROOT / name).exists()) == []


def test_every_folder_of_the_program_is_named() -> None:
    folders = {
        f"{path.relative_to(ROOT)}/"
        for path in (ROOT / "zou_server").rglob("*")
        if path.is_dir() and path.name != "__pycache__"
    }
    assert sorted(folders - NAMED) == []


def test_every_folder_of_the_tests_is_named() -> None:
    folders = {
        f"{path.relative_to(ROOT)}/"
        for path in (ROOT / "tests").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert sorted(folders - NAMED) == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_the_four_headings_and_stands_in_the_list(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert text.startswith(f"# {path.stem[:4]} ")
    assert f"]({path.name})" in (path.parent / "README.md").read_text()


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_walk_says_now_only_of_columns_that_there_are() -> None:
    """A row of the tables that ends in "now" names columns that stand in the models."""
    rows = [
        line for line in WALK.read_text().splitlines() if line.startswith("|") and line.endswith("| now |")
    ]
    assert len(rows) > 20
    tables = Base.metadata.tables
    missing = [
        f"{table}.{column}"
        for row in rows
        for table, column in COLUMN.findall(row)
        if table not in tables or column not in tables[table].c
    ]
    assert missing == []


def test_the_walk_says_later_only_of_tables_that_there_are_not() -> None:
    """When a table arrives, its rows in the walk are looked at again."""
    rows = [
        line for line in WALK.read_text().splitlines() if line.startswith("|") and line.endswith("| later |")
    ]
    arrived = [
        f"{table}.{column}"
        for row in rows
        for table, column in COLUMN.findall(row)
        if table in Base.metadata.tables and column in Base.metadata.tables[table].c
    ]
    assert arrived == [], "say now of these in docs/adr/0005, in a new decision"


@pytest.mark.parametrize("folder", ["tests/services/rights", "tests/contracts/permissions"])
def test_a_test_of_a_right_is_found_by_its_files_name(folder: str) -> None:
    names = [path.name for path in (ROOT / folder).glob("test_*.py")]
    assert [name for name in names if not name.startswith("test_who_")] == []
