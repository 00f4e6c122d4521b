"""The documents that repeat what the code says are the ones it would write now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.write_docs import documents, domain_errors, operator_errors
from tests.docs.write_surfaces import asked_by, readme
from tests.servers import ROOT
from zou_server.cli import main as command_line
from zou_server.settings import describe_settings

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize("name", documents())
def test_a_generated_document_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == documents()[name], "run: make docs"


def test_the_table_of_surfaces_in_the_readme_is_current() -> None:
    text = (ROOT / "README.md").read_text()
    assert text == readme(text), "run: make docs"


def test_what_a_function_of_shotguns_client_asks_for_is_read_from_its_source() -> None:
    asked = {
        "find_one": "read",
        "upload_thumbnail": "publish_thumbnail",
        "share_thumbnail": "share_thumbnail",
    }
    assert {name: call for name, call in asked.items() if call not in asked_by(name)} == {}
    assert asked_by("text_search") == {"query_display_name_cache"}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert [each.variable for each in describe_settings() if f"`{each.variable}`" not in text] == []


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in command_line.commands if f"\n## {name}\n" not in text] == []


def test_the_example_environment_names_only_settings_that_there_are() -> None:
    known = {each.variable for each in describe_settings()} | {"POSTGRES_PASSWORD", "PUBLISH_ADDRESS"}
    lines = (ROOT / "config" / "example.env").read_text().splitlines()
    named = {
        line.lstrip("#").partition("=")[0]
        for line in lines
        if "=" in line and " " not in line.partition("=")[0]
    }
    assert named <= known


def test_every_error_has_a_code_of_its_own_a_meaning_and_a_cure() -> None:
    found = [*domain_errors(), *operator_errors()]
    for each in found:
        assert {"code", "cure"} <= vars(each).keys(), each
        assert each.__doc__, each
        assert vars(each)["cure"].endswith("."), each
    codes = [vars(each)["code"] for each in found]
    assert sorted(set(codes)) == sorted(codes)


def test_an_answer_has_the_code_of_its_error(described_app: Flask) -> None:
    client = described_app.test_client()
    assert client.post("/auth/login", json={}).headers["X-Error-Code"] == "invalid"
    assert "X-Error-Code" not in client.get("/").headers
