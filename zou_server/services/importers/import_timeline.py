"""Shots from an editorial file: a clip's name says the sequence and shot, its frames the cut.

A clip that the naming convention does not fit is no shot of this project (a title, music, a stock shot):
it is skipped and told of. Source: docs/protocols/zou.md 13.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.frame_rate import USUAL_RATE, FrameRate, frame_rate
from zou_server.models.production import Entity
from zou_server.models.project import Project, ProjectTaskType
from zou_server.models.registry import facet
from zou_server.models.task import TaskType
from zou_server.services.importers.import_entities import require_importer
from zou_server.services.importers.name_clips import Named, Naming, naming_of
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.ports import Clip
    from zou_server.services.write.unit_of_work import UnitOfWork

Place = tuple[str, str]
"""A sequence by the name of its episode and its own; "" for none."""

MOST_FRAMES = 10_000_000
"""Frames of a cut: more than four days of it, which nobody cuts."""


@dataclass(slots=True)
class ShotInCut:
    """Where a shot is shown: its clips, in the order of the file."""

    sequence: Place
    name: str
    clips: list[Clip] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first frame of the cut that shows it."""
        return min(clip.first or 0 for clip in self.clips)

    @property
    def last(self) -> int:
        """The last frame of the cut that shows it."""
        return max((clip.first or 0) + (clip.frames or 0) for clip in self.clips) - 1

    @property
    def frames(self) -> int:
        """How many frames show it: two takes of a shot count together, what lies between them does not."""
        found, end = 0, -1
        for clip in sorted(self.clips, key=lambda clip: clip.first or 0):
            start = max(clip.first or 0, end + 1)
            stop = (clip.first or 0) + (clip.frames or 0) - 1
            found, end = found + max(0, stop - start + 1), max(end, stop)
        return found


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clip that is no shot, or a line that is no clip: its name, where the file has it, and why."""

    name: str
    reason: str
    line: int = 0
    event: str = ""


@dataclass(frozen=True, slots=True)
class TimelineImport:
    """What came of a file: the shots made and changed, and the clips that are none, with the reason."""

    created: list[uuid.UUID] = field(default_factory=list)
    updated: list[uuid.UUID] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


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


def import_timeline(
    work: UnitOfWork,
    project_id: uuid.UUID,
    clips: Sequence[Clip],
    convention: str,
    *,
    episode_id: uuid.UUID | None = None,
    match_case: bool = True,
) -> TimelineImport:
    """Make the shots of a file that are missing and bring the cut of the others up to date.

    `frame_in` and `frame_out` are where a shot is in the cut, the number of frames is how many of them show
    it. New shots get the tasks of the project's steps for shots. Invalid when the convention is wrong, or
    fits no clip at all.
    """
    require_importer(work.actor, project_id)
    project = work.session.get_one(Project, project_id)
    episode = None if episode_id is None else work.session.get_one(Entity, episode_id)
    if episode is not None and episode.project_id != project_id:
        raise NotFound("There is no such episode in the project.")
    naming = naming_of(
        convention, (project.name, project.code), (episode.name,) if episode else (), match_case=match_case
    )
    cuts, skipped = _cuts(naming, clips)
    if not cuts:
        raise Invalid(
            f"No clip of the file is named like '{convention[:100]}' in this project"
            + _for_instance(skipped),
            {"naming_convention": ["fits no clip"]},
        )
    sequences = _sequences(work, project_id, naming, [cut.sequence for cut in cuts], episode_id)
    created, updated = _write_shots(work, project_id, naming, cuts, sequences)
    _make_tasks(work, project_id, created)
    return TimelineImport(created, updated, skipped)


def _for_instance(skipped: Sequence[Skipped]) -> str:
    """The first clip that is no shot, and why."""
    clip = next((each for each in skipped if each.name), skipped[0] if skipped else None)
    return (
        ": it has no clips."
        if clip is None
        else f"; the first is called '{clip.name[:100]}', which {clip.reason}."
    )


def _cuts(naming: Naming, clips: Sequence[Clip]) -> tuple[list[ShotInCut], list[Skipped]]:
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


def _why_not(clip: Clip, named: Named | None) -> str:
    """Why a clip is no shot in the cut, "" when it is."""
    if not clip.name:
        return clip.why or "has no name"
    if named is None:
        return clip.why or "does not fit the naming convention"
    if clip.first is None or not clip.frames:
        return clip.why or "has no frames"
    is_possible = 0 <= clip.first < MOST_FRAMES and 0 < clip.frames < MOST_FRAMES
    return "" if is_possible else "has a length or a place that no cut can have"


def _named(work: UnitOfWork, project_id: uuid.UUID, kind: str, naming: Naming, names: set[str]) -> list[Any]:
    """(id, name, parent) of the live entities of a kind with one of the names, newest first."""
    column: Any = Entity.name if naming.match_case else sa.func.lower(Entity.name, type_=sa.Text())
    return list(
        work.session.execute(
            sa.select(Entity.id, Entity.name, Entity.parent_id)
            .where(
                Entity.project_id == project_id,
                Entity.kind == kind,
                Entity.deleted_at.is_(None),
                among(column, {naming.folded(name) for name in names}),
            )
            .order_by(Entity.created_at.desc(), Entity.id)
        )
    )


Sequences = Mapping[Place, uuid.UUID | None]


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
    for row in _named(work, project_id, "Sequence", naming, {name for _, name in places if name}):
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
        rows = _named(work, project_id, "Episode", naming, set(wanted.values()))
        known = {naming.folded(row.name): row.id for row in rows}
    missing = [key for key in wanted if key not in known]
    made = work.execute(
        [Create(facet("Episode"), {"name": wanted[key], "project_id": project_id}) for key in missing]
    )
    known.update(zip(missing, (result.id for result in made), strict=True))
    return {name: known.get(naming.folded(name)) if name else None for name in names}


def _write_shots(
    work: UnitOfWork, project_id: uuid.UUID, naming: Naming, cuts: Sequence[ShotInCut], sequences: Sequences
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    existing = {
        (row.parent_id, naming.folded(row.name)): row.id
        for row in _named(work, project_id, "Shot", naming, {cut.name for cut in cuts})
    }
    operations: list[Operation] = []
    for cut in cuts:
        parent = sequences[cut.sequence]
        values = {
            "nb_frames": cut.frames,
            "data": {"frame_in": cut.first, "frame_out": cut.last},
        }
        id_ = existing.get((parent, naming.folded(cut.name)))
        if id_ is not None:
            operations.append(Update(facet("Shot"), id_, values))
        else:
            place = {"name": cut.name, "project_id": project_id, "parent_id": parent}
            operations.append(Create(facet("Shot"), {**place, **values}))
    # Held here, so that the pipeline finds all parents in the session instead of one by one in the database.
    parents = work.session.scalars(
        sa.select(Entity).where(among(Entity.id, {id_ for id_ in sequences.values() if id_}))
    ).all()
    results = list(zip(operations, work.execute(operations), strict=True))
    del parents
    return (
        [result.id for operation, result in results if isinstance(operation, Create)],
        [result.id for operation, result in results if isinstance(operation, Update) and result.changed],
    )


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
