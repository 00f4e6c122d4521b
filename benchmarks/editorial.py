"""What editors wait for: compared cuts, spreadsheets, frames that become movies; each beside its goal.

    python benchmarks/editorial.py [--events 5000] [--rows 50000] [--frames 200] [--width 2048]

* an edit list compared with the last cut, in which every tenth shot is longer
* shots imported from an XLSX workbook and from the same as CSV, and the web process's memory for both
* an archive of numbered EXR pictures made into a movie, and how long REST takes to answer meanwhile
"""

from __future__ import annotations

import argparse
import io
import shutil
import statistics
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import requests
from openpyxl import Workbook
from under_load import PROBLEMS, Client, say, workers_of

from tests import media
from tests.processes import forget_most_memory, most_memory_of
from tests.servers import RunningServer
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.footage.frame_rate import frame_rate
from zou_server.services.ports import MovieShape

RATE = frame_rate(24)
SHOTS_OF_SEQUENCE = 100
HEADINGS = ("Sequence", "Name", "Description", "Frames", "Frame In", "Frame Out")
DIFFERENT_FRAMES = 4
"""Pictures that an archive holds again and again: to make each by itself takes longer than to convert it."""


def send(client: Client, path: str, name: str, content: bytes) -> tuple[Any, float]:
    """The answer to a file, and how many seconds it took."""
    began = time.perf_counter()
    answer = requests.post(
        f"{client.url}{path}",
        files={"file": (name, content)},
        headers={"Authorization": f"Bearer {client.token}"},
        timeout=3600,
    )
    taken = time.perf_counter() - began
    assert answer.ok, answer.text[:1000]
    return answer.json(), taken


def edit_list(events: int, longer: int = 0) -> bytes:
    """A list of so many shots one after the other, every tenth longer by some frames."""
    lines, place = ["TITLE: Reel", "FCM: NON-DROP FRAME", ""], RATE.frames("01:00:00:00")
    for number in range(events):
        frames = 48 + (longer if number % 10 == 0 else 0)
        moments = (240, 240 + frames, place, place + frames)
        times = " ".join(map(RATE.timecode, moments))
        shot = f"S{number // SHOTS_OF_SEQUENCE:03}-{number % SHOTS_OF_SEQUENCE:03}0"
        lines += [f"{number + 1:06}  A001C002 V     C        {times}", f"* FROM CLIP NAME: Reel_{shot}"]
        place += frames
    return "\n".join(lines).encode()


