"""Reads an editorial file and prints its clips as JSON: `read_timeline.py PATH ADAPTER RATE`.

It is a process of its own because the reading libraries are no match for a bad file: a deeply nested
.otio file ends the process that reads it, a circular .aaf file never ends. Prints {"clips": [...]} or
{"error": "why"}.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024**3
EDL = "cmx_3600"
NAME = 1000


def main(path: str, adapter: str, rate: float) -> dict[str, Any]:
    """The clips of a file: name, first frame and number of frames; without frames, why not."""
    import opentimelineio as otio  # noqa: PLC0415 - what it needs is limited first

    options: dict[str, Any] = {"rate": rate, "ignore_timecode_mismatch": True} if adapter == EDL else {}
    if adapter in (EDL, "fcp_xml"):
        text = _text(Path(path).read_bytes())
        found = otio.adapters.read_from_string(text, adapter, **options)
    else:
        found = otio.adapters.read_from_file(
            path, adapter, media_linker_name=otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia, **options
        )
    return {"clips": [_said(clip) for timeline in _timelines(found) for clip in _clips(timeline)]}


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _timelines(found: Any) -> list[Any]:
    """A file holds a timeline, or a collection of some."""
    if hasattr(found, "video_tracks"):
        return [found]
    if hasattr(found, "find_children"):
        import opentimelineio as otio  # noqa: PLC0415

        return list(found.find_children(descended_from_type=otio.schema.Timeline))
    raise ValueError("there is no timeline in it")


def _clips(timeline: Any) -> list[Any]:
    return [clip for track in timeline.video_tracks() for clip in track.find_clips()]


def _said(clip: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"name": _name(clip)}
    try:
        span = clip.trimmed_range()
        said.update(first=span.start_time.to_frames(), frames=span.duration.to_frames())
    except Exception as error:  # noqa: BLE001 - whatever the library says of a clip without frames
        said["why"] = str(error)[:200] or "has no frames"
    return said


def _name(clip: Any) -> str:
    """The name of a clip, or of the file that it shows."""
    address = getattr(clip.media_reference, "target_url", None) or getattr(clip.media_reference, "name", None)
    return (clip.name or str(address or "").replace("\\", "/").rpartition("/")[2])[:NAME]


def _print(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        _print(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
    except Exception as error:  # noqa: BLE001 - the parent tells the client, whatever it is
        _print({"error": f"{type(error).__name__}: {error}"[:300]})
