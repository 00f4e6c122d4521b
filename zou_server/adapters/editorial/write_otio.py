"""A timeline in OpenTimelineIO's JSON; tapes and colour are where its reader of edit lists puts them."""

from __future__ import annotations

import re
from typing import Any

from zou_server.adapters.editorial.lay_tracks import comes_from, end_of, fades_out, lay_tracks
from zou_server.adapters.editorial.remarks import NEUTRAL, counted, span
from zou_server.services.ports import Clip, Timeline


def write_otio(timeline: Timeline) -> str:
    """The text of a .otio file."""
    import opentimelineio as otio  # noqa: PLC0415 - who exports nothing need not wait for it

    found = _Library(otio, float(timeline.rate)).timeline(timeline)
    text: str = otio.adapters.write_to_string(found, "otio_json")
    return text


_NO_LENGTH = {"reason": "has no length"}


class _Library:
    """Makes the library's objects."""

    def __init__(self, otio: Any, rate: float) -> None:
        self._otio, self._schema, self._rate = otio, otio.schema, rate

    def timeline(self, timeline: Timeline) -> Any:
        found = self._schema.Timeline(timeline.name, global_start_time=self._time(timeline.start))
        if timeline.left_out:
            found.metadata["zou_server"] = {
                "left_out": [{"name": name} | _NO_LENGTH for name in timeline.left_out]
            }
        for name, lane in lay_tracks(timeline.clips):
            track, end = self._schema.Track(name, kind=self._schema.TrackKind.Video), 0
            for clip, before, fade in zip(lane, comes_from(lane), fades_out(lane), strict=True):
                first = clip.first or 0
                if first > end:
                    track.append(self._schema.Gap(source_range=self._range(0, first - end)))
                if clip.head:
                    early = clip.early if before is not None else 0
                    track.append(self._transition(clip.transition, early, clip.head - early))
                track.append(self._clip(clip))
                if fade:
                    track.append(self._transition("", 0, fade))
                end = end_of(clip)
            found.tracks.append(track)
        return found

    def _clip(self, clip: Clip) -> Any:
        begin = (clip.source or (0, 0))[0]
        reference = (
            self._schema.ExternalReference(clip.file) if clip.file else self._schema.MissingReference()
        )
        found = self._schema.Clip(clip.name, reference, self._range(begin, clip.frames or 0))
        if clip.speed == 0.0:
            found.effects.append(self._schema.FreezeFrame())
        elif clip.speed != 1.0:
            found.effects.append(self._schema.LinearTimeWarp(time_scalar=clip.speed))
        for marker in clip.markers:
            at = begin + int(str(marker["frame"])) - (clip.first or 0)
            name, color = str(marker["text"]), str(marker["color"])
            found.markers.append(self._schema.Marker(name, self._range(at, 0), color))
        found.metadata.update(_metadata(clip))
        return found

    def _transition(self, pattern: str, before: int, after: int) -> Any:
        kind = "Custom_Transition" if pattern.startswith("W") else "SMPTE_Dissolve"
        return self._schema.Transition(
            transition_name(pattern), kind, in_offset=self._time(before), out_offset=self._time(after)
        )

    def _time(self, frames: int) -> Any:
        return self._otio.opentime.RationalTime(frames, self._rate)

    def _range(self, begin: int, frames: int) -> Any:
        return self._otio.opentime.TimeRange(self._time(begin), self._time(frames))


def _metadata(clip: Clip) -> dict[str, Any]:
    comments = [*counted(clip), *span(clip)]
    cmx = {"reel": clip.reel} if clip.reel else {}
    found: dict[str, Any] = {"cmx_3600": {**cmx, **({"comments": comments} if comments else {})}}
    cdl: dict[str, Any] = dict(clip.cdl or {})
    if cdl:
        sop = {key: [float(each) for each in cdl.get(key, usual)] for key, usual in NEUTRAL.items()}
        found["cdl"] = ({"asc_sop": sop} if cdl.keys() & NEUTRAL.keys() else {}) | (
            {"asc_sat": cdl["saturation"]} if "saturation" in cdl else {}
        )
    return {key: value for key, value in found.items() if value}


def transition_name(pattern: str) -> str:
    """The name of a transition, as people say it."""
    number = re.match(r"W(\d{3})", pattern)
    return f"Wipe {number[1]}" if number else "Cross Dissolve"
