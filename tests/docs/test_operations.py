"""docs/operations.md: its backup can be restored, and it explains whatever `zou-server check` says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from tests.servers import ROOT
from tests.studio import open_studio
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.programs import find_programs
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SuitePostgres

TEXT = (ROOT / "docs" / "operations.md").read_text()
TESTED = re.compile(r"<!-- tested: (?P<name>\w+) -->\n```sh\n(?P<code>.*?)```", re.DOTALL)
SAYING = (
    "settings.py",
    "adapters/data_directory.py",
    "adapters/database.py",
    "adapters/postgres/embedded.py",
    "adapters/postgres/programs.py",
    "adapters/postgres/processes.py",
    "commands/check.py",
)
"""The modules whose messages `check` may show."""

NEVER_SHOWN = frozenset({"there is no setting called", "no database: set DATABASE_URL"})
"""Messages for developers who call our own functions wrongly."""

SHORTEST = 8


def sayings() -> Iterator[str]:
    """The fixed parts of every message."""
    for name in SAYING:
        for node in ast.walk(ast.parse((ROOT / "zou_server" / name).read_text())):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
                "message",
                "mend",
                "problem",
            ):
                yield from _fixed_parts(node.value)


def _fixed_parts(value: ast.expr) -> Iterator[str]:
    constants = value.values if isinstance(value, ast.JoinedStr) else [value]
    for each in constants:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            text = " ".join(each.value.split())
            if len(text) >= SHORTEST and not any(text.startswith(never) for never in NEVER_SHOWN):
                yield text


def test_every_message_of_check_is_explained() -> None:
    said = set(sayings())
    assert len(said) > 20
    table = " ".join(TEXT.split())
    assert sorted(text for text in said if text not in table) == []


def block(name: str) -> str:
    found = {match["name"]: match["code"] for match in TESTED.finditer(TEXT)}
    return found[name]


def run(code: str, **env: str) -> None:
    programs = str(find_programs().directory)
    answer = subprocess.run(
        ["/bin/sh", "-eu", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **env},
    )
    assert answer.returncode == 0, answer.stderr


def plain(url: str) -> str:
    """An address as PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("old", "new", "backup")}
    for path in made.values():
        path.mkdir()
    (made["old"] / "files").mkdir()
    (made["old"] / "files" / "plate.exr").write_bytes(b"pixels")
    return made


def test_a_backup_can_be_restored(postgres: SuitePostgres, places: dict[str, Path]) -> None:
    with open_studio(postgres, places["old"]) as kit:
        project = kit.project()
        shot = kit.create("Shot", project_id=project, name="SH010")
        log = kit.events()
        run(
            block("backup"),
            DATABASE_URL=plain(kit.settings.database_url),
            DATA=str(places["old"]),
            BACKUP=str(places["backup"]),
        )
    url = postgres.empty_database()
    run(block("restore"), DATABASE_URL=plain(url), DATA=str(places["new"]), BACKUP=str(places["backup"]))
    settings = Settings.from_env({}, database_url=url, data_dir=places["new"])
    assert settings.secret_key == (places["old"] / "secret.key").read_text()
    assert (places["new"] / "files" / "plate.exr").read_bytes() == b"pixels"
    engine = make_engine(settings)
    kit_of_copy = type(kit)(Studio(engine, engine, RULEBOOK), settings)
    assert kit_of_copy.row("Shot", shot, "name") == "SH010"
    assert kit_of_copy.events() == log
    engine.dispose()
    postgres.drop(url)
