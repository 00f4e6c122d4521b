"""What a cut means for the shots of a production: which are new, which are gone, how the others changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.services.importers.cuts.compare_cut import (
    GONE,
    NEW,
    REINSTATED,
    RENAMED,
    CutChange,
    differences,
    moved,
)
from zou_server.services.importers.cuts.cut_in_file import Place, ShotInCut, Shown, shown
from zou_server.services.importers.cuts.keep_cut import Item, LastCut, NewCut, last_cuts
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.production.name_clips import Naming

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Sequences = Mapping[Place, uuid.UUID | None]
"""The sequence of each place; None where shots hang on the project itself."""

STATE_BEFORE = "state_before_omitted"
"""The custom field of a shot that is in no cut any more: what its state was."""


_SOURCE = ("source_in", "source_out")


@dataclass(slots=True)
class PlannedShot:
    """A shot of the file: its row where it has one, what hangs above it, and how it is shown."""

    name: str
    parent: uuid.UUID | None
    sequence: str
    items: list[dict[str, Any]]
    now: Shown
    id: uuid.UUID | None = None
    row: Any = None
    old_name: str = ""


@dataclass(slots=True)
class CutPlan:
    """The shots of the file, those that are gone, and what is different."""

    shots: list[PlannedShot]
    gone: list[Any]
    last: dict[uuid.UUID, LastCut]
    owners: dict[uuid.UUID, tuple[str, str]]
    """The kind and name of what has cuts: sequences, else an episode or the project."""
    project_id: uuid.UUID
    changes: list[CutChange] = field(default_factory=list)

    def new_cuts(self) -> list[NewCut]:
        """The cut of each sequence in the file, its items in the order of their places."""
        found: dict[uuid.UUID, list[tuple[uuid.UUID, str, Item]]] = {}
        for shot in self.shots:
            if shot.id is not None:
                items = found.setdefault(shot.parent or self.project_id, [])
                items += [(shot.id, shot.name, item) for item in shot.items]
        return [
            NewCut(owner, *self.owners[owner], sorted(items, key=lambda each: int(each[2]["edit_in"])))
            for owner, items in found.items()
        ]


def named_entities(
    work: UnitOfWork, project_id: uuid.UUID, kind: str, naming: Naming, names: set[str]
) -> list[Any]:
    """The live entities with one of the names, newest first: what the plan asks of each."""
    column: Any = Entity.name if naming.match_case else sa.func.lower(Entity.name, type_=sa.Text())
    return list(
        work.session.execute(
            _rows(project_id)
            .where(Entity.kind == kind, among(column, {naming.folded(name) for name in names}))
            .order_by(Entity.created_at.desc(), Entity.id)
        )
    )


def _rows(project_id: uuid.UUID) -> sa.Select[Any]:
    columns: Any = (
        Entity.id,
        Entity.name,
        Entity.kind,
        Entity.parent_id,
        Entity.nb_frames,
        Entity.production_state,
        Entity.data,
    )
    return sa.select(*columns).where(Entity.project_id == project_id, Entity.deleted_at.is_(None))


def plan_cut(
    work: UnitOfWork,
    project_id: uuid.UUID,
    naming: Naming,
    shots: Sequence[ShotInCut],
    sequences: Sequences,
    episode_id: uuid.UUID | None,
) -> CutPlan:
    """Compare the shots of a file with those of the production and of its last cuts; nothing is changed."""
    owners = _owners(work, project_id, sequences, episode_id)
    last = last_cuts(work, project_id, owners)
    planned = _planned(work, project_id, naming, shots, sequences, owners)
    _keep_unsaid(shots, planned, last)
    in_file = {shot.id for shot in planned if shot.id is not None}
    before = {id_: how for cut in last.values() for id_, how in cut.shots().items()}
    absent = [id_ for id_ in before if id_ not in in_file]
    gone = {row.id: row for row in work.session.execute(_rows(project_id).where(among(Entity.id, absent)))}
    _find_renamed(planned, gone, last)
    for shot in planned:
        if shot.id is not None and shot.id not in before:
            known = _shown_by(shot.row)
            before |= {} if known is None else {shot.id: known}
    plan = CutPlan(planned, list(gone.values()), last, owners, project_id)
    plan.changes = list(_changes(plan, before))
    return plan


def _owners(
    work: UnitOfWork, project_id: uuid.UUID, sequences: Sequences, episode_id: uuid.UUID | None
) -> dict[uuid.UUID, tuple[str, str]]:
    """What the cuts are of: the sequences of the file; for the cut of an episode all of its sequences."""
    found: dict[uuid.UUID, tuple[str, str]] = {project_id: ("Project", "Cut")}
    ids = [id_ for id_ in sequences.values() if id_ is not None]
    wanted = among(Entity.id, ids)
    if episode_id is not None:
        wanted = sa.or_(wanted, sa.and_(Entity.kind == "Sequence", Entity.parent_id == episode_id))
    for row in work.session.execute(_rows(project_id).where(wanted)):
        found[row.id] = (row.kind, row.name or "Cut")
    return found


def _planned(
    work: UnitOfWork,
    project_id: uuid.UUID,
    naming: Naming,
    shots: Sequence[ShotInCut],
    sequences: Sequences,
    owners: Mapping[uuid.UUID, tuple[str, str]],
) -> list[PlannedShot]:
    existing = {
        (row.parent_id, naming.folded(row.name)): row
        for row in named_entities(work, project_id, "Shot", naming, {shot.name for shot in shots})
    }
    found = []
    for order, shot in enumerate(shots):
        parent, items = sequences[shot.sequence], shot.items()
        row = existing.get((parent, naming.folded(shot.name)))
        name = "" if parent is None else owners.get(parent, ("", ""))[1]
        planned = PlannedShot(shot.name, parent, name, items, shown(items, order))
        if row is not None:
            planned.id, planned.row = row.id, row
        found.append(planned)
    return found


def _keep_unsaid(
    shots: Sequence[ShotInCut], planned: Sequence[PlannedShot], last: Mapping[uuid.UUID, LastCut]
) -> None:
    """Complete what a file has no place for by what the last cut says, where each shows a shot once."""
    before: dict[str, list[Item]] = {}
    for cut in last.values():
        for _, item in cut.items:
            before.setdefault(item["shot_id"], []).append(item)
    for said, shot in zip(shots, planned, strict=True):
        old = before.get(str(shot.id), [])
        if said.unsaid and len(old) == len(shot.items) == 1:
            _complete(shot.items[0], old[0], said.unsaid)
            shot.now = shown(shot.items, shot.now.order)


def _complete(item: dict[str, Any], old: Item, unsaid: frozenset[str]) -> None:
    is_placed = old["edit_in"] == item["edit_in"]
    item.update({key: old[key] for key in unsaid & old.keys() if key != "markers" or is_placed})
    if "cut_item_in" in unsaid & old.keys() and item["cut_item_duration"] != old["cut_item_duration"]:
        span = round(item["cut_item_duration"] * abs(item.get("speed", 1.0)))
        item["cut_item_out"] = item["cut_item_in"] + max(span, 1) - 1


def _shown_by(row: Any) -> Shown | None:
    """How a shot is shown as far as its row says, where no cut was kept."""
    data: Any = row.data or {}
    said = [data.get("frame_in"), data.get("frame_out"), row.nb_frames]
    if not all(isinstance(each, int) for each in said):
        return None
    source = [each for each in map(data.get, _SOURCE) if isinstance(each, int)]
    return Shown(said[0], said[1], said[2], (source[0], source[1]) if len(source) == len(_SOURCE) else None)


def _find_renamed(
    planned: Sequence[PlannedShot], gone: dict[uuid.UUID, Any], last: Mapping[uuid.UUID, LastCut]
) -> None:
    """Give new shots the rows of those that are gone and showed the very same part of the same source."""
    sources = _sources_of_gone(gone, last)
    news: dict[Any, list[PlannedShot]] = {}
    for shot in planned:
        if shot.id is None and len(shot.items) == 1 and _source(shot.items[0]):
            news.setdefault(_source(shot.items[0]), []).append(shot)
    for source, shots in news.items():
        ids = sources.get(source, set())
        row = gone.get(next(iter(ids))) if len(shots) == len(ids) == 1 else None
        if row is not None and row.parent_id == shots[0].parent:
            shots[0].id, shots[0].row, shots[0].old_name = row.id, row, row.name
            del gone[row.id]


def _sources_of_gone(
    gone: Mapping[uuid.UUID, Any], last: Mapping[uuid.UUID, LastCut]
) -> dict[Any, set[uuid.UUID]]:
    """Which of the shots that are gone showed what part of what source."""
    found: dict[Any, set[uuid.UUID]] = {}
    for cut in last.values():
        for _, item in cut.items:
            id_ = uuid.UUID(item["shot_id"])
            if id_ in gone and _source(item):
                found.setdefault(_source(item), set()).add(id_)
    return found


def _source(item: Item) -> tuple[Any, ...] | None:
    """What part of which source an item shows; None where the file does not say which source it is."""
    name = "" if item.get("reel", "").upper() in ("", "AX", "AUX") else item["reel"]
    name = name or item.get("file", "")
    return (name, item["cut_item_in"], item["cut_item_out"]) if name and "cut_item_in" in item else None


def _changes(plan: CutPlan, before: Mapping[uuid.UUID, Shown]) -> Iterator[CutChange]:
    """What is different, in the order of the file; then what is gone."""
    now = {shot.id: shot.now for shot in plan.shots if shot.id is not None}
    others = moved(before, now)
    for shot in plan.shots:
        if shot.id is None:
            yield CutChange((NEW,), shot.name, shot.sequence, None, None, shot.now)
            continue
        was = before.get(shot.id)
        kinds = [REINSTATED] if is_omitted(shot.row) else []
        kinds += [RENAMED] if shot.old_name else []
        kinds += [NEW] if was is None else differences(was, shot.now, is_moved=shot.id in others)
        if kinds:
            yield CutChange(
                tuple(kinds), shot.name, shot.sequence, shot.id, was, shot.now, old_name=shot.old_name
            )
    for row in plan.gone:
        if not is_omitted(row):
            sequence = plan.owners.get(row.parent_id, ("", ""))[1]
            yield CutChange((GONE,), row.name, sequence, row.id, before.get(row.id))


def is_omitted(row: Any) -> bool:
    """True for a shot that a cut has omitted."""
    return STATE_BEFORE in (row.data or {})
