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
from xml.etree import ElementTree as ET

MEMORY = 2 * 1024**3
NAME = 1000
MARKERS = 100
MOST_FRAMES = 2**31 - 1
LEAST_RATE, MOST_RATE = 0.1, 100_000.0
"""Beyond, what a file calls a rate is none; sound counts tens of thousands."""
MOST_SPEED = 100_000.0
"""A day in a second: beyond, what a file calls a speed is none."""

COLORS = {
    "RED": (255, 0, 0),
    "GREEN": (0, 255, 0),
    "BLUE": (0, 0, 255),
    "CYAN": (0, 255, 255),
    "MAGENTA": (255, 0, 255),
    "YELLOW": (255, 255, 0),
    "WHITE": (255, 255, 255),
    "BLACK": (0, 0, 0),
    "ORANGE": (255, 128, 0),
    "PINK": (255, 128, 192),
    "PURPLE": (128, 0, 128),
}
"""Colours of markers, which Final Cut's files say in parts."""

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
        found = otio.adapters.read_from_string(_even_fades(_xml(Path(path).read_bytes())), adapter)
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


def _even_fades(text: str) -> str:
    """The text with what fades out into nothing as a comment of its clip.

    The library lets a transition move what comes after it, which is right between two clips alone.
    """
    root = ET.fromstring(text)  # noqa: S314 - memory and time are limited here
    for track in root.iter("track"):
        items = [item for item in track if item.tag in ("clipitem", "generatoritem", "transitionitem")]
        for before, item, after in zip(items, items[1:], [*items[2:], None], strict=False):
            if item.tag != "transitionitem" or before.tag == "transitionitem":
                continue
            if before.findtext("end") == "-1" and (after is None or after.findtext("start") != "-1"):
                _fade(before, item)
                track.remove(item)
    return ET.tostring(root, "unicode")


