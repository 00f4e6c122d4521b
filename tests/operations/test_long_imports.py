"""The memory that an import takes: its rows are in no process at once, only what tells them apart is."""

from __future__ import annotations

import io
import sys

import pytest
import requests
from openpyxl import Workbook

from tests.processes import forget_most_memory, memory_of, most_memory_of, processes_below
from tests.servers import RunningServer

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel for the most memory"),
    pytest.mark.timeout(900),
]

FEW, MANY = 12_000, 36_000
MOST_BYTES = 1_600
"""What each further row may take in memory: its texts in the workbook, and what tells it from others."""


def workbook(rows: int) -> bytes:
    book, content = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Shots")
    sheet.append(("Sequence", "Name", "Description", "Frames"))
    for number in range(rows):
        sheet.append((f"S{number // 100:04}", f"{number % 100:03}0", f"The fox runs over hill {number}.", 48))
    book.save(content)
    return content.getvalue()


def test_a_further_row_of_a_workbook_takes_no_more_memory_than_what_tells_it_from_others(
    running: RunningServer,
) -> None:
    keys = running.credentials
    log_in = {"email": keys["email"], "password": keys["password"]}
    token = requests.post(f"{running.url}/auth/login", json=log_in, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    def growth(rows: int) -> int:
        name = {"name": f"{rows} rows"}
        project = requests.post(f"{running.url}/data/projects", json=name, headers=headers, timeout=60).json()
        path = f"{running.url}/import/csv/projects/{project['id']}/shots"
        pids = processes_below(running.pid)
        for pid in pids:
            forget_most_memory(pid)
        before = {pid: memory_of(pid) for pid in pids}
        sent = {"file": ("shots.xlsx", workbook(rows))}
        answer = requests.post(path, files=sent, headers=headers, timeout=600)
        assert (answer.status_code, len(answer.json())) == (201, rows)
        return sum(most_memory_of(pid) - before[pid] for pid in pids)

    growth(FEW)  # what the process learns once
    few, many = growth(FEW + 1), growth(MANY)
    each = (many - few) / (MANY - FEW)
    sys.stderr.write(f"{each:.0f} bytes in memory for each further row\n")
    assert each < MOST_BYTES, f"{many} bytes for {MANY} rows, {few} for {FEW}"
