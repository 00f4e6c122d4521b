"""A cut taken: shots made, changed, omitted and reinstated, and the cut kept, or told of alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.footage.frame_rate import USUAL_RATE, FrameRate, frame_rate
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.production import Entity
from zou_server.models.project import Project, ProjectTaskType
from zou_server.models.registry import facet
from zou_server.models.task import TaskType
from zou_server.services.importers.cuts.apply_cut import AS_IT_IS, CutRules, apply_cut
from zou_server.services.importers.cuts.compare_cut import CutChange
from zou_server.services.importers.cuts.cut_in_file import Place, ShotInCut, Skipped
from zou_server.services.importers.cuts.keep_cut import keep_cuts
from zou_server.services.importers.cuts.plan_cut import Sequences, named_entities, plan_cut
from zou_server.services.importers.import_entities import require_importer
from zou_server.services.production.name_clips import Naming, naming_of
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TimelineImport:
    """The result of importing a file: shots made and changed, and clips that are none, and why."""

    created: list[uuid.UUID] = field(default_factory=list)
    updated: list[uuid.UUID] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    changes: list[CutChange] = field(default_factory=list)
    cuts: list[uuid.UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CutPlace:
    """Where a cut goes: a project, perhaps an episode of it, and how names are compared."""

    project_id: uuid.UUID
    episode_id: uuid.UUID | None
    naming: Naming
    rate: FrameRate


def cut_place(
    work: UnitOfWork,
    project_id: uuid.UUID,
    convention: str,
    *,
    episode_id: uuid.UUID | None = None,
    rules: CutRules = AS_IT_IS,
) -> CutPlace:
    """The place that a request names; NotFound for an episode of another project."""
    require_importer(work.actor, project_id)
    project = work.session.get_one(Project, project_id)
    episode = None if episode_id is None else work.session.get_one(Entity, episode_id)
    if episode is not None and episode.project_id != project_id:
        raise NotFound("There is no such episode in the project.")
    naming = naming_of(
        convention,
        (project.name, project.code),
        (episode.name,) if episode else (),
        match_case=rules.match_case,
    )
    return CutPlace(project_id, episode_id, naming, rate_of(work, project_id))


def rate_of(work: UnitOfWork, project_id: uuid.UUID) -> FrameRate:
    """The frames per second of a project, for files that count time without saying it.

    Invalid when the project has a rate from other times that is none: no frame could be counted by it.
    """
    require_importer(work.actor, project_id)
    fps = work.session.scalar(sa.select(Project.fps).where(Project.id == project_id))
    if not fps:
        return USUAL_RATE
    try:
        return frame_rate(fps)
    except ValueError as error:
        raise Invalid(f"The frame rate of the project {error}.", {"fps": [str(error)]}) from None


def take_cut(
    work: UnitOfWork,
    place: CutPlace,
    shots: Sequence[ShotInCut],
    skipped: list[Skipped],
    rules: CutRules = AS_IT_IS,
) -> TimelineImport:
    """Bring the production to a cut, or tell what is different from the last one where only that is asked."""
    project_id, naming = place.project_id, place.naming
    sequences = _sequences(work, project_id, naming, [shot.sequence for shot in shots], place.episode_id)
    plan = plan_cut(work, project_id, naming, shots, sequences, place.episode_id)
    if rules.validate:
        return TimelineImport(skipped=skipped, changes=plan.changes)
    created, updated = apply_cut(work, project_id, plan, rules)
    _make_tasks(work, project_id, created)
    cuts = keep_cuts(work, project_id, place.rate, plan.new_cuts(), plan.last)
    return TimelineImport(created, updated, skipped, plan.changes, cuts)


def _sequences(
    work: UnitOfWork,
    project_id: uuid.UUID,
    naming: Naming,
    places: Sequence[Place],
    episode_id: uuid.UUID | None,
) -> Sequences:
    """The sequence of each place, made where it is missing; a place without a name is its episode."""
    episodes = _episodes(work, project_id, naming, places, episode_id)
    existing: dict[tuple[str, uuid.UUID | None], uuid.UUID] = {}
    anywhere: dict[str, set[uuid.UUID]] = {}
    for row in named_entities(work, project_id, "Sequence", naming, {name for _, name in places if name}):
        existing[naming.folded(row.name), row.parent_id] = row.id
        anywhere.setdefault(naming.folded(row.name), set()).add(row.id)
    found: dict[Place, uuid.UUID | None] = {}
    missing: dict[tuple[str, uuid.UUID | None], list[Place]] = {}
    for place in dict.fromkeys(places):
        episode, key = episodes[place[0]], naming.folded(place[1])
        elsewhere = anywhere.get(key, set()) if episode is None else set()
        if not place[1]:
            found[place] = episode
        elif (key, episode) in existing:
            found[place] = existing[key, episode]
        elif len(elsewhere) == 1:
            found[place] = next(iter(elsewhere))
        else:
            missing.setdefault((key, episode), []).append(place)
    made = work.execute(
        [
            Create(facet("Sequence"), {"name": same[0][1], "project_id": project_id, "parent_id": episode})
            for (_, episode), same in missing.items()
        ]
    )
    for same, result in zip(missing.values(), made, strict=True):
        found.update(dict.fromkeys(same, result.id))
    return found


def _episodes(
    work: UnitOfWork,
    project_id: uuid.UUID,
    naming: Naming,
    places: Sequence[Place],
    episode_id: uuid.UUID | None,
) -> dict[str, uuid.UUID | None]:
    """The episode of each name: the one of the request, else those that the clips name."""
    names = dict.fromkeys(name for name, _ in places)
    if episode_id is not None:
        return dict.fromkeys(names, episode_id)
    wanted = {naming.folded(name): name for name in names if name}
    known = {}
    if wanted:
        rows = named_entities(work, project_id, "Episode", naming, set(wanted.values()))
        known = {naming.folded(row.name): row.id for row in rows}
    missing = [key for key in wanted if key not in known]
    made = work.execute(
        [Create(facet("Episode"), {"name": wanted[key], "project_id": project_id}) for key in missing]
    )
    known.update(zip(missing, (result.id for result in made), strict=True))
    return {name: known.get(naming.folded(name)) if name else None for name in names}


def _make_tasks(work: UnitOfWork, project_id: uuid.UUID, shots: Sequence[uuid.UUID]) -> None:
    """The tasks of new shots: one for each step that the project has for shots."""
    if not shots:
        return
    steps = work.session.scalars(
        sa.select(TaskType.id)
        .join(ProjectTaskType, ProjectTaskType.task_type_id == TaskType.id)
        .where(
            ProjectTaskType.project_id == project_id,
            ProjectTaskType.deleted_at.is_(None),
            TaskType.deleted_at.is_(None),
            TaskType.for_entity == "Shot",
        )
        .order_by(ProjectTaskType.priority, TaskType.created_at)
    ).all()
    work.execute(
        [
            Create(facet("Task"), {"project_id": project_id, "task_type_id": step, "entity_id": shot})
            for shot in shots
            for step in steps
        ]
    )