def _fade(clip: ET.Element, transition: ET.Element) -> None:
    start, end = int(transition.findtext("start", "")), int(transition.findtext("end", ""))
    alignment = transition.findtext("alignment", "")
    cut_point = {"start": start, "start-black": start, "end": end, "end-black": end}.get(
        alignment, (start + end) // 2
    )
    said = clip.find("end")
    if said is not None:
        said.text = str(cut_point)
    comments = clip.find("comments")
    comments = ET.SubElement(clip, "comments") if comments is None else comments
    ET.SubElement(comments, "fade").text = str(end - cut_point)


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
        **_beside(clip),
    }
    try:
        source, place = clip.trimmed_range(), timeline.range_of_child(clip)
    except Exception:  # noqa: BLE001 - whatever the library says of a clip without frames
        return {**said, "why": "does not say how long it is"}
    frames, first = _frames(source.duration, rate), _frames(place.start_time, rate)
    if frames is None or first is None or first < 0 or frames < 0:
        return {**said, "why": "has a length or a place that no cut can have"}
    begin, speed = _frames(source.start_time, source.start_time.rate), _speed(clip)
    if abs(speed) > MOST_SPEED or frames * abs(speed) > MOST_FRAMES:
        return {**said, "why": f"has a speed that no cut can have: {speed:g}"}
    return {
        **said,
        "first": first,
        "frames": frames,
        "source": None if begin is None else [begin, frames],
        "speed": speed,
        **_transitions(clip, rate),
        "rate": rate,
        "start": _frames(timeline.global_start_time, rate) if timeline.global_start_time else None,
        "markers": [_marker(marker, rate, begin, first) for marker in clip.markers[:MARKERS]],
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
        scalar = getattr(effect, "time_scalar", None)
        scalar = _remapped(effect.metadata.get("fcp_xml")) if scalar is None else scalar
        speed *= scalar if isinstance(scalar, int | float) and math.isfinite(scalar) else 1.0
    return round(speed, 6)


def _remapped(effect: Any) -> float:
    """The speed that a filter of Final Cut gives a clip; 1.0 for every other filter."""
    if not _is_map(effect) or effect.get("effectid") != "timeremap":
        return 1.0
    parameters: Any = effect.get("parameter") or []
    listed: list[Any] = [parameters] if _is_map(parameters) else list(parameters)
    said = {each.get("parameterid"): str(each.get("value")) for each in listed if _is_map(each)}
    try:
        speed = float(said.get("speed", "100")) / 100
    except ValueError:
        return 1.0
    return -speed if said.get("reverse", "").upper() == "TRUE" else speed


def _transitions(clip: Any, rate: float) -> dict[str, Any]:
    """The frames of transitions: of that into a clip all and those before its place, and beyond its end."""
    before, after = clip.parent().neighbors_of(clip)
    early, inside = _offset(before, "in_offset", rate), _offset(before, "out_offset", rate)
    said: dict[str, Any] = {
        "head": early + inside,
        "early": early,
        "tail": _offset(after, "out_offset", rate),
    }
    if said["head"]:
        wipe = re.search(r"wipe\s*(\d{1,3})?", str(before.name), re.IGNORECASE)
        said["transition"] = f"W{int(wipe[1] or 1):03}" if wipe else "D"
    faded = _in(clip.metadata, "fcp_xml", "comments", "fade")
    return said | ({"tail": int(faded)} if str(faded).isdigit() else {})


def _offset(item: Any, name: str, rate: float) -> int:
    time = getattr(item, name, None)
    return max(0, _frames(time, rate) or 0) if time is not None else 0


def _marker(marker: Any, rate: float, begin: int | None, first: int) -> dict[str, Any]:
    """A marker by its frame in the cut."""
    at = _frames(marker.marked_range.start_time, rate)
    fcp = _in(marker.metadata, "fcp_xml", "color")
    colour = _colour(fcp) if _is_map(fcp) else str(marker.color or "RED")[:20]
    comment = _in(marker.metadata, "fcp_xml", "comment") or getattr(marker, "comment", "")
    text = str(marker.name or "") or str(comment or "")
    return {"frame": (at or 0) - (begin or 0) + first, "color": colour, "text": text[:500]}


def _colour(said: Any) -> str:
    """The name of a colour that is said in red, green and blue; red for one without a name."""
    try:
        found = tuple(int(said.get(part)) for part in ("red", "green", "blue"))
    except (TypeError, ValueError):
        return "RED"
    return next((name for name, parts in COLORS.items() if parts == found), "RED")


def _is_map(value: Any) -> bool:
    return hasattr(value, "keys") and hasattr(value, "get")


def _in(value: Any, *path: str) -> Any:
    """What stands below a path of keys in metadata; None for nothing."""
    for key in path:
        if not _is_map(value):
            return None
        value = value.get(key)
    return value


def _beside(clip: Any) -> dict[str, Any]:
    """The tape, the file and the colour of a clip, and the remarks that stand in comments."""
    media = clip.media_reference
    reel = _in(clip.metadata, "cmx_3600", "reel") or _in(
        media.metadata if media else None, "fcp_xml", "timecode", "reel", "name"
    )
    comments = _in(clip.metadata, "fcp_xml", "comments")
    texts = [str(value) for value in comments.values()] if _is_map(comments) else []
    remarks = [line for text in texts for line in text.splitlines()]
    listed = _in(clip.metadata, "cmx_3600", "comments")
    if listed is not None and not isinstance(listed, str):
        remarks += [str(each) for each in listed]
    address = str(getattr(media, "target_url", None) or "").replace("\\", "/").rpartition("/")[2]
    return {
        "reel": str(reel or "")[:NAME],
        "file": address[:NAME],
        "cdl": _cdl(_in(clip.metadata, "cdl")),
        "remarks": [line[:NAME] for line in remarks[:MARKERS]],
    }


def _cdl(said: Any) -> dict[str, Any]:
    """Colour decisions under plain names; what is no number is left out."""
    found: dict[str, Any] = {}
    try:
        sop = _in(said, "asc_sop")
        if _is_map(sop):
            found = {key: [float(each) for each in sop[key]] for key in ("slope", "offset", "power")}
        if _in(said, "asc_sat") is not None:
            found["saturation"] = float(_in(said, "asc_sat"))
    except (KeyError, TypeError, ValueError, IndexError):
        return {}
    numbers = [each for value in found.values() for each in (value if isinstance(value, list) else [value])]
    is_whole = all(len(value) == 3 for value in found.values() if isinstance(value, list))  # noqa: PLR2004
    return found if is_whole and all(map(math.isfinite, numbers)) else {}


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
