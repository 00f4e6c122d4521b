"""Clips laid on tracks: those that overlap on tracks of their own, one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zou_server.services.ports import Clip

Track = tuple[str, list[Clip]]


def lay_tracks(clips: Sequence[Clip]) -> list[Track]:
    """The name of each track, and its clips in the order of their places."""
    tracks: list[Track] = []
    for clip in sorted(clips, key=lambda clip: clip.first or 0):
        free = (lane for name, lane in tracks if name == clip.track and end_of(lane[-1]) <= (clip.first or 0))
        lane = next(free, None)
        if lane is None:
            lane = []
            tracks.append((clip.track, lane))
        lane.append(clip)
    return tracks


def end_of(clip: Clip) -> int:
    """The first frame after a clip."""
    return (clip.first or 0) + (clip.frames or 0)


def fades_out(lane: Sequence[Clip]) -> list[int]:
    """For each clip of a track how many frames of it fade out into nothing."""
    then: list[Clip | None] = [*lane[1:], None]
    return [
        clip.tail if after is None or (after.first or 0) >= end_of(clip) + clip.tail else 0
        for clip, after in zip(lane, then, strict=True)
    ]


def comes_from(lane: Sequence[Clip]) -> list[Clip | None]:
    """For each clip of a track the one that it follows at once."""
    follows = [before if end_of(before) == clip.first else None for before, clip in pairwise(lane)]
    return [None, *follows][: len(lane)]
