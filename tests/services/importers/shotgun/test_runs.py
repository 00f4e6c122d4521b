"""Imports in the background, and a whole site from a folder."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SuitePostgres
from tests.servers import run_command, run_command_here
from tests.services.importers.shotgun.rows import asset, numbers, one, shot
from tests.shotgun_rows import ROWS, link
from tests.studio import StudioKit, open_studio
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.errors import Invalid
from zou_server.services.importers.shotgun.import_folder import import_folder
from zou_server.services.importers.shotgun.run_import import PART, run_import, start_run


def start(kit: StudioKit, kind: str, rows: list[Any], actor: Actor = SYSTEM) -> uuid.UUID:
    with kit.studio.write(actor) as work:
        found = start_run(work, kind, rows)
        work.commit()
    assert kit.jobs("import_shotgun")[-1] == {"run_id": str(found)}
    return found


STATE = ("state", "percent", "total", "done", "created", "updated", "unchanged", "errors", "reason")


def test_a_run_imports_in_parts_and_says_how_far_it_is(kit: StudioKit, project: dict[str, Any]) -> None:
    things = [asset(project) for _ in range(PART + 1)]
    things[0]["parents"] = [link("Asset", things[-1]["id"])]  # which the first part does not know yet
    rows: list[Any] = [*things, {"id": next(numbers), "code": "nowhere"}]
    run_id = start(kit, "assets", rows)
    assert kit.row("ImportRun", run_id, "state", "percent") == {"state": "waiting", "percent": 0}
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, *STATE) == {
        "state": "done",
        "percent": 100,
        "total": PART + 2,
        "done": PART + 2,
        "created": PART + 1,
        "updated": 0,
        "unchanged": 0,
        "errors": 1,
        "reason": None,
    }
    assert one(kit, "Asset", things[-1]["id"], "entities_out*") == [one(kit, "Asset", things[0]["id"], "id")]


def test_a_run_that_was_stopped_goes_on_where_it_was(kit: StudioKit, project: dict[str, Any]) -> None:
    run_id = start(kit, "shots", [shot(project) for _ in range(3)])
    kit.update("ImportRun", run_id, done=2, created=2, state="running")
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, "state", "done", "created") == {
        "state": "done",
        "done": 3,
        "created": 3,
    }


def test_a_run_of_somebody_who_is_no_administrator_any_more_fails(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    admin = kit.person("admin")
    run_id = start(kit, "shots", [shot(project)], admin)
    kit.update("Person", admin.person_id, role="user")
    run_import(kit.studio, run_id)
    assert kit.row("ImportRun", run_id, "state", "reason") == {
        "state": "failed",
        "reason": "Whoever started this import is no administrator any more.",
    }


def test_a_folder_of_files_is_a_whole_site(postgres: SuitePostgres, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for kind, rows in ROWS.items():
        (folder / f"{kind}.json").write_text(json.dumps(rows))
    with open_studio(postgres, tmp_path) as kit:
        first, again = list(import_folder(kit.studio, folder)), list(import_folder(kit.studio, folder))
        assert {each.name: each.created for each in first} == {
            f"{kind}.json": len(rows) - (kind == "persons") for kind, rows in ROWS.items()
        } | {"status.json": 1}  # the other is a status of ours
        assert sum(each.errors for each in first) == 0
        assert {(each.created, each.updated, each.errors) for each in again} == {(0, 0, 0)}
        (folder / "shots.json").write_text("{}")
        with pytest.raises(Invalid, match=r"shots\.json is no list"):
            list(import_folder(kit.studio, folder))
        with pytest.raises(Invalid, match=r"has none of projects\.json"):
            list(import_folder(kit.studio, tmp_path))


def test_a_file_by_shotguns_own_name_is_taken_and_others_are_named(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "HumanUsers.json").write_text(json.dumps(ROWS["persons"]))
    (folder / "statuses.json").write_text(json.dumps(ROWS["status"]))
    for left in ("playlists.json", "published_files.json", "readme.txt"):
        (folder / left).write_text("[]")
    with open_studio(postgres, tmp_path) as kit:
        (tmp_path / "data").mkdir(exist_ok=True)
        command = ("import-shotgun", str(folder), "--data-dir", str(tmp_path / "data"))
        url = kit.studio.writes.url.set(drivername="postgresql").render_as_string(hide_password=False)
        done = run_command(*command, DATABASE_URL=url)
        (folder / "persons.json").write_text("[]")
        refused = run_command_here(*command, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[:-1]] == ["HumanUsers.json", "statuses.json"]
    said = [line.split()[0] for line in done.stderr.splitlines() if "was left alone" in line]
    assert said == ["playlists.json", "published_files.json", "readme.txt"]
    assert (refused.returncode, "are both persons" in refused.stderr) == (1, True), refused.stderr
