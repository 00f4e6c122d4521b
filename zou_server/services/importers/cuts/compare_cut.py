"""What is different in a cut from the last one, shot by shot, in the words of editorial."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zou_server.services.importers.cuts.cut_in_file import Shown

NEW, GONE, REINSTATED, RENAMED = "new", "gone", "reinstated", "renamed"
LONGER, SHORTER, RETIMED, SLIPPED, MOVED, SHIFTED = (
    "longer",
    "shorter",
    "retimed",
    "slipped",
    "moved",
    "shifted",
)
KINDS = (NEW, GONE, REINSTATED, RENAMED, LONGER, SHORTER, RETIMED, SLIPPED, MOVED, SHIFTED)
"""Slipped: another part of the source, as long. Moved: another order; shifted: what is before is
otherwise."""


@dataclass(frozen=True, slots=True)
class CutChange:
    """The change of one shot: its name now, its row where it has one, and how it is and was shown."""

    kinds: tuple[str, ...]
    shot: str
    sequence: str
    id: uuid.UUID | None = None
    before: Shown | None = None
    after: Shown | None = None
    old_name: str = ""

    def said(self) -> dict[str, Any]:
        """As answers say it."""
        return {
            "kinds": list(self.kinds),
            "shot": self.shot,
            "sequence": self.sequence,
            "id": None if self.id is None else str(self.id),
            "before": self.before.said() if self.before else None,
            "after": self.after.said() if self.after else None,
            **({"old_name": self.old_name} if self.old_name else {}),
        }


def differences(before: Shown, after: Shown, *, is_moved: bool) -> tuple[str, ...]:
    """How one shot is shown otherwise than it was."""
    found = []
    if after.frames != before.frames:
        found.append(LONGER if after.frames > before.frames else SHORTER)
    if after.speed != before.speed:
        found.append(RETIMED)
    elif before.source and after.source and after.source[0] != before.source[0]:
        found.append(SLIPPED)
    if is_moved:
        found.append(MOVED)
    elif after.first != before.first:
        found.append(SHIFTED)
    return tuple(found)


def moved(before: Mapping[uuid.UUID, Shown], after: Mapping[uuid.UUID, Shown]) -> set[uuid.UUID]:
    """The shots that are in both cuts and not in their old order: the fewest that explain the new one."""
    both = sorted(
        (id_ for id_ in after if id_ in before), key=lambda id_: (after[id_].first, after[id_].order)
    )
    places = [(before[id_].first, before[id_].order) for id_ in both]
    return {both[place] for place in set(range(len(both))) - set(_longest_rise(places))}


def _longest_rise(values: Sequence[tuple[int, int]]) -> Iterable[int]:
    """The places of a longest rising subsequence."""
    tails: list[tuple[int, int]] = []
    ends: list[int] = []
    came_from: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(tails, value)
        came_from.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [value], [place]
    place = ends[-1] if ends else -1
    while place >= 0:
        yield place
        place = came_from[place]
