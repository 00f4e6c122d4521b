"""The commands that need no running server: what they print and what they refuse."""

from __future__ import annotations

import gzip
import io
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.servers import run_command, run_command_here
from zou_server import __version__
from zou_server.adapters.storage import LocalStorage, make_storage
from zou_server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SuitePostgres


def test_version_prints_the_version() -> None:
    assert run_command("version").stdout == f"zou-server {__version__}\n"


def test_a_misspelt_setting_is_one_clear_line_and_no_traceback(data_dir: Path) -> None:
    answer = run_command("upgrade-db", "--data-dir", str(data_dir), ZOU_SERVER_PROT="1")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: unknown setting ZOU_SERVER_PROT")
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("option", "value", "command"),
    [("--port", "abc", "serve"), ("--workers", "2.5", "serve"), ("--days", "soon", "create-script bars")],
)
def test_what_must_be_a_number_is_told_as_of_settings(option: str, value: str, command: str) -> None:
    answer = run_command(*command.split(), option, value)
    assert answer.returncode == 2
    assert answer.stderr.endswith(f"Invalid value for '{option}': must be a whole number, not '{value}'\n")


def test_is_ready_says_when_nobody_answers(data_dir: Path) -> None:
    answer = run_command("is-ready", "--port", "1", "--data-dir", str(data_dir))
    assert answer.returncode == 1
    assert "no answer from http://127.0.0.1:1/health/ready" in answer.stderr


def test_upgrade_db_starts_a_database_and_stops_it_again(data_dir: Path) -> None:
    first = run_command("upgrade-db", "--data-dir", str(data_dir))
    assert first.returncode == 0, first.stderr
    again = run_command_here("upgrade-db", "--data-dir", str(data_dir))
    assert "(was already)" in again.stdout
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_check_finds_everything_in_order(data_dir: Path, postgres: SuitePostgres) -> None:
    url = postgres.migrated_database()
    answer = run_command("check", "--data-dir", str(data_dir), DATABASE_URL=url)
    assert answer.returncode == 0, answer.stdout
    for subject in ("settings", "storage", "database", "migrations"):
        assert f"ok    {subject}" in answer.stdout


def test_check_before_a_first_start_tries_everything_and_leaves_nothing(place: Path) -> None:
    before = sorted(place.iterdir())
    answer = run_command("check", "--data-dir", str(place / "deep" / "studio"))
    assert answer.returncode == 0, answer.stdout
    assert "ok    database   PostgreSQL " in answer.stdout
    assert f"no studio in {place}/deep/studio yet; zou-server serve makes one" in answer.stdout
    assert f"data directory {place}/deep/studio\n" in answer.stdout
    assert sorted(place.iterdir()) == before
    nowhere = run_command_here("check", "--data-dir", "/proc/studio")
    assert nowhere.returncode == 1
    assert nowhere.stdout.startswith("wrong settings   cannot make the data directory /proc/studio: ")


def test_check_names_what_is_wrong_and_how_to_mend_it(data_dir: Path) -> None:
    nowhere = "postgresql://me@127.0.0.1:1/none"
    answer = run_command("check", "--data-dir", str(data_dir), DATABASE_URL=nowhere, PATH="/nowhere")
    assert answer.returncode == 1
    assert "wrong database   cannot reach the database" in answer.stdout
    assert "warn  ffmpeg     not found on PATH; install ffmpeg" in answer.stdout


def test_an_empty_database_is_not_given_credentials(data_dir: Path, postgres: SuitePostgres) -> None:
    url = postgres.empty_database()
    answer = run_command("create-admin", "a@b.fr", "--data-dir", str(data_dir), DATABASE_URL=url)
    assert answer.returncode == 1
    assert "run zou-server upgrade-db" in answer.stderr


def test_remove_orphans_names_the_files_and_leaves_them_when_asked_to(
    data_dir: Path, postgres: SuitePostgres
) -> None:
    url = postgres.migrated_database()
    storage = make_storage(Settings.from_env({}, database_url=url, data_dir=data_dir))
    assert isinstance(storage, LocalStorage)
    orphan, young = (f"attachments/abc/def/{name}" for name in ("orphan", "young"))
    for key in (orphan, young):
        storage.put(key, io.BytesIO(b"x"))
    os.utime(storage.root / orphan, (0, 0))
    command = ("remove-orphans", "--data-dir", str(data_dir))
    looked = run_command(*command, "--dry-run", DATABASE_URL=url)
    assert looked.stdout.splitlines() == [orphan, "1 files would be removed"], looked.stderr
    assert storage.exists(orphan)
    done = run_command_here(*command, DATABASE_URL=url)
    assert done.stdout.splitlines() == [orphan, "1 files removed"], done.stderr
    assert (storage.exists(orphan), storage.exists(young)) == (False, True)


def test_prune_events_moves_what_is_old_into_a_new_file(data_dir: Path, postgres: SuitePostgres) -> None:
    url = postgres.migrated_database()
    asked = ("prune-events", "--before", "2100-01-01", "--archive", str(data_dir / "old.jsonl.gz"))
    done = run_command(*asked, "--data-dir", str(data_dir), DATABASE_URL=url)
    said = re.fullmatch(r"(\d+) events before 2100-01-01 00:00 removed, kept in .*", done.stdout.strip())
    assert said is not None, done.stderr
    with gzip.open(data_dir / "old.jsonl.gz", "rt") as lines:
        assert len(list(lines)) == int(said[1])
    again = run_command_here(*asked, "--data-dir", str(data_dir), DATABASE_URL=url)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    postgres.drop(url)
