"""The shots of a production and how the last cuts show them, as far as an actor sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import All, Condition, Not, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.ports import Clip
from zou_server.services.production.cut_items import clip_of_item
from zou_server.services.production.cut_overlap import cut_overlap

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

PLAIN = Spelling()
OMITTED = Where("production_state", Op.EQ, "canceled")


def outputs(**paths: str) -> Projection:
    """A projection of keys and their paths."""
    return Projection(tuple(Output(key, path) for key, path in paths.items()))


_SHOT = outputs(
    id="id",
    name="name",
    parent="parent_id",
    sequence="sequence.name",
    episode="episode.name",
    frames="nb_frames",
    data="data",
)
_CUT = outputs(id="id", owner="data.entity_id")
_ITEM = outputs(cut="data.cut_id", data="data")


@dataclass(slots=True)
class SeenCut:
    """The last cut of a sequence, an episode or a project: each clip with the id of its shot."""

    owner: str
    clips: list[tuple[str, Clip]] = field(default_factory=list)


def rows(
    reader: Reader, kind: str, projection: Projection, where: Condition, *order: Order
) -> list[dict[str, Any]]:
    """Rows of a kind as the reader's actor sees them."""
    return reader.rows(Query(facet(kind), projection, where, order), PLAIN)


def shots_below(reader: Reader, parents: Iterable[str]) -> list[dict[str, Any]]:
    """The shots of sequences and episodes that no cut has omitted, by name."""
    below = Where("parent_id", Op.IN, sorted(set(parents)))
    return rows(reader, "Shot", _SHOT, All((below, Not(OMITTED))), Order("name"))


def shots_called(reader: Reader, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Shots by id."""
    found = rows(reader, "Shot", _SHOT, Where("id", Op.IN, sorted(set(ids))))
    return {shot["id"]: shot for shot in found}


def last_cuts(reader: Reader, owners: Iterable[str]) -> list[SeenCut]:
    """The last cut of each owner that has one, in the order of the owners."""
    wanted = list(dict.fromkeys(owners))
    of_owners = Where("data.entity_id", Op.IN, wanted)
    cuts = rows(reader, "Cut", _CUT, of_owners, Order("created_at"))
    newest = {cut["owner"]: cut for cut in cuts}
    known = (newest[owner] for owner in wanted if owner in newest)
    found = {cut["id"]: SeenCut(cut["owner"]) for cut in known}
    items = rows(reader, "CutItem", _ITEM, Where("data.cut_id", Op.IN, list(found)))
    for item in sorted(items, key=lambda item: _number(item["data"].get("cut_order"))):
        clip = clip_of_item(item["data"])
        if clip is not None:
            found[item["cut"]].clips.append((item["data"]["shot_id"], clip))
    return [cut for cut in found.values() if cut.clips]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def clip_of_shot(shot: Mapping[str, Any]) -> Clip | None:
    """A shot as far as its row says how it is shown, where no cut was kept; None without a length."""
    data: Mapping[str, Any] = shot["data"] or {}
    frames, first = shot["frames"], whole(data.get("frame_in"))
    if not isinstance(frames, int) or frames <= 0:
        return None
    begin, end = whole(data.get("source_in")), whole(data.get("source_out"))
    source = (begin, end - begin + 1) if begin is not None and end is not None and end >= begin else None
    speed = data.get("speed")
    return Clip(
        "",
        first,
        frames,
        source=source,
        speed=float(speed) if isinstance(speed, int | float) else 1.0,
        cdl=data.get("cdl") if isinstance(data.get("cdl"), dict) else None,
    )


def whole(value: object) -> int | None:
    """A frame that a custom field says; None for none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def overlap(cuts: Sequence[SeenCut]) -> bool:
    """True where cuts of their own show something at one time: then none of them is a part of one cut."""
    return cut_overlap(
        (clip.first or 0, (clip.first or 0) + (clip.frames or 0), cut.owner)
        for cut in cuts
        for _, clip in cut.clips
    )
