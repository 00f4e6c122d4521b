"""The example of the page about the pytest fixture runs, and each of its tests has a site of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

SECOND = """

def test_the_next_site_is_empty(shotgun):
    assert shotgun.connect().find("Shot", []) == []
"""
PAGE = Path(__file__).parents[2] / "docs" / "clients" / "shotgun-in-tests.md"


def test_the_example_runs_and_no_test_sees_what_another_made(pytester: pytest.Pytester) -> None:
    example = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
    pytester.makepyfile(example + SECOND)
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    found.assert_outcomes(passed=2)
