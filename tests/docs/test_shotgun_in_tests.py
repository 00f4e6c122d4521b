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


TWO_SITES = """
import runpy
import sys

PATH = "demo.json"


def test_a_site_is_dumped(shotgun, monkeypatch):
    sg = shotgun.connect()
    sg.schema_field_create("Shot", "number", "weight")
    sg.schema_field_create("Shot", "date_time", "seen")
    sg.create("Status", {"code": "odd", "name": "Odd"})
    person = sg.create("HumanUser", {"login": "ann", "firstname": "Ann", "email": "ann@x.example"})
    sg.delete("Project", sg.create("Project", {"name": "Gone"})["id"])
    project = sg.create("Project", {"name": "Demo"})
    here = {"project": project}
    sequence = sg.create("Sequence", {**here, "code": "sq010"})
    values = {"sg_weight": 7, "sg_seen": "2031-05-14T12:00:00Z", "sg_status_list": "odd"}
    shot = sg.create("Shot", {**here, **values, "code": "sh010", "sg_sequence": sequence})
    step = sg.find_one("Step", [["entity_type", "is", "Shot"]])
    first = sg.create("Task", {**here, "content": "a", "entity": shot, "step": step})
    second = sg.create("Task", {**here, "content": "b", "entity": shot, "task_assignees": [person]})
    sg.update("Task", first["id"], {"upstream_tasks": [second]})
    kinds = ["Status", "HumanUser", "Step", "Task", "Shot", "Sequence", "Project"]
    site = [shotgun.url, shotgun.script_name, shotgun.api_key]
    monkeypatch.setattr(sys, "argv", ["dump.py", *site, PATH, *kinds])
    runpy.run_path("dump.py", run_name="__main__")


def test_another_site_is_filled_from_it(shotgun):
    sg = shotgun.connect()
    steps = len(sg.find("Step", []))
    known = shotgun.load(PATH)
    assert len(sg.find("Step", [])) == steps
    names = ["code", "sg_sequence", "sg_weight", "sg_seen", "sg_status_list", "project"]
    shot = sg.find_one("Shot", [], names)
    assert (shot["code"], shot["sg_sequence"]["name"], shot["project"]["name"]) == ("sh010", "sq010", "Demo")
    assert (shot["sg_weight"], shot["sg_seen"].hour, shot["sg_status_list"]) == (7, 12, "odd")
    names = ["content", "step.Step.entity_type", "task_assignees.HumanUser.login", "upstream_tasks", "entity"]
    first, second = sg.find("Task", [], names, [{"field_name": "content", "direction": "asc"}])
    assert first["step.Step.entity_type"] == "Shot"
    assert first["upstream_tasks"][0]["id"] == second["id"]
    assert (first["entity"]["id"], second["entity"]["id"]) == (shot["id"], shot["id"])
    assert sg.find("Task", [["task_assignees.HumanUser.login", "is", "ann"]])[0]["id"] == second["id"]
    assert {kind for kind, _ in known} >= {"Task", "Shot", "Step", "Status"}
"""


def test_a_dump_made_by_the_script_of_the_page_fills_another_site(pytester: pytest.Pytester) -> None:
    script = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    pytester.makepyfile(dump=script)
    pytester.makepyfile(TWO_SITES)
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")
    found.assert_outcomes(passed=2)
