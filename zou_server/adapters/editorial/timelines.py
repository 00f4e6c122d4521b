"""Editorial files as clips: EDLs by our own reader, others by OpenTimelineIO in a process of its own.

`read_timeline.py` says why. What a library complains of is logged; people are told a sentence.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from zou_server.adapters.editorial.edl_lines import read_remarks
from zou_server.adapters.editorial.read_edl import NoEdlError, read_edl
from zou_server.adapters.editorial.write_edl import write_edl
from zou_server.adapters.editorial.write_otio import write_otio
from zou_server.adapters.editorial.write_xml import UnspellableRateError, write_fcp_xml
from zou_server.footage.frame_rate import FrameRate, rate_or_none
from zou_server.models.errors import Invalid
from zou_server.services.importers.tables.decode_text import decoded_leniently
from zou_server.services.ports import Clip, Timeline

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

WRITERS: Mapping[str, Callable[[Timeline], bytes]] = {
    EDL: lambda timeline: write_edl(timeline).encode(),
    "otio": lambda timeline: write_otio(timeline).encode(),
    "xml": write_fcp_xml,
}

_log = logging.getLogger(__name__)


class OtioTimelines:
    """The `Timelines` of the services."""

    def file(self, timeline: Timeline, extension: str) -> bytes:
        """The timeline as a file; Invalid, with the reason, for one that the format cannot say."""
        try:
            return WRITERS[extension](timeline)
        except UnspellableRateError as error:
            raise Invalid(f"{error}.", {"format": ["cannot say the frame rate"]}) from None

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
        _check_rate(said["clips"], extension, rate)
        return [clip_of(clip) for clip in said["clips"]]


def _check_rate(clips: Iterable[Mapping[str, Any]], extension: str, rate: FrameRate) -> None:
    """Invalid for a file of another rate than the project's: none of its lengths would be true there."""
    for said in {clip["rate"] for clip in clips if clip.get("rate")}:
        if rate_or_none(said) != rate:
            shown = rate_or_none(said) or f"{said:g}"
            raise _unreadable(extension, f"it is of {shown} frames a second, and the project of {rate}")


def _edl(path: Path, rate: FrameRate) -> list[Clip]:
    try:
        return read_edl(decoded_leniently(path.read_bytes()), rate)
    except NoEdlError as error:
        raise _unreadable(EDL, str(error)) from None


def clip_of(said: Mapping[str, Any]) -> Clip:
    """A clip as the reading process says it."""
    source, speed = said.get("source"), said.get("speed", 1.0)
    remarks = read_remarks(said.get("remarks", ()))
    frames = remarks.source_frames
    frames = round((said.get("frames") or 0) * abs(speed)) if frames is None else frames
    return Clip(
        said["name"],
        said.get("first"),
        said.get("frames"),
        said.get("why", ""),
        others=tuple(said.get("others", ())),
        source=(source[0], frames) if source else None,
        reel=said.get("reel", ""),
        file=said.get("file", ""),
        speed=speed,
        cdl=said.get("cdl") or remarks.cdl or None,
        markers=tuple(said.get("markers", ())),
        counted=remarks.counted,
        timecodes=_timecodes(said, frames),
        **{key: said[key] for key in ("head", "early", "tail", "transition", "track") if key in said},
    )


def _timecodes(said: Mapping[str, Any], source_frames: int) -> tuple[str, ...]:
    """The labels of a clip, where its file says the timecode that it begins at."""
    rate, start, source = rate_or_none(said.get("rate")), said.get("start"), said.get("source")
    if rate is None or start is None or source is None:
        return ()
    first = start + said["first"]
    moments = (source[0], source[0] + source_frames, first, first + said["frames"])
    return tuple(rate.timecode(moment) for moment in moments) if min(moments) >= 0 else ()


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
