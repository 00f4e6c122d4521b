"""Editorial files read by OpenTimelineIO, each in a process of its own (`read_timeline.py` says why)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from zou_server.models.errors import Invalid
from zou_server.services.ports import Clip

PROGRAM = Path(__file__).with_name("read_timeline.py")
SECONDS = 60.0

ADAPTERS: Mapping[str, str] = {
    # the extension of a file: the library's name for what reads it
    "edl": "cmx_3600",
    "otio": "otio_json",
    "xml": "fcp_xml",
    "aaf": "AAF",
}


class OtioTimelines:
    """The `Timelines` of the services."""

    def clips(self, path: Path, extension: str, rate: float) -> list[Clip]:
        """The clips of all video tracks in their order; Invalid, with the reason, for a file that is none."""
        adapter = ADAPTERS.get(extension)
        if adapter is None:
            known = ", ".join(ADAPTERS)
            raise Invalid(
                f"A file '.{extension[:20]}' cannot be read; these can: {known}.",
                _wrong("is of an unknown type"),
            )
        said = _read(path, adapter, rate)
        if "error" in said:
            raise Invalid(f"This .{extension} file cannot be read: {said['error']}", _wrong("cannot be read"))
        return [
            Clip(clip["name"], clip.get("first"), clip.get("frames"), clip.get("why", ""))
            for clip in said["clips"]
        ]


def _wrong(why: str) -> dict[str, list[str]]:
    return {"file": [why]}


def _read(path: Path, adapter: str, rate: float) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PROGRAM), str(path), adapter, str(rate)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return {"error": f"reading it takes more than {SECONDS:.0f} seconds"}
    try:
        found: dict[str, Any] = orjson.loads(done.stdout)
    except ValueError:
        return {"error": "its contents end the program that reads it"}
    return found
