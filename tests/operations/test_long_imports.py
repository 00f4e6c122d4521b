"""An import takes as much memory as a tenth of it: its rows are in no process at once."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from openpyxl import Workbook

from tests.conftest import SuitePostgres
from tests.processes import processes_below
from tests.servers import RunningServer

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel for the most memory"),
    pytest.mark.timeout(900),
]

FEW, MANY = 5_000, 50_000
BOUND = 40
"""Megabytes that so many more rows may take: texts of a workbook, and what tells a row from others."""


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, shared_place: Path) -> Iterator[RunningServer]:
    """A server of one web process."""
    url = postgres.migrated_database()
    with RunningServer(shared_place / "data", "--no-worker", DATABASE_URL=url) as running:
        yield running
    postgres.drop(url)


def workbook(rows: int) -> bytes:
    book, content = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Shots")
    sheet.append(("Sequence", "Name", "Description", "Frames"))
    for number in range(rows):
        sheet.append((f"S{number // 100:04}", f"{number % 100:03}0", f"The fox runs over hill {number}.", 48))
    book.save(content)
    return content.getvalue()


def most_memory(pid: int) -> int:
    """The most megabytes that a process had at once."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) >> 10


def test_a_workbook_of_ten_times_the_rows_takes_the_same_memory(server: RunningServer) -> None:
    keys = server.credentials
    log_in = {"email": keys["email"], "password": keys["password"]}
    token = requests.post(f"{server.url}/auth/login", json=log_in, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    def growth(rows: int) -> int:
        name = {"name": f"{rows} rows"}
        project = requests.post(f"{server.url}/data/projects", json=name, headers=headers, timeout=60).json()
        path = f"{server.url}/import/csv/projects/{project['id']}/shots"
        pids = processes_below(server.pid)
        for pid in pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        before = sum(map(most_memory, pids))
        sent = {"file": ("shots.xlsx", workbook(rows))}
        answer = requests.post(path, files=sent, headers=headers, timeout=600)
        assert (answer.status_code, len(answer.json())) == (201, rows)
        return sum(map(most_memory, pids)) - before

    growth(FEW)  # what the process learns once
    few, many = growth(FEW + 1), growth(MANY)
    assert many - few < BOUND, f"{many} MB for {MANY} rows, {few} MB for {FEW}"