def compare(client: Client, events: int) -> None:
    """A cut that is compared with the last one."""
    project = client.call("POST", "/data/projects", {"name": "Reel", "fps": "24"})["id"]
    path = f"/import/otio/projects/{project}"
    made, taken = send(client, path, "cut.edl", edit_list(events))
    assert len(made["created_shots"]) == events
    say(f"an edit list of {events} events taken as the first cut", f"{taken:.2f} s", good=True)
    times = []
    for _ in range(3):
        found, taken = send(client, f"{path}?validate=true", "cut.edl", edit_list(events, longer=5))
        assert sum("longer" in change["kinds"] for change in found["changes"]) == -(-events // 10)
        times.append(taken)
    taken = statistics.median(times)
    say(
        f"an edit list of {events} events compared with the last cut: < 2 s", f"{taken:.2f} s", good=taken < 2
    )


def shots(rows: int) -> Iterator[tuple[str | int, ...]]:
    """The rows of a spreadsheet."""
    for number in range(rows):
        sequence, shot = divmod(number, SHOTS_OF_SEQUENCE)
        yield f"S{sequence:04}", f"{shot:03}0", f"The fox runs over hill {number}.", 48, 1001, 1048


def as_csv(rows: int) -> bytes:
    """The rows as CSV."""
    return "\n".join(",".join(map(str, row)) for row in (HEADINGS, *shots(rows))).encode()


def as_workbook(rows: int) -> bytes:
    """The rows as a workbook."""
    book, content = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Shots")
    for row in (HEADINGS, *shots(rows)):
        sheet.append(row)
    book.save(content)
    return content.getvalue()


def spreadsheets(client: Client, server: RunningServer, rows: int) -> None:
    """The same rows as CSV and as a workbook, each into a project of its own."""
    (pid,) = workers_of(server)
    rates = {}
    for name, content in (("shots.csv", as_csv(rows)), ("shots.xlsx", as_workbook(rows))):
        project = client.call("POST", "/data/projects", {"name": f"{name} of {rows} rows"})["id"]
        forget_most_memory(pid)
        before = most_memory_of(pid)
        made, taken = send(client, f"/import/csv/projects/{project}/shots", name, content)
        assert len(made) == rows
        rates[name] = rows / taken
        grown = (most_memory_of(pid) - before) / 2**20
        figures = f"{rates[name]:.0f} rows/s, +{grown:.0f} MB (file {len(content) >> 10} kB)"
        say(f"{name} of {rows} rows", figures, good=True)
    share = rates["shots.xlsx"] / rates["shots.csv"]
    say("XLSX beside CSV: >= 50 % of the rate", f"{share * 100:.0f} %", good=share >= 0.5)


def archive(folder: Path, frames: int, width: int) -> Path:
    """Numbered EXR pictures in half floats: a lit gradient with grain."""
    height, chance = width * 1080 // 2048, np.random.default_rng(16)
    light = np.linspace(0, 1.5, width, dtype=np.float32)[None, :, None]
    pictures = []
    for number in range(DIFFERENT_FRAMES):
        grain = chance.normal(0, 0.02, (height, width, 3)).astype(np.float32)
        pixels = np.clip(np.roll(light, number * width // 50, axis=1) + grain, 0, None)
        path = media.film_picture(folder / f"{number}.exr", pixels, compression="zip")
        pictures.append(path.read_bytes())
    with zipfile.ZipFile(folder / "shot.zip", "w") as made:
        for number in range(frames):
            made.writestr(f"sh010.{1001 + number}.exr", pictures[number % DIFFERENT_FRAMES])
    return folder / "shot.zip"


def film(client: Client, folder: Path, frames: int, width: int) -> None:
    """Frames that become a movie with everything beside it, while somebody asks REST for a list."""
    source, target = archive(folder, frames, width), folder / "renditions"
    target.mkdir()
    answers: list[float] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.wait(0.1):
            answers.append(client.timed("/data/projects", 1))

    asking = threading.Thread(target=ask)
    asking.start()
    began = time.perf_counter()
    try:
        shape = MovieShape(rate="24", width=width, height=width * 1080 // 2048)
        made = LocalMedia().sequence(source, target, shape, lambda _percent: None)
    finally:
        taken = time.perf_counter() - began
        is_over.set()
        asking.join()
    assert made.facts["first_frame"] == 1001
    rate = frames / taken
    figures = f"{rate:.1f} frames/s"
    say(f"{frames} EXR frames, {width} wide, to a movie: >= 8 frames/s", figures, good=rate >= 8)
    waited = f"median {statistics.median(answers) * 1000:.0f} ms, at most {max(answers) * 1000:.0f} ms"
    say("REST answers meanwhile", waited, good=True)


def main() -> None:
    """Run everything on a server of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--width", type=int, default=2048)
    wanted = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="zou-editorial-"))
    directory.chmod(0o711)
    server = RunningServer(directory / "data", "--no-worker").start()
    try:
        client = Client(server.url, server.credentials["email"], server.credentials["password"])
        compare(client, wanted.events)
        spreadsheets(client, server, wanted.rows)
        film(client, directory, wanted.frames, wanted.width)
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.exit(f"{len(PROBLEMS)} of these figures miss their bound" if PROBLEMS else 0)


if __name__ == "__main__":
    main()
