"""The worker does the imports that were handed to it, and says so of those that it cannot do."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.conftest import SuitePostgres
from tests.studio import open_studio
from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.jobs import ATTEMPTS
from zou_server.models.actor import SYSTEM
from zou_server.services.importers.shotgun.run_import import start_run

BREAK = text("""
    CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = 'P0001'; END $$;
    CREATE TRIGGER break_down BEFORE INSERT ON project FOR EACH ROW EXECUTE FUNCTION break_down();
""")
LAST = text("UPDATE procrastinate_jobs SET attempts = :attempts WHERE task_name = 'import_shotgun'")


def _start(kit: Any, name: str) -> uuid.UUID:
    with kit.studio.write(SYSTEM) as work:
        found = start_run(work, "projects", [{"id": 5, "name": name}])
        work.commit()
    return found


def test_the_worker_does_an_import(postgres: SuitePostgres, tmp_path: Path) -> None:
    with open_studio(postgres, tmp_path) as kit:
        run_id = _start(kit, "Lantern")
        asyncio.run(run_worker(kit.settings, wait=False))
        assert kit.row("ImportRun", run_id, "state", "percent", "created") == {
            "state": "done",
            "percent": 100,
            "created": 1,
        }
        assert kit.rows("Project", "name") == [{"name": "Lantern"}]


def test_an_import_that_breaks_down_every_time_fails_with_a_reason(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    with open_studio(postgres, tmp_path) as kit:
        run_id = _start(kit, "Lantern")
        with kit.studio.writes.begin() as connection:
            connection.execute(BREAK)
            connection.execute(LAST, {"attempts": ATTEMPTS - 1})
        asyncio.run(run_worker(kit.settings, wait=False))
        assert kit.row("ImportRun", run_id, "state", "reason") == {
            "state": "failed",
            "reason": "The server could not do this import; its log says why.",
        }
        assert kit.rows("Project", "name") == []
