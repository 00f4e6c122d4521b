"""A timeline as Final Cut Pro XML (xmeml 5), which Premiere, Resolve and Final Cut read.

A clip that a transition touches says -1 for that end, and its source goes on to the end of the transition.
What has no place in the format stands in comments, in the words of edit lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from zou_server.adapters.editorial.lay_tracks import comes_from, end_of, fades_out, lay_tracks
from zou_server.adapters.editorial.read_timeline import COLORS
from zou_server.adapters.editorial.remarks import colour, counted, one_line, span
from zou_server.adapters.editorial.write_otio import transition_name
from zou_server.footage.frame_rate import NTSC, FrameRate
from zou_server.services.ports import Clip, Timeline


class UnspellableRateError(ValueError):
    """A frame rate that the format has no words for."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """The transitions at the ends of a clip, and the frames of them before and beyond it."""

    comes: tuple[int, int] | None = None
    goes: tuple[int, int] | None = None


def write_fcp_xml(timeline: Timeline) -> bytes:
    """The file; UnspellableRateError where the rate is neither whole nor of the NTSC family."""
    root = ET.Element("xmeml", version="5")
    for name in timeline.left_out:
        root.append(ET.Comment(f" left out: {re.sub('-(?=-)', '- ', one_line(name))} has no length "))
    sequence = ET.SubElement(root, "sequence", id="sequence-1")
    _add(sequence, "name", one_line(timeline.name))
    _add(sequence, "duration", max((end_of(clip) for clip in timeline.clips), default=0))
    _rate(sequence, timeline.rate)
    timecode = ET.SubElement(sequence, "timecode")
    _rate(timecode, timeline.rate)
    _add(timecode, "string", timeline.rate.timecode(timeline.start, drop=timeline.drop))
    _add(timecode, "frame", timeline.start)
    _add(timecode, "displayformat", "DF" if timeline.drop else "NDF")
    video = ET.SubElement(ET.SubElement(sequence, "media"), "video")
    items = _Items(timeline.rate)
    for name, lane in lay_tracks(timeline.clips):
        track = ET.SubElement(video, "track")
        if name:
            _add(track, "name", one_line(name))
        items.add(track, lane)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n' + ET.tostring(root, "utf-8") + b"\n"


class _Items:
    """Writes the items of tracks, numbered."""

    def __init__(self, rate: FrameRate) -> None:
        self._rate, self._number = rate, 0

    def add(self, track: ET.Element, lane: list[Clip]) -> None:
        fades, sources = fades_out(lane), comes_from(lane)
        for place, clip in enumerate(lane):
            after = lane[place + 1] if place + 1 < len(lane) and sources[place + 1] is clip else None
            comes = _offsets(clip, sources[place]) if clip.head else None
            goes = _offsets(after, clip) if after is not None and after.head else None
            if comes is not None:
                self._transition(track, clip.transition, clip.first or 0, comes)
            self._clip(track, clip, _Ends(comes, goes or ((0, fades[place]) if fades[place] else None)))
            if fades[place]:
                self._transition(track, "", end_of(clip), (0, fades[place]))

    def _transition(self, track: ET.Element, pattern: str, cut_point: int, offsets: tuple[int, int]) -> None:
        found = ET.SubElement(track, "transitionitem")
        _add(found, "start", cut_point - offsets[0])
        _add(found, "end", cut_point + offsets[1])
        _add(found, "alignment", _alignment(offsets))
        _rate(found, self._rate)
        effect = ET.SubElement(found, "effect")
        _add(effect, "name", transition_name(pattern))
        _add(effect, "effectid", "Edge Wipe" if pattern.startswith("W") else "Cross Dissolve")
        _add(effect, "effecttype", "transition")
        _add(effect, "mediatype", "video")

    def _clip(self, track: ET.Element, clip: Clip, ends: _Ends) -> None:
        self._number += 1
        found = ET.SubElement(track, "clipitem", id=f"clipitem-{self._number}")
        begin, frames = (clip.source or (0, 0))[0], clip.frames or 0
        comes, goes = ends.comes or (0, 0), ends.goes or (0, 0)
        _add(found, "name", one_line(clip.name))
        _add(found, "duration", frames)
        _rate(found, self._rate)
        _add(found, "start", clip.first or 0 if _is_even(ends.comes) else -1)
        _add(found, "end", end_of(clip) if _is_even(ends.goes) else -1)
        _add(found, "in", begin - (0 if _is_even(ends.comes) else comes[0]))
        _add(found, "out", begin + frames + (0 if _is_even(ends.goes) else goes[1]))
        self._file(found, clip)
        if clip.speed != 1.0:
            _speed(found, clip.speed)
        for marker in clip.markers:
            _marker(found, marker, begin - (clip.first or 0))
        said = "\n".join([*counted(clip), *span(clip), *colour(clip)])
        if said:
            _add(ET.SubElement(found, "comments"), "clipcommenta", said)

    def _file(self, item: ET.Element, clip: Clip) -> None:
        found = ET.SubElement(item, "file", id=f"file-{self._number}")
        _add(found, "name", one_line(clip.file or clip.name))
        if clip.file:
            _add(found, "pathurl", one_line(clip.file))
        _rate(found, self._rate)
        timecode = ET.SubElement(found, "timecode")
        _rate(timecode, self._rate)
        _add(timecode, "string", self._rate.timecode(0))
        _add(timecode, "frame", 0)
        _add(timecode, "displayformat", "NDF")
        if clip.reel:
            _add(ET.SubElement(timecode, "reel"), "name", one_line(clip.reel))
        ET.SubElement(ET.SubElement(found, "media"), "video")


def _offsets(clip: Clip, before: Clip | None) -> tuple[int, int]:
    """Frames of the transition into a clip before and after its cut point."""
    early = clip.early if before is not None else 0
    return early, clip.head - early


def _alignment(offsets: tuple[int, int]) -> str:
    if not offsets[0]:
        return "start"
    return "end" if not offsets[1] else "center"


def _is_even(offsets: tuple[int, int] | None) -> bool:
    """True where a clip says its place in numbers: the format knows cut points at ends and in the middle."""
    return offsets is None or (0 not in offsets and offsets[0] != offsets[1])


def _add(parent: ET.Element, tag: str, text: object) -> None:
    ET.SubElement(parent, tag).text = str(text)


def _rate(parent: ET.Element, rate: FrameRate) -> None:
    is_ntsc = rate.exact == rate.nominal * NTSC
    if not is_ntsc and rate.exact != rate.nominal:
        raise UnspellableRateError(f"Final Cut Pro XML has no frame rate of {rate}")
    found = ET.SubElement(parent, "rate")
    _add(found, "timebase", rate.nominal)
    _add(found, "ntsc", "TRUE" if is_ntsc else "FALSE")


def _speed(item: ET.Element, speed: float) -> None:
    effect = ET.SubElement(ET.SubElement(item, "filter"), "effect")
    for tag, text in (("name", "Time Remap"), ("effectid", "timeremap"), ("effecttype", "motion")):
        _add(effect, tag, text)
    _add(effect, "mediatype", "video")
    for name, value in (("speed", repr(abs(speed) * 100)), ("reverse", "TRUE" if speed < 0 else "FALSE")):
        parameter = ET.SubElement(effect, "parameter")
        _add(parameter, "parameterid", name)
        _add(parameter, "name", name)
        _add(parameter, "value", value)


def _marker(item: ET.Element, marker: Mapping[str, object], offset: int) -> None:
    found = ET.SubElement(item, "marker")
    _add(found, "name", one_line(marker["text"]))
    _add(found, "in", int(str(marker["frame"])) + offset)
    _add(found, "out", -1)
    color = ET.SubElement(found, "color")
    red, green, blue = COLORS.get(str(marker["color"]).upper(), COLORS["RED"])
    for tag, value in (("alpha", 0), ("red", red), ("green", green), ("blue", blue)):
        _add(color, tag, value)
