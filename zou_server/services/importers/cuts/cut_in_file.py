"""What the clips of an editorial file say of shots: which are shown, where, how long, and of what source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zou_server.services.production.cut_items import MOST_FRAMES, item_of
from zou_server.services.production.name_clips import ClipNames, Naming

if TYPE_CHECKING:
    from zou_server.services.ports import Clip

Place = tuple[str, str]
"""A sequence by the name of its episode and its own; "" for none."""


@dataclass(slots=True)
class ShotInCut:
    """Where a shot is shown: its clips, in the order of the file."""

    sequence: Place
    name: str
    clips: list[Clip] = field(default_factory=list)
    unsaid: frozenset[str] = frozenset()
    """Keys of an item that the file has no place for: what the last cut says of them stays."""

    def items(self) -> list[dict[str, Any]]:
        """Each clip as it is kept with the cut."""
        return [item_of(clip) for clip in self.clips]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clip that is no shot, or a line that is no clip: its name, where the file has it, and why."""

    name: str
    reason: str
    line: int = 0
    event: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a shot is in a cut: its first and last frame there, how many show it, of what, how fast."""

    first: int
    last: int
    frames: int
    source: tuple[int, int] | None = None
    speed: float = 1.0
    order: int = 0

    def said(self) -> dict[str, Any]:
        """As answers say it."""
        source = self.source or (None, None)
        return {
            "frame_in": self.first,
            "frame_out": self.last,
            "nb_frames": self.frames,
            "source_in": source[0],
            "source_out": source[1],
            "speed": self.speed,
        }


def shown(items: Sequence[Mapping[str, Any]], order: int = 0) -> Shown:
    """A shot's pieces as one: two takes count together, what lies between them does not count."""
    frames, end = 0, -1
    for item in sorted(items, key=lambda item: int(item["edit_in"])):
        start = max(item["edit_in"], end + 1)
        frames, end = frames + max(0, item["edit_out"] - start + 1), max(end, item["edit_out"])
    lead = min(items, key=lambda item: int(item["edit_in"]))
    source = (lead["cut_item_in"], lead["cut_item_out"]) if lead.get("cut_item_in") is not None else None
    return Shown(lead["edit_in"], end, frames, source, lead.get("speed", 1.0), order)


def shots_in_cut(naming: Naming, clips: Sequence[Clip]) -> tuple[list[ShotInCut], list[Skipped]]:
    """Every shot that the clips name, and the clips that name none."""
    found: dict[tuple[Place, str], ShotInCut] = {}
    skipped: list[Skipped] = []
    for clip in clips:
        named = naming.first_of((clip.name, *clip.others))
        why = _why_not(clip, named)
        if named is None or why:
            skipped.append(Skipped(clip.name, why, clip.line, clip.event))
            continue
        place = (named.episode, named.sequence)
        key = ((naming.folded(place[0]), naming.folded(place[1])), naming.folded(named.shot))
        found.setdefault(key, ShotInCut(place, named.shot)).clips.append(clip)
    return list(found.values()), skipped


def _why_not(clip: Clip, named: ClipNames | None) -> str:
    """Why a clip is no shot in the cut, "" when it is."""
    if not clip.name:
        return clip.why or "has no name"
    if named is None:
        return clip.why or "does not fit the naming convention"
    if clip.first is None or not clip.frames:
        return clip.why or "has no frames"
    is_possible = 0 <= clip.first < MOST_FRAMES and 0 < clip.frames < MOST_FRAMES
    return "" if is_possible else "has a length or a place that no cut can have"
