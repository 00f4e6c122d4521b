"""Shots from an editorial file: a clip's name says the sequence and shot, its frames the cut.

A clip that the naming convention does not fit is no shot of this project (a title, music, a stock shot):
it is skipped and told of. Source: zou-behaviour.md 13.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
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

USUAL_RATE = 25.0


@dataclass(slots=True)
class Cut:
    """What the clips of one shot show: the first frame and the last."""

    sequence: Place
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TimelineImport:
    """What came of a file: the shots made and changed, and the clips that are none, with the reason."""

    created: list[uuid.UUID] = field(default_factory=list)
    updated: list[uuid.UUID] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def rate_of(work: UnitOfWork, project_id: uuid.UUID) -> float:
    """The frames per second of a project, for files that count time without saying it."""
    require_importer(work.actor, project_id)
    fps = work.session.scalar(sa.select(Project.fps).where(Project.id == project_id))
    try:
        found = float(fps or "")
    except ValueError:
        return USUAL_RATE
    return found if 0 < found <= 1000 else USUAL_RATE  # noqa: PLR2004 - beyond is no rate of pictures


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

    A shot cut into several clips runs from its first frame to its last. New shots get the tasks of the
    project's steps for shots. Invalid when the convention is wrong, or fits no clip at all.
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
            + (f"; the first is called '{clips[0].name[:100]}'." if clips else ": it has no clips."),
            {"naming_convention": ["fits no clip"]},
        )
    sequences = _sequences(work, project_id, naming, [cut.sequence for cut in cuts], episode_id)
    created, updated = _write_shots(work, project_id, naming, cuts, sequences)
    _make_tasks(work, project_id, created)
    return TimelineImport(created, updated, skipped)


def _cuts(naming: Naming, clips: Sequence[Clip]) -> tuple[list[Cut], list[tuple[str, str]]]:
    """One cut for each shot that the clips name, and the clips that name none."""
    found: dict[tuple[Place, str], Cut] = {}
    skipped: list[tuple[str, str]] = []
    for clip in clips:
        named = naming.read(clip.name)
        if named is None or clip.first is None or not clip.frames:
            skipped.append((clip.name, _why_not(clip, named)))
            continue
        place, last = (named.episode, named.sequence), clip.first + clip.frames - 1
        key = ((naming.folded(place[0]), naming.folded(place[1])), naming.folded(named.shot))
        cut = found.setdefault(key, Cut(place, named.shot, clip.first, last))
        cut.first, cut.last = min(cut.first, clip.first), max(cut.last, last)
    return list(found.values()), skipped


def _why_not(clip: Clip, named: Named | None) -> str:
    if not clip.name:
        return "has no name"
    return "does not fit the naming convention" if named is None else clip.why or "has no frames"


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
    work: UnitOfWork, project_id: uuid.UUID, naming: Naming, cuts: Sequence[Cut], sequences: Sequences
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    existing = {
        (row.parent_id, naming.folded(row.name)): row.id
        for row in _named(work, project_id, "Shot", naming, {cut.name for cut in cuts})
    }
    operations: list[Operation] = []
    for cut in cuts:
        parent = sequences[cut.sequence]
        values = {
            "nb_frames": cut.last - cut.first + 1,
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
