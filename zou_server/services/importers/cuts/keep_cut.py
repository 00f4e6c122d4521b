"""The cuts of a production, one after the other: each a Cut with its CutItems, whose fields are Shotgun's.

`Cut.data`: entity_id (the sequence, else the episode or the project), entity_type, revision_number, fps,
duration. `CutItem.data`: cut_id, shot_id, cut_order, edit_in and edit_out (the place in the cut), cut_item_in
and cut_item_out (the source), cut_item_duration, and what the file says of speed, colour (cdl), transitions,
tape and markers.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.footage.frame_rate import FrameRate
from zou_server.models.records import DeclaredRecord
from zou_server.models.registry import facet
from zou_server.services.importers.cuts.cut_in_file import Shown, shown
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.production.cut_items import TIMECODES, whole_item
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Item = Mapping[str, Any]


@dataclass(slots=True)
class LastCut:
    """The last cut of a sequence (or of an episode or project): its items in their order."""

    id: uuid.UUID
    revision: int
    items: list[tuple[str, Item]] = field(default_factory=list)
    """The name of the shot, and the item."""

    def shots(self) -> dict[uuid.UUID, Shown]:
        """How each shot is shown."""
        by_shot: dict[str, list[Item]] = {}
        for _, item in self.items:
            by_shot.setdefault(item["shot_id"], []).append(item)
        return {uuid.UUID(id_): shown(items, order) for order, (id_, items) in enumerate(by_shot.items())}

    def names(self) -> dict[uuid.UUID, str]:
        """The names that each shot had."""
        return {uuid.UUID(item["shot_id"]): name for name, item in self.items}


def last_cuts(
    work: UnitOfWork, project_id: uuid.UUID, owners: Iterable[uuid.UUID]
) -> dict[uuid.UUID, LastCut]:
    """The last cut of each of some sequences, episodes or projects that has one."""
    row: Any = DeclaredRecord
    owner = row.data["entity_id"].astext
    rows = work.session.execute(
        sa.select(row.id, owner.label("owner"), row.data["revision_number"].label("revision"))
        .where(row.kind == "Cut", row.project_id == project_id, row.deleted_at.is_(None))
        .where(among(owner, {str(id_) for id_ in owners}))
        .order_by(row.created_at, row.data["revision_number"].astext)
    )
    found = {
        uuid.UUID(each.owner): LastCut(each.id, each.revision if isinstance(each.revision, int) else 0)
        for each in rows
    }
    by_id = {str(cut.id): cut for cut in found.values()}
    cut_id = row.data["cut_id"].astext
    items = work.session.execute(
        sa.select(row.name, row.data)
        .where(row.kind == "CutItem", row.project_id == project_id, row.deleted_at.is_(None))
        .where(among(cut_id, set(by_id)))
        .order_by(row.created_at)
    )
    for name, data in sorted(items, key=lambda each: _order(each.data)):
        item = whole_item(data)
        if item is not None:
            by_id[data["cut_id"]].items.append((name, item))
    return found


def _order(data: Item) -> float:
    """Where an item stands among those of its cut."""
    order = data.get("cut_order")
    return order if isinstance(order, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class NewCut:
    """A cut to keep: whose it is, what that is called, and for each item the shot, its name and the rest."""

    owner_id: uuid.UUID
    owner_kind: str
    owner_name: str
    items: Sequence[tuple[uuid.UUID, str, Item]]


def keep_cuts(
    work: UnitOfWork,
    project_id: uuid.UUID,
    rate: FrameRate,
    cuts: Sequence[NewCut],
    last: Mapping[uuid.UUID, LastCut],
) -> list[uuid.UUID]:
    """Keep the cuts that differ from the last of their owner; returns the new rows."""
    different = [cut for cut in cuts if _is_different(cut, last.get(cut.owner_id))]
    made = work.execute([_cut(project_id, rate, cut, last.get(cut.owner_id)) for cut in different])
    items = [
        _item(project_id, result.id, order, *item)
        for cut, result in zip(different, made, strict=True)
        for order, item in enumerate(cut.items, 1)
    ]
    work.execute(items)
    return [result.id for result in made]


_NOT_COMPARED = {"cut_id", "cut_order", *TIMECODES}
"""What is different in each cut, and the labels: a cut that begins at another timecode is the same."""


def _is_different(cut: NewCut, last: LastCut | None) -> bool:
    if last is None:
        return True

    def compared(item: Item) -> dict[str, Any]:
        return {key: value for key, value in item.items() if key not in _NOT_COMPARED}

    ours = [(compared({"shot_id": str(shot), **item}), name) for shot, name, item in cut.items]
    return ours != [(compared(item), name) for name, item in last.items]


def _cut(project_id: uuid.UUID, rate: FrameRate, cut: NewCut, last: LastCut | None) -> Create:
    revision = (last.revision if last else 0) + 1
    duration = (
        max(item["edit_out"] for _, _, item in cut.items) + 1 - min(i["edit_in"] for _, _, i in cut.items)
    )
    data = {
        "entity_id": str(cut.owner_id),
        "entity_type": cut.owner_kind,
        "revision_number": revision,
        "fps": float(str(rate)),
        "duration": duration,
        **_labels(rate, cut, duration),
    }
    return Create(
        facet("Cut"), {"name": f"{cut.owner_name} v{revision:03}", "project_id": project_id, "data": data}
    )


def _labels(rate: FrameRate, cut: NewCut, duration: int) -> dict[str, str]:
    """The timecodes of the first frame of the cut and of the first after it, where the file says them."""
    first = min(cut.items, key=lambda each: int(each[2]["edit_in"]))[2]
    label = first.get(TIMECODES[2], "")
    try:
        start = rate.frames(label, drop=";" in label) + int(first.get("early", 0))
    except ValueError:
        return {}
    ends = {"timecode_start_text": start, "timecode_end_text": start + duration}
    return {key: rate.timecode(frame, drop=";" in label) for key, frame in ends.items()}


def _item(
    project_id: uuid.UUID, cut_id: uuid.UUID, order: int, shot_id: uuid.UUID, name: str, item: Item
) -> Create:
    data = {"cut_id": str(cut_id), "shot_id": str(shot_id), "cut_order": order, **item}
    return Create(facet("CutItem"), {"name": name, "project_id": project_id, "data": data})
