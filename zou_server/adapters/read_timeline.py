"""Reads an editorial file and prints its clips as JSON: `read_timeline.py PATH ADAPTER`.

It is a process of its own because the reading libraries are no match for a bad file: a deeply nested
.otio file ends the process that reads it, a circular .aaf file never ends. Prints {"clips": [...]} or
{"error": "why"}; `detail` is the library's own word, for whoever looks after the server.
"""

from __future__ import annotations

import json
import math
import re
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024**3
NAME = 1000
MOST_FRAMES = 2**31 - 1
LEAST_RATE, MOST_RATE = 0.1, 100_000.0
"""Beyond, what a file calls a rate is none; sound counts tens of thousands."""

WRONG = {
    # adapter: what is said of a file that its library cannot read
    "otio_json": "it is not a timeline in OpenTimelineIO's JSON, or it is damaged",
    "fcp_xml": "it is not Final Cut Pro XML (xmeml), or it is damaged",
    "AAF": "it is not an AAF composition, or it is damaged",
}


def main(path: str, adapter: str) -> dict[str, Any]:
    """The clips of a file: name, place in the cut and number of frames; without frames, why not."""
    import opentimelineio as otio  # noqa: PLC0415 - what it needs is limited first

    if adapter == "fcp_xml":
        found = otio.adapters.read_from_string(_xml(Path(path).read_bytes()), adapter)
    else:
        found = otio.adapters.read_from_file(
            path, adapter, media_linker_name=otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia
        )
    return {"clips": [said for timeline in _timelines(found) for said in _clips(timeline)]}


def _xml(content: bytes) -> str:
    """The text of an XML file without the line that names its encoding, which it is no longer in."""
    marks = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
    named = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]{1,40})["']""", content)
    marked = next((encoding for mark, encoding in marks if content.startswith(mark)), None)
    for encoding in (marked, "utf-8-sig", named and named[1].decode(), "latin-1"):
        try:
            if encoding:
                return re.sub(r"\A\s*<\?xml[^>]*\?>", "", content.decode(encoding))
        except (UnicodeDecodeError, LookupError):
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


def _clips(timeline: Any) -> list[dict[str, Any]]:
    found = [(track, clip) for track in timeline.video_tracks() for clip in track.find_clips()]
    rate = _rate(timeline, [clip for _, clip in found])
    return [_said(timeline, track, clip, rate) for track, clip in found]


def _rate(timeline: Any, clips: list[Any]) -> float:
    """The rate of the cut: what it says itself, else that of most of its clips; 0 for none."""
    said = timeline.global_start_time
    if said is not None and _is_rate(said.rate):
        return float(said.rate)
    rates = [clip.source_range.duration.rate for clip in clips if clip.source_range is not None]
    rates = [rate for rate in rates if _is_rate(rate)]
    return float(max(set(rates), key=rates.count)) if rates else 0.0


def _is_rate(rate: float) -> bool:
    return math.isfinite(rate) and LEAST_RATE <= rate <= MOST_RATE


def _said(timeline: Any, track: Any, clip: Any, rate: float) -> dict[str, Any]:
    names = _names(clip)
    said: dict[str, Any] = {
        "name": names[0] if names else "",
        "others": names[1:],
        "track": str(track.name or ""),
    }
    try:
        source, place = clip.trimmed_range(), timeline.range_of_child(clip)
    except Exception:  # noqa: BLE001 - whatever the library says of a clip without frames
        return {**said, "why": "does not say how long it is"}
    frames, first = _frames(source.duration, rate), _frames(place.start_time, rate)
    if frames is None or first is None or first < 0 or frames < 0:
        return {**said, "why": "has a length or a place that no cut can have"}
    begin = _frames(source.start_time, source.start_time.rate)
    head, tail = _transitions(clip, rate)
    return {
        **said,
        "first": first,
        "frames": frames,
        "source": None if begin is None else [begin, frames],
        "speed": _speed(clip),
        "head": head,
        "tail": tail,
    }


def _frames(time: Any, rate: float) -> int | None:
    """A time in whole frames of a rate; None for what is no time."""
    if not (_is_rate(rate) and _is_rate(time.rate) and math.isfinite(time.value)):
        return None
    found = time.value if rate == time.rate else time.value * rate / time.rate
    return round(found) if abs(found) <= MOST_FRAMES else None


def _speed(clip: Any) -> float:
    """How fast a clip runs: the product of its time effects, 0 for a freeze."""
    speed = 1.0
    for effect in clip.effects:
        if type(effect).__name__ == "FreezeFrame":
            return 0.0
        scalar = getattr(effect, "time_scalar", 1.0)
        speed *= scalar if isinstance(scalar, int | float) and math.isfinite(scalar) else 1.0
    return round(speed, 6)


def _transitions(clip: Any, rate: float) -> tuple[int, int]:
    """How many frames of transitions lie before a clip's beginning and beyond its end."""
    found = []
    for neighbour, offset in zip(clip.parent().neighbors_of(clip), ("in_offset", "out_offset"), strict=True):
        time = getattr(neighbour, offset, None)
        found.append(max(0, _frames(time, rate) or 0) if time is not None else 0)
    return found[0], found[1]


def _names(clip: Any) -> list[str]:
    """The name of a clip, then of the file or the files that it shows."""
    media = clip.media_reference
    address = str(getattr(media, "target_url", None) or "").replace("\\", "/").rpartition("/")[2]
    prefix = str(getattr(media, "name_prefix", None) or "")
    media_name = str(getattr(media, "name", None) or "")
    names = (str(clip.name or ""), address, prefix.rstrip("._-"), media_name)
    return list(dict.fromkeys(each[:NAME] for each in names if each))


def _print(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        _print(main(sys.argv[1], sys.argv[2]))
    except Exception as error:  # noqa: BLE001 - the parent tells the client, whatever it is
        _print(
            {
                "error": WRONG.get(sys.argv[2], "it is damaged"),
                "detail": f"{type(error).__name__}: {error}"[:300],
            }
        )
