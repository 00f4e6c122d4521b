"""A studio carried away while it is at work, and brought back into another PostgreSQL, row by row."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.operations.weather import Site, Writer
from tests.servers import RunningServer, run_command, run_command_here
from zou_server.adapters.postgres.embedded import EmbeddedPostgres, running_url

MACHINE_POSTGRES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def server(shared_place: Path) -> Iterator[RunningServer]:
    """A studio with something in it, and an embedded PostgreSQL of the newest version."""
    with RunningServer(shared_place / "data", "--no-worker", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def backup(server: RunningServer, shared_place: Path) -> Path:
    """A backup made while people write."""
    target = shared_place / "backup"
    with Writer(Site(server)):
        made = run_command("backup", str(target), "--data-dir", str(server.data_dir), timeout=300)
    assert (made.returncode, "every checksum is right" in made.stdout) == (0, True), made.stderr
    assert f"site: {server.data_dir}, with its own database" in made.stderr
    return target


def rows_in(url: str) -> dict[str, Any]:
    """What some tables hold, by a checksum of all their rows."""
    engine = create_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in ("person", "task", "comment", "event", "change_set", "credential", "preview_file"):
            rows = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
            if connection.scalar(text(f"SELECT to_regclass('{table}') IS NOT NULL")):
                found[table] = tuple(connection.execute(text(rows)).one())
    engine.dispose()
    return found


def test_a_backup_comes_back_in_an_older_postgresql_and_from_there_in_a_new_one(
    server: RunningServer, backup: Path, place: Path
) -> None:
    if not MACHINE_POSTGRES.exists():
        pytest.skip("this machine has no PostgreSQL 15")
    (place / "postgres15").mkdir(mode=0o711)
    older = EmbeddedPostgres(place / "postgres15", programs_dir=str(MACHINE_POSTGRES), durable=False)
    again, new = place / "again", place / "new"
    try:
        url = make_url(older.start()).set(drivername="postgresql").render_as_string(hide_password=False)
        where = ("--data-dir", str(place / "own"))
        came = run_command("restore", str(backup), *where, timeout=300, DATABASE_URL=url)
        assert (came.returncode, "every checksum is right" in came.stdout) == (0, True), came.stderr
        there = rows_in(url)
        once_more = run_command_here("restore", str(backup), *where, DATABASE_URL=url)
        assert (once_more.returncode, "holds a studio already" in once_more.stderr) == (1, True)
        back = run_command_here("backup", str(again), *where, DATABASE_URL=url)
        assert back.returncode == 0, back.stderr
    finally:
        older.stop()
    home = run_command("restore", str(again), "--data-dir", str(new), timeout=300)
    assert home.returncode == 0, home.stderr
    with RunningServer(new, "--no-worker") as restored:
        assert restored.credentials == {}
        found = rows_in(running_url(new) or "")
        assert {name: there[name] for name in found if name != "credential"} == {
            name: found[name] for name in found if name != "credential"
        }
        client = gazu.client.create_client(f"{restored.url}/api")
        gazu.log_in(server.credentials["email"], server.credentials["password"], client=client)
        shots = gazu.shot.all_shots_for_project(
            gazu.project.get_project_by_name("Night Ferry", client=client), client=client
        )
        client.session.close()
        assert shots
    files = sorted(
        p.relative_to(server.data_dir) for p in (server.data_dir / "files").rglob("*") if p.is_file()
    )
    assert files
    for each in files:
        assert (new / each).read_bytes() == (server.data_dir / each).read_bytes()
    assert (new / "secret.key").read_text() == (server.data_dir / "secret.key").read_text()


def test_what_is_no_whole_backup_is_refused_and_nothing_is_made(backup: Path, place: Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    (place / "half").mkdir()
    half = run_command_here("restore", str(place / "half"), "--data-dir", str(place / "none"))
    assert (half.returncode, "is no whole backup" in half.stderr) == (1, True)
    assert not (place / "none").exists()
    damaged = place / "damaged"
    (damaged / "tables").mkdir(parents=True)
    for each in manifest["tables"]:
        with gzip.open(damaged / "tables" / f"{each['name']}.copy.gz", "wb") as file:
            file.write(b"other rows\n")
    (damaged / "manifest.json").write_text(json.dumps({**manifest, "files_in": "s3"}))
    wrong = run_command_here("restore", str(damaged), "--data-dir", str(place / "empty"))
    assert (wrong.returncode, "is damaged" in wrong.stderr) == (1, True), wrong.stderr
    newer = place / "newer"
    newer.mkdir()
    (newer / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}))
    refused = run_command_here("restore", str(newer), "--data-dir", str(place / "empty"))
    assert (refused.returncode, "which this version" in refused.stderr) == (1, True), refused.stderr


def test_a_backup_never_writes_over_another(server: RunningServer, backup: Path) -> None:
    again = run_command_here("backup", str(backup), "--data-dir", str(server.data_dir))
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)
