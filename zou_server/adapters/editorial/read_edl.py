"""An edit decision list as clips: where each is in the cut, what it shows of its source, what it is called.

Lengths are those of the record columns, whatever motion effects make of the source. A timecode that its rate
does not have means that the list is of another rate: then every length in it would be wrong, and it is
refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from zou_server.adapters.editorial.edl_lines import EdlRemarks, EventLine, Lines, read_lines
from zou_server.footage.frame_rate import BeyondRateError, FrameRate
from zou_server.services.ports import Clip

NAME = 1000
MARKERS = 5
"""Markers of an event whose text may be what its shot is called."""

TRANSITIONS = frozenset({"D", "W"})
KEYS = frozenset({"K", "KO"})
NEARLY = 0.006
"""How far a motion effect may be from full speed to be none: Avid writes 023.9 for 23.976."""


class NoEdlError(ValueError):
    """A file is no list, or one of another rate; says why."""


@dataclass(frozen=True, slots=True)
class _Span:
    """An event line with its frames counted."""

    line: EventLine
    start: int
    frames: int
    source: tuple[int, int] | None


def read_edl(text: str, rate: FrameRate) -> list[Clip]:
    """The clips in the order of the file, and each line that is not understood, with the reason.

    NoEdlError when nothing in the file is an event, or when its frames are of another rate.
    """
    lines = read_lines(text)
    if not lines.events and lines.unknown:
        first = lines.unknown[0]
        raise NoEdlError(f"it holds no events; line {first.line} {first.why}")
    skipped = [Clip("", why=f"line {each.line} {each.why}", line=each.line) for each in lines.unknown]
    clock = _Clock(rate, lines)
    clips = [clip for group in _groups(lines) for clip in _clips(group, clock, skipped)]
    return sorted([*_placed(clips, clock.starts, rate), *skipped], key=lambda clip: clip.line)


def _groups(lines: Lines) -> Iterator[list[EventLine]]:
    """The lines of each event: those that follow each other with one number."""
    for _, group in groupby(lines.events, key=lambda event: event.number):
        yield list(group)


class _Clock:
    """Counts the frames of timecodes."""

    def __init__(self, rate: FrameRate, lines: Lines) -> None:
        self._rate = rate
        self.starts: list[int] = []
        self._has_signs = any(_says_drop(time) for event in lines.events for time in event.times)
        self._drop = bool(lines.first_drop) and not self._has_signs and self._can_drop(lines)

    def _can_drop(self, lines: Lines) -> bool:
        """False when the list has labels that drop-frame timecode leaves out: then its FCM line is wrong."""
        for event in lines.events:
            for time in event.times[2:]:
                try:
                    self._rate.frames(time, drop=True)
                except BeyondRateError:
                    return True
                except ValueError as error:
                    if "leaves out" in str(error):
                        return False
        return True

    def record(self, event: EventLine) -> tuple[int, int]:
        """The frame that a line begins at in the cut, and how many it is long."""
        start, end = (
            self._rate.frames(time, drop=self._drop or _says_drop(time)) for time in event.times[2:]
        )
        self.starts.append(start)
        return start, self._over_midnight(end - start)

    def source(self, event: EventLine) -> tuple[int, int] | None:
        """The first frame of the source, and how many; None where motion makes another rate of them."""
        drop = event.drop and not self._has_signs and self._drop
        try:
            start, end = (self._rate.frames(time, drop=drop or _says_drop(time)) for time in event.times[:2])
        except BeyondRateError:
            if event.motion is None:
                raise
            return None
        except ValueError:
            return None
        frames = self._over_midnight(end - start)
        return (start, frames) if frames >= 0 else None

    def label(self, time: str) -> str:
        """A timecode with the sign of drop-frame where it is meant."""
        seconds, frames = time[:8].replace(".", ":").replace(";", ":").replace(",", ":"), time[9:]
        return f"{seconds}{';' if self._drop or _says_drop(time) else ':'}{frames}"

    def moment(self, time: str) -> int | None:
        """The frame of a moment of the cut; None for what is none."""
        try:
            return self._rate.frames(time, drop=self._drop or _says_drop(time))
        except ValueError:
            return None

    def _over_midnight(self, frames: int) -> int:
        """A length that seems below zero because the clock began again."""
        return frames + self._rate.day if frames < -self._rate.day // 2 else frames


def _says_drop(time: str) -> bool:
    """True for a timecode with the sign of drop-frame: a semicolon, a comma in the second field."""
    return ";" in time or "," in time


def _counted(event: EventLine, clock: _Clock, skipped: list[Clip]) -> _Span | None:
    """A line with its frames; None, and told, when its timecodes make no length."""
    try:
        start, frames = clock.record(event)
        span = _Span(event, start, frames, clock.source(event))
    except BeyondRateError as error:
        raise NoEdlError(
            f"line {event.line}: {error}; it is of another frame rate than the project"
        ) from None
    except ValueError as error:
        skipped.append(_told(event, str(error)))
        return None
    if frames < 0:
        skipped.append(_told(event, "ends before it begins"))
        return None
    return span


def _told(event: EventLine, why: str) -> Clip:
    name = (event.said.to_name or event.said.name or event.reel)[:NAME]
    return Clip(name, why=f"line {event.line} {why}", line=event.line, event=event.number)


def _clips(group: list[EventLine], clock: _Clock, skipped: list[Clip]) -> list[Clip]:
    """The clips of one event."""
    _share_remarks(group)
    counted = (_counted(event, clock, skipped) for event in group if event.is_picture)
    spans = [span for span in counted if span is not None]
    found: list[Clip] = []
    for place, span in enumerate(spans):
        event = span.line
        before = spans[place - 1] if place else None
        if event.is_black:
            if event.kind in TRANSITIONS and before is not None:
                found = [replace(clip, tail=event.lasts) for clip in found]
            continue
        if span.frames == 0:
            if len(group) == 1:
                skipped.append(_told(event, "has no frames"))
            continue
        tail = event.lasts if event.kind in TRANSITIONS else 0
        found.append(_clip(span, _names(event, before.line if before else None), tail, clock))
        skipped += _untimed(event, clock)
    return found


def _untimed(event: EventLine, clock: _Clock) -> list[Clip]:
    """The markers of an event that are at no moment."""
    return [
        Clip(
            "", why=f"line {event.line} has a marker at {marker['at']}, which is no timecode", line=event.line
        )
        for marker in event.said.markers
        if clock.moment(marker["at"]) is None
    ]


def _share_remarks(group: list[EventLine]) -> None:
    """What is said after the lines of an event is of all its pictures; what is said between them of one."""
    last = group[-1].said
    pictures = [event for event in group if event.is_picture]
    if pictures and not group[-1].is_picture:
        pictures[-1].said = last
    kinds = {event.kind for event in pictures}
    for before, event in pairwise(pictures):
        if event.is_black and not _is_named(before):
            before.said = event.said
        elif (
            event.kind in TRANSITIONS | KEYS
            and not _is_named(before)
            and (event.said.to_name or event.said.key_name)
        ):
            before.said = EdlRemarks(name=event.said.name, files=event.said.files[:1])
    if len(pictures) > 1 and not kinds & {*TRANSITIONS, *KEYS, "KB"}:
        for event in pictures:
            event.said = event.said if _is_named(event) else pictures[-1].said


def _is_named(event: EventLine) -> bool:
    return bool(event.said.name or event.said.to_name or event.said.files)


def _names(event: EventLine, before: EventLine | None) -> tuple[str, ...]:
    """What the source of a line may be called, likeliest first: its clip, its file, its tape."""
    said = event.said
    name = said.to_name or said.key_name if event.kind in TRANSITIONS | KEYS else said.name
    if not name and not _is_of_the_outgoing(event, before):
        name = said.name
    files = said.files[::-1] if event.kind in TRANSITIONS else said.files
    column = event.reel if event.tape else ""
    marked = [marker["text"] for marker in said.markers[:MARKERS]]
    likely = (name, *files, event.tape, column, *said.aliases, *marked)
    return tuple(dict.fromkeys(each[:NAME] for each in likely if each))


def _is_of_the_outgoing(event: EventLine, before: EventLine | None) -> bool:
    """True when the one name after a transition is that of what goes, and what comes has none."""
    if event.kind not in TRANSITIONS or before is None or before.is_black:
        return False
    return before.reel != event.reel and before.said.name in ("", event.said.name)


def _clip(span: _Span, names: tuple[str, ...], head: int, clock: _Clock) -> Clip:
    event = span.line
    files = event.said.files[::-1] if event.kind in TRANSITIONS else event.said.files
    return Clip(
        names[0] if names else "",
        span.start,
        span.frames,
        line=event.line,
        event=event.number,
        others=names[1:],
        source=span.source,
        reel=event.tape,
        file=files[0][:NAME] if files else "",
        motion=event.motion,
        cdl=event.said.cdl or None,
        markers=tuple(_markers(event, clock)),
        head=head,
        transition=event.pattern if head else "",
        early=event.said.early if event.said.early <= head and event.said.early < span.frames else 0,
        track=event.said.track,
        counted=event.said.counted,
        timecodes=tuple(map(clock.label, event.times)),
    )


def _markers(event: EventLine, clock: _Clock) -> Iterator[dict[str, Any]]:
    for marker in event.said.markers:
        at = clock.moment(marker["at"])
        if at is not None:
            yield {"frame": at, "color": marker["color"], "text": marker["text"]}


def _placed(clips: list[Clip], starts: list[int], rate: FrameRate) -> list[Clip]:
    """The clips counted from the first picture of the cut, with what transitions and motion make of them."""
    is_split = bool(starts) and max(starts) - min(starts) > rate.day // 2
    begin = min((_after_midnight(start, rate) if is_split else start for start in starts), default=0)
    found = []

    def placed(frame: int) -> int:
        return (_after_midnight(frame, rate) if is_split else frame) - begin

    for clip in clips:
        markers = tuple({**marker, "frame": placed(int(str(marker["frame"])))} for marker in clip.markers)
        start = placed(clip.first or 0)
        found.append(replace(clip, first=start, speed=_speed(clip, rate), markers=markers))
    return _with_tails(found)


def _after_midnight(start: int, rate: FrameRate) -> int:
    return start + rate.day if start < rate.day // 2 else start


def _speed(clip: Clip, rate: FrameRate) -> float:
    speed = 1.0 if clip.motion is None else clip.motion / rate.nominal
    return 1.0 if abs(speed - 1.0) < NEARLY else round(speed, 6)


def _with_tails(clips: list[Clip]) -> list[Clip]:
    """Each clip with how many frames of it are seen in the transition that it goes out by.

    A transition that begins before its cut point takes frames of the clip before: they are given back to it.
    """
    ends = {(clip.first, clip.track): clip for clip in clips if clip.head and clip.first is not None}
    found = []
    for clip in clips:
        then = ends.get(((clip.first or 0) + (clip.frames or 0), clip.track))
        goes, ends_later = (0, 0) if then is None else (then.head - then.early, then.early)
        moved = _later(clip, clip.early, ends_later) if clip.early or ends_later else clip
        found.append(replace(moved, tail=clip.tail or goes))
    return found


def _later(clip: Clip, begins: int, ends: int) -> Clip:
    """A clip that begins and ends so many frames later."""
    source = clip.source
    if source is not None:
        ahead, beyond = round(begins * clip.speed), round((ends - begins) * abs(clip.speed))
        source = (source[0] + ahead, max(0, source[1] + beyond))
    first, frames = clip.first or 0, clip.frames or 0
    return replace(clip, first=first + begins, frames=frames - begins + ends, source=source)
