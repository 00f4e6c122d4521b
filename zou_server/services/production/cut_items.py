"""A clip as it is kept with its cut, in a row whose fields are those of Shotgun's CutItem, and back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from zou_server.services.ports import Clip

MOST_FRAMES = 10_000_000
"""Frames of a cut: more than four days of it, which nobody cuts."""

TIMECODES = tuple(f"timecode_{end}_text" for end in ("cut_item_in", "cut_item_out", "edit_in", "edit_out"))
"""What Shotgun calls the labels of a clip."""

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
    said |= zip(TIMECODES, clip.timecodes, strict=False)
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


_SHAPES: Mapping[str, Any] = {
    "cut_item_duration": int,
    "speed": int | float,
    "reel": str,
    "file": str,
    "cdl": dict,
    "markers": list,
}


def whole_item(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """An item as imports keep it, also of a row that another client made; None for one without its place."""
    place, source = (_span(item, key) for key in ("edit", "cut_item"))
    if place is None or not _is_id(item.get("shot_id")):
        return None
    found = {key: value for key, value in item.items() if isinstance(value, _SHAPES.get(key, object))}
    if source is None:
        for key in ("cut_item_in", "cut_item_out"):
            found.pop(key, None)
    found.setdefault("cut_item_duration", place[1] - place[0] + 1)
    return found


def _span(item: Mapping[str, Any], name: str) -> tuple[int, int] | None:
    """The first and the last frame that a row says; None for none."""
    first, last = item.get(f"{name}_in"), item.get(f"{name}_out")
    if isinstance(first, int) and isinstance(last, int) and 0 <= first <= last < 2**31:
        return first, last
    return None


def _is_id(value: object) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def clip_of_item(row: Mapping[str, Any]) -> Clip | None:
    """The clip that a row was made of; None for a row that somebody else made without its place."""
    item = whole_item(row)
    if item is None:
        return None
    first, last = item["edit_in"], item["edit_out"]
    source = _span(item, "cut_item")
    numbers = [item.get(key) for key in ("counted_in", "counted_out")]
    counted = [number for number in numbers if isinstance(number, int)]
    labels = [str(item.get(key) or "") for key in TIMECODES]
    return Clip(
        str(item.get("clip_name") or ""),
        first,
        last - first + 1,
        source=None if source is None else (source[0], source[1] - source[0] + 1),
        markers=tuple(item.get("markers") or ()),
        timecodes=tuple(labels) if all(labels) else (),
        counted=(counted[0], counted[1]) if len(counted) == len(numbers) else None,
        **{key: item[key] for key in _BESIDE if item.get(key) is not None},
    )
