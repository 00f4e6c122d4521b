"""The lines of an edit decision list (CMX 3600 and what NLEs made of it), each understood by itself.

Columns are found by what they hold and not by where they stand: reels hold blanks, editors add columns,
programs count blanks differently. A line that nothing here knows is `Unknown`, with the reason, and takes no
other with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 2000
NO_TAPES = frozenset({"AX", "AUX"})
"""What stands in the column of tapes for a source that is none."""

TIMES = 4
BLACKS = frozenset({"BL", "BLACK", "BLK"})
_TC = r"\d{1,2}[:;.,]\d\d[:;.,]\d\d[:;.,]\d{2,3}"
_GLUED = _TC.replace("{1,2}", "{2}", 1)
"""A timecode right behind a number: its hours have two digits, or nobody knows whose the first is."""
_CHANNELS = r"NONE|B|[AV][AV0-9/]{0,30}(?:\s?/\s?[AV][AV0-9]{0,30}){0,9}"
_KIND = r"C|D|W\s?\d{0,3}|K\s*B|K\s*O|K"
_EVENT = re.compile(
    rf"\s*(?P<number>\d{{1,8}}[A-Za-z]?)(?:\s+(?P<reel>\S.*?))??\s+(?P<channels>{_CHANNELS})\s+(?P<kind>{_KIND})"
    rf"(?:\s+(?P<lasts>\d{{1,5}}))?(?:\s*\(F\))?\s+(?P<times>{_TC}\s+{_TC}\s+{_TC}\s+{_TC})(?!\S).*\Z",
    re.IGNORECASE,
)
_MOTION = re.compile(
    rf"\s*M2(?:\s+(?P<reel>\S.*?))??\s+(?P<rate>[-+]?\d{{1,5}}(?:\.\d{{1,9}})?)(?:\s+{_TC}|{_GLUED})?\s*\Z",
    re.IGNORECASE,
)
_TIMES = re.compile(_TC)
_NAME = re.compile(
    r"\s*\*?\s*(?:(?P<side>FROM|TO|KEY)\s*)?CLIP\s*NAME\s*(?:IS)?\s*[:=]\s*(?P<name>.*)\Z", re.IGNORECASE
)
_FILE = re.compile(
    r"\s*\*?\s*(?:(?:FROM|TO)\s+(?:CLIP|FILE)(?:\s+IS)?|SOURCE\s*FILE(?:\s*NAME)?|FILE(?:\s*NAME)?)\s*[:=]"
    r"\s*(?P<name>.*)\Z",
    re.IGNORECASE,
)
_TAPE = r"\S.{0,200}?"
_REEL_FILE = re.compile(rf"\s*\*?\s*REEL\s+{_TAPE}\s{{1,9}}IS\s+CLIP\s+(?P<name>\S.*)\Z", re.IGNORECASE)
_REEL_NAME = re.compile(
    rf"\s*\*?\s*FINAL CUT PRO REEL\s*:\s*(?P<name>{_TAPE})\s{{1,9}}REPLACED BY\s*:\s*(?P<column>\S+)\s*\Z",
    re.IGNORECASE,
)
_ALIAS = re.compile(r"\s*\*?\s*VFX\s*[:=]\s*(?P<name>.*)\Z", re.IGNORECASE)
_COUNT = re.compile(
    r"\s*\*?\s*FRMC\s+START\s*:?\s*(\d{1,8})\s+FRMC\s+END\s*:?\s*(\d{1,8})(?:\s+FRMC\s+DURATION\s*:?\s*(\d{1,8}))?",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"\s*\*?\s*CUT POINT\s*:\s*(?P<frames>\d{1,5})\s+FRAMES? INTO (?:THE )?TRANSITION", re.IGNORECASE
)
_SPAN = re.compile(r"\s*\*?\s*SOURCE FRAMES\s*:\s*(?P<frames>\d{1,9})\s*\Z", re.IGNORECASE)
_TRACK = re.compile(r"\s*\*?\s*TRACK\s*:\s*(?P<name>\S.*)\Z", re.IGNORECASE)
_NUMBER = r"[-+]?(?:\d{1,9}\.?\d{0,20}|\.\d{1,20})(?:e[-+]?\d{1,3})?"
_TRIPLE = rf"\(?\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*\)?"
_SOP = re.compile(rf"\s*\*?\s*ASC[_ ]SOP\s*:?\s*\(?\s*{_TRIPLE}\s*{_TRIPLE}\s*{_TRIPLE}", re.IGNORECASE)
_SAT = re.compile(rf"\s*\*?\s*ASC[_ ]SAT\s*:?\s*\(?\s*({_NUMBER})", re.IGNORECASE)
_MARKER = re.compile(rf"\s*\*?\s*LOC:?\s+(?P<time>{_TC})\s+(?P<color>\S+)\s*(?P<text>.*)\Z", re.IGNORECASE)
_FCM = re.compile(r"\s*FCM\s*[:=]?\s*(?P<mode>.*)\Z", re.IGNORECASE)
_KNOWN = re.compile(
    r"\s*(?:[*|>%#@;]|TITLE\b|AUD\b|SPLIT\b|EFFECTS?\s+NAME|FINAL CUT PRO|REEL\b|VFX\b|GPI\b|M/S\b|DVE\b"
    r"|M1\b|BLEND\b|B/L\b|TRANS\b|SWM\b|FRMC\b)",
    re.IGNORECASE,
)
"""How lines begin that say something, and nothing of what is shown when."""


@dataclass(slots=True)
class EdlRemarks:
    """The remarks on an event line."""

    name: str = ""
    to_name: str = ""
    key_name: str = ""
    files: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    reels: dict[str, str] = field(default_factory=dict)
    """What tapes are called whose names do not fit into the column, by what stands there."""
    motions: list[tuple[str, float]] = field(default_factory=list)
    """A tape, and how many of its frames each second shows."""
    counted: tuple[int, int] | None = None
    """The numbers of the first and last frame, where frames are numbered (1001 to 1048)."""
    early: int = 0
    """Frames of the transition that lie before the cut point; the lines begin with the transition."""
    source_frames: int | None = None
    track: str = ""
    cdl: dict[str, Any] = field(default_factory=dict)
    markers: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class EventLine:
    """One line of an event: a source on some channels, from one moment of the cut to another."""

    line: int
    number: str
    reel: str
    channels: str
    kind: str
    """C for a cut, D and W for the transitions into it, K, KB and KO for keys."""
    lasts: int
    times: tuple[str, str, str, str]
    drop: bool
    """Whether the latest FCM said drop-frame."""
    pattern: str = ""
    """Of a transition: D, or the wipe with its number."""
    said: EdlRemarks = field(default_factory=EdlRemarks)

    @property
    def is_picture(self) -> bool:
        """True when the line shows something; NONE is what some programs write of pictures without sound."""
        return self.channels == "NONE" or "V" in self.channels or self.channels == "B"

    @property
    def motion(self) -> float | None:
        """The rate that its source is shown at: that of its own tape where several are said."""
        own = [rate for reel, rate in self.said.motions if reel.upper() == self.reel.upper()]
        rates = own or [rate for _, rate in self.said.motions]
        return rates[-1] if rates else None

    @property
    def tape(self) -> str:
        """The name of the tape, "" for a source that is none."""
        return "" if self.reel.upper() in NO_TAPES else self.said.reels.get(self.reel.upper(), self.reel)

    @property
    def is_black(self) -> bool:
        """True for black, which is nobody's shot."""
        return self.reel.upper() in BLACKS


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line that is not understood."""

    line: int
    text: str
    why: str


@dataclass(slots=True)
class Lines:
    """The lines of a file: its events, and what is not understood."""

    events: list[EventLine] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    first_drop: bool | None = None
    drop: bool = False
    is_lost: bool = False
    """Whether the latest event is not understood: what follows says something of it, and of no other."""


def read_lines(text: str) -> Lines:
    """Every line of a list, in order."""
    found = Lines()
    for number, line in enumerate(re.split(r"\r\n|\r|\n|\u2028|\x85", text), 1):
        stripped = line.strip("\0\ufeff \t\x0b\x0c\x1a")
        if stripped:
            _read_line(found, number, stripped)
    return found


def _read_line(found: Lines, number: int, line: str) -> None:
    if len(line) > LONGEST:
        found.is_lost = True
        found.unknown.append(Unknown(number, line[:80], f"is longer than {LONGEST} characters"))
        return
    event = _EVENT.match(line)
    if event is not None and len(_TIMES.findall(line)) == TIMES:
        found.events.append(_event(number, event, drop=found.drop))
        found.is_lost = False
        return
    mode = _FCM.match(line)
    if mode is not None:
        found.drop = "DROP" in mode["mode"].upper() and "NON" not in mode["mode"].upper()
        found.first_drop = found.drop if found.first_drop is None else found.first_drop
        return
    why = _remark(found.events[-1] if found.events and not found.is_lost else None, line)
    if why:
        found.is_lost |= len(_TIMES.findall(line)) > (0 if line[0].isdigit() else 1)
        found.unknown.append(Unknown(number, line[:80], why))


def _event(number: int, found: re.Match[str], *, drop: bool) -> EventLine:
    source_in, source_out, record_in, record_out = map(_padded, _TIMES.findall(found["times"]))
    kind = re.sub(r"\s", "", found["kind"].upper())
    return EventLine(
        number,
        found["number"],
        (found["reel"] or "").strip(),
        re.sub(r"\s", "", found["channels"].upper()),
        "W" if kind.startswith("W") else kind,
        int(found["lasts"] or 0),
        (source_in, source_out, record_in, record_out),
        drop,
        pattern="" if kind == "C" else kind,
    )


def _padded(time: str) -> str:
    """A timecode with two digits of hours."""
    return time if time[1].isdigit() else f"0{time}"


def read_remarks(lines: Iterable[str]) -> EdlRemarks:
    """The remarks that stand in no list: other files carry them as comments."""
    event = EventLine(0, "", "", "V", "C", 0, ("", "", "", ""), drop=False)
    for line in lines:
        if len(line) <= LONGEST:
            _remark(event, line)
    return event.said


def _remark(event: EventLine | None, line: str) -> str:
    """Keep what a line says of the event before it; why it is not understood, "" when it is."""
    for pattern, keep in _REMARKS.items():
        found = pattern.match(line)
        if found is not None:
            if event is not None:
                keep(event.said, found)
            return ""
    if _KNOWN.match(line):
        return ""
    times = len(_TIMES.findall(line))
    if line[0].isdigit() and times:
        return (
            "is no event: its columns are not known"
            if times == TIMES
            else f"has {times} timecodes, not {TIMES}"
        )
    return "is not understood"


def _keep_name(said: EdlRemarks, found: re.Match[str]) -> None:
    side = {"TO": "to_name", "KEY": "key_name"}.get((found["side"] or "").upper(), "name")
    if not getattr(said, side):
        setattr(said, side, found["name"].strip())


def _keep_file(said: EdlRemarks, found: re.Match[str]) -> None:
    name = found["name"].strip().replace("\\", "/").rstrip("/").rpartition("/")[2]
    if name:
        said.files.append(name)


def _keep_reel(said: EdlRemarks, found: re.Match[str]) -> None:
    said.reels[found["column"].upper()] = found["name"]


def _keep_alias(said: EdlRemarks, found: re.Match[str]) -> None:
    if found["name"].strip():
        said.aliases.append(found["name"].strip())


def _keep_count(said: EdlRemarks, found: re.Match[str]) -> None:
    first, last = int(found[1]), int(found[2])
    if last - first + 1 == int(found[3] or last - first + 1) > 0:
        said.counted = (first, last)


def _keep_early(said: EdlRemarks, found: re.Match[str]) -> None:
    said.early = int(found["frames"])


def _keep_span(said: EdlRemarks, found: re.Match[str]) -> None:
    said.source_frames = int(found["frames"])


def _keep_track(said: EdlRemarks, found: re.Match[str]) -> None:
    said.track = found["name"].strip()[:200]


def _keep_motion(said: EdlRemarks, found: re.Match[str]) -> None:
    said.motions.append((found["reel"] or "", float(found["rate"])))


def _keep_sop(said: EdlRemarks, found: re.Match[str]) -> None:
    numbers = [float(each) for each in found.groups()]
    if all(map(math.isfinite, numbers)):
        said.cdl.update(slope=numbers[:3], offset=numbers[3:6], power=numbers[6:])


def _keep_saturation(said: EdlRemarks, found: re.Match[str]) -> None:
    if math.isfinite(float(found[1])):
        said.cdl["saturation"] = float(found[1])


def _keep_marker(said: EdlRemarks, found: re.Match[str]) -> None:
    if len(said.markers) < 100:  # noqa: PLR2004 - of one event
        said.markers.append(
            {"at": _padded(found["time"]), "color": found["color"][:20], "text": found["text"][:500]}
        )


_REMARKS: Mapping[re.Pattern[str], Callable[[EdlRemarks, re.Match[str]], None]] = {
    _NAME: _keep_name,
    _FILE: _keep_file,
    _REEL_FILE: _keep_file,
    _REEL_NAME: _keep_reel,
    _ALIAS: _keep_alias,
    _COUNT: _keep_count,
    _EARLY: _keep_early,
    _SPAN: _keep_span,
    _TRACK: _keep_track,
    _MOTION: _keep_motion,
    _SOP: _keep_sop,
    _SAT: _keep_saturation,
    _MARKER: _keep_marker,
}
"""What lines after an event say of it."""
