"""Editorial files as clips: EDLs by our own reader, others by OpenTimelineIO in a process of its own.

`read_timeline.py` says why. What a library complains of is logged; people are told a sentence.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from zou_server.adapters.editorial.read_edl import NoEdlError, read_edl
from zou_server.models.errors import Invalid
from zou_server.models.values.frame_rate import FrameRate
from zou_server.services.importers.tables.decode_text import decoded_leniently
from zou_server.services.ports import Clip

PROGRAM = Path(__file__).with_name("read_timeline.py")
SECONDS = 60.0
EDL = "edl"

ADAPTERS: Mapping[str, str] = {
    # the extension of a file: the library's name for what reads it; "" is ours
    EDL: "",
    "otio": "otio_json",
    "xml": "fcp_xml",
    "aaf": "AAF",
}

_log = logging.getLogger(__name__)


class OtioTimelines:
    """The `Timelines` of the services."""

    def clips(self, path: Path, extension: str, rate: FrameRate) -> list[Clip]:
        """The clips of all video tracks in their order; Invalid, with the reason, for a file that is none."""
        adapter = ADAPTERS.get(extension)
        if adapter is None:
            known = ", ".join(ADAPTERS)
            raise Invalid(
                f"A file '.{extension[:20]}' cannot be read; these can: {known}.",
                _wrong("is of an unknown type"),
            )
        if extension == EDL:
            return _edl(path, rate)
        said = _read(path, adapter)
        if "error" in said:
            _log.info("an editorial file cannot be read: %s", said.get("detail", said["error"]))
            raise _unreadable(extension, said["error"])
        return [_clip(clip) for clip in said["clips"]]


def _edl(path: Path, rate: FrameRate) -> list[Clip]:
    try:
        return read_edl(decoded_leniently(path.read_bytes()), rate)
    except NoEdlError as error:
        raise _unreadable(EDL, str(error)) from None


def _clip(said: Mapping[str, Any]) -> Clip:
    source = said.get("source")
    return Clip(
        said["name"],
        said.get("first"),
        said.get("frames"),
        said.get("why", ""),
        others=tuple(said.get("others", ())),
        source=(source[0], source[1]) if source else None,
        speed=said.get("speed", 1.0),
        head=said.get("head", 0),
        tail=said.get("tail", 0),
        track=said.get("track", ""),
    )


def _unreadable(extension: str, why: str) -> Invalid:
    return Invalid(f"This .{extension} file cannot be read: {why}.", _wrong("cannot be read"))


def _wrong(why: str) -> dict[str, list[str]]:
    return {"file": [why]}


def _read(path: Path, adapter: str) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PROGRAM), str(path), adapter]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return {"error": f"reading it takes more than {SECONDS:.0f} seconds"}
    try:
        found: dict[str, Any] = orjson.loads(done.stdout)
    except ValueError:
        return {"error": "its contents end the program that reads it"}
    return found
