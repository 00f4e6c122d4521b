"""A clip as it is kept with its cut, in a row whose fields are those of Shotgun's CutItem, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.services.ports import Clip

_BESIDE = ("reel", "file", "speed", "cdl", "head", "early", "tail", "transition", "track")
"""What a clip and its row have under one name."""


def item_of(clip: Clip) -> dict[str, Any]:
    """A clip under the names of Shotgun's CutItem where it has some; frames count from 0."""
    first, frames = clip.first or 0, clip.frames or 0
    said: dict[str, Any] = {
        "edit_in": first,
        "edit_out": first + frames - 1,
        "cut_item_duration": frames,
        "clip_name": clip.name,
        "reel": clip.reel,
        "file": clip.file,
        "head": clip.head,
        "early": clip.early,
        "tail": clip.tail,
        "transition": clip.transition,
        "cdl": dict(clip.cdl) if clip.cdl else None,
        "markers": [dict(marker) for marker in clip.markers],
        "track": clip.track,
    }
    if clip.counted is not None:
        said |= {"counted_in": clip.counted[0], "counted_out": clip.counted[1]}
    if clip.source is not None:
        said |= {"cut_item_in": clip.source[0], "cut_item_out": clip.source[0] + max(clip.source[1], 1) - 1}
    kept = {key: value for key, value in said.items() if value not in (None, "", [], 0) or key == "edit_in"}
    if clip.source is not None:
        kept["cut_item_in"] = clip.source[0]
        kept["cut_item_out"] = said["cut_item_out"]
    kept["edit_out"] = said["edit_out"]
    return kept | ({"speed": clip.speed} if clip.speed != 1.0 else {})


def clip_of_item(item: Mapping[str, Any]) -> Clip:
    """The clip that a row was made of; ValueError for a row that somebody else made without its place."""
    first, last = item.get("edit_in"), item.get("edit_out")
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= first <= last:
        raise ValueError("has no place in the cut")
    begin, end = item.get("cut_item_in"), item.get("cut_item_out")
    source = (begin, end - begin + 1) if isinstance(begin, int) and isinstance(end, int) else None
    numbers = [item.get(key) for key in ("counted_in", "counted_out")]
    counted = [number for number in numbers if isinstance(number, int)]
    return Clip(
        str(item.get("clip_name") or ""),
        first,
        last - first + 1,
        source=source if source is None or source[1] > 0 else None,
        markers=tuple(item.get("markers") or ()),
        counted=(counted[0], counted[1]) if len(counted) == len(numbers) else None,
        **{key: item[key] for key in _BESIDE if item.get(key) is not None},
    )
