"""What Shotgun's clients send that is large: a web process does not grow with it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import shotgun_api3

from tests.operations.weather import web_of
from tests.processes import forget_most_memory, memory_of, most_memory_of
from tests.servers import RunningServer

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells the largest size of a process"
)

MEGABYTE = 2**20
SIZE = 300
MOST_MEGABYTES = 48
BLOCK = b"\0" * MEGABYTE
PART = 20
"""Megabytes of one part, as the client sends them."""


class Zeros:
    """A body of so many megabytes, made block by block as it is sent, between a head and a tail."""

    def __init__(self, megabytes: int, head: bytes = b"", tail: bytes = b"") -> None:
        self.megabytes, self.head, self.tail = megabytes, head, tail

    def __len__(self) -> int:
        return self.megabytes * MEGABYTE + len(self.head) + len(self.tail)

    def __iter__(self) -> Iterator[bytes]:
        if self.head:
            yield self.head
        yield from itertools.repeat(BLOCK, self.megabytes)
        if self.tail:
            yield self.tail


class Studio:
    """A server, its script's key, and a version that files are sent to."""

    def __init__(self, server: RunningServer) -> None:
        self.server, said = server, server.credentials
        self.script = {"script_name": said["script_name"], "script_key": said["script_key"]}
        self.sg: Any = shotgun_api3.Shotgun(
            server.url, script_name=said["script_name"], api_key=said["script_key"]
        )
        self.project = self.sg.create("Project", {"name": "Large"})
        made = self.sg.create("Version", {"project": self.project, "code": "large"})
        self.version = {"type": "Version", "id": made["id"]}

    def grown(self, before: int) -> float:
        """The megabytes by which the web process was larger at its largest."""
        return (most_memory_of(self.worker) - before) / MEGABYTE

    @property
    def worker(self) -> int:
        """The web process."""
        _, (pid,) = web_of(self.server)
        return pid

    def at_rest(self) -> int:
        """What it takes now; how large it was before is forgotten."""
        forget_most_memory(self.worker)
        return memory_of(self.worker)

    def post(self, form: str, fields: dict[str, str]) -> str:
        """What a form without a file answers."""
        said = requests.post(f"{self.server.url}/upload/{form}", data={**self.script, **fields}, timeout=60)
        assert said.status_code == 200
        return said.text

    def upload(self, name: str, megabytes: int) -> str:
        """Send a file of zeros in one form, none of which is kept here."""
        fields = {"entity_type": "Version", "entity_id": str(self.version["id"]), **self.script}
        head = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        head += f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        url, body = f"{self.server.url}/upload/upload_file", Zeros(megabytes, head.encode(), b"\r\n--b--\r\n")
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = requests.post(url, data=body, headers=headers, timeout=300)
        assert answer.status_code == 200
        return answer.text

    def upload_parts(self, name: str, megabytes: int) -> str:
        """Send it in parts to where the server says."""
        kind = {"upload_type": "Attachment", "filename": name}
        info = self.post("api_get_upload_link_info", {**kind, "multipart_upload": "True"})
        _, _, stamp, _, upload = info.split("\n")[:5]
        named, etags = {**kind, "timestamp": stamp, "upload_id": upload}, []
        for number, first in enumerate(range(0, megabytes, PART), 1):
            said = self.post("api_get_upload_link_for_part", {**named, "part_number": str(number)})
            size = min(PART, megabytes - first)
            sent = requests.put(said.split("\n")[1], data=Zeros(size), timeout=300)
            assert sent.status_code == 200
            etags.append(sent.headers["ETag"])
        assert self.post("api_complete_multipart_upload", {**named, "etags": ",".join(etags)}) == "1\n"
        target = {"entity_type": "Version", "entity_id": str(self.version["id"])}
        return self.post("api_link_file", {**target, "upload_link_info": info, "display_name": name})


@pytest.fixture(scope="module")
def studio(shared_place: Path) -> Iterator[Studio]:
    with RunningServer(shared_place / "data", "--no-worker") as server:
        found = Studio(server)
        found.upload("warm.bin", 1)
        yield found
        found.sg.close()


@pytest.mark.parametrize("way", ["upload", "upload_parts"])
def test_a_web_process_does_not_grow_with_an_upload(studio: Studio, way: str) -> None:
    before = studio.at_rest()
    answer = getattr(studio, way)(f"{way}.bin", SIZE)
    grown = studio.grown(before)
    assert answer.startswith("1:"), answer
    mine = [["id", "is", int(answer[2:])]]
    (found,) = studio.sg.find("Attachment", mine, ["file_size", "this_file", "attachment_links"])
    assert found["file_size"] == SIZE * MEGABYTE
    assert found["attachment_links"][0]["id"] == studio.version["id"]
    assert grown < MOST_MEGABYTES, f"{grown:.0f} MB for a file of {SIZE} MB"


def test_a_web_process_does_not_grow_with_a_download(studio: Studio) -> None:
    number = int(studio.upload("again.bin", SIZE)[2:])
    (found,) = studio.sg.find("Attachment", [["id", "is", number]], ["this_file"])
    before = studio.at_rest()
    with requests.get(found["this_file"]["url"], stream=True, timeout=300) as answer:
        size = sum(len(block) for block in answer.iter_content(MEGABYTE))
    assert size == SIZE * MEGABYTE
    assert studio.grown(before) < MOST_MEGABYTES


def test_the_largest_batch_takes_a_bounded_amount_of_memory(studio: Studio) -> None:
    def batch(name: str, rows: int) -> float:
        each = {"request_type": "create", "entity_type": "Shot"}
        data = [{"project": studio.project, "code": f"{name} {number}"} for number in range(rows)]
        before = studio.at_rest()
        made = studio.sg.batch([{**each, "data": values} for values in data])
        assert len(made) == rows
        return studio.grown(before)

    batch("warm", 100)
    grown = batch("largest", 10_000)
    sys.stderr.write(f"{grown:.0f} MB for 10,000 rows\n")
    assert grown < 256
