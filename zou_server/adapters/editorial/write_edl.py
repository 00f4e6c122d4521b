"""A timeline as an edit decision list (CMX 3600), with the remarks that programs write.

A transition begins where its event does, so one with frames before its cut point begins that much earlier
and a remark says where the cut point is. Black is written where nothing is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zou_server.adapters.editorial.edl_lines import BLACKS, NO_TAPES
from zou_server.adapters.editorial.lay_tracks import comes_from, end_of, fades_out, lay_tracks
from zou_server.adapters.editorial.remarks import colour, counted, one_line
from zou_server.services.ports import Clip, Timeline

REEL = 32
"""Characters of the column of tapes; a name that does not fit is explained in a remark."""

BLACK, NO_TAPE = "BL", "AX"
RESERVED = NO_TAPES | BLACKS | {""}
_PATTERN = re.compile(r"W\d{3}\Z")


def write_edl(timeline: Timeline) -> str:
    """The list: clips in the order of their places, then those of the tracks above."""
    head = [f"TITLE: {one_line(timeline.name)[:70]}", f"FCM: {'' if timeline.drop else 'NON-'}DROP FRAME"]
    head += [f"* LEFT OUT: {one_line(name)} HAS NO LENGTH" for name in timeline.left_out] + [""]
    return "\n".join([*head, *_Events(timeline).lines()]) + "\n"


class _Events:
    """Writes the events of a timeline, numbered."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline, self._number = timeline, 0
        self._black_to = 0

    def lines(self) -> Iterator[str]:
        tracks = lay_tracks(self._timeline.clips)
        for place, (_, lane) in enumerate(tracks):
            end = 0
            for clip, before, fade in zip(lane, comes_from(lane), fades_out(lane), strict=True):
                first = clip.first or 0
                if place == 0 and first > end:
                    yield from self._black(end, first)
                yield from self._clip(clip, before, fade, self._shift_at_end(clip, lane))
                end = end_of(clip) + fade

    def _shift_at_end(self, clip: Clip, lane: Sequence[Clip]) -> int:
        """How many frames before its end the transition out of a clip begins."""
        after = next((other for other in lane if other.first == end_of(clip) and other is not clip), None)
        return 0 if after is None else _early(after, clip)

    def _black(self, first: int, end: int) -> Iterator[str]:
        self._number += 1
        yield self._line(BLACK, "C", (0, end - first), (first, end))

    def _clip(self, clip: Clip, before: Clip | None, fade: int, ends: int) -> Iterator[str]:
        self._number += 1
        early = _early(clip, before)
        first, end = (clip.first or 0) - early, end_of(clip) - ends
        begin, frames = clip.source or (0, clip.frames or 0)
        begin -= round(early * clip.speed)
        source = (begin, begin + frames + round((early - ends) * abs(clip.speed)))
        if clip.head:
            yield self._line(*_outgoing(before), (first, first))
            how = f"{_pattern(clip):<5}{clip.head:03}"
            yield self._line(_column(clip.reel), how, source, (first, end))
        else:
            yield self._line(_column(clip.reel), "C", source, (first, end))
        if fade:
            yield self._line(BLACK, f"{'D':<5}{fade:03}", (0, fade), (end, end + fade))
        yield from self._remarks(clip, before, early, begin)
        yield ""

    def _remarks(self, clip: Clip, before: Clip | None, early: int, begin: int) -> Iterator[str]:
        reel, column = one_line(clip.reel), _column(clip.reel)
        if clip.speed != 1.0:
            rate = _motion(clip.speed, self._timeline.rate.nominal)
            yield f"M2   {column:<8} {rate}                {self._timecode(begin)}"
        if reel and reel != column:
            yield f"FINAL CUT PRO REEL: {reel} REPLACED BY: {column}"
        if clip.head and before is not None:
            yield f"* FROM CLIP NAME: {one_line(before.name)}"
        yield f"* {'TO' if clip.head else 'FROM'} CLIP NAME: {one_line(clip.name)}"
        said = [f"SOURCE FILE: {one_line(clip.file)}"] if clip.file else []
        said += [f"CUT POINT: {early:03} FRAMES INTO TRANSITION"] if early else []
        said += [f"TRACK: {one_line(clip.track)}"] if clip.track else []
        for line in (*said, *counted(clip), *colour(clip)):
            yield f"* {line}"
        for marker in clip.markers:
            at = self._timecode(self._timeline.start + int(str(marker["frame"])))
            yield f"* LOC: {at} {marker['color']!s:<7} {one_line(marker['text'])}"

    def _line(self, reel: str, how: str, source: tuple[int, int], record: tuple[int, int]) -> str:
        start = self._timeline.start
        times = (*source, record[0] + start, record[1] + start)
        labels = " ".join(self._timecode(time) for time in times)
        return f"{self._number:03}  {reel:<8} V     {how:<8} {labels}"

    def _timecode(self, frame: int) -> str:
        return self._timeline.rate.timecode(max(0, frame), drop=self._timeline.drop)


def _early(clip: Clip, before: Clip | None) -> int:
    """Frames of the transition into a clip before its place; none where nothing is seen before."""
    is_possible = before is not None and (before.frames or 0) > clip.early
    return clip.early if clip.head and is_possible and (clip.source or (0, 0))[0] >= clip.early else 0


def _outgoing(before: Clip | None) -> tuple[str, str, tuple[int, int]]:
    """The tape, the kind and the source of the line that a transition goes out of."""
    if before is None:
        return BLACK, "C", (0, 0)
    begin, frames = before.source or (0, before.frames or 0)
    return _column(before.reel), "C", (begin + frames, begin + frames)


def _pattern(clip: Clip) -> str:
    return clip.transition if _PATTERN.match(clip.transition) else "D"


def _column(reel: str) -> str:
    """A tape's name as the column can hold it; names that mean no tape there are another one's."""
    name = one_line(reel)
    column = re.sub(r"[^A-Za-z0-9_.-]+", "_", name)[:REEL].strip("_")
    if column.upper() in RESERVED:
        return "TAPE" if name else NO_TAPE
    return column


def _motion(speed: float, nominal: int) -> str:
    """Frames a second of the source, with as many digits as it takes to be read back the same."""
    rate = speed * nominal
    digits = next((n for n in (1, 3, 6) if round(round(rate, n) / nominal, 6) == speed), 9)
    return f"{'-' if rate < 0 else ''}{abs(rate):0{4 + digits}.{digits}f}"
